//! Time and chance, as requests need them: taken once for each request, so that all its parts agree.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom, SystemRandom};

use crate::verify::date::Date;

const SECONDS_PER_DAY: u64 = 86_400;
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment, and a number that is not used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970, UTC.
    pub millis: u64,
    /// Sixteen random bytes.
    pub nonce: [u8; 16],
}

impl Moment {
    /// Now, by the clock of this machine.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut nonce = [0; 16];
        // Without a source of randomness no connection can be made either.
        let _ = SystemRandom::new().fill(&mut nonce);
        Moment { millis: u64::try_from(since.as_millis()).unwrap_or(u64::MAX), nonce }
    }

    /// Seconds since 1970.
    pub fn unix(&self) -> u64 {
        self.millis / 1000
    }

    /// `2026-01-31T12:00:00Z` (RFC 3339).
    pub fn iso(&self) -> String {
        let (year, month, day) = self.date().civil();
        let (hour, minute, second) = self.time();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// `20260131T120000Z`, as AWS writes it.
    pub fn basic(&self) -> String {
        self.iso().replace(['-', ':'], "")
    }

    /// `Sat, 31 Jan 2026 12:00:00 GMT` (RFC 9110, section 5.6.7).
    pub fn http_date(&self) -> String {
        let date = self.date();
        let (year, month, day) = date.civil();
        let (hour, minute, second) = self.time();
        let month = MONTHS[(month - 1).clamp(0, 11) as usize];
        format!("{}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT", DAYS[date.weekday()])
    }

    /// The nonce in hexadecimal digits.
    pub fn nonce(&self) -> String {
        HEXLOWER.encode(&self.nonce)
    }

    /// The day; the last one that is known, where the clock of the machine is beyond it.
    fn date(&self) -> Date {
        let seconds = i64::try_from(self.unix()).unwrap_or(i64::MAX);
        Date::of_unix_time(seconds).unwrap_or_else(Date::last)
    }

    fn time(&self) -> (u64, u64, u64) {
        let second = self.unix() % SECONDS_PER_DAY;
        (second / 3600, second / 60 % 60, second % 60)
    }
}

/// Seconds since 1970 of a date as [`Moment::http_date`] writes it.
pub fn unix_of_http_date(text: &str) -> Option<u64> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let mut next = || words.next();
    let (day, month, year) = (next()?, next()?, next()?);
    let mut clock = next()?.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let days = Date::of(year.parse().ok()?, month, day.parse().ok()?)?.days();
    Some(u64::try_from(days).ok()? * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The moment that RFC 9110 has as its example.
    const EXAMPLE: Moment = Moment { millis: 784_111_777_000, nonce: [0xab; 16] };

    #[test]
    fn is_written_in_each_way() {
        assert_eq!(EXAMPLE.http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(EXAMPLE.iso(), "1994-11-06T08:49:37Z");
        assert_eq!(EXAMPLE.basic(), "19941106T084937Z");
        assert_eq!(EXAMPLE.nonce(), "ab".repeat(16));
        assert_eq!(Moment { millis: u64::MAX, ..EXAMPLE }.iso().get(..10), Some("9999-12-31"));
    }

    #[test]
    fn dates_of_servers_are_read() {
        assert_eq!(unix_of_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for odd in ["", "soon", "Sun, 06 Nov", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 99:49:37 GMT"] {
            assert_eq!(unix_of_http_date(odd), None, "{odd}");
        }
    }

    #[test]
    fn no_nonce_comes_twice() {
        assert_ne!(Moment::now().nonce, Moment::now().nonce);
    }
}

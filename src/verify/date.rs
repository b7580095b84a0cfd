//! Dates of expiry, in words that stay the same for as long as they are true: a day of the calendar and never a span of
//! time, so that the same input gives the same report today and tomorrow.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: i64 = 86_400;

/// A day in UTC, as days since 1970-01-01; years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// Today, by the clock of this machine.
    pub fn today() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Date(i64::try_from(seconds).unwrap_or(0) / SECONDS_PER_DAY)
    }

    /// The day that a time in seconds since 1970 falls on; `None` outside of years 0 to 9999.
    pub fn of_unix_time(seconds: i64) -> Option<Self> {
        let date = Date(seconds.div_euclid(SECONDS_PER_DAY));
        (Date::of(0, 1, 1)..=Date::of(9999, 12, 31)).contains(&Some(date)).then_some(date)
    }

    /// A day of the Gregorian calendar; `None` if it has no such day.
    ///
    /// Algorithm: "days_from_civil", <https://howardhinnant.github.io/date_algorithms.html>.
    pub fn of(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let date = Date(era * 146_097 + day_of_era - 719_468);
        (date.civil() == (year, month, day)).then_some(date)
    }

    /// Year, month and day ("civil_from_days", at the same place).
    pub fn civil(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }

    /// The last day that there is: 9999-12-31.
    pub fn last() -> Self {
        Date(2_932_896)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        self.0
    }

    /// The day of the week: 0 for Sunday.
    pub fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0 + 4).rem_euclid(7) as usize
    }

    /// `expired on 2018-01-18` for what was valid up to this day, or `expires on …`.
    pub fn expiry(self, today: Date) -> String {
        format!("{} on {self}", if self < today { "expired" } else { "expires" })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_and_times_agree() {
        // `date -u -d @1516239022 +%F` and the like.
        for (seconds, day) in
            [(0, "1970-01-01"), (1_516_239_022, "2018-01-18"), (951_782_400, "2000-02-29"), (-1, "1969-12-31")]
        {
            assert_eq!(Date::of_unix_time(seconds).unwrap().to_string(), day);
        }
        assert_eq!(Date::of(2000, 2, 29), Date::of_unix_time(951_782_400));
        assert_eq!(Date::of(2001, 2, 29), None);
        assert_eq!(Date::of(2001, 13, 1), None);
        assert_eq!(Date::of_unix_time(i64::MAX), None);
    }

    #[test]
    fn the_last_day_is_not_yet_past() {
        let day = |d| Date::of(2030, 1, d).unwrap();
        assert_eq!(day(2).expiry(day(2)), "expires on 2030-01-02");
        assert_eq!(day(2).expiry(day(3)), "expired on 2030-01-02");
    }
}

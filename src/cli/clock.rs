//! The time that a report bears, for formats that demand one: the clock's, unless the environment names another so that
//! the same input gives the same bytes (<https://reproducible-builds.org/specs/source-date-epoch/>).

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use super::errors::Failure;

/// The variable that names the time for all programs that heed it.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Seconds since 1970-01-01 00:00 UTC: what `SOURCE_DATE_EPOCH` says, else what `started` says (the name of a variable, and
/// its value), else now.
///
/// # Errors
/// If what is set is no time.
pub fn seconds(started: Option<(&str, &str)>) -> Result<i64, Failure> {
    if let Some(value) = env::var_os(EPOCH).filter(|value| !value.is_empty()) {
        let value = value.to_string_lossy();
        let is_number = value.bytes().all(|b| b.is_ascii_digit());
        let seconds = value.parse().ok().filter(|seconds| is_number && (0..=LATEST).contains(seconds));
        return seconds.ok_or_else(|| {
            Failure::new(format!("{EPOCH} holds no time")).hint("it is a number of seconds since 1970, or unset")
        });
    }
    if let Some((name, value)) = started {
        let time = rfc3339(value).filter(|seconds| (0..=LATEST).contains(seconds));
        return time.ok_or_else(|| Failure::new(format!("{name} holds no time")).hint("as in 2024-02-29T12:30:00Z"));
    }
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64))
}

/// The last second of the year 9999: a year of five digits is none that the formats know.
const LATEST: i64 = 253_402_300_799;

/// Seconds since 1970 of a time as of RFC 3339; parts of seconds are left out.
fn rfc3339(text: &str) -> Option<i64> {
    let (time, rest) = text.split_at_checked("2024-02-29T12:30:00".len())?;
    let digits = rest.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = match digits.unwrap_or(rest) {
        "Z" | "z" => "+00:00",
        zone => zone,
    };
    let is_zone = zone.len() == "+00:00".len() && zone.starts_with(['+', '-']);
    let is_time = time.as_bytes().get(10).is_some_and(|b| b.eq_ignore_ascii_case(&b'T'));
    (is_zone && is_time)
        .then(|| gix::date::parse(&format!("{}{zone}", time.to_ascii_uppercase()), None).ok())?
        .map(|time| time.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_jobs_are_read() {
        for (text, seconds) in [
            ("2024-02-29T12:30:00Z", Some(1_709_209_800)),
            ("2024-02-29T14:30:00+02:00", Some(1_709_209_800)),
            ("2024-02-29T12:30:00.123456Z", Some(1_709_209_800)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2024-02-30T12:30:00Z", None),
            ("2024-02-29T12:30:00", None),
            ("2024-02-29 12:30:00Z", None),
            ("2024-02-29", None),
            ("yesterday", None),
            ("", None),
            ("é024-02-29T12:30:0éZ", None),
        ] {
            assert_eq!(rfc3339(text), seconds, "{text}");
        }
    }
}

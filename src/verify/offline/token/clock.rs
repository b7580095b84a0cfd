//! Times that tokens hold, in words: seconds since 1970 to a date in UTC.

/// `2024-05-06 07:08 UTC`; `None` for what no token can mean: before 2000 or after 9999.
pub fn date_time(seconds: i64) -> Option<String> {
    let date = date(seconds)?;
    let of_day = seconds.rem_euclid(86_400);
    Some(format!("{date} {:02}:{:02} UTC", of_day / 3600, of_day / 60 % 60))
}

/// `2024-05-06`, in UTC.
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
pub fn date(seconds: i64) -> Option<String> {
    if !(946_684_800..253_402_300_800).contains(&seconds) {
        return None;
    }
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Some(format!("{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar() {
        assert_eq!(date(951_782_400).unwrap(), "2000-02-29");
        assert_eq!(date(951_868_800).unwrap(), "2000-03-01");
        assert_eq!(date_time(1_714_979_280).unwrap(), "2024-05-06 07:08 UTC");
        assert_eq!(date_time(1_704_067_199).unwrap(), "2023-12-31 23:59 UTC");
        assert_eq!(date(0), None);
        assert_eq!(date(i64::MAX), None);
    }
}

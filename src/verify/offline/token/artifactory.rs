//! Reference tokens of Artifactory: the base64 of `reftkn`, a version, the time of expiry and a random part.
//!
//! Source: published sample tokens; <https://jfrog.com/help/r/jfrog-platform-administration-documentation/reference-token>
//! for what they are.

use super::super::date::Date;
use super::embedded;
use crate::model::Verdict;

/// The verdict on a token, with its day of expiry. The form is not promised, so that another one proves nothing.
pub fn check(token: &str) -> Verdict {
    let decoded = embedded::bytes(token).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let parts: Vec<&str> = decoded.split(':').collect();
    let ["reftkn", _, expiry, _] = parts[..] else {
        return Verdict::NotCheckable("it does not decode into the parts of a reference token".to_owned());
    };
    let told = match expiry.parse::<i64>().ok() {
        Some(0) => "it never expires".to_owned(),
        Some(seconds) => match Date::of_unix_time(seconds) {
            Some(date) => format!("it {}", date.expiry(Date::today())),
            None => "its time of expiry makes no sense".to_owned(),
        },
        None => return Verdict::NotCheckable("where its time of expiry should stand is no number".to_owned()),
    };
    Verdict::WellFormed(format!("it decodes into the parts of a reference token; {told}"))
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    #[test]
    fn the_expiry_is_told() {
        let verdict = |text: &str| check(&BASE64.encode(text.as_bytes()));
        let parts = "it decodes into the parts of a reference token; ";
        assert_eq!(verdict("reftkn:01:0000000000:HIDDEN"), Verdict::WellFormed(format!("{parts}it never expires")));
        assert_eq!(
            verdict("reftkn:01:1714979280:HIDDEN"),
            Verdict::WellFormed(format!("{parts}it expired on 2024-05-06"))
        );
        assert!(matches!(verdict("reftkn:01:soon:HIDDEN"), Verdict::NotCheckable(_)));
        assert!(matches!(verdict("reftkn"), Verdict::NotCheckable(_)));
    }
}

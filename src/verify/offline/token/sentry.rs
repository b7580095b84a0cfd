//! Organisation tokens of Sentry: base64 of JSON that names the organisation and its region, and a secret.
//!
//! Source: `src/sentry/utils/security/orgauthtoken_token.py` of <https://github.com/getsentry/sentry>, which refuses
//! tokens whose JSON has no time of issue.

use serde_json::{Map, Value};

use super::super::date::Date;
use super::embedded::Embedded;
use super::shown;
use crate::model::Verdict;

/// The verdict on a token, with the organisation, region and day of issue.
pub fn check(token: &str) -> Verdict {
    match token.strip_prefix("sntrys_").and_then(|rest| rest.rsplit_once('_')) {
        Some((payload, _)) => Embedded::read(payload).judge(fields),
        None => Verdict::NotChecked,
    }
}

fn fields(payload: &Map<String, Value>) -> Verdict {
    let Some(issued) = payload.get("iat").and_then(Value::as_f64) else {
        return Verdict::Malformed("the JSON in it has no time of issue".to_owned());
    };
    let text = |key: &str| payload.get(key).and_then(Value::as_str).and_then(shown);
    let mut told = "the JSON in it is whole".to_owned();
    if let Some(organisation) = text("org") {
        told.push_str(&format!("; of the organisation {organisation}"));
    }
    if let Some(region) = text("region_url").or_else(|| text("url")) {
        told.push_str(&format!(" at {region}"));
    }
    if let Some(date) = Date::of_unix_time(issued as i64) {
        told.push_str(&format!(", made on {date}"));
    }
    Verdict::WellFormed(told)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    fn token(payload: &str) -> String {
        format!("sntrys_{}_{}", BASE64.encode(payload.as_bytes()), "x".repeat(43))
    }

    #[test]
    fn organisation_region_and_day_are_told() {
        let whole =
            r#"{"iat": 1714979280.5, "url": "https://sentry.io", "region_url": "https://de.sentry.io", "org": "acme"}"#;
        let told = "the JSON in it is whole; of the organisation acme at https://de.sentry.io, made on 2024-05-06";
        assert_eq!(check(&token(whole)), Verdict::WellFormed(told.to_owned()));
        let odd = r#"{"iat": 1714979280, "org": "a\u0007"}"#;
        assert_eq!(check(&token(odd)), Verdict::WellFormed("the JSON in it is whole, made on 2024-05-06".to_owned()));
    }

    #[test]
    fn without_time_of_issue_it_is_malformed_and_cut_short_it_is_not_told() {
        assert!(matches!(check(&token(r#"{"org": "acme"}"#)), Verdict::Malformed(_)));
        assert!(matches!(check(&token("acme")), Verdict::Malformed(_)));
        assert!(matches!(check(&token(r#"{"iat": 17149"#)), Verdict::NotCheckable(_)));
    }
}

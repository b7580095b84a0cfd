//! Service-account tokens of 1Password: base64 of JSON that holds an address, the account's keys and more.
//!
//! Source: <https://developer.1password.com/docs/service-accounts/security/>; the names of the fields from published
//! sample tokens. Only the address is told, all else in it is secret.

use serde_json::{Map, Value};

use super::embedded::Embedded;
use super::shown;
use crate::model::Verdict;

/// The verdict on a token, with the address that it signs in at.
pub fn check(token: &str) -> Verdict {
    match token.strip_prefix("ops_") {
        Some(payload) => Embedded::read(payload).judge(fields),
        None => Verdict::NotChecked,
    }
}

fn fields(payload: &Map<String, Value>) -> Verdict {
    let missing = ["signInAddress", "secretKey", "muk"].into_iter().find(|key| !payload.contains_key(*key));
    match (missing, payload.get("signInAddress").and_then(Value::as_str).and_then(shown)) {
        (Some(key), _) => Verdict::Malformed(format!("the JSON in it has no `{key}`")),
        (None, Some(address)) => Verdict::WellFormed(format!("the JSON in it is whole; it signs in at {address}")),
        (None, None) => Verdict::WellFormed("the JSON in it is whole".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    fn token(payload: &str) -> String {
        format!("ops_{}", BASE64URL_NOPAD.encode(payload.as_bytes()))
    }

    #[test]
    fn the_address_is_told_and_nothing_else() {
        let whole =
            r#"{"signInAddress":"acme.1password.eu","email":"m@acme","secretKey":"A3-HIDDEN","muk":{"k":"HIDDEN"}}"#;
        let told = "the JSON in it is whole; it signs in at acme.1password.eu";
        assert_eq!(check(&token(whole)), Verdict::WellFormed(told.to_owned()));
        assert!(
            matches!(check(&token(r#"{"signInAddress":"acme"}"#)), Verdict::Malformed(why) if why.contains("secretKey"))
        );
        assert!(matches!(check(&token(whole)[..60]), Verdict::NotCheckable(_)));
    }
}

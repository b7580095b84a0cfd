//! Tokens of Mapbox: the kind, the base64 of JSON with the user's name, and a signature.
//!
//! Source: <https://docs.mapbox.com/api/accounts/tokens/#token-format>.

use serde_json::Value;

use super::embedded::Embedded;
use super::shown;
use crate::model::Verdict;

/// The verdict on a token, with kind and user.
pub fn check(token: &str) -> Verdict {
    let Some((kind, rest)) = token.split_once('.') else { return Verdict::NotChecked };
    let kind = match kind {
        "pk" => "a public token",
        "sk" => "a secret token",
        "tk" => "a temporary token, for an hour at most",
        _ => return Verdict::NotChecked,
    };
    Embedded::read(rest.split('.').next().unwrap_or_default()).judge(|payload| {
        let user = payload.get("u").and_then(Value::as_str).and_then(shown);
        let user = user.map_or(String::new(), |user| format!(" of the user {user}"));
        Verdict::WellFormed(format!("the JSON in it is whole; {kind}{user}"))
    })
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    #[test]
    fn kind_and_user_are_told() {
        let payload = BASE64URL_NOPAD.encode(br#"{"u":"acme","a":"cjHIDDEN"}"#);
        let told = "the JSON in it is whole; a secret token of the user acme";
        assert_eq!(check(&format!("sk.{payload}.HIDDEN")), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(check(&format!("pk.{}.HIDDEN", &payload[..20])), Verdict::NotCheckable(_)));
        assert_eq!(check("xk.a.b"), Verdict::NotChecked);
    }
}

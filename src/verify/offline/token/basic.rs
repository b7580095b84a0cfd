//! Credentials of HTTP Basic authentication: the base64 of a user, a colon and a password.
//!
//! Source: RFC 7617, section 2. Neither part is ever told: many services take their key for a user, with no password.

use super::embedded;
use crate::model::Verdict;

/// The verdict on credentials in base64.
pub fn check(text: &str) -> Verdict {
    let decoded = embedded::bytes(text).and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded.as_deref().and_then(|decoded| decoded.split_once(':'));
    match parts {
        Some(("", "")) | None => {
            Verdict::Malformed("it is not the base64 of a user, a colon and a password".to_owned())
        }
        Some((user, password)) if (user.to_owned() + password).contains(char::is_control) => {
            Verdict::Malformed("it is the base64 of control characters".to_owned())
        }
        Some((_, "")) => Verdict::WellFormed("it is the base64 of a user or key, and no password".to_owned()),
        Some(_) => Verdict::WellFormed("it is the base64 of a user and a password".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    #[test]
    fn the_parts_are_seen_and_not_told() {
        let word = |text: &str| check(&BASE64.encode(text.as_bytes()));
        assert_eq!(
            word("deploy:k9xQ2vB7mN"),
            Verdict::WellFormed("it is the base64 of a user and a password".to_owned())
        );
        assert!(matches!(word("k9xQ2vB7mN:"), Verdict::WellFormed(why) if why.contains("no password")));
        assert!(matches!(word(":"), Verdict::Malformed(_)));
        assert!(matches!(word("deploy"), Verdict::Malformed(_)));
        assert!(matches!(word("dep\u{1}loy:x"), Verdict::Malformed(_)));
        assert!(matches!(check("authentication"), Verdict::Malformed(_)));
    }
}

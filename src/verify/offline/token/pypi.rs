//! Tokens of PyPI: a macaroon of `pypi.org` or `test.pypi.org`, whose caveats say what the token may do.
//!
//! Source: `warehouse/macaroons` of <https://github.com/pypi/warehouse>: caveats are JSON arrays of a tag and fields, or
//! objects in older tokens.

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use super::super::date::Date;
use super::macaroon::Macaroon;
use super::shown;
use crate::model::Verdict;

/// The verdict on a token, with what it may upload to and until when. One that is cut or changed is not condemned: a
/// token is often quoted shortened.
pub fn check(token: &str) -> Verdict {
    let Some(encoded) = token.strip_prefix("pypi-") else { return Verdict::NotChecked };
    let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap_or_default();
    let Some(macaroon) = Macaroon::read(&bytes) else {
        return Verdict::NotCheckable("the macaroon in it is not all there".to_owned());
    };
    let location = macaroon.location.and_then(|l| std::str::from_utf8(l).ok()).and_then(shown).unwrap_or("nowhere");
    let mut limits = Limits::default();
    for caveat in &macaroon.caveats {
        limits.take(caveat);
    }
    Verdict::WellFormed(format!("it holds a whole macaroon of {location}; {}", limits.words()))
}

/// What the caveats come to.
#[derive(Default)]
struct Limits {
    projects: Vec<String>,
    /// Projects of which only the ids are known.
    unnamed: usize,
    publisher: bool,
    expires: Option<i64>,
}

impl Limits {
    fn take(&mut self, caveat: &[u8]) {
        let Ok(caveat) = serde_json::from_slice::<Value>(caveat) else { return };
        let names = |value: &Value| -> Vec<String> {
            let all = value.as_array().into_iter().flatten();
            all.filter_map(Value::as_str).filter_map(shown).map(str::to_owned).collect()
        };
        match caveat.as_array().map(Vec::as_slice) {
            Some([Value::Number(tag), first, ..]) => match tag.as_u64() {
                Some(0) => self.expires = first.as_i64(),
                Some(1) => self.projects.extend(names(first)),
                Some(2) => self.unnamed += names(first).len(),
                Some(4) => self.publisher = true,
                _ => {}
            },
            _ => {
                self.projects.extend(names(&caveat["permissions"]["projects"]));
                self.unnamed += names(&caveat["project_ids"]).len();
                self.expires = caveat["exp"].as_i64().or(self.expires);
            }
        }
    }

    fn words(&self) -> String {
        let mut words = match (self.projects.as_slice(), self.unnamed) {
            _ if self.publisher => "for the projects of a trusted publisher".to_owned(),
            ([], 0) => "for every project of its user".to_owned(),
            ([], 1) => "for one project".to_owned(),
            ([], n) => format!("for {n} projects"),
            (names, _) => format!("for {}", names.join(", ")),
        };
        if let Some(date) = self.expires.and_then(Date::of_unix_time) {
            let _ = write!(words, "; it {}", date.expiry(Date::today()));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(caveats: &[&str]) -> String {
        let mut bytes = b"\x02\x01\x08pypi.org\x02\x02id\x00".to_vec();
        for caveat in caveats {
            bytes.extend([2, caveat.len() as u8]);
            bytes.extend(caveat.as_bytes());
            bytes.push(0);
        }
        bytes.extend(b"\x00\x06\x20");
        bytes.extend([7; 32]);
        format!("pypi-{}", BASE64URL_NOPAD.encode(&bytes))
    }

    fn words(caveats: &[&str]) -> String {
        match check(&token(caveats)) {
            Verdict::WellFormed(why) => why.rsplit_once("pypi.org; ").unwrap().1.to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn caveats_are_put_in_words() {
        assert_eq!(words(&[r#"[3, "5f1c"]"#]), "for every project of its user");
        assert_eq!(words(&[r#"{"version": 1, "permissions": "user"}"#]), "for every project of its user");
        assert_eq!(words(&[r#"{"version": 1, "permissions": {"projects": ["acme"]}}"#]), "for acme");
        assert_eq!(words(&[r#"[1, ["acme", "anvil"]]"#]), "for acme, anvil");
        assert_eq!(words(&[r#"[3, "5f1c"]"#, r#"[2, ["0e8c"]]"#]), "for one project");
        let publisher = words(&[r#"[4, "7a"]"#, "[0, 1714979280, 1714978380]"]);
        assert_eq!(publisher, "for the projects of a trusted publisher; it expired on 2024-05-06");
    }

    #[test]
    fn a_cut_token_is_not_told() {
        let whole = token(&[]);
        assert!(matches!(check(&whole[..40]), Verdict::NotCheckable(_)));
        assert!(matches!(check("pypi-!"), Verdict::NotCheckable(_)));
        assert_eq!(check("ghp_"), Verdict::NotChecked);
    }
}

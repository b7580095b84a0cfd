//! API keys of Heroku: a prefix, and a UUID in the first form of them.
//!
//! Source: <https://devcenter.heroku.com/articles/authentication>.

use crate::model::Verdict;

/// What a key tells. There is no checksum in it.
pub fn check(key: &str) -> Verdict {
    match key.strip_prefix("HRKU-") {
        Some(rest) if rest.len() == 36 => Verdict::NotCheckable("a key in the form of a UUID".to_owned()),
        Some(_) => Verdict::NotCheckable("a key in the longer form".to_owned()),
        None => Verdict::NotChecked,
    }
}

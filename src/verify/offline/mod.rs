//! Offline verification: what a token's own structure proves, without asking anybody.

use crate::model::{Rule, Verdict};
use crate::rules::checksum;

/// Checks a secret's structure by the check that its rule names.
pub fn check(rule: &Rule, secret: &[u8]) -> Verdict {
    let (Some(name), Ok(token)) = (rule.checksum.as_deref(), std::str::from_utf8(secret)) else {
        return Verdict::NotChecked;
    };
    match checksum::verify(name, token) {
        Some(true) => Verdict::WellFormed("its built-in checksum is right".to_owned()),
        Some(false) => Verdict::Malformed("its built-in checksum is wrong".to_owned()),
        None => Verdict::NotChecked,
    }
}

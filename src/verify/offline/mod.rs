//! Offline verification: what a token's own structure proves, without asking anybody.

mod certificate;
mod date;
mod jwt;
mod key;

use crate::model::{Finding, Rule, Verdict};
use crate::rules::checksum;

/// Checks a finding's structure, in the light of the other parts that were found with it.
pub fn check_finding(finding: &Finding) -> Verdict {
    let (Some(name), Ok(text)) = (finding.rule.checksum.as_deref(), std::str::from_utf8(finding.secret.expose()))
    else {
        return check(&finding.rule, finding.secret.expose());
    };
    match name {
        "pem" | "openssh" | "pgp" | "putty" => key::check(text, &finding.companions),
        "google-service-account" => key::service_account(text, &finding.companions),
        "jwt" => jwt::check(text),
        _ => check(&finding.rule, finding.secret.expose()),
    }
}

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

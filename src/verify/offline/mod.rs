//! Offline verification: what a credential's own structure proves, without asking anybody.
//!
//! A rule names the check of its credential (`checksum = "…"`), and [`CHECKS`] has the function of that name. What a
//! structure tells beside (an account, a region, an expiry) goes into the verdict's words; no secret part does. For
//! rules that take any value beside a name, [`look_alike`] knows what is no secret whatever the name says.

mod certificate;
mod jwt;
pub(super) mod key;
mod look_alike;
mod token;

use super::date;
use crate::model::{Companion, Finding, Rule, Verdict};

/// What a text's structure says of it.
type Check = fn(&str) -> Verdict;

/// All checks that do more than compare a checksum of [`crate::rules::checksum`], by the name that rules give them.
const CHECKS: &[(&str, Check)] = &[
    ("artifactory-reference", token::artifactory::check),
    ("aws-bedrock", token::aws::bedrock),
    ("aws-key-id", token::aws::key_id),
    ("azure-annotated", token::azure::annotated),
    ("azure-devops", token::azure::devops),
    ("azure-identifiable", token::azure::identifiable),
    ("basic", token::basic::check),
    ("bech32", token::age::check),
    ("discord", token::discord::check),
    ("gitlab-routable", token::gitlab::check),
    ("grafana-key", token::grafana::check),
    ("heroku", token::heroku::check),
    ("jwt", jwt::check),
    ("mapbox", token::mapbox::check),
    ("nats-nkey", token::nats::check),
    ("onepassword", token::onepassword::check),
    ("password-hash", token::hash::check),
    ("pypi", token::pypi::check),
    ("sentry", token::sentry::check),
    ("slack", token::slack::check),
    ("stripe", token::stripe::check),
    ("telegram", token::telegram::check),
    ("vault", token::vault::check),
];

/// What a text's structure says of it, beside the other parts that were found with it.
type CheckBeside = fn(&str, &[Companion]) -> Verdict;

/// Checks that have a use for what stands beside the secret.
const CHECKS_BESIDE: &[(&str, CheckBeside)] = &[
    ("google-service-account", key::service_account),
    ("openssh", key::check),
    ("pem", key::check),
    ("pgp", key::check),
    ("putty", key::check),
];

/// Checks a finding's structure, in the light of the other parts that were found with it.
pub fn check_finding(finding: &Finding) -> Verdict {
    let name = finding.rule.checksum.as_deref();
    let beside = CHECKS_BESIDE.iter().find(|(known, _)| Some(*known) == name);
    match (beside, std::str::from_utf8(finding.secret.expose())) {
        (Some((_, check)), Ok(text)) => check(text, &finding.companions),
        _ => check(&finding.rule, finding.secret.expose()),
    }
}

/// Checks a secret's structure by the check that its rule names.
pub fn check(rule: &Rule, secret: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(secret) else { return Verdict::NotChecked };
    let Some(name) = rule.checksum.as_deref() else { return look_alike::check(rule, text) };
    match CHECKS.iter().find(|(known, _)| *known == name) {
        Some((_, check)) => check(text),
        None => token::summed(name, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{RuleSet, checksum};

    #[test]
    fn every_check_is_used_by_a_rule() {
        let rules = RuleSet::builtin();
        let used = |name: &str| rules.rules().iter().any(|rule| rule.checksum.as_deref() == Some(name));
        let idle: Vec<_> = CHECKS.iter().map(|(name, _)| *name).filter(|name| !used(name)).collect();
        assert_eq!(idle, [""; 0]);
    }

    #[test]
    fn names_are_sorted_and_stand_once() {
        assert!(CHECKS.is_sorted_by(|a, b| a.0 < b.0));
    }

    /// Made-up and hostile texts never panic, whatever check they come to.
    #[test]
    fn odd_texts_are_judged_without_a_panic() {
        let odd =
            ["", "-", "é", "ops_", "sntrys__", "pypi-AgE", "$", "$2b$", "glpat-.", "A3T", "a:b:c", "\u{0}", "xoxb-"];
        let names = CHECKS.iter().map(|(name, _)| *name).chain(["github", "npm", "entra", "no-such-check"]);
        for name in names {
            for text in odd.iter().map(|t| t.to_string()).chain(odd.iter().map(|t| t.repeat(40))) {
                let verdict = match CHECKS.iter().find(|(known, _)| *known == name) {
                    Some((_, check)) => check(&text),
                    None => token::summed(name, &text),
                };
                assert!(!matches!(verdict, Verdict::WellFormed(_)), "{name}: {text}");
                let _ = checksum::verify(name, &text);
            }
        }
    }
}

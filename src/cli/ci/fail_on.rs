//! `--fail-on`: which findings fail the job. The others are told all the same.

use std::str::FromStr;

use super::super::errors::Failure;
use crate::model::{Confidence, Finding, Severity, Verdict};

/// One condition, as in `severity=high`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// At least so severe.
    Severity(Severity),
    /// At least so sure.
    Confidence(Confidence),
    /// This word for the verdict.
    Verdict(&'static str),
}

/// What must hold for a finding that fails the job: every kind of condition that was named, each in one of the ways that
/// were named. Without any, every finding does.
#[derive(Clone, Debug, Default)]
pub struct FailOn(Vec<Condition>);

impl FailOn {
    /// These conditions; `verified`: whether providers are asked.
    ///
    /// # Errors
    /// If they can never hold.
    pub fn new(conditions: Vec<Condition>, verified: bool) -> Result<FailOn, Failure> {
        let words: Vec<&str> = conditions
            .iter()
            .filter_map(|condition| match condition {
                Condition::Verdict(word) => Some(*word),
                _ => None,
            })
            .collect();
        if !verified && !words.is_empty() && words.iter().all(|word| ["active", "inactive", "unknown"].contains(word)) {
            return Err(Failure::new(format!(
                "--fail-on verdict={} never fails without --verify",
                words.join(",verdict=")
            ))
            .hint("add --verify: without it nothing is known to be active, inactive or unknown"));
        }
        Ok(FailOn(conditions))
    }

    /// Whether this finding fails the job.
    pub fn holds_for(&self, finding: &Finding) -> bool {
        let kinds: [fn(&Condition) -> bool; 3] = [
            |condition| matches!(condition, Condition::Severity(_)),
            |condition| matches!(condition, Condition::Confidence(_)),
            |condition| matches!(condition, Condition::Verdict(_)),
        ];
        kinds.into_iter().all(|kind| {
            let mut named = self.0.iter().filter(|condition| kind(condition)).peekable();
            named.peek().is_none() || named.any(|condition| condition.holds_for(finding))
        })
    }
}

impl Condition {
    fn holds_for(&self, finding: &Finding) -> bool {
        match self {
            Condition::Severity(least) => finding.rule.severity >= *least,
            Condition::Confidence(least) => finding.confidence >= *least,
            Condition::Verdict(word) => finding.verdict.as_str() == *word,
        }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "use severity=LEVEL, confidence=LEVEL or verdict=WORD, as in severity=high".to_owned();
        let (kind, value) = text.split_once('=').ok_or_else(wrong)?;
        match kind {
            "severity" => value.parse().map(Condition::Severity),
            "confidence" => value.parse().map(Condition::Confidence),
            "verdict" => {
                let word = Verdict::WORDS.into_iter().find(|word| *word == value);
                let unknown = || format!("`{value}` is not a verdict: use {}", Verdict::WORDS.join(", "));
                word.map(Condition::Verdict).ok_or_else(unknown)
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        assert_eq!("severity=high".parse(), Ok(Condition::Severity(Severity::High)));
        assert_eq!("confidence=80".parse(), Ok(Condition::Confidence(Confidence::new(80))));
        assert_eq!("verdict=active".parse(), Ok(Condition::Verdict("active")));
        for wrong in ["", "high", "severity", "severity=", "severity=huge", "verdict=maybe", "other=high"] {
            assert!(wrong.parse::<Condition>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_can_never_hold_is_refused() {
        let active = vec![Condition::Verdict("active"), Condition::Severity(Severity::High)];
        assert!(FailOn::new(active.clone(), false).is_err());
        assert!(FailOn::new(active, true).is_ok());
        assert!(FailOn::new(vec![Condition::Verdict("active"), Condition::Verdict("well-formed")], false).is_ok());
    }
}

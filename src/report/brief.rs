//! A finding in a few labelled lines: what the formats that people read without a terminal (test results, merge requests,
//! comments) say of it. Each format writes the lines in its own way.

use super::facts;
use super::redact::Redactor;
use crate::model::{Finding, Occurrence, Verdict};

/// Further places that are named before the rest is only counted.
const NAMED_PLACES: usize = 10;
/// Reasons that are named.
const NAMED_REASONS: usize = 3;

/// What stands behind a label. Secrets are masked; nothing is escaped yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Text to be shown letter by letter: of the repository, or to be copied.
    Verbatim(String),
    /// Words.
    Words(String),
}

impl Told {
    /// The text alone.
    pub(super) fn text(&self) -> &str {
        match self {
            Told::Verbatim(text) | Told::Words(text) => text,
        }
    }
}

/// All that is to be told of a finding beside its rule and its first place.
pub(super) fn lines(finding: &Finding, redactor: &Redactor<'_>) -> Vec<(&'static str, Told)> {
    let (rule, first) = (&finding.rule, finding.first());
    let mut lines = vec![("verdict", Told::Words(verdict(&finding.verdict, redactor)))];
    if !facts::is_path_alone(finding) {
        lines.push(("secret", Told::Verbatim(redactor.secret(&finding.secret))));
    }
    let excerpt = redactor.excerpt(&first.excerpt).text;
    if !excerpt.trim().is_empty() {
        lines.push(("line", Told::Verbatim(excerpt)));
    }
    lines.push(("confidence", Told::Words(confidence(finding))));
    for part in &finding.companions {
        let place = format!("{} on {}", part.rule, facts::lines(part));
        let shown = redactor.exposed(&part.secret).map(|secret| format!("{place}: {secret}"));
        lines.push(("with", Told::Verbatim(shown.unwrap_or(place))));
    }
    if !first.chain.is_empty() {
        let innermost_first: Vec<&str> = first.chain.iter().rev().map(|e| e.as_str()).collect();
        lines.push(("encoded", Told::Words(format!("in {}", innermost_first.join(" within ")))));
    }
    if let Some(commit) = facts::commit(first) {
        let by = format!("{} by {} <{}>, {}", commit.id, commit.author, commit.email, commit.date);
        lines.push(("commit", Told::Verbatim(by)));
    }
    lines.extend(history(first).map(|now| ("history", Told::Words(now.to_owned()))));
    lines.extend(further(finding).map(|places| ("also", Told::Verbatim(places))));
    if let Some(suppression) = &finding.suppression {
        lines.push(("allowed", Told::Words(redactor.text(&suppression.justification()).into_owned())));
    }
    let advice = [("risk", &rule.risk), ("revoke", &rule.revoke), ("store", &rule.store)];
    let advice = advice.into_iter().filter(|(_, text)| !text.is_empty());
    lines.extend(advice.map(|(label, text)| (label, Told::Words(text.to_string()))));
    lines.push(("fingerprint", Told::Verbatim(finding.fingerprint.to_string())));
    lines
}

/// The verdict in a few words. What was not verified never reads as if it were safe.
pub(super) const fn standing(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Active(_) => "ACTIVE",
        Verdict::Unknown(_) => "may be active (unknown)",
        Verdict::NotChecked => "may be active (not checked)",
        Verdict::WellFormed(_) => "may be active (well-formed)",
        Verdict::NotCheckable(_) => "may be active (not checkable offline)",
        Verdict::Malformed(_) => "malformed",
        Verdict::Inactive(_) => "inactive",
        Verdict::NotSecret(_) => "not a secret",
    }
}

/// The verdict, why, and what the provider told.
pub(super) fn verdict(verdict: &Verdict, redactor: &Redactor<'_>) -> String {
    let mut text = standing(verdict).to_owned();
    match verdict {
        Verdict::Active(_) => text.push_str(": the provider accepts it"),
        Verdict::NotChecked => text.push_str(": take it for active"),
        _ => text.extend(verdict.reason().map(|why| format!(": {}", redactor.text(why)))),
    }
    for (name, value) in verdict.details() {
        text.push_str(&format!(", {name} {}", redactor.text(value)));
    }
    text
}

/// The number, the word, and what weighs most.
fn confidence(finding: &Finding) -> String {
    let reasons = facts::weightiest_first(finding);
    let named: Vec<&str> = reasons.iter().take(NAMED_REASONS).map(|r| r.text.as_ref()).collect();
    let what = format!("{} ({})", finding.confidence, finding.confidence.level());
    if named.is_empty() { what } else { format!("{what}: {}", named.join(", ")) }
}

/// Whether it is still there.
fn history(occurrence: &Occurrence) -> Option<&'static str> {
    match occurrence.at_head {
        _ if occurrence.unreachable => Some("no ref leads to it, yet the repository still has it"),
        Some(true) => Some("still at HEAD"),
        Some(false) => Some("no longer at HEAD, yet still in the history"),
        None => None,
    }
}

/// The other places.
fn further(finding: &Finding) -> Option<String> {
    let places: Vec<String> = finding.occurrences.iter().skip(1).map(facts::place).collect();
    let mut named = places.iter().take(NAMED_PLACES).cloned().collect::<Vec<_>>().join(", ");
    if places.len() > NAMED_PLACES {
        named.push_str(&format!(" and {} more", places.len() - NAMED_PLACES));
    }
    (!places.is_empty()).then_some(named)
}

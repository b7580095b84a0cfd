//! Findings as SARIF's results.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use serde_sarif::sarif::{Location, Message, PropertyBag, Result, ResultLevel, Suppression};

use super::super::printable::printable;
use super::super::redact::Redactor;
use super::super::{facts, json};
use super::location::{self, Base};
use super::rules;
use crate::model::{self, Finding, Occurrence, Report, Rule, Verdict};

/// Name of our own fingerprint and of its version.
const FINGERPRINT: &str = "unspill/v1";
/// Bits of entropy from which a secret's line may be shown hashed: the hash tells 64 of them, and as many as make no
/// guessing possible must be left.
const ENOUGH_BITS: f64 = 104.0;

/// All findings, the worst first, then by place.
pub(super) fn sorted(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().chain(&report.suppressed).collect();
    findings.sort_by_cached_key(|f| {
        let first = f.first();
        (Reverse(f.rule.severity), first.origin.path(), first.place, f.rule.id.clone(), f.fingerprint.clone())
    });
    findings
}

/// The result for a finding; `rules` are those of the run, sorted by id.
pub(super) fn result(finding: &Finding, rules: &[Arc<Rule>], base: &Base<'_>, redactor: &Redactor<'_>) -> Result {
    let first = finding.first();
    let fingerprint = (FINGERPRINT.to_owned(), finding.fingerprint.to_string());
    let line_hash = first.line_hash.as_ref().filter(|_| may_be_hashed(finding, redactor));
    let line_hash = line_hash.map(|hash| ("primaryLocationLineHash".to_owned(), hash.clone()));
    let partial: BTreeMap<String, String> = line_hash.into_iter().chain([fingerprint.clone()]).collect();
    let mut result = Result::builder()
        .rule_id(finding.rule.id.as_ref())
        .level(level(finding))
        .rank(f64::from(finding.confidence.get()))
        .message(Message::builder().text(message(finding, redactor)).build())
        .locations(vec![location::location(first, base, redactor)])
        .fingerprints(BTreeMap::from([fingerprint]))
        .partial_fingerprints(partial)
        .properties(properties(finding, redactor))
        .build();
    let index = rules.binary_search_by(|rule| rule.id.cmp(&finding.rule.id)).ok();
    result.rule_index = index.and_then(|index| i64::try_from(index).ok());
    let parts = finding.companions.iter().map(|part| location::part(part, first, base));
    let further = finding.occurrences.iter().skip(1).map(|o| location::further(o, base, redactor));
    let related = (1..).zip(parts.chain(further)).map(|(id, location)| Location { id: Some(id), ..location });
    let related: Vec<Location> = related.collect();
    result.related_locations = (!related.is_empty()).then_some(related);
    // SARIF wants them for all results of a run or for none; an empty list says that it is not suppressed.
    result.suppressions = Some(finding.suppression.iter().map(|s| suppression(s, redactor)).collect());
    result
}

/// The level: what is active is an error however little it gives away, what the provider refuses a note; all else goes by
/// its severity.
fn level(finding: &Finding) -> ResultLevel {
    match finding.verdict {
        Verdict::Active(_) => ResultLevel::Error,
        Verdict::Inactive(_) => ResultLevel::Note,
        _ => rules::level(finding.rule.severity),
    }
}

/// A line's hash is made from the line in clear, so it must not be shown for what could be guessed. Code scanning's
/// upload action computes it itself where it is missing.
fn may_be_hashed(finding: &Finding, redactor: &Redactor<'_>) -> bool {
    let secret = finding.secret.expose();
    redactor.shows() || facts::entropy(secret) * secret.len() as f64 >= ENOUGH_BITS
}

/// The finding in words.
fn message(finding: &Finding, redactor: &Redactor<'_>) -> String {
    let first = finding.first();
    let what = if facts::is_path_alone(finding) { "this file".to_owned() } else { redactor.secret(&finding.secret) };
    let (rule, confidence) = (&finding.rule, finding.confidence);
    let mut text = format!("{}: {what}, confidence {confidence} ({}).", rule.description, confidence.level());
    for companion in &finding.companions {
        text.push_str(&format!(" It stands with {} on {}.", companion.rule, facts::lines(companion)));
    }
    text.push_str(&history(first));
    match &finding.verdict {
        Verdict::NotChecked => {}
        Verdict::Active(_) => text.push_str(" It is active: the provider accepts it."),
        Verdict::Inactive(why) => text.push_str(&format!(" It is inactive: {}.", redactor.text(why))),
        Verdict::WellFormed(why) => text.push_str(&format!(" It is well-formed: {}.", redactor.text(why))),
        Verdict::Malformed(why) => text.push_str(&format!(" It is malformed: {}.", redactor.text(why))),
        Verdict::NotCheckable(why) => {
            text.push_str(&format!(" Its structure cannot be checked offline: {}.", redactor.text(why)));
        }
        Verdict::NotSecret(why) => text.push_str(&format!(" It is not a secret: {}.", redactor.text(why))),
        Verdict::Unknown(doubt) => text.push_str(&format!(" It may be active: {}.", redactor.text(&doubt.text))),
    }
    if !finding.rule.revoke.is_empty() {
        text.push_str(&format!(" To revoke it: {}", finding.rule.revoke));
    }
    text
}

fn history(occurrence: &Occurrence) -> String {
    let commit = facts::commit(occurrence).map(|c| format!(" Commit {} by {}.", c.id, literal(&c.author)));
    let commit = commit.unwrap_or_default();
    let now = match occurrence.at_head {
        _ if occurrence.unreachable => " No ref leads to it, yet the repository still has it.",
        Some(true) => " It is still at HEAD.",
        Some(false) => " It is no longer at HEAD, yet still in the history.",
        None => "",
    };
    commit + now
}

/// A name that someone chose, as part of a message: in SARIF brackets make links.
fn literal(name: &str) -> String {
    printable(name).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn suppression(suppression: &model::Suppression, redactor: &Redactor<'_>) -> Suppression {
    let kind = match suppression {
        model::Suppression::Comment { .. } => "inSource",
        _ => "external",
    };
    Suppression::builder().kind(kind).justification(redactor.text(&suppression.justification())).build()
}

/// What SARIF has no place of its own for.
fn properties(finding: &Finding, redactor: &Redactor<'_>) -> PropertyBag {
    let first = finding.first();
    let reasons: Vec<json::Reason> = finding.reasons.iter().map(json::reason).collect();
    let mut bag = BTreeMap::from([
        ("confidence".to_owned(), json!(finding.confidence.get())),
        ("level".to_owned(), json!(finding.confidence.level().as_str())),
        ("severity".to_owned(), json!(finding.rule.severity.as_str())),
        ("reasons".to_owned(), json!(reasons)),
        ("verdict".to_owned(), json!(json::check(&finding.verdict, redactor))),
    ]);
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            bag.insert(name.to_owned(), value);
        }
    };
    let parts: Vec<json::Part> = finding.companions.iter().map(|c| json::part(c, redactor)).collect();
    add("companions", (!parts.is_empty()).then(|| json!(parts)));
    let encodings: Vec<&str> = first.chain.iter().map(|e| e.as_str()).collect();
    add("encodings", (!encodings.is_empty()).then(|| json!(encodings)));
    let commit = facts::commit(first);
    add("commit", commit.map(|c| json!(c.id.to_string())));
    add("author", commit.map(|c| json!(c.author)));
    add("date", commit.map(|c| json!(c.date)));
    add("atHead", first.at_head.map(Value::from));
    add("unreachable", first.unreachable.then_some(Value::Bool(true)));
    PropertyBag::builder().additional_properties(bag).build()
}

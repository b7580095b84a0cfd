//! Rules as SARIF's reporting descriptors: what a reader of an alert needs to know about its kind of secret.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ResultLevel,
};

use super::super::facts;
use crate::model::{Finding, Rule, Severity};

/// The rules that have results, sorted by id: their position is the result's `ruleIndex`.
pub(super) fn used(findings: &[&Finding]) -> Vec<Arc<Rule>> {
    let rules: BTreeMap<&str, &Arc<Rule>> = findings.iter().map(|f| (f.rule.id.as_ref(), &f.rule)).collect();
    rules.into_values().cloned().collect()
}

/// All about a rule.
pub(super) fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let level = serde_json::to_value(level(rule.severity)).unwrap_or_default();
    let mut descriptor = ReportingDescriptor::builder()
        .id(rule.id.as_ref())
        .name(name(&rule.id))
        .short_description(plain(rule.description.to_string()))
        .full_description(plain(full_description(rule)))
        .help(help(rule))
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .properties(properties(rule))
        .build();
    descriptor.help_uri = facts::web_address(&rule.docs);
    descriptor
}

/// The level of results by a rule's severity.
pub(super) const fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low => ResultLevel::Note,
    }
}

/// The severity on the scale of CVSS, in the ranges that code scanning gives its words to: over 9 is critical, from 7
/// high, from 4 medium.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}

/// How often the rule is right, in code scanning's words, from the confidence that its matches begin with.
const fn precision(confidence: u8) -> &'static str {
    match confidence {
        90.. => "very-high",
        70.. => "high",
        45.. => "medium",
        _ => "low",
    }
}

fn properties(rule: &Rule) -> PropertyBag {
    let tags: BTreeSet<&str> = rule.tags.iter().map(AsRef::as_ref).chain([rule.provider.as_ref()]).collect();
    let tags = std::iter::once("security").chain(tags.into_iter().filter(|t| !t.is_empty() && *t != "security"));
    let more = [("precision", precision(rule.confidence)), ("security-severity", security_severity(rule.severity))];
    PropertyBag::builder()
        .tags(tags.map(str::to_owned).collect::<Vec<_>>())
        .additional_properties(
            more.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect::<BTreeMap<_, _>>(),
        )
        .build()
}

/// `github-personal-access-token` as `GithubPersonalAccessToken`.
fn name(id: &str) -> String {
    id.split('-')
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars)
        })
        .collect()
}

fn full_description(rule: &Rule) -> String {
    let risk = if rule.risk.is_empty() { String::new() } else { format!(" {}", sentence(&rule.risk)) };
    format!("{}{risk}", sentence(&rule.description))
}

fn help(rule: &Rule) -> MultiformatMessageString {
    let advice = [("Risk", &rule.risk), ("Revoke", &rule.revoke), ("Store instead", &rule.store)];
    let mut text = sentence(&rule.description);
    let mut markdown = format!("# {}\n", rule.description);
    for (label, what) in advice.into_iter().filter(|(_, what)| !what.is_empty()) {
        text.push_str(&format!("\n{label}: {what}"));
        markdown.push_str(&format!("\n**{label}:** {what}\n"));
    }
    if let Some(address) = facts::web_address(&rule.docs) {
        text.push_str(&format!("\nDocumentation: {address}"));
        markdown.push_str(&format!("\n[Documentation]({address})\n"));
    }
    markdown.push_str(
        "\nA secret that was committed stays in the history: to take it out of the file is not enough, it has to be \
         revoked.\n",
    );
    MultiformatMessageString::builder().text(text).markdown(markdown).build()
}

fn plain(text: String) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// `text` with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_one_word() {
        assert_eq!(name("github-personal-access-token"), "GithubPersonalAccessToken");
    }
}

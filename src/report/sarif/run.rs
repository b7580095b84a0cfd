//! The run: the tool, what it looked at, and how that went.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Message, Notification, PropertyBag, Run, RunAutomationDetails, ToolComponent,
    VersionControlDetails,
};

use super::super::redact::Redactor;
use super::super::remote;
use super::location::{Base, SRCROOT};
use super::{results, rules};
use crate::model::{Report, Scope};

/// The whole run.
pub(super) fn run(report: &Report, redactor: &Redactor<'_>) -> Run {
    let findings = results::sorted(report);
    let rules = rules::used(&findings);
    let base = Base::of(&report.scope);
    let driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.iter().map(|rule| rules::descriptor(rule)).collect::<Vec<_>>())
        .build();
    let results: Vec<_> = findings.iter().map(|f| results::result(f, &rules, &base, redactor)).collect();
    let mut run = Run::builder()
        .tool(driver)
        .automation_details(RunAutomationDetails::builder().id(category(&report.scope)).build())
        .column_kind("unicodeCodePoints")
        .invocations(vec![invocation(report, redactor)])
        .results(results)
        .build();
    run.original_uri_base_ids =
        base.uri().map(|uri| BTreeMap::from([(SRCROOT.to_owned(), ArtifactLocation::builder().uri(uri).build())]));
    run.version_control_provenance = provenance(&report.scope).map(|details| vec![details]);
    run
}

/// By what code scanning tells runs of one kind from others; what lies before the last `/` is the category.
fn category(scope: &Scope) -> &'static str {
    match scope {
        Scope::Folder { .. } => "unspill/dir/",
        Scope::Git { .. } => "unspill/git/",
        Scope::Stdin => "unspill/stdin/",
    }
}

/// How the run went: what could not be read, what was passed over, remarks.
fn invocation(report: &Report, redactor: &Redactor<'_>) -> Invocation {
    let problems = report.problems.iter().map(|problem| {
        let mut text = format!("{}: {}", problem.place, redactor.text(&problem.what));
        if let Some(hint) = &problem.hint {
            text.push_str(&format!(" ({})", redactor.text(hint)));
        }
        notification("error", text)
    });
    let skipped = report
        .stats
        .skipped
        .iter()
        .map(|(reason, n)| notification("note", format!("skipped: {n} {}", reason.as_str())));
    let notes = report.notes.iter().map(|note| notification("note", redactor.text(note).into_owned()));
    let stats = &report.stats;
    let counts: [(&str, Value); 5] = [
        ("items", stats.items.into()),
        ("bytes", stats.bytes.into()),
        ("commits", stats.commits.into()),
        ("belowThreshold", stats.below_threshold.into()),
        ("malformed", stats.malformed.into()),
    ];
    let counts: BTreeMap<String, Value> = counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect();
    Invocation::builder()
        .execution_successful(!report.is_incomplete())
        .tool_execution_notifications(problems.chain(skipped).chain(notes).collect::<Vec<_>>())
        .properties(PropertyBag::builder().additional_properties(counts).build())
        .build()
}

fn notification(level: &str, text: String) -> Notification {
    Notification::builder().level(level).message(Message::builder().text(text).build()).build()
}

/// Where the repository is from. SARIF wants its address, so there is none without a remote.
fn provenance(scope: &Scope) -> Option<VersionControlDetails> {
    let Scope::Git { head, remote: Some(remote), branch, .. } = scope else { return None };
    let mapped = ArtifactLocation::builder().uri_base_id(SRCROOT).build();
    let mut details = VersionControlDetails::builder().repository_uri(remote::url(remote)).mapped_to(mapped).build();
    details.revision_id = head.clone();
    details.branch = branch.clone();
    Some(details)
}

//! The JSON that gitleaks writes, so that what reads its reports reads these: field names, types and order as there.
//!
//! The form has no place for problems, suppressions or confidence: who needs to know whether the scan was complete
//! reads the exit code or another format. gitleaks shows its whole match, which is not kept here: `Match` holds the
//! excerpt. Its columns count from 1 and its `EndColumn` is that of the last character.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::printable::JsonEscape;
use super::redact::Redactor;
use super::{ReportOptions, Reporter, facts};
use crate::model::{Commit, Finding, Occurrence, Report};

/// What gitleaks puts in place of a secret.
const REDACTED: &str = "REDACTED";

/// The reporter.
pub struct Gitleaks;

impl Reporter for Gitleaks {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        let places = report.findings.iter().flat_map(|f| f.occurrences.iter().map(move |o| (f, o)));
        let leaks: Vec<Leak> = places.map(|(finding, occurrence)| leak(finding, occurrence, &redactor)).collect();
        leaks.serialize(&mut Serializer::with_formatter(JsonEscape(out), PrettyFormatter::with_indent(b" ")))?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Leak {
    #[serde(rename = "RuleID")]
    rule_id: String,
    description: String,
    start_line: u64,
    end_line: u64,
    start_column: u64,
    end_column: u64,
    r#match: String,
    secret: String,
    file: String,
    symlink_file: String,
    commit: String,
    entropy: f32,
    author: String,
    email: String,
    date: String,
    message: String,
    tags: Vec<String>,
    fingerprint: String,
}

fn leak(finding: &Finding, occurrence: &Occurrence, redactor: &Redactor<'_>) -> Leak {
    let place = &occurrence.place;
    let commit = facts::commit(occurrence);
    let text = |of: fn(&Commit) -> &str| commit.map_or_else(String::new, |c| of(c).to_owned());
    let id = commit.map(|c| c.id.to_string()).unwrap_or_default();
    let file = facts::path(&occurrence.origin).to_string();
    let mut fingerprint = format!("{file}:{}:{}", finding.rule.id, place.line);
    if !id.is_empty() {
        fingerprint.insert_str(0, &format!("{id}:"));
    }
    let mut shown = redactor.excerpt(&occurrence.excerpt);
    if !redactor.shows() {
        shown.text.replace_range(shown.focus, REDACTED);
    }
    Leak {
        rule_id: finding.rule.id.to_string(),
        description: finding.rule.description.to_string(),
        start_line: place.line,
        end_line: place.end_line,
        start_column: place.column,
        end_column: place.end_column.saturating_sub(1),
        r#match: shown.text,
        secret: redactor.exposed(&finding.secret).unwrap_or_else(|| REDACTED.to_owned()),
        file,
        symlink_file: String::new(),
        commit: id,
        entropy: facts::entropy(finding.secret.expose()) as f32,
        author: text(|c| &c.author),
        email: text(|c| &c.email),
        date: commit.map(|c| utc(c)).unwrap_or_default(),
        message: String::new(),
        tags: finding.rule.tags.iter().map(|tag| tag.to_string()).collect(),
        fingerprint,
    }
}

/// The author date in UTC, as gitleaks writes it: `2024-02-29T12:30:00Z`.
fn utc(commit: &Commit) -> String {
    let time = gix::date::Time::new(commit.seconds, 0);
    let date = time.format_or_unix(gix::date::time::format::ISO8601_STRICT);
    date.strip_suffix("+00:00").map_or_else(|| date.clone(), |date| format!("{date}Z"))
}

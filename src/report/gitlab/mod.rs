//! GitLab's report of secret detection, schema 15.2: what `artifacts:reports:secret_detection` takes.
//!
//! Form: <https://docs.gitlab.com/development/integrations/secure/#report> and the schema `secret-detection-report-format`
//! of <https://gitlab.com/gitlab-org/security-products/security-report-schemas>. Texts are GitLab's Markdown. Problems
//! make the scan a failure and are its messages. What is allowed is not listed: to GitLab each entry is open.

mod vulnerability;

use std::io::{self, Write};

use serde::Serialize;

use self::vulnerability::Vulnerability;
use super::printable::{JsonEscape, printable};
use super::redact::Redactor;
use super::{ReportOptions, Reporter, facts};
use crate::model::Report;

/// The version of the schema.
const VERSION: &str = "15.2.1";
/// Where the schema can be had.
const SCHEMA: &str = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.2.1/dist/secret-detection-report-format.json";
/// Problems and notes that are named before the rest is only counted.
const NAMED: usize = 100;

/// The reporter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gitlab;

impl Reporter for Gitlab {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        let findings = facts::worst_first(&report.findings);
        let document = Document {
            version: VERSION,
            schema: SCHEMA,
            scan: Scan::of(report, options.seconds, &redactor),
            vulnerabilities: findings.iter().map(|f| Vulnerability::of(f, &redactor)).collect(),
        };
        serde_json::to_writer_pretty(JsonEscape(out), &document)?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Document {
    version: &'static str,
    schema: &'static str,
    scan: Scan,
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
struct Scan {
    analyzer: Tool,
    scanner: Tool,
    r#type: &'static str,
    status: &'static str,
    start_time: String,
    end_time: String,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: Vendor,
}

#[derive(Serialize)]
struct Vendor {
    name: &'static str,
}

#[derive(Serialize)]
struct Message {
    level: &'static str,
    value: String,
}

const TOOL: Tool = Tool {
    id: env!("CARGO_PKG_NAME"),
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    vendor: Vendor { name: env!("CARGO_PKG_NAME") },
};

impl Scan {
    fn of(report: &Report, seconds: i64, redactor: &Redactor<'_>) -> Self {
        let time = time(seconds);
        Scan {
            analyzer: TOOL,
            scanner: TOOL,
            r#type: "secret_detection",
            status: if report.is_incomplete() { "failure" } else { "success" },
            start_time: time.clone(),
            end_time: time,
            messages: messages(report, redactor),
        }
    }
}

/// What could not be read, what was passed over, remarks.
fn messages(report: &Report, redactor: &Redactor<'_>) -> Vec<Message> {
    let problems = report.problems.iter().map(|problem| {
        let hint = problem.hint.as_ref().map(|hint| format!(" ({})", redactor.text(hint))).unwrap_or_default();
        format!("{}: {}{hint}", problem.place, redactor.text(&problem.what))
    });
    let mut messages = Vec::new();
    if report.is_incomplete() {
        let problems = facts::count(report.problems.len(), "problem");
        let text = format!("the scan is incomplete: {problems}; what could not be read may hold secrets");
        messages.push(Message { level: "warn", value: text });
    }
    messages.extend(problems.take(NAMED).map(|text| Message { level: "warn", value: printable(&text) }));
    let skipped = report.stats.skipped.iter().map(|(reason, n)| format!("skipped: {n} {}", reason.as_str()));
    let left_out = report.stats.left_out.iter().map(|(word, n)| format!("left out for the verdict {word}: {n}"));
    let allowed = report.suppressed.len();
    let allowed = (allowed > 0).then(|| format!("allowed and not listed: {}", facts::count(allowed, "finding")));
    let notes = report.notes.iter().take(NAMED).map(|note| redactor.text(note).into_owned());
    let remarks = skipped.chain(left_out).chain(allowed).chain(notes);
    messages.extend(remarks.map(|text| Message { level: "info", value: printable(&text) }));
    messages
}

/// In UTC, as the schema has it: `2024-02-29T12:30:00`.
fn time(seconds: i64) -> String {
    let time = gix::date::Time::new(seconds, 0).format_or_unix(gix::date::time::format::ISO8601_STRICT);
    time.strip_suffix("+00:00").or_else(|| time.strip_suffix('Z')).unwrap_or(&time).to_owned()
}

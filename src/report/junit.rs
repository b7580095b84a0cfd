//! JUnit's XML, which Jenkins, GitLab and most others show as test results: each finding is a test that failed, each
//! problem one with an error, and what is allowed one that was skipped.
//!
//! There is no standard but what Ant once wrote and everybody reads: `testsuites`, `testsuite`, `testcase`, `failure`,
//! `error`, `skipped`. A clean scan is one test that passed, for an empty report is an error to Jenkins. Remarks are
//! properties: in `system-out` some readers look for files to attach.

use std::io::{self, Write};

use super::printable::printable;
use super::redact::Redactor;
use super::{ReportOptions, Reporter, brief, facts};
use crate::model::{Finding, Problem, Report};

/// The reporter.
pub struct Junit;

impl Reporter for Junit {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        let clean = report.findings.is_empty() && report.suppressed.is_empty() && !report.is_incomplete();
        let (failures, errors, skipped) = (report.findings.len(), report.problems.len(), report.suppressed.len());
        let counts = [failures + errors + skipped + usize::from(clean), failures, errors, skipped];
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        open(out, 0, "testsuites", &counted(counts))?;
        open(out, 1, "testsuite", &counted(counts))?;
        remarks(report, &redactor, out)?;
        for finding in facts::worst_first(&report.findings) {
            failure(finding, &redactor, out)?;
        }
        for problem in &report.problems {
            error(problem, &redactor, out)?;
        }
        for finding in &report.suppressed {
            skip(finding, &redactor, out)?;
        }
        if clean {
            let what = match report.stats.left_out.is_empty() {
                true => "no secrets found",
                false => "no findings with the verdicts asked for",
            };
            writeln!(out, "    <testcase{}/>", attributes(&[("classname", "unspill"), ("name", what)]))?;
        }
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}

type Attributes<'a> = Vec<(&'a str, String)>;

fn counted([tests, failures, errors, skipped]: [usize; 4]) -> Attributes<'static> {
    vec![
        ("name", "unspill".to_owned()),
        ("tests", tests.to_string()),
        ("failures", failures.to_string()),
        ("errors", errors.to_string()),
        ("skipped", skipped.to_string()),
    ]
}

fn remarks(report: &Report, redactor: &Redactor<'_>, out: &mut dyn Write) -> io::Result<()> {
    let stats = &report.stats;
    let mut remarks = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("complete", (!report.is_incomplete()).to_string()),
        ("items", stats.items.to_string()),
        ("bytes", stats.bytes.to_string()),
    ];
    remarks.extend(stats.skipped.iter().map(|(reason, n)| ("skipped", format!("{n} {}", reason.as_str()))));
    remarks.extend(stats.left_out.iter().map(|(word, n)| ("left out", format!("{n} {word}"))));
    remarks.extend(report.notes.iter().map(|note| ("note", redactor.text(note).into_owned())));
    writeln!(out, "    <properties>")?;
    for (name, value) in &remarks {
        writeln!(out, "      <property{}/>", attributes(&[("name", *name), ("value", value.as_str())]))?;
    }
    writeln!(out, "    </properties>")
}

/// The attributes of the test that stands for a finding.
fn case(finding: &Finding) -> Attributes<'static> {
    let (rule, first) = (&finding.rule, finding.first());
    vec![
        ("classname", format!("unspill.{}", rule.id)),
        ("name", format!("{}: {}", facts::place(first), rule.description)),
        ("file", facts::path(&first.origin).to_string()),
        ("line", first.place.line.to_string()),
    ]
}

fn failure(finding: &Finding, redactor: &Redactor<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rule = &finding.rule;
    let secret = match facts::is_path_alone(finding) {
        true => String::new(),
        false => format!(" {},", redactor.secret(&finding.secret)),
    };
    let standing = brief::standing(&finding.verdict);
    let message = format!("{}:{secret} confidence {}, {standing}", rule.description, finding.confidence);
    let about = vec![("type", rule.severity.to_string()), ("message", message)];
    let place = facts::place(finding.first());
    let lines = brief::lines(finding, redactor);
    let lines = lines.iter().map(|(label, told)| format!("{label}: {}", told.text()));
    let text: Vec<String> = std::iter::once(place).chain(lines).map(|line| escaped(&line)).collect();
    open(out, 2, "testcase", &case(finding))?;
    writeln!(out, "      <failure{}>{}\n</failure>", attributes(&about), text.join("\n"))?;
    writeln!(out, "    </testcase>")
}

fn error(problem: &Problem, redactor: &Redactor<'_>, out: &mut dyn Write) -> io::Result<()> {
    let what = redactor.text(&problem.what);
    let case = [("classname", "unspill.incomplete".to_owned()), ("name", format!("{}: {what}", problem.place))];
    let mut text = "the scan is incomplete: what could not be read may hold secrets".to_owned();
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\nhint: {}", escaped(&redactor.text(hint))));
    }
    writeln!(out, "    <testcase{}>", attributes(&case))?;
    writeln!(out, "      <error{}>{text}\n</error>", attributes(&[("type", "incomplete"), ("message", &*what)]))?;
    writeln!(out, "    </testcase>")
}

fn skip(finding: &Finding, redactor: &Redactor<'_>, out: &mut dyn Write) -> io::Result<()> {
    let why = finding.suppression.as_ref().map(|s| s.justification()).unwrap_or_default();
    let why = redactor.text(&why);
    open(out, 2, "testcase", &case(finding))?;
    // GitLab shows the text, Jenkins the message.
    writeln!(out, "      <skipped{}>{}</skipped>", attributes(&[("message", &*why)]), escaped(&why))?;
    writeln!(out, "    </testcase>")
}

fn open(out: &mut dyn Write, depth: usize, name: &str, with: &Attributes<'_>) -> io::Result<()> {
    writeln!(out, "{:1$}<{name}{2}>", "", depth * 2, attributes(with))
}

/// ` name="value"` for each.
fn attributes(all: &[(&str, impl AsRef<str>)]) -> String {
    all.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value.as_ref()))).collect()
}

/// Text for both content and attributes. XML 1.0 has no way to write control characters and U+FFFE and U+FFFF, so they
/// are replaced as all that must not be printed is.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => written.push(char::REPLACEMENT_CHARACTER),
            c => written.push(c),
        }
    }
    written
}

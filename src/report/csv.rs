//! CSV (RFC 4180) for spreadsheets: one record for each place, and one for each problem.
//!
//! A spreadsheet takes a field that begins with `=`, `+`, `-` or `@` for a formula, and a formula can fetch addresses or
//! start programs. Such fields get an apostrophe in front, which spreadsheets take for "this is text". All texts are
//! quoted, so that no reader that splits at other characters (`;`, tab) makes new fields of them.

use std::io::{self, Write};

use super::printable::{is_hostile, printable};
use super::redact::Redactor;
use super::{ReportOptions, Reporter, brief, facts};
use crate::model::{Commit, Finding, Occurrence, Problem, Report};

/// The names of the fields, in their order.
pub const HEADER: [&str; 25] = [
    "kind",
    "severity",
    "verdict",
    "verdict_text",
    "confidence",
    "level",
    "rule",
    "description",
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "secret",
    "with",
    "encodings",
    "commit",
    "author",
    "email",
    "date",
    "at_head",
    "unreachable",
    "fingerprint",
    "revoke",
    "message",
];

/// The reporter.
pub struct Csv;

impl Reporter for Csv {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        writeln_record(out, &HEADER.map(Field::text))?;
        for (kind, findings) in [("finding", &report.findings), ("allowed", &report.suppressed)] {
            for finding in findings {
                for occurrence in &finding.occurrences {
                    writeln_record(out, &place(kind, finding, occurrence, &redactor))?;
                }
            }
        }
        report.problems.iter().try_for_each(|p| writeln_record(out, &problem(p, &redactor)))?;
        report.notes.iter().try_for_each(|note| {
            let mut fields = empty("note");
            fields[HEADER.len() - 1] = Field::line(&redactor.text(note));
            writeln_record(out, &fields)
        })
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    /// Any text.
    Text(String),
    /// Letters or digits of our own, which need no quotes.
    Bare(String),
}

impl Field {
    fn text(text: impl Into<String>) -> Self {
        Field::Text(text.into())
    }

    /// A text without line feeds: one in a path would make a line of its own of what follows, which a CI may take for a
    /// command.
    fn line(text: &str) -> Self {
        Field::Text(printable(text))
    }

    fn number(n: impl Into<u64>) -> Self {
        Field::Bare(n.into().to_string())
    }

    fn yes_or_no(yes: Option<bool>) -> Self {
        Field::Bare(yes.map(|yes| yes.to_string()).unwrap_or_default())
    }
}

fn place(kind: &str, finding: &Finding, occurrence: &Occurrence, redactor: &Redactor<'_>) -> [Field; HEADER.len()] {
    let (rule, place) = (&finding.rule, &occurrence.place);
    let commit = facts::commit(occurrence);
    let of_commit = |of: fn(&Commit) -> String| Field::Text(commit.map(|c| of(c)).unwrap_or_default());
    let parts = finding.companions.iter().map(|part| {
        let shown = redactor.exposed(&part.secret).map(|secret| format!(": {secret}")).unwrap_or_default();
        format!("{} on {}{shown}", part.rule, facts::lines(part))
    });
    let parts: Vec<String> = parts.collect();
    let encodings: Vec<&str> = occurrence.chain.iter().map(|e| e.as_str()).collect();
    let why = finding.suppression.as_ref().map(|s| s.justification()).unwrap_or_default();
    [
        Field::text(kind),
        Field::text(rule.severity.as_str()),
        Field::text(finding.verdict.as_str()),
        Field::text(brief::verdict(&finding.verdict, redactor)),
        Field::number(finding.confidence.get()),
        Field::text(finding.confidence.level().as_str()),
        Field::text(&*rule.id),
        Field::line(&rule.description),
        Field::line(&facts::path(&occurrence.origin).to_string()),
        Field::number(place.line),
        Field::number(place.column),
        Field::number(place.end_line),
        Field::number(place.end_column),
        Field::text(redactor.secret(&finding.secret)),
        Field::text(parts.join(", ")),
        Field::text(encodings.join(" ")),
        of_commit(|c| c.id.to_string()),
        of_commit(|c| c.author.clone()),
        of_commit(|c| c.email.clone()),
        of_commit(|c| c.date.clone()),
        Field::yes_or_no(occurrence.at_head),
        Field::yes_or_no(Some(occurrence.unreachable)),
        Field::text(finding.fingerprint.to_string()),
        Field::text(&*rule.revoke),
        Field::text(redactor.text(&why)),
    ]
}

/// What could not be read; the message says that the scan is incomplete.
fn problem(problem: &Problem, redactor: &Redactor<'_>) -> [Field; HEADER.len()] {
    let mut message = format!("incomplete scan: {}", redactor.text(&problem.what));
    if let Some(hint) = &problem.hint {
        message.push_str(&format!(" ({})", redactor.text(hint)));
    }
    let mut fields = empty("problem");
    fields[FILE] = Field::line(&problem.place);
    fields[HEADER.len() - 1] = Field::line(&message);
    fields
}

/// The field of the path.
const FILE: usize = 8;

fn empty(kind: &str) -> [Field; HEADER.len()] {
    let mut fields = [const { Field::Bare(String::new()) }; HEADER.len()];
    fields[0] = Field::text(kind);
    fields
}

fn writeln_record(out: &mut dyn Write, fields: &[Field]) -> io::Result<()> {
    for (n, field) in fields.iter().enumerate() {
        if n > 0 {
            out.write_all(b",")?;
        }
        match field {
            Field::Bare(text) => out.write_all(text.as_bytes())?,
            Field::Text(text) => write!(out, "\"{}\"", harmless(text).replace('"', "\"\""))?,
        }
    }
    out.write_all(b"\r\n")
}

/// `text` as no spreadsheet runs it and no terminal obeys it. Line feeds stay: a quoted field may hold them, and a key
/// that is shown in clear has them.
fn harmless(text: &str) -> String {
    // What stands behind blanks is a formula to some, and the wide forms of the signs are to others.
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || is_hostile(c));
    let lead = if start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']) { "'" } else { "" };
    let plain = text.chars().map(|c| if c != '\n' && is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c });
    lead.chars().chain(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n=1", "＝1", "\u{200b}=1", "|cmd", "%0a"] {
            assert!(harmless(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(harmless("a=1"), "a=1");
        assert_eq!(harmless("a\r\u{1b}\nb"), "a\u{fffd}\u{fffd}\nb");
    }

    #[test]
    fn the_path_has_its_name() {
        assert_eq!(HEADER[FILE], "file");
    }
}

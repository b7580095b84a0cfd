//! What somebody reads whose push a server refuses. Git passes it on line by line behind `remote: `, from a machine that
//! knows nothing of the terminal: so it is short, plain and narrow.

use std::io::{self, Write};

use super::super::printable::printable;
use super::super::redact::Redactor;
use super::super::{ReportOptions, facts};
use super::finding::place;
use super::style::count;
use crate::model::Report;

/// Findings that are named before the rest is only counted.
const NAMED: usize = 10;

/// What to do about it; lines of at most 70 columns.
const WAYS_ON: &str = "\
Take each out of the commit that adds it (git rebase -i), push again,
and revoke what anybody else has seen. If one is no secret, say so on
its line in a comment: unspill:allow
";

/// Writes which findings stand in the way of a push, the worst first; nothing if there are none.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    let redactor = Redactor::new(report, options);
    let findings = facts::worst_first(&report.findings);
    writeln!(out, "unspill: this push adds {}:\n", count(findings.len() as u64, "secret"))?;
    for finding in findings.iter().take(NAMED) {
        let first = finding.first();
        let commit = facts::commit(first).map(|commit| format!(" in {}", commit.id.to_hex_with_len(12)));
        writeln!(out, "  {}{}", place(first), commit.unwrap_or_default())?;
        let secret = printable(&redactor.secret(&finding.secret));
        writeln!(out, "    {}: {secret}", printable(&finding.rule.description))?;
    }
    if findings.len() > NAMED {
        writeln!(out, "  and {} more", findings.len() - NAMED)?;
    }
    writeln!(out, "\n{WAYS_ON}")
}

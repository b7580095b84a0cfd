//! The summary: how many of what kind, what was looked at, what was not and why.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use super::super::printable::printable;
use super::Look;
use super::style::{self, ALARM, CARE, FAINT, STRONG, WELL, bytes, count, grouped, wrap};
use crate::model::{Report, Scope, Severity, Verdict};

/// Problems that are named before the rest is only counted.
const NAMED_PROBLEMS: usize = 20;

/// Writes the summary.
pub(super) fn write(report: &Report, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    headline(report, look, out)?;
    let stats = &report.stats;
    if !stats.skipped.is_empty() {
        let skipped: Vec<String> =
            stats.skipped.iter().map(|(reason, n)| format!("{} {}", grouped(*n), reason.as_str())).collect();
        paragraph(&format!("Skipped: {}.", skipped.join(", ")), "  ", look, out)?;
    }
    if !report.suppressed.is_empty() {
        let listed = if look.verbose { "listed above" } else { "-v lists them" };
        writeln!(out, "Suppressed: {} ({listed}).", count(report.suppressed.len() as u64, "finding"))?;
    }
    if stats.below_threshold > 0 {
        let threshold = report.min_confidence.map(|c| format!(" of {c}")).unwrap_or_default();
        let matches = if stats.below_threshold == 1 { "match" } else { "matches" };
        let more = match report.scope {
            Scope::Folder { .. } => "; `unspill explain FILE:LINE` says why",
            _ => "",
        };
        let line =
            format!("Below the confidence threshold{threshold}: {} {matches}{more}.", grouped(stats.below_threshold));
        paragraph(&line, "  ", look, out)?;
    }
    if stats.malformed > 0 {
        let matches = if stats.malformed == 1 { "match" } else { "matches" };
        writeln!(out, "Dropped for a wrong checksum or structure: {} {matches}.", grouped(stats.malformed))?;
    }
    verified(report, look, out)?;
    let unchecked = |verdict: &Verdict| matches!(verdict, Verdict::NotChecked | Verdict::NotCheckable(_));
    if !report.findings.is_empty() && report.findings.iter().all(|f| unchecked(&f.verdict)) {
        paragraph("None was checked with its provider: take each for active.", "", look, out)?;
    }
    problems(report, look, out)?;
    for note in &report.notes {
        paragraph(&format!("Note: {}", look.redactor.text(note)), "  ", look, out)?;
    }
    Ok(())
}

/// The one line that says how it went.
fn headline(report: &Report, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let scanned = scanned(report);
    let total = report.findings.len() as u64;
    if total > 0 {
        let mut kinds: BTreeMap<Severity, u64> = BTreeMap::new();
        for finding in &report.findings {
            *kinds.entry(finding.rule.severity).or_default() += 1;
        }
        let kinds: Vec<String> = kinds
            .iter()
            .rev()
            .map(|(severity, n)| look.paint.with(style::severity(*severity), format!("{} {severity}", grouped(*n))))
            .collect();
        let total = look.paint.with(STRONG, count(total, "finding"));
        return writeln!(out, "{total}: {}.\nScanned {scanned}.", kinds.join(", "));
    }
    if !report.stats.left_out.is_empty() {
        return paragraph(&format!("No findings with the verdicts asked for in {scanned}."), "", look, out);
    }
    if report.is_incomplete() {
        let line = format!("No secrets found in what could be read: {scanned}.");
        return paragraph(&line, "", look, out);
    }
    if report.stats.items == 0 && matches!(report.scope, Scope::Folder { .. }) {
        return writeln!(out, "{}", look.paint.with(ALARM, format!("Nothing was scanned: {scanned}.")));
    }
    writeln!(out, "{}", look.paint.with(WELL, format!("No secrets found in {scanned}.")))
}

/// What asking providers came to.
fn verified(report: &Report, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.stats.requests.is_some() && !report.findings.is_empty() {
        let mut verdicts: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in &report.findings {
            *verdicts.entry(finding.verdict.as_str()).or_default() += 1;
        }
        writeln!(out, "Verified: {}.", listed(&verdicts))?;
        if verdicts.contains_key("unknown") {
            paragraph("What is unknown may well be active: take it for that.", "", look, out)?;
        }
    }
    let left_out = &report.stats.left_out;
    if !left_out.is_empty() {
        paragraph(&format!("Left out for their verdict (--only): {}.", listed(left_out)), "  ", look, out)?;
    }
    Ok(())
}

/// `2 active, 1 unknown`.
fn listed(verdicts: &BTreeMap<&str, u64>) -> String {
    verdicts.iter().map(|(word, n)| format!("{} {word}", grouped(*n))).collect::<Vec<_>>().join(", ")
}

/// `123 files (4.5 MB) in 0.1 s`.
fn scanned(report: &Report) -> String {
    let stats = &report.stats;
    let what = match report.scope {
        Scope::Folder { .. } => count(stats.items, "file"),
        Scope::Git { .. } if stats.commits > 0 => {
            format!("{} of {}", count(stats.items, "blob"), count(stats.commits, "commit"))
        }
        Scope::Git { .. } => count(stats.items, "blob"),
        Scope::Stdin => "standard input".to_owned(),
    };
    format!("{what} ({}) in {}", bytes(stats.bytes), duration(stats.elapsed))
}

fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{:.1} s", elapsed.as_secs_f64())
    } else {
        format!("{} min {} s", grouped(seconds / 60), seconds % 60)
    }
}

/// What could not be read, and what that means.
fn problems(report: &Report, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !report.is_incomplete() {
        return Ok(());
    }
    let total = report.problems.len();
    let heading = look.paint.with(ALARM, "Incomplete:");
    writeln!(out, "{heading} {}.", count(total as u64, "problem"))?;
    for problem in report.problems.iter().take(NAMED_PROBLEMS) {
        let line = format!("{}: {}", problem.place, look.redactor.text(&problem.what));
        paragraph(&format!("- {line}"), "  ", look, out)?;
        if let Some(hint) = &problem.hint {
            paragraph(&format!("  hint: {}", look.redactor.text(hint)), "        ", look, out)?;
        }
    }
    if total > NAMED_PROBLEMS {
        writeln!(out, "- and {} more", grouped((total - NAMED_PROBLEMS) as u64))?;
    }
    let meaning = "The scan is incomplete: what could not be read may hold secrets.";
    writeln!(out, "{}", look.paint.with(CARE, meaning))
}

/// Writes `text` in lines that fit, all but the first behind `indent`; blanks that it begins with stay.
fn paragraph(text: &str, indent: &str, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = printable(text);
    let mut lead = &text[..text.len() - text.trim_start().len()];
    for line in wrap(&text, look.width.saturating_sub(indent.len().max(lead.len()))) {
        writeln!(out, "{lead}{line}")?;
        lead = indent;
    }
    Ok(())
}

/// The heading over findings that are suppressed.
pub(super) fn suppressed_heading(report: &Report, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", look.paint.with(FAINT, count(report.suppressed.len() as u64, "suppressed finding")))
}

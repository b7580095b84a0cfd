//! Markdown for job summaries and comments on merge requests: a table with the worst first, all about each finding folded
//! below it, and no more bytes than where it goes will take.
//!
//! What does not fit is counted, never dropped in silence: first the folded details go, then rows of the table. Nothing
//! that stands in the repository becomes markup, a link or a mention: see [`escape`].

pub(super) mod escape;
mod page;

use std::io::{self, Write};

use self::escape::{cell, code, shortened, words};
use self::page::Page;
use super::redact::Redactor;
use super::{ReportOptions, Reporter, brief, facts};
use crate::model::{Finding, Problem, Report, Scope};

/// Characters of a place in the table.
const PLACE: usize = 160;
/// Characters of one line of the details.
const LINE: usize = 1000;
/// Problems that are named before the rest is only counted.
const NAMED_PROBLEMS: usize = 20;
/// Remarks that are named.
const NAMED_NOTES: usize = 10;
/// The head of the table, and the line that marks it as one.
const TABLE: &str = "\n| severity | what | where | confidence | verdict |\n| --- | --- | --- | --- | --- |\n";

/// The reporter.
#[derive(Clone, Copy, Debug)]
pub struct Markdown {
    /// Bytes that the report may have at most. The headline, which says how many findings there are and whether the scan
    /// was complete, is always written: it has less than 1,000.
    pub limit: usize,
}

impl Markdown {
    /// As much as a job summary of GitHub (1 MiB) and a comment of GitLab (1,000,000 characters) take.
    pub const SUMMARY: Markdown = Markdown { limit: 1_000_000 };
    /// As much as a comment of GitHub takes (65,536 characters).
    pub const COMMENT: Markdown = Markdown { limit: 65_000 };
}

impl Reporter for Markdown {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        let mut page = Page::new(self.limit);
        page.push(&headline(report));
        problems(report, &redactor, &mut page);
        let findings = facts::worst_first(&report.findings);
        let shown = table(&findings, &mut page);
        remarks(report, &redactor, &mut page);
        details(&findings[..shown], &redactor, &mut page);
        out.write_all(page.text().as_bytes())
    }
}

/// How it went, in a few lines that are always there.
fn headline(report: &Report) -> String {
    let found = match (report.findings.len(), report.is_incomplete()) {
        (0, _) if !report.stats.left_out.is_empty() => "no findings with the verdicts asked for".to_owned(),
        (0, false) => "no secrets found".to_owned(),
        (0, true) => "no secrets found in what could be read".to_owned(),
        (n, _) => facts::count(n, "finding"),
    };
    let mut text = format!("## unspill: {found}\n\n");
    if report.is_incomplete() {
        let problems = facts::count(report.problems.len(), "problem");
        text.push_str(&format!("**The scan is incomplete:** {problems}. What could not be read may hold secrets.\n\n"));
    }
    if !report.findings.is_empty() {
        text.push_str(&format!("By severity: {}. ", facts::kinds(&report.findings)));
    }
    let items = match report.scope {
        Scope::Folder { .. } => format!("Scanned {}.", facts::count(report.stats.items as usize, "file")),
        Scope::Git { .. } => format!("Scanned {}.", facts::count(report.stats.items as usize, "blob")),
        Scope::Stdin => "Scanned standard input.".to_owned(),
    };
    text.push_str(&items);
    if !report.suppressed.is_empty() {
        text.push_str(&format!(" Allowed and not listed: {}.", facts::count(report.suppressed.len(), "finding")));
    }
    for (word, n) in &report.stats.left_out {
        text.push_str(&format!(" Left out for the verdict {}: {n}.", code(word)));
    }
    text.push('\n');
    text
}

/// What could not be read.
fn problems(report: &Report, redactor: &Redactor<'_>, page: &mut Page) {
    if !report.is_incomplete() {
        return;
    }
    page.push("\n");
    let mut named = 0;
    for problem in report.problems.iter().take(NAMED_PROBLEMS) {
        // The findings come first: problems have no more than a quarter.
        if !page.push_within(&line_of(problem, redactor), page.limit() / 4) {
            break;
        }
        named += 1;
    }
    if named < report.problems.len() {
        page.push(&format!("- {} more\n", report.problems.len() - named));
    }
}

fn line_of(problem: &Problem, redactor: &Redactor<'_>) -> String {
    let mut line = format!("- {}", code(&shortened(&problem.place, LINE)));
    line.push_str(&format!(": {}", words(&shortened(&redactor.text(&problem.what), LINE))));
    if let Some(hint) = &problem.hint {
        line.push_str(&format!(" (hint: {})", words(&shortened(&redactor.text(hint), LINE))));
    }
    line.push('\n');
    line
}

/// Writes as many rows as fit; their number.
fn table(findings: &[&Finding], page: &mut Page) -> usize {
    if findings.is_empty() || !page.push(TABLE) {
        return 0;
    }
    let shown = findings.iter().take_while(|finding| page.push(&row(finding))).count();
    if shown < findings.len() {
        page.push_end(&format!("\n**{} more** did not fit here; the worst are above.\n", findings.len() - shown));
    }
    shown
}

fn row(finding: &Finding) -> String {
    let description = words(&shortened(&finding.rule.description, PLACE));
    let place = code(&shortened(&facts::place(finding.first()), PLACE));
    let (severity, confidence) = (finding.rule.severity, finding.confidence);
    let standing = brief::standing(&finding.verdict);
    let cells = [severity.to_string(), description, place, format!("{confidence} ({})", confidence.level())];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("| {} | {standing} |\n", cells.join(" | "))
}

/// Remarks that do not affect the outcome, folded.
fn remarks(report: &Report, redactor: &Redactor<'_>, page: &mut Page) {
    let notes = report.notes.iter().take(NAMED_NOTES);
    let mut lines: String = notes.map(|n| format!("- {}\n", words(&shortened(&redactor.text(n), LINE)))).collect();
    if report.notes.len() > NAMED_NOTES {
        lines.push_str(&format!("- {} more\n", report.notes.len() - NAMED_NOTES));
    }
    if !lines.is_empty() {
        page.push(&format!("\n<details><summary>Notes</summary>\n\n{lines}\n</details>\n"));
    }
}

/// All about each finding, folded, as many as fit.
fn details(findings: &[&Finding], redactor: &Redactor<'_>, page: &mut Page) {
    const OPEN: &str = "\n<details><summary>Details</summary>\n\n";
    const CLOSE: &str = "\n</details>\n";
    let Some((first, rest)) = findings.split_first() else { return };
    if !page.push_reserving(&format!("{OPEN}{}", detail(first, redactor)), CLOSE.len()) {
        return;
    }
    let shown = 1 + rest.iter().take_while(|f| page.push_reserving(&detail(f, redactor), CLOSE.len())).count();
    page.push_end(CLOSE);
    if shown < findings.len() {
        page.push_end(&format!("\nDetails of {} more did not fit here.\n", findings.len() - shown));
    }
}

fn detail(finding: &Finding, redactor: &Redactor<'_>) -> String {
    let place = code(&shortened(&facts::place(finding.first()), LINE));
    let what = words(&shortened(&finding.rule.description, LINE));
    let mut text = format!("- {place}: **{}**, {what} ({})\n", finding.rule.severity, code(&finding.rule.id));
    for line in bullets(finding, redactor) {
        text.push_str(&format!("  {line}"));
    }
    text
}

/// The lines of a finding as a list.
pub(super) fn bullets(finding: &Finding, redactor: &Redactor<'_>) -> Vec<String> {
    let lines = brief::lines(finding, redactor).into_iter().map(|(label, told)| match told {
        brief::Told::Verbatim(text) => (label, code(&shortened(&text, LINE))),
        brief::Told::Words(text) => (label, words(&shortened(&text, LINE))),
    });
    lines.map(|(label, text)| format!("- **{label}:** {text}\n")).collect()
}

//! Markdown for job summaries and comments on pull requests: a table with the worst first, all about each finding folded
//! below it, and no more bytes than where it goes will take.
//!
//! What does not fit is counted, never dropped in silence: first the folded details go, then rows of the table. Nothing
//! that stands in the repository becomes markup, a link or a mention: see [`escape`].

pub(super) mod escape;
mod links;
mod page;

pub use self::links::Links;

use std::io::{self, Write};

use self::escape::{cell, code, linked, shortened, words};
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

/// What a page says beside the report: whoever asks for one knows what it is about.
#[derive(Clone, Debug, Default)]
pub struct About<'a> {
    /// Remarks that stand below the headline, each a line in words.
    pub remarks: Vec<String>,
    /// The findings of the report in the order in which they are to be shown.
    pub entries: Vec<Entry<'a>>,
}

/// A finding on a page.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// What is to be known of its place, in words; mostly nothing.
    pub remark: &'static str,
}

impl Reporter for Markdown {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let findings = facts::worst_first(&report.findings).into_iter();
        let entries = findings.map(|finding| Entry { finding, remark: "" }).collect();
        let page = self.page(report, &About { remarks: Vec::new(), entries }, options);
        out.write_all(page.as_bytes())
    }
}

impl Markdown {
    /// The report, and what is said about it.
    pub fn page(&self, report: &Report, about: &About<'_>, options: &ReportOptions) -> String {
        let redactor = Redactor::new(report, options);
        let unlinked = Links::default();
        let links = options.links.unwrap_or(&unlinked);
        let mut page = Page::new(self.limit);
        page.push(&headline(report));
        for remark in &about.remarks {
            page.push(&format!("\n{}\n", words(&shortened(&redactor.text(remark), LINE))));
        }
        problems(report, &redactor, &mut page);
        let shown = table(&about.entries, links, &mut page);
        notes(report, &redactor, &mut page);
        details(about.entries.get(..shown).unwrap_or_default(), links, &redactor, &mut page);
        page.into_text()
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
        Scope::Git { .. } => {
            let (blobs, commits) = (report.stats.items as usize, report.stats.commits as usize);
            format!("Scanned {} of {}.", facts::count(blobs, "blob"), facts::count(commits, "commit"))
        }
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
fn table(entries: &[Entry<'_>], links: &Links, page: &mut Page) -> usize {
    if entries.is_empty() || !page.push(TABLE) {
        return 0;
    }
    let shown = entries.iter().take_while(|entry| page.push(&row(entry, links))).count();
    if shown < entries.len() {
        page.push_end(&format!("\n**{} more** did not fit here; the worst are above.\n", entries.len() - shown));
    }
    shown
}

fn row(entry: &Entry<'_>, links: &Links) -> String {
    let finding = entry.finding;
    let description = words(&shortened(&finding.rule.description, PLACE));
    let mut place = place(finding, PLACE, links);
    if !entry.remark.is_empty() {
        place.push_str(&format!(" ({})", words(entry.remark)));
    }
    let (severity, confidence) = (finding.rule.severity, finding.confidence);
    let standing = brief::standing(&finding.verdict);
    let cells = [severity.to_string(), description, place, format!("{confidence} ({})", confidence.level())];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("| {} | {standing} |\n", cells.join(" | "))
}

/// Where the finding stands, in so many characters; leads there, if it is known how to.
fn place(finding: &Finding, most: usize, links: &Links) -> String {
    let first = finding.first();
    linked(&shortened(&facts::place(first), most), links.place(first))
}

/// Remarks that do not affect the outcome, folded.
fn notes(report: &Report, redactor: &Redactor<'_>, page: &mut Page) {
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
fn details(entries: &[Entry<'_>], links: &Links, redactor: &Redactor<'_>, page: &mut Page) {
    const OPEN: &str = "\n<details><summary>Details</summary>\n\n";
    const CLOSE: &str = "\n</details>\n";
    let Some((first, rest)) = entries.split_first() else { return };
    let detail = |entry: &Entry<'_>| detail(entry.finding, links, redactor);
    if !page.push_reserving(&format!("{OPEN}{}", detail(first)), CLOSE.len()) {
        return;
    }
    let shown = 1 + rest.iter().take_while(|entry| page.push_reserving(&detail(entry), CLOSE.len())).count();
    page.push_end(CLOSE);
    if shown < entries.len() {
        page.push_end(&format!("\nDetails of {} more did not fit here.\n", entries.len() - shown));
    }
}

fn detail(finding: &Finding, links: &Links, redactor: &Redactor<'_>) -> String {
    let place = place(finding, LINE, links);
    let what = words(&shortened(&finding.rule.description, LINE));
    let mut text = format!("- {place}: **{}**, {what} ({})\n", finding.rule.severity, code(&finding.rule.id));
    for line in bullets(finding, links, redactor) {
        text.push_str(&format!("  {line}"));
    }
    text
}

/// The lines of a finding as a list.
pub(super) fn bullets(finding: &Finding, links: &Links, redactor: &Redactor<'_>) -> Vec<String> {
    let lines = brief::lines(finding, redactor).into_iter().map(|(label, told)| match told {
        brief::Told::Verbatim(text) => {
            let link = (label == "commit").then(|| links.commit(finding.first())).flatten();
            (label, linked(&shortened(&text, LINE), link))
        }
        brief::Told::Words(text) => (label, words(&shortened(&text, LINE))),
    });
    lines.map(|(label, text)| format!("- **{label}:** {text}\n")).collect()
}

//! The job summary: Markdown that GitHub shows on the page of the run. A step may write 1 MiB of it, and loses all if it
//! writes more (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use super::super::Done;
use super::super::environment::Environment;
use super::super::ranking::{Now, Ranked};
use crate::cli::errors::Failure;
use crate::cli::output::count;
use crate::model::rule::Detect;
use crate::report::{printable, uri};

/// Bytes that GitHub takes of a step.
const LARGEST: usize = 1 << 20;
/// Bytes kept for what stands below the table.
const BELOW: usize = 64 << 10;
/// Problems that are named.
const NAMED_PROBLEMS: usize = 20;
/// Kinds of secrets that it is told of how to revoke them.
const NAMED_KINDS: usize = 20;

/// Where files of the repository are shown.
#[derive(Debug, Default)]
pub struct Links {
    /// `https://github.com/owner/name`.
    repository: Option<String>,
}

impl Links {
    /// As these variables say.
    pub fn of(environment: &Environment) -> Self {
        let (server, name) = (environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY"));
        Links { repository: server.zip(name).map(|(server, name)| format!("{server}/{name}")) }
    }

    /// The page of a commit, or of a line in it.
    fn commit(&self, id: &str) -> Option<String> {
        Some(format!("{}/commit/{id}", self.repository.as_deref()?))
    }

    fn line(&self, id: &str, path: &[u8], line: u64) -> Option<String> {
        Some(format!("{}/blob/{id}/{}#L{line}", self.repository.as_deref()?, uri::encode(path)))
    }
}

/// Adds the summary to the file.
///
/// # Errors
/// If it cannot be written.
pub fn append(path: &Path, done: &Done<'_>, links: &Links) -> anyhow::Result<()> {
    // What the step has written before counts.
    let taken = fs::metadata(path).map_or(0, |found| usize::try_from(found.len()).unwrap_or(usize::MAX));
    let text = markdown(done, links, LARGEST.saturating_sub(taken));
    let file = File::options().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::new(format!("cannot write the summary to {}", path.display())).cause(error).into())
}

/// The summary, of no more than `largest` bytes.
fn markdown(done: &Done<'_>, links: &Links, largest: usize) -> String {
    let mut below = below(done);
    if let Some(fitting) = below.as_bytes().get(..BELOW) {
        below.truncate(fitting.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1));
    }
    let mut text = above(done);
    let all = &done.ranked;
    let mut rows = 0;
    for ranked in all {
        let row = row(ranked, links);
        if text.len() + row.len() + below.len() + 200 > largest {
            break;
        }
        text.push_str(&row);
        rows += 1;
    }
    if rows < all.len() {
        let _ =
            write!(text, "\n{} more: a summary holds no more. The log has all.\n", count(all.len() - rows, "finding"));
    }
    text.push_str(&below);
    if text.len() <= largest { text } else { String::new() }
}

fn above(done: &Done<'_>) -> String {
    let report = &done.report;
    let n = report.findings.len();
    let found = if n == 0 { "no findings".to_owned() } else { count(n, "finding") };
    let incomplete = if report.is_incomplete() { ", and the scan is incomplete" } else { "" };
    let mut text = format!("## unspill: {found}{incomplete}\n\n");
    let (stats, what) = (&report.stats, escape(&done.what));
    let _ = writeln!(
        text,
        "{what}: {}, {}, {} scanned.",
        count(stats.commits as usize, "commit"),
        count(stats.items as usize, "item"),
        size(stats.bytes)
    );
    let mild = done.ranked.iter().filter(|ranked| !ranked.fails).count();
    if mild > 0 {
        let _ = writeln!(text, "{mild} of the findings do not fail the job (`--fail-on`).");
    }
    if !report.suppressed.is_empty() {
        let _ = writeln!(text, "{} known and allowed.", report.suppressed.len());
    }
    if n > 0 {
        text.push_str(
            "\n| Severity | Kind | Secret | Where | Commit | Confidence | Verdict |\n|---|---|---|---|---|---|---|\n",
        );
    }
    text
}

fn row(ranked: &Ranked<'_>, links: &Links) -> String {
    let finding = ranked.finding;
    let first = finding.first();
    let commit = first.commit.as_ref().or_else(|| first.origin.commit());
    let id = commit.map(|commit| commit.id.to_string());
    let place = match ranked.path() {
        Some(path) => {
            let shown = format!("{}:{}", first.origin.path(), first.place.line);
            let link = id.as_deref().and_then(|id| links.line(id, &path, first.place.line));
            let gone = if ranked.now == Now::Gone { " (gone since)" } else { "" };
            linked(&shown, link) + gone
        }
        None => "commit message".to_owned(),
    };
    let commit = id.map_or(String::new(), |id| linked(id.get(..10).unwrap_or(&id), links.commit(&id)));
    let secret = match finding.rule.detect {
        Detect::Path => "the file".to_owned(),
        _ => escape(&finding.secret.masked()),
    };
    let (rule, confidence) = (&finding.rule, finding.confidence);
    format!(
        "| {} | {} | {secret} | {place} | {commit} | {confidence} ({}) | {} |\n",
        rule.severity,
        escape(&rule.description),
        confidence.level(),
        finding.verdict.as_str(),
    )
}

fn below(done: &Done<'_>) -> String {
    let mut text = String::new();
    let kinds: BTreeMap<&str, &str> =
        done.report.findings.iter().map(|finding| (&*finding.rule.description, &*finding.rule.revoke)).collect();
    let kinds = kinds.into_iter().filter(|(_, revoke)| !revoke.is_empty());
    for (i, (kind, revoke)) in kinds.take(NAMED_KINDS).enumerate() {
        if i == 0 {
            text.push_str("\n### What to do\n\nA secret that was pushed is known to others: revoke it first, then take it out.\n\n");
        }
        let _ = writeln!(text, "- {}: {}", escape(kind), escape(revoke));
    }
    let problems = &done.report.problems;
    if !problems.is_empty() {
        text.push_str("\n### Not scanned\n\n");
    }
    for problem in problems.iter().take(NAMED_PROBLEMS) {
        let _ = writeln!(text, "- {}: {}", escape(&problem.place), escape(&problem.what));
    }
    if problems.len() > NAMED_PROBLEMS {
        let _ = writeln!(text, "- and {} more", problems.len() - NAMED_PROBLEMS);
    }
    for note in done.cut.iter().chain(&done.report.notes).take(NAMED_PROBLEMS) {
        let _ = write!(text, "\n> {}\n", escape(note));
    }
    text
}

fn linked(text: &str, link: Option<String>) -> String {
    match link {
        Some(link) => format!("[{}]({link})", escape(text)),
        None => escape(text),
    }
}

/// Text that no Markdown or HTML comes out of: names of files are chosen by whoever opens a pull request.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if c.is_ascii_punctuation() && !".,-/()".contains(c) {
            let _ = write!(escaped, "&#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes as usize, "byte"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_is_markup() {
        assert_eq!(escape("a|b`<i>@me\n[x](y)"), "a&#124;b&#96;&#60;i&#62;&#64;me\u{fffd}&#91;x&#93;(y)");
    }

    #[test]
    fn links_hold_any_path() {
        let links = Links { repository: Some("https://example.org/a/b".to_owned()) };
        assert_eq!(links.line("1f", b"a b)\xff.c", 3).unwrap(), "https://example.org/a/b/blob/1f/a%20b%29%FF.c#L3");
    }
}

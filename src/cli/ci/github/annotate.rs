//! Annotations: findings at the lines of the files that a pull request shows.
//!
//! GitHub takes ten errors, ten warnings and ten notices of a step, the first that come
//! (<https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations>), and drops the rest without a word.
//! So the worst come first, and one line says how many are left out.

use super::super::Done;
use super::super::ranking::{Loudness, Now, Ranked, loudness};
use super::commands::command;
use crate::cli::output::count;
use crate::model::Verdict;
use crate::model::rule::Detect;
use crate::report::printable;
use crate::report::text::allowing;

/// Annotations of one kind that GitHub takes of a step.
const MOST: usize = 10;

/// A remark about the run itself.
#[derive(Debug)]
pub struct Remark {
    pub loudness: Loudness,
    pub title: &'static str,
    pub what: String,
}

impl Remark {
    /// As an annotation.
    pub fn annotation(&self) -> String {
        about(kind(self.loudness), self.title, &self.what)
    }
}

/// All that is to be annotated; `remarks` come first.
pub fn annotations(done: &Done<'_>, remarks: &[Remark]) -> String {
    let mut text = String::new();
    let mut left = [MOST; 3];
    for remark in remarks {
        left[remark.loudness as usize] -= 1;
        text.push_str(&remark.annotation());
    }
    if !done.report.problems.is_empty() {
        left[Loudness::Error as usize] -= 1;
        let places =
            done.report.problems.iter().take(MOST).map(|problem| format!("{}: {}", problem.place, problem.what));
        let places = places.collect::<Vec<_>>().join("\n");
        let what = format!("The scan is incomplete: what could not be read may hold secrets.\n{places}");
        text.push_str(&about("error", "incomplete scan", &what));
    }
    let influence = done.influence.iter().map(|note| ("a say in the outcome", note));
    for (title, note) in influence.chain(done.cut.iter().map(|note| ("cut to fit", note))) {
        left[Loudness::Notice as usize] -= 1;
        text.push_str(&about("notice", title, note));
    }
    // The line about what is left out takes the place of one notice; whether it is needed shows only afterwards.
    let fitting = |left: [usize; 3]| {
        let mut left = left;
        let fits = |ranked: &&Ranked<'_>| {
            let room = &mut left[loudness(ranked) as usize];
            let fits = *room > 0;
            *room = room.saturating_sub(1);
            fits
        };
        done.ranked.iter().filter(fits).map(|ranked| annotation(ranked)).collect::<Vec<_>>()
    };
    let mut shown = fitting(left);
    if shown.len() < done.ranked.len() {
        left[Loudness::Notice as usize] -= 1;
        shown = fitting(left);
        let more = done.ranked.len() - shown.len();
        let what =
            format!("{} more: GitHub shows no more annotations of one step. The log has all.", count(more, "finding"));
        text.push_str(&about("notice", "more findings", &what));
    }
    shown.iter().for_each(|line| text.push_str(line));
    text
}

/// What goes wrong before there are results.
pub fn failure(what: &str) -> String {
    about("error", "nothing was scanned", what)
}

fn about(kind: &str, title: &str, what: &str) -> String {
    let what = what.lines().map(printable).collect::<Vec<_>>().join("\n");
    command(kind, &[("title", format!("unspill: {title}"))], &what)
}

fn kind(loudness: Loudness) -> &'static str {
    match loudness {
        Loudness::Error => "error",
        Loudness::Warning => "warning",
        Loudness::Notice => "notice",
    }
}

fn annotation(ranked: &Ranked<'_>) -> String {
    let mut properties = Vec::new();
    if let Some(path) = ranked.path() {
        properties.push(("file", printable(&path.to_string())));
        if let Now::Lines(first, last) = ranked.now {
            properties.push(("line", first.to_string()));
            properties.push(("endLine", last.to_string()));
        }
    }
    properties.push(("title", format!("unspill: {}", printable(&ranked.finding.rule.description))));
    command(kind(loudness(ranked)), &properties, &message(ranked))
}

/// The finding in words: what, how sure, where it came in, what to do.
fn message(ranked: &Ranked<'_>) -> String {
    let finding = ranked.finding;
    let what = match finding.rule.detect {
        Detect::Path => "This file".to_owned(),
        _ => finding.secret.masked(),
    };
    let mut text = format!("{what}, confidence {} ({})", finding.confidence, finding.confidence.level());
    text.push_str(match finding.verdict {
        Verdict::Active(_) => ", active: the provider accepts it.",
        Verdict::Inactive(_) => ", inactive: the provider refuses it.",
        Verdict::WellFormed(_) => ", its checksum or structure holds.",
        Verdict::Unknown(_) => ", may be active.",
        _ => ".",
    });
    let first = finding.first();
    if let Some(commit) = first.commit.as_ref().or_else(|| first.origin.commit()) {
        let id = commit.id.to_hex_with_len(10);
        let place = if ranked.path().is_some() { "It came" } else { "It stands in the message of" };
        text.push_str(&match (ranked.path().is_some(), ranked.now) {
            (false, _) => format!(" {place} commit {id}."),
            (true, Now::Gone) => {
                format!(" {place} with commit {id}; it is gone from the file, yet stays in the history.")
            }
            (true, _) => format!(" {place} with commit {id}."),
        });
    }
    if !finding.rule.revoke.is_empty() {
        text.push_str(&format!("\nTo revoke it: {}", printable(&finding.rule.revoke)));
    }
    text.push('\n');
    text + &allowing(finding)
}

//! Findings in the order in which they matter, and where each stands now: a review shows the newest state of a file, while
//! a finding may be from a commit before that.

use std::cmp::Reverse;

use bstr::{BString, ByteSlice};

use super::fail_on::FailOn;
use crate::model::rule::Detect;
use crate::model::{Finding, Origin, Severity, Verdict};
use crate::source::git::Git;

/// Of more findings than this it is not looked up where they stand now.
const LOOKED_UP: usize = 2_000;

/// Of more places than this in one file, the nearest is looked for among the first.
const PLACES: usize = 64;

/// A finding as a CI shows it.
#[derive(Debug)]
pub struct Ranked<'a> {
    pub finding: &'a Finding,
    /// Whether it fails the job.
    pub fails: bool,
    pub now: Now,
}

/// Where a finding stands at the newest commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// On these lines.
    Lines(u64, u64),
    /// In the file; there is no telling where.
    Somewhere,
    /// No longer there.
    Gone,
}

impl Ranked<'_> {
    /// The file of the repository that it stands in; `None` for the message of a commit.
    pub fn path(&self) -> Option<BString> {
        match self.finding.first().origin.outermost() {
            Origin::Committed { path, .. } | Origin::File { path } | Origin::Staged { path } => Some(path.clone()),
            _ => None,
        }
    }
}

/// All findings, the worst first. `head` is the newest commit.
pub fn ranked<'a>(findings: &'a [Finding], fail_on: &FailOn, git: &Git, head: &str) -> Vec<Ranked<'a>> {
    let all = findings.iter();
    let mut all: Vec<Ranked<'a>> =
        all.map(|finding| Ranked { finding, fails: fail_on.holds_for(finding), now: Now::Somewhere }).collect();
    all.sort_by_cached_key(|ranked| {
        let finding = ranked.finding;
        let active = matches!(finding.verdict, Verdict::Active(_));
        let first = finding.first();
        let worst = (ranked.fails, active, finding.rule.severity, finding.confidence);
        (Reverse(worst), first.origin.path(), first.place, finding.fingerprint.clone())
    });
    for ranked in all.iter_mut().take(LOOKED_UP) {
        ranked.now = standing(ranked, git, head);
    }
    all
}

fn standing(ranked: &Ranked<'_>, git: &Git, head: &str) -> Now {
    let first = ranked.finding.first();
    let Some(path) = ranked.path() else { return Now::Somewhere };
    let Some(text) = git.read_at(head, path.as_bstr()) else { return Now::Gone };
    let secret = ranked.finding.secret.expose();
    let is_path_alone = matches!(ranked.finding.rule.detect, Detect::Path);
    if is_path_alone || secret.is_empty() || matches!(first.origin, Origin::Member { .. }) {
        return Now::Somewhere;
    }
    let lines = first.place.end_line.saturating_sub(first.place.line);
    let starts =
        text.find_iter(secret).take(PLACES).map(|at| 1 + text[..at].iter().filter(|b| **b == b'\n').count() as u64);
    match starts.min_by_key(|line| line.abs_diff(first.place.line)) {
        Some(line) => Now::Lines(line, line + lines),
        // What was decoded does not stand there in clear.
        None if !first.chain.is_empty() => Now::Somewhere,
        None => Now::Gone,
    }
}

/// How loudly a finding is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    Error,
    Warning,
    Notice,
}

/// What is active is an error however little it gives away, what the provider refuses a notice; all else goes by its
/// severity, and what does not fail the job is no error.
pub fn loudness(ranked: &Ranked<'_>) -> Loudness {
    let loudness = match (&ranked.finding.verdict, ranked.finding.rule.severity) {
        (Verdict::Active(_), _) => Loudness::Error,
        (Verdict::Inactive(_), _) | (_, Severity::Low) => Loudness::Notice,
        (_, Severity::Medium) => Loudness::Warning,
        (_, Severity::High | Severity::Critical) => Loudness::Error,
    };
    if ranked.fails { loudness } else { loudness.max(Loudness::Warning) }
}

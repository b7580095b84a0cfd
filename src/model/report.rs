//! All that a run has to say, before any format is given to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Confidence, Finding, Problem, Rule, SkipReason};

/// The outcome of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was scanned.
    pub scope: Scope,
    /// Findings to act on, in the order of [`Report::sort`].
    pub findings: Vec<Finding>,
    /// Findings that are known and allowed; each has its `suppression` set.
    pub suppressed: Vec<Finding>,
    /// What could not be scanned: if any, the run is incomplete.
    pub problems: Vec<Problem>,
    /// Remarks that do not affect the outcome: unused ignore entries, parts of a foreign config that do not translate.
    pub notes: Vec<String>,
    /// Counts.
    pub stats: Stats,
    /// The rules that were used, sorted by id.
    pub rules: Vec<Arc<Rule>>,
    /// The threshold that findings had to reach.
    pub min_confidence: Option<Confidence>,
}

impl Report {
    /// True if something could not be scanned.
    pub fn is_incomplete(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Sorts everything by content alone, so that no order of threads shows: by place, then rule, then secret.
    pub fn sort(&mut self) {
        let key = |f: &Finding| {
            let first = f.first();
            (first.origin.path(), first.place, f.rule.id.clone(), f.fingerprint.clone())
        };
        self.findings.sort_by_cached_key(key);
        self.suppressed.sort_by_cached_key(key);
        self.problems.sort();
        self.problems.dedup();
        self.notes.sort();
        self.notes.dedup();
    }
}

/// What a run looked at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// Folders and files, as named by the user. `base` is the absolute folder that reported paths are relative to.
    Folder { roots: Vec<String>, base: String },
    /// A repository: its root (work tree or bare), which part of it in words, and the commit at HEAD.
    Git { root: String, part: String, head: Option<String>, remote: Option<String>, branch: Option<String> },
    /// Standard input.
    #[default]
    Stdin,
}

/// Counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files, or members of archives, or blobs of a history that were scanned.
    pub items: u64,
    /// Bytes that were scanned.
    pub bytes: u64,
    /// Commits that were looked at, in a history or range.
    pub commits: u64,
    /// What was passed over on purpose.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Matches that were dropped because their confidence was under the threshold.
    pub below_threshold: u64,
    /// Findings that were dropped because their checksum or structure is wrong; only where that was asked for.
    pub malformed: u64,
    /// Requests that were sent to providers; `None` if none was to be asked.
    pub requests: Option<u64>,
    /// Findings that were left out for their verdict, by the word for it; only where that was asked for.
    pub left_out: BTreeMap<&'static str, u64>,
    /// How long it took. Never part of a machine-readable report: the same input gives the same bytes.
    pub elapsed: Duration,
}

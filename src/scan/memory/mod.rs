//! Remembering: a history that was scanned before is scanned again for what is new in it alone.
//!
//! ```text
//!                      same state?                      known objects
//! cache ─▶ outcome ──────────────▶ a few objects again ─╮  │
//!    │                                                  ├─ report ─▶ cache
//!    ╰───▶ objects ─▶ what is not among them: scanned ──╯
//! ```
//!
//! - **Nothing is new** ([`recall`]): packs, loose objects and refs are as they were. The outcome is remembered, all but
//!   the secrets and their lines: those are got again from the few objects that bear witness to a finding.
//! - **Something is new**: objects that came to nothing but counts are only counted. All others are scanned: new ones, and
//!   again those with something to be found in them, since their secrets are nowhere else.
//!
//! Either way the report is what a run without a cache would give. Before an outcome is written down it is recalled, and
//! dropped if the report is not the same. An object is known by its id, as git itself knows it: that a damaged or forged
//! object is not what its id says is for `git fsck` to find.

mod code;
mod file;
mod key;
mod ledger;
mod outcome;
mod recall;

use std::path::Path;
use std::time::Instant;

use super::{ScanOptions, conclude, gather, sightings};
use crate::engine::Engine;
use crate::model::{Progress, Report};
use crate::source::git::{Git, Known, Lessons};
use crate::source::{Source, SourceError};
use file::{Hash, Unusable};
use ledger::Ledger;
use outcome::Outcome;

/// A report, and how it came about.
#[derive(Debug)]
pub struct Audit {
    /// What a run without a cache would report.
    pub report: Report,
    /// What was of use in the cache.
    pub reuse: Reuse,
    /// What was wrong with the cache, or writing it.
    pub warnings: Vec<String>,
}

/// What was of use in a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// Nothing: all was scanned.
    Nothing,
    /// So many objects were not scanned again.
    Objects(u64),
    /// All of it: nothing was new.
    Outcome,
}

/// Scans a history like [`super::run`], with a cache at `path`.
///
/// # Errors
/// If the source cannot be scanned at all, or the file is no cache, or one that came with the repository. A cache that is
/// of no use is no error: it is made anew, with a warning.
pub fn run(
    engine: &Engine,
    git: &Git,
    options: &ScanOptions,
    progress: &Progress,
    path: &Path,
) -> Result<Audit, SourceError> {
    let started = Instant::now();
    if git.has_committed(path) {
        return Err(SourceError::new(format!("the cache {} is committed to the repository", path.display()))
            .hint("what others wrote cannot be believed: give --cache another file, such as .git/unspill.cache"));
    }
    let mut warnings = Vec::new();
    let key = key::of(engine, git, options);
    let state = state(git, options);
    let mut known = Vec::new();
    match file::open(path, &key)? {
        None => {}
        Some(Err(why)) => warnings.push(complaint(path, why)),
        Some(Ok(saved)) => {
            let outcome = (Some(saved.state) == state && !saved.outcome.is_empty())
                .then(|| Outcome::decode(&saved.outcome, git.object_hash()));
            match outcome {
                Some(outcome) => {
                    if let Some(mut report) = outcome.and_then(|o| recall::recall(&o, engine, git, options, progress)) {
                        report.stats.elapsed = started.elapsed();
                        return Ok(Audit { report, reuse: Reuse::Outcome, warnings });
                    }
                    warnings.push(complaint(path, Unusable::Damaged));
                }
                None => match saved.objects().and_then(|bytes| outcome::decode_objects(&bytes, git.object_hash())) {
                    Some(objects) => known = objects,
                    None => warnings.push(complaint(path, Unusable::Damaged)),
                },
            }
        }
    }
    git.remember(Known::new(known));
    let (mut report, mut lessons, outcome) = scan(engine, git, options, progress)?;
    if !engine.problems().is_empty() {
        // That a regex is of no use shows only where it is needed: each run must come by there.
        lessons.plain.clear();
    }
    let outcome = outcome.filter(|outcome| {
        let again = recall::recall(outcome, engine, git, options, &Progress::default());
        again.is_some_and(|again| is_same(&again, &report)) && self::state(git, options) == state
    });
    let (state, outcome) = match (state, outcome) {
        (Some(state), Some(outcome)) => (state, outcome.encode()),
        _ => (Hash::default(), Vec::new()),
    };
    if let Err(error) = file::write(path, &key, &state, &outcome, &outcome::encode_objects(&lessons.plain)) {
        warnings.push(format!("the cache `{}` cannot be written: {error}", path.display()));
    }
    report.stats.elapsed = started.elapsed();
    let reuse = if lessons.recalled == 0 { Reuse::Nothing } else { Reuse::Objects(lessons.recalled) };
    Ok(Audit { report, reuse, warnings })
}

/// All that the outcome depends on beside the key: the repository, and what is allowed in it.
fn state(git: &Git, options: &ScanOptions) -> Option<Hash> {
    let unused = [options.note_unused as u8];
    Some(file::hash(&[&git.state()?, &options.suppressions.digest(), &unused]))
}

fn complaint(path: &Path, why: Unusable) -> String {
    let why = match why {
        Unusable::Damaged => "it is damaged",
        Unusable::Foreign => "it is of another version, or of other rules or settings",
        Unusable::Exposed => "others than its owner may read or write it",
    };
    format!("the cache `{}` is made anew: {why}", path.display())
}

fn is_same(a: &Report, b: &Report) -> bool {
    (&a.scope, &a.findings, &a.suppressed, &a.problems, &a.notes)
        == (&b.scope, &b.findings, &b.suppressed, &b.problems, &b.notes)
        && a.stats == b.stats
}

/// Scans what is not known, and puts together what to remember of it, if it may be remembered.
fn scan(
    engine: &Engine,
    git: &Git,
    options: &ScanOptions,
    progress: &Progress,
) -> Result<(Report, Lessons, Option<Outcome>), SourceError> {
    let gathered = gather(engine, git, &git.home(), options, progress)?;
    let attribution = sightings(&gathered.raw, engine, git)?;
    let (raw, counts) = gathered.split();
    let ledger = Ledger::of(raw, &attribution, engine);
    let report = conclude(ledger.raw.clone(), counts, engine, git, options);
    let is_settled = git.is_settled() && engine.problems().is_empty();
    let lessons = git.lessons().unwrap_or_default();
    let outcome = if is_settled { ledger.outcome(&report, &lessons, &attribution, engine) } else { None };
    Ok((report, lessons, outcome))
}

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
mod outcome;
mod recall;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Instant;

use gix::ObjectId;

use super::{ScanOptions, conclude, gather, placed, sightings, stands};
use crate::engine::{Engine, Scratch};
use crate::findings::{RawFinding, witnesses};
use crate::model::{Blob, Origin, Problem, Progress, Report, Secret};
use crate::source::git::{Git, Known, Lessons};
use crate::source::{Attribution, SourceError};
use file::{Hash, Unusable};
use outcome::{Identity, Outcome, Sighted, Testimony};

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
    let unused = [u8::from(options.note_unused)];
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
    let gathered = gather(engine, git, options, progress)?;
    let attribution = sightings(&gathered.raw, git)?;
    let (raw, counts) = gathered.split();
    let ledger = Ledger::of(raw, &attribution, engine);
    let report = conclude(ledger.raw.clone(), counts, engine, git, options);
    let is_settled = git.is_settled() && engine.problems().is_empty();
    let lessons = git.lessons().unwrap_or_default();
    let outcome = if is_settled { ledger.outcome(&report, &lessons, &attribution, engine) } else { None };
    Ok((report, lessons, outcome))
}

/// Raw findings at their places, and what they were before they had one.
struct Ledger {
    raw: Vec<RawFinding>,
    /// For each: its object, what tells it from others there, and which of the object's sightings it is at.
    from: Vec<Option<(ObjectId, Identity, Option<usize>)>>,
}

impl Ledger {
    fn of(raw: Vec<RawFinding>, attribution: &Attribution, engine: &Engine) -> Ledger {
        let mut ledger = Ledger { raw: Vec::new(), from: Vec::new() };
        for one in raw {
            let identity = outcome::identity(&one);
            let of = |place: Option<usize>| identity.map(|(object, identity)| (object, identity, place));
            let sightings = one.occurrence.origin.object().and_then(|id| attribution.get(&id));
            match sightings.filter(|all| !all.is_empty()) {
                None => ledger.push(one, of(None), engine),
                Some(all) => {
                    for (place, sighting) in all.iter().enumerate() {
                        ledger.push(placed(&one, sighting), of(Some(place)), engine);
                    }
                }
            }
        }
        ledger
    }

    fn push(&mut self, raw: RawFinding, from: Option<(ObjectId, Identity, Option<usize>)>, engine: &Engine) {
        if stands(&raw, engine) {
            self.raw.push(raw);
            self.from.push(from);
        }
    }

    /// What to remember of a report; `None` if something in it cannot be.
    fn outcome(
        &self,
        report: &Report,
        lessons: &Lessons,
        attribution: &Attribution,
        engine: &Engine,
    ) -> Option<Outcome> {
        let told = told_by(&lessons.troubled);
        let mut outcome = Outcome {
            stats: report.stats.clone(),
            notes: report.notes.clone(),
            problems: report.problems.iter().filter(|problem| !told(problem)).cloned().collect(),
            troubled: lessons.troubled.clone(),
            fingerprints: recall::fingerprints(report),
            ..Outcome::default()
        };
        let mut numbers: HashMap<Sighted, u64> = HashMap::new();
        for witness in witnesses(&self.raw, report.findings.iter().chain(&report.suppressed)) {
            let (object, identity, place) = (*self.from.get(witness.index)?)?;
            let place = match place {
                None => None,
                Some(place) => {
                    let sighting = attribution.get(&object)?.get(place)?;
                    let sighted = Sighted {
                        path: sighting.path.clone(),
                        commit: sighting.commit.as_ref().map(|commit| commit.id),
                        at_head: sighting.at_head,
                        unreachable: sighting.unreachable,
                    };
                    let next = numbers.len() as u64;
                    Some(*numbers.entry(sighted.clone()).or_insert_with(|| {
                        outcome.places.push(sighted);
                        next
                    }))
                }
            };
            outcome.witnesses.push(Testimony { object, identity, place, at_head: witness.at_head });
        }
        // Raw findings come in the order of threads.
        outcome.witnesses.sort();
        outcome.witnesses.dedup();
        self.is_free_of_secrets(&outcome, engine).then_some(outcome)
    }

    /// Whether the texts of an outcome hold nothing that a rule finds, and none of the secrets.
    fn is_free_of_secrets(&self, outcome: &Outcome, engine: &Engine) -> bool {
        let paths = outcome.places.iter().map(|place| &place.path[..]);
        let problems = outcome.problems.iter().flat_map(|problem| {
            [&problem.place, &problem.what].into_iter().chain(problem.hint.as_ref()).map(String::as_bytes)
        });
        let notes = outcome.notes.iter().map(String::as_bytes);
        let texts: BTreeSet<&[u8]> = paths.chain(problems).chain(notes).collect();
        let companions = self.raw.iter().flat_map(|raw| &raw.companions).map(|part| &part.secret);
        let secrets: BTreeSet<&Secret> =
            self.raw.iter().map(|raw| &raw.secret).chain(companions).filter(|secret| is_telling(secret)).collect();
        let finders: Vec<_> = secrets.iter().map(|secret| memchr::memmem::Finder::new(secret.expose())).collect();
        let mut scratch = Scratch::default();
        texts.into_iter().all(|text| {
            let blob = Blob::whole(text, Origin::Stdin { name: "cache".into() });
            engine.scan(&blob, &mut scratch).is_empty() && finders.iter().all(|finder| finder.find(text).is_none())
        })
    }
}

/// Whether a problem is told by one of these objects as soon as it is looked at again.
fn told_by(troubled: &[ObjectId]) -> impl Fn(&Problem) -> bool {
    let places: Vec<String> = troubled.iter().map(|id| format!("object {id}")).collect();
    move |problem| {
        let place = problem.place.split('!').next().unwrap_or_default();
        places.iter().any(|known| known == place)
    }
}

/// Whether a secret is not just a word that may stand in any path.
fn is_telling(secret: &Secret) -> bool {
    let bytes = secret.expose();
    bytes.len() >= 8 && (bytes.len() >= 16 || !bytes.iter().all(|b| b.is_ascii_lowercase() || b"_- /".contains(b)))
}

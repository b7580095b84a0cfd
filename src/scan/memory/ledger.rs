//! The ledger: what came of a scan, and where each part of it came from, so that it can be written down without secrets.

use std::collections::{BTreeSet, HashMap, HashSet};

use gix::ObjectId;

use super::super::named::{self, Named};
use super::super::{placed, stands};
use super::outcome::{Identity, Outcome, Sighted, Testimony, identity};
use super::recall;
use crate::engine::{Engine, Scratch};
use crate::findings::{RawFinding, witnesses};
use crate::model::rule::Detect;
use crate::model::{Blob, Origin, Problem, Report, Secret};
use crate::source::Attribution;
use crate::source::git::Lessons;

/// The shortest secret that is looked for in texts, in bytes: shorter ones are words like any other.
const SHORTEST: usize = 8;

/// Raw findings at their places, and what they were before they had one.
pub struct Ledger {
    /// The raw findings.
    pub raw: Vec<RawFinding>,
    /// For each: its object, what tells it from others there, and which of the object's sightings it is at.
    from: Vec<Option<(ObjectId, Identity, Option<usize>)>>,
}

impl Ledger {
    /// Gives each raw finding its places.
    pub fn of(raw: Vec<RawFinding>, attribution: &Attribution, engine: &Engine) -> Ledger {
        let mut ledger = Ledger { raw: Vec::new(), from: Vec::new() };
        for one in raw {
            let identity = identity(&one);
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
        for Named { object, sighting, raw, placed } in named::attributed(engine, attribution) {
            let from = identity(&raw).map(|(_, identity)| (object, identity, Some(sighting)));
            ledger.push(placed, from, engine);
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
    pub fn outcome(
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
        // Where the name alone tells, the path stands for the secret.
        let raw = || self.raw.iter().filter(|raw| raw.rule.detect != Detect::Path);
        let companions = raw().flat_map(|raw| &raw.companions).map(|part| &part.secret);
        let secrets = raw().map(|raw| &raw.secret).chain(companions).filter(|secret| is_telling(secret));
        let mut by_start: HashMap<&[u8], BTreeSet<&Secret>> = HashMap::new();
        for secret in secrets {
            by_start.entry(secret.expose().get(..SHORTEST).unwrap_or_default()).or_default().insert(secret);
        }
        let holds =
            |text: &[u8], secret: &Secret, at: usize| text.get(at..).is_some_and(|t| t.starts_with(secret.expose()));
        let is_free = |text: &[u8]| {
            let mut starts = text.windows(SHORTEST).enumerate();
            starts.all(|(at, start)| !by_start.get(start).into_iter().flatten().any(|secret| holds(text, secret, at)))
        };
        let mut scratch = Scratch::default();
        texts.into_iter().all(|text| {
            let blob = Blob::whole(text, Origin::Stdin { name: "cache".into() });
            is_free(text) && engine.scan(&blob, &mut scratch).is_empty()
        })
    }
}

/// Whether a problem is told by one of these objects as soon as it is looked at again.
fn told_by(troubled: &[ObjectId]) -> impl Fn(&Problem) -> bool {
    let places: HashSet<String> = troubled.iter().map(|id| format!("object {id}")).collect();
    move |problem| places.contains(problem.place.split('!').next().unwrap_or_default())
}

/// Whether a secret is not just a word that may stand in any path.
fn is_telling(secret: &Secret) -> bool {
    let bytes = secret.expose();
    bytes.len() >= SHORTEST
        && (bytes.len() >= 2 * SHORTEST || !bytes.iter().all(|b| b.is_ascii_lowercase() || b"_- /".contains(b)))
}

//! Recalling: from a remembered outcome back to the report, by looking only at objects that something was found in.
//!
//! What is found there must agree with what is remembered, to the last fingerprint; else the cache is not believed.

use std::collections::{BTreeSet, HashMap};

use bstr::{BStr, ByteSlice};
use gix::ObjectId;

use super::super::worker::{Gathered, Gatherer};
use super::super::{ScanOptions, file, judged, named, placed, stands};
use super::file::{Hash, hash};
use super::outcome::{Identity, Outcome, Testimony, identity};
use crate::engine::Engine;
use crate::findings::{RawFinding, group};
use crate::model::{Origin, Progress, Report};
use crate::source::git::Git;
use crate::source::{Sighting, Source};

/// The report that `outcome` was made of; `None` if what the repository holds does not agree with it.
pub fn recall(
    outcome: &Outcome,
    engine: &Engine,
    git: &Git,
    options: &ScanOptions,
    progress: &Progress,
) -> Option<Report> {
    let objects: BTreeSet<ObjectId> =
        outcome.witnesses.iter().map(|witness| witness.object).chain(outcome.troubled.iter().copied()).collect();
    let objects: Vec<ObjectId> = objects.into_iter().collect();
    let home = git.home();
    let gatherer = Gatherer::new(engine, &home, options, progress);
    if !git.revisit(&objects, &gatherer) {
        return None;
    }
    let Gathered { mut raw, mut problems, .. } = gatherer.finish();
    raw.extend(by_name(outcome, engine));
    problems.extend(outcome.problems.iter().cloned());
    let sightings = sightings(outcome, git)?;
    let raw = testify(&raw, outcome, &sightings)?;
    let mut report = Report {
        scope: git.scope(),
        problems,
        notes: outcome.notes.clone(),
        rules: engine.rules().rules().to_vec(),
        min_confidence: Some(options.min_confidence),
        ..Report::default()
    };
    for finding in group(raw.into_iter().filter(|one| stands(one, engine)).collect()) {
        file(judged(finding), options, &mut report);
    }
    report.stats = outcome.stats.clone();
    report.sort();
    (fingerprints(&report) == outcome.fingerprints).then_some(report)
}

/// The places of an outcome, with the facts of their commits.
fn sightings(outcome: &Outcome, git: &Git) -> Option<Vec<Sighting>> {
    let ids: BTreeSet<ObjectId> = outcome.places.iter().filter_map(|place| place.commit).collect();
    let ids: Vec<ObjectId> = ids.into_iter().collect();
    let commits: HashMap<ObjectId, _> = ids.iter().copied().zip(git.commits(&ids)).collect();
    let sighting = |place: &super::outcome::Sighted| {
        let commit = match place.commit {
            Some(id) => Some(commits.get(&id)?.clone()?),
            None => None,
        };
        Some(Sighting { path: place.path.clone(), commit, at_head: place.at_head, unreachable: place.unreachable })
    };
    outcome.places.iter().map(sighting).collect()
}

/// What the paths say under which witnesses stand.
fn by_name<'a>(outcome: &'a Outcome, engine: &'a Engine) -> impl Iterator<Item = RawFinding> + 'a {
    let stand = |witness: &Testimony| {
        let place = outcome.places.get(usize::try_from(witness.place?).ok()?)?;
        Some((witness.object, place.path.as_bstr()))
    };
    let objects: BTreeSet<(ObjectId, &BStr)> = outcome.witnesses.iter().filter_map(stand).collect();
    objects.into_iter().flat_map(|(id, path)| named::findings(engine, &Origin::Object { id }, path))
}

/// The witnesses among raw findings, at their places; `None` if one does not come forward.
fn testify(raw: &[RawFinding], outcome: &Outcome, sightings: &[Sighting]) -> Option<Vec<RawFinding>> {
    let mut wanted: HashMap<(ObjectId, Identity), Vec<&Testimony>> = HashMap::new();
    for witness in &outcome.witnesses {
        wanted.entry((witness.object, witness.identity)).or_default().push(witness);
    }
    let mut met = BTreeSet::new();
    let mut all = Vec::new();
    for one in raw {
        let Some(key) = identity(one) else { continue };
        let Some(testimonies) = wanted.get(&key) else { continue };
        met.insert(key);
        for witness in testimonies {
            let mut witnessed = match witness.place {
                Some(place) => placed(one, sightings.get(usize::try_from(place).ok()?)?),
                None => one.clone(),
            };
            witnessed.occurrence.at_head = witness.at_head;
            all.push(witnessed);
        }
    }
    (met.len() == wanted.len()).then_some(all)
}

/// A digest of the fingerprints of all findings, suppressed ones included.
pub fn fingerprints(report: &Report) -> Hash {
    let each = |findings: &[crate::model::Finding]| {
        findings.iter().map(|finding| format!("{}\n", finding.fingerprint)).collect::<String>()
    };
    hash(&[each(&report.findings).as_bytes(), b"\n", each(&report.suppressed).as_bytes()])
}

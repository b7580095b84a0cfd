//! Files of which the name alone tells that they hold secrets: rules that look at a path and at nothing else.

use std::sync::Arc;

use bstr::BStr;
use gix::ObjectId;

use super::placed;
use crate::engine::Engine;
use crate::findings::RawFinding;
use crate::model::{Confidence, Excerpt, LogOdds, Occurrence, Origin, Place, Reason, RuleIndex, Secret, Traits};
use crate::source::Attribution;

/// What the path says of what is there.
pub fn findings(engine: &Engine, origin: &Origin, path: &BStr) -> Vec<RawFinding> {
    engine.scan_path(path).into_iter().map(|rule| finding(engine, rule, origin, path)).collect()
}

fn finding(engine: &Engine, rule: RuleIndex, origin: &Origin, path: &BStr) -> RawFinding {
    let rule = engine.rules().get(rule).clone();
    let log_odds = LogOdds::from(Confidence::new(rule.confidence.into()));
    let text = "files of this name hold secrets".into();
    RawFinding {
        rule,
        secret: Secret::new(path),
        log_odds,
        reasons: vec![Reason { name: "path", weight: log_odds, points: 0, text }],
        traits: Traits::default(),
        companions: Vec::new(),
        occurrence: Occurrence {
            origin: origin.clone(),
            place: Place { line: 1, column: 1, end_line: 1, end_column: 1, offset: 0, length: 0 },
            excerpt: Excerpt::new(b"", Vec::new(), 0..0, (false, false)),
            chain: Vec::new(),
            commit: origin.commit().map(Arc::clone),
            at_head: None,
            unreachable: false,
            line_hash: None,
        },
        comment: None,
    }
}

/// A finding in an object of a history, before and after it was given the place that made one of it.
pub struct Named {
    /// The object.
    pub object: ObjectId,
    /// Number of the place among the object's sightings.
    pub sighting: usize,
    /// Without a place.
    pub raw: RawFinding,
    /// At its place.
    pub placed: RawFinding,
}

/// What the paths say under which the objects of a history stand.
pub fn attributed<'a>(engine: &'a Engine, attribution: &'a Attribution) -> impl Iterator<Item = Named> + 'a {
    let sightings = attribution.iter().flat_map(|(id, all)| all.iter().enumerate().map(move |one| (*id, one)));
    sightings.flat_map(|(object, (number, sighting))| {
        let raw = findings(engine, &Origin::Object { id: object }, sighting.path.as_ref());
        raw.into_iter().map(move |raw| Named { object, sighting: number, placed: placed(&raw, sighting), raw })
    })
}

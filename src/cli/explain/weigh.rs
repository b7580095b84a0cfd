//! What becomes of each candidate: a scan that keeps all of them, beside the scan that explains itself.
//!
//! What is reported is asked of a scan as `dir` makes it, and not worked out again: an explanation of something else than
//! what happens would be worse than none. The candidates that it let go come from a second one.

use std::collections::HashMap;

use crate::cli::job::Weighed;
use crate::cli::settings::Plan;
use crate::engine::score::features::{self, Kind};
use crate::model::{Finding, LogOdds, Occurrence, Verdict};
use crate::report::text::{Explanation, Outcome};

/// All candidates, and what became of them, by place.
pub fn explanations(weighed: Weighed, plan: &Plan) -> Vec<Explanation> {
    let Weighed { told, all } = weighed;
    let findings = told.findings.into_iter().map(|f| (f, Outcome::Reported));
    let suppressed = told.suppressed.into_iter().map(|f| (f, Outcome::Suppressed));
    let mut told: HashMap<_, _> =
        findings.chain(suppressed).map(|(f, outcome)| (f.fingerprint.clone(), (f, outcome))).collect();
    let mut explained = Vec::new();
    for one in all.findings.into_iter().chain(all.suppressed) {
        let Some((mut finding, outcome)) = told.remove(&one.fingerprint) else {
            explained.push(explain(unreported(&one, plan), one));
            continue;
        };
        let is_told = |o: &Occurrence| finding.occurrences.iter().any(|t| (&t.origin, t.place) == (&o.origin, o.place));
        let elsewhere: Vec<Occurrence> = one.occurrences.iter().filter(|o| !is_told(o)).cloned().collect();
        let line = finding.first().place.line;
        finding.traits = one.traits.clone();
        explained.push(explain(outcome, finding));
        if !elsewhere.is_empty() {
            explained.push(explain(Outcome::Elsewhere(line), Finding { occurrences: elsewhere, ..one }));
        }
    }
    explained.extend(told.into_values().map(|(finding, outcome)| explain(outcome, finding)));
    explained.sort_by_cached_key(key);
    explained
}

/// By place; of the same place what stands before what was displaced.
fn key(one: &Explanation) -> impl Ord + use<> {
    let first = one.finding.first();
    let is_displaced = matches!(one.outcome, Outcome::Displaced(_));
    (
        first.origin.path(),
        first.place.line,
        is_displaced,
        first.place,
        one.finding.rule.id.clone(),
        one.finding.fingerprint.clone(),
    )
}

/// Why a scan does not tell of a candidate.
fn unreported(finding: &Finding, plan: &Plan) -> Outcome {
    let mut ruled_out = finding.reasons.iter().filter(|reason| reason.weight <= LogOdds::NEVER);
    match ruled_out.next_back() {
        Some(reason) if ["displaced", "part"].contains(&reason.name) => Outcome::Displaced(reason.text.to_string()),
        Some(reason) => Outcome::Never(reason.text.to_string()),
        None if plan.strict_checksums
            && finding.confidence >= plan.min_confidence
            && matches!(finding.verdict, Verdict::Malformed(_)) =>
        {
            Outcome::Malformed
        }
        None => Outcome::Below,
    }
}

fn explain(outcome: Outcome, finding: Finding) -> Explanation {
    Explanation { outcome, features: told_the_model(&finding), finding }
}

/// The features that are not 0, by kind of evidence, each kind under the name that its contribution has.
fn told_the_model(finding: &Finding) -> Vec<(&'static str, Vec<(String, i16)>)> {
    let Some(all) = finding.traits.all.as_deref() else { return Vec::new() };
    let of = |kind: Kind| {
        let values = all.iter().enumerate().filter(|(at, value)| **value != 0 && features::kind(*at) == kind);
        values.map(|(at, value)| (features::describe(at).0, *value)).collect::<Vec<_>>()
    };
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.name(), of(kind)));
    kinds.filter(|(_, values)| !values.is_empty()).collect()
}

//! Auditing: all candidates of a blob, also those that the engine does not let stand, each with what speaks against it.
//!
//! Which candidates stand is decided as ever, among those that can reach a threshold: an audit that let the hopeless have
//! a say in it would explain something else than what a scan does.

use std::collections::HashSet;

use crate::model::{Level, RuleIndex};
use crate::rules::RuleSet;

use super::{Candidate, resolve, score};

/// What can reach a threshold, and what cannot.
pub fn split(candidates: Vec<Candidate>, rules: &RuleSet) -> (Vec<Candidate>, Vec<Candidate>) {
    let low = Level::Low.threshold();
    candidates.into_iter().partition(|c| score::may_reach(rules.get(c.matched.rule), c.log_odds, low))
}

/// `standing`, and behind each other what became of the rest: of those with hope and of those without.
pub fn complete(
    standing: Vec<Candidate>,
    hopeful: Vec<Candidate>,
    hopeless: Vec<Candidate>,
    rules: &RuleSet,
) -> Vec<Candidate> {
    let key =
        |c: &Candidate| -> (RuleIndex, usize, usize) { (c.matched.rule, c.matched.secret.start, c.matched.secret.end) };
    let mut known: HashSet<_> = standing.iter().map(key).collect();
    let mut rest = Vec::new();
    let mut hopeless_alone = Vec::new();
    for (mut candidate, has_hope) in
        hopeful.into_iter().map(|c| (c, true)).chain(hopeless.into_iter().map(|c| (c, false)))
    {
        if !known.insert(key(&candidate)) {
            continue;
        }
        if let Some((name, text)) = objection(&candidate, &standing, rules, has_hope) {
            candidate.rule_out(name, text);
            rest.push(candidate);
        } else {
            hopeless_alone.push(candidate);
        }
    }
    let mut all = standing;
    all.extend(rest);
    all.extend(resolve::resolve(hopeless_alone, rules));
    all.sort_by_cached_key(|c| (c.matched.secret.start, c.matched.secret.end, c.matched.rule));
    all
}

/// Why a candidate does not stand beside those that do: the name of the evidence, and words; nothing where it is only
/// unlikely.
fn objection(
    candidate: &Candidate,
    standing: &[Candidate],
    rules: &RuleSet,
    has_hope: bool,
) -> Option<(&'static str, String)> {
    let span = &candidate.matched.secret;
    let shares = |other: &std::ops::Range<usize>| other.start < span.end && span.start < other.end;
    let id = |c: &Candidate| rules.get(c.matched.rule).id.clone();
    if let Some(whole) = standing.iter().find(|c| c.companions.iter().any(|part| shares(&part.span))) {
        return Some(("part", format!("it is told as a part of what `{}` found", id(whole))));
    }
    if let Some(other) = standing.iter().find(|c| shares(&c.matched.secret)) {
        return Some(("displaced", format!("`{}` says more of the same characters", id(other))));
    }
    if !has_hope {
        return None;
    }
    if rules.get(candidate.matched.rule).identifier {
        return Some(("alone", "it is no secret, and the secret that it belongs to is not nearby".to_owned()));
    }
    Some(("alone", "the other part of this credential is not nearby".to_owned()))
}

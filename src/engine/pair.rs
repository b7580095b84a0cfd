//! Pairing: parts of one credential that stand near each other are joined.

use crate::model::RuleIndex;
use crate::rules::RuleSet;

use super::Candidate;

/// Joins each candidate with its companions (the nearest of each kind), then drops those that lack one they need, and
/// identifiers, which are nothing by themselves. `candidates` is sorted by place.
pub fn pair(candidates: Vec<Candidate>, rules: &RuleSet) -> Vec<Candidate> {
    let needs = |c: &Candidate| {
        let rule = rules.get(c.matched.rule);
        rule.identifier || !rule.companions.is_empty()
    };
    if !candidates.iter().any(needs) {
        return candidates;
    }
    let companions: Vec<Option<Vec<usize>>> = (0..candidates.len()).map(|i| partners(i, &candidates, rules)).collect();
    let found: Vec<Option<Vec<super::Part>>> = companions
        .into_iter()
        .map(|c| c.map(|parts| parts.into_iter().map(|i| super::Part::of(&candidates[i])).collect()))
        .collect();
    candidates
        .into_iter()
        .zip(found)
        .filter_map(|(candidate, companions)| Some(Candidate { companions: companions?, ..candidate }))
        .filter(|c| !rules.get(c.matched.rule).identifier)
        .collect()
}

/// The companions of candidate `i`; `None` if one that it needs is missing.
fn partners(i: usize, candidates: &[Candidate], rules: &RuleSet) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for pair in rules.get(candidates[i].matched.rule).companions.iter() {
        let partner = rules.find(&pair.rule).and_then(|(rule, _)| nearest(i, rule, pair.within as usize, candidates));
        match partner {
            Some(partner) => found.push(partner),
            None if pair.required => return None,
            None => {}
        }
    }
    Some(found)
}

fn nearest(i: usize, rule: RuleIndex, within: usize, candidates: &[Candidate]) -> Option<usize> {
    let here = &candidates[i].matched.secret;
    let gap = |j: &usize| {
        let there = &candidates[*j].matched.secret;
        there.start.saturating_sub(here.end).max(here.start.saturating_sub(there.end))
    };
    // Secrets are disjoint and sorted, so gaps only grow to either side.
    let behind =
        (i + 1..candidates.len()).take_while(|j| gap(j) <= within).find(|j| candidates[*j].matched.rule == rule);
    let before = (0..i).rev().take_while(|j| gap(j) <= within).find(|j| candidates[*j].matched.rule == rule);
    before.into_iter().chain(behind).min_by_key(gap)
}

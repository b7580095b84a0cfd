//! Pairing: parts of one credential that stand near each other are joined.

use std::collections::HashSet;
use std::ops::Range;

use crate::model::RuleIndex;
use crate::rules::RuleSet;

use super::{Candidate, Part};

/// A companion of a candidate.
#[derive(Clone, Copy)]
struct Partner {
    /// Its position among the candidates.
    at: usize,
    /// Whether no other of its rule stands within reach: which of two ids belongs to a secret cannot be told.
    sole: bool,
}

/// What pairing makes of candidates.
pub struct Paired {
    /// Candidates that stand, with their companions.
    pub kept: Vec<Candidate>,
    /// Rule and secret of those that do not: they lack a part that they need, or are identifiers that nobody needs. The
    /// bytes that they took may be another's. Of two parts that name each other the graver stands for both.
    pub rejected: HashSet<(RuleIndex, Range<usize>)>,
}

/// True if a candidate needs no other part and is no part of another.
pub fn stands_alone(candidate: &Candidate, rules: &RuleSet) -> bool {
    let rule = rules.get(candidate.matched.rule);
    !rule.identifier && rule.companions.is_empty()
}

/// Joins each candidate with its companions, the nearest of each kind. `candidates` is sorted by place.
pub fn pair(candidates: &[Candidate], rules: &RuleSet) -> Paired {
    let partners: Vec<Option<Vec<Partner>>> = (0..candidates.len()).map(|i| partners(i, candidates, rules)).collect();
    let is_identifier = |i: usize| rules.get(candidates[i].matched.rule).identifier;
    let needed: HashSet<usize> = (0..candidates.len())
        .filter(|i| !is_identifier(*i))
        .flat_map(|i| partners[i].iter().flatten().map(|partner| partner.at))
        .collect();
    let halves = |i: usize| lesser_halves(i, &partners, candidates, rules);
    let joined: HashSet<usize> = (0..candidates.len()).filter(|i| !is_identifier(*i)).flat_map(halves).collect();
    let mut paired = Paired { kept: Vec::new(), rejected: HashSet::new() };
    for (i, (candidate, partners)) in candidates.iter().zip(&partners).enumerate() {
        match partners {
            _ if joined.contains(&i) => {}
            Some(partners) if !is_identifier(i) => {
                let companions = partners.iter().map(|p| Part::of(&candidates[p.at], p.sole)).collect();
                let mut whole = Candidate { companions, ..candidate.clone() };
                let surest = halves(i).map(|half| candidates[half].log_odds).max().unwrap_or(whole.log_odds);
                whole.add(surest - whole.log_odds, "pair", "its other half stands nearby, and is surer");
                paired.kept.push(whole);
            }
            _ if needed.contains(&i) => {}
            _ => {
                paired.rejected.insert((candidate.matched.rule, candidate.matched.secret.clone()));
            }
        }
    }
    paired
}

/// Those companions of candidate `i` whose companion it is in turn, and that are less grave: the key id of a secret key. They
/// are found by themselves where the other half is missing, and are no finding of their own where it is not.
fn lesser_halves<'a>(
    i: usize,
    partners: &'a [Option<Vec<Partner>>],
    candidates: &'a [Candidate],
    rules: &'a RuleSet,
) -> impl Iterator<Item = usize> + 'a {
    let severity = |i: usize| rules.get(candidates[i].matched.rule).severity;
    let names = move |j: usize| partners[j].as_ref().is_some_and(|theirs| theirs.iter().any(|their| their.at == i));
    partners[i].iter().flatten().map(|partner| partner.at).filter(move |j| names(*j) && severity(*j) < severity(i))
}

/// The companions of candidate `i`; `None` if one that it needs is missing.
fn partners(i: usize, candidates: &[Candidate], rules: &RuleSet) -> Option<Vec<Partner>> {
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

/// The nearest candidate of `rule` within so many bytes of candidate `i`.
fn nearest(i: usize, rule: RuleIndex, within: usize, candidates: &[Candidate]) -> Option<Partner> {
    let here = &candidates[i].matched.secret;
    let gap = |j: &usize| {
        let there = &candidates[*j].matched.secret;
        there.start.saturating_sub(here.end).max(here.start.saturating_sub(there.end))
    };
    // Secrets are disjoint and sorted, so gaps only grow to either side.
    let behind = (i + 1..candidates.len()).take_while(|j| gap(j) <= within);
    let before = (0..i).rev().take_while(|j| gap(j) <= within);
    let all: Vec<usize> = before.chain(behind).filter(|j| candidates[*j].matched.rule == rule).collect();
    let nearest = all.iter().copied().min_by_key(gap)?;
    Some(Partner { at: nearest, sole: all.len() == 1 })
}

//! Resolving: of matches whose secrets share bytes, only the most telling stays.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::rules::RuleSet;

use super::Candidate;

/// Keeps of overlapping candidates the most telling, and sorts by place. The outcome does not depend on the order that
/// they come in.
pub fn resolve(mut candidates: Vec<Candidate>, rules: &RuleSet) -> Vec<Candidate> {
    candidates.sort_by_cached_key(|candidate| rank(candidate, rules));
    // Disjoint spans that are taken: start to end.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    candidates.retain(|candidate| {
        let span = &candidate.matched.secret;
        let free = taken.range(..span.end.max(span.start + 1)).next_back().is_none_or(|(_, &end)| end <= span.start);
        if free {
            taken.insert(span.start, span.end);
        }
        free
    });
    candidates.sort_by_key(|c| c.matched.secret.start);
    candidates
}

/// Lower is more telling: distinctive forms before names before generic words; plain text before encoded; sure before
/// unsure; a near name before a far one; a long secret before a short one.
fn rank(candidate: &Candidate, rules: &RuleSet) -> impl Ord + use<> {
    let m = &candidate.matched;
    let rule = rules.get(m.rule);
    (
        Reverse(rule.specificity()),
        m.chain.len(),
        Reverse(rule.confidence),
        candidate.distance,
        rule.identifier,
        Reverse(m.secret.len()),
        m.secret.start,
        m.rule,
    )
}

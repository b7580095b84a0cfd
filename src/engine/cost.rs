//! Costs: what each rule makes a scan do on a sample of text.
//!
//! A rule costs twice: for each place where the prefilter meets a probe of its literals, and, far more, for each of those
//! that the tests in front do not turn away, so that its regex is tried.

use crate::rules::RuleSet;

use super::Engine;
use super::confirm::Seen;

/// What one rule costs on a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Places where the prefilter found a probe of one of its literals.
    pub hits: usize,
    /// Places where its regex, or the reading of an assignment, was tried.
    pub tries: usize,
}

impl Engine {
    /// The cost of every rule on `sample`, by position in the rule set.
    pub fn costs(&self, sample: &[u8]) -> Vec<Cost> {
        let mut costs = vec![Cost::default(); self.rules.len()];
        let mut hits = Vec::new();
        self.prefilter.find(sample, &mut hits);
        for hit in hits {
            for used in self.prefilter.uses(hit.probe) {
                let rule = used.rule.0 as usize;
                costs[rule].hits += 1;
                let Some(literal) = used.literal(sample, hit.at as usize) else { continue };
                let seen = Seen { bytes: sample, literal, used, rule: self.rules.get(used.rule) };
                costs[rule].tries += usize::from(seen.may_match(&self.regexes[rule]));
            }
        }
        costs
    }
}

/// A text to try rules on where none is given: what the built-in rules say in words, and some source code. Not their
/// examples, which hold their literals far more often than other texts do.
pub fn sample() -> String {
    const SOURCE: [&str; 5] = [
        include_str!("assignment/value.rs"),
        include_str!("confirm.rs"),
        include_str!("delta.rs"),
        include_str!("knowledge.rs"),
        include_str!("prefilter.rs"),
    ];
    let rules = RuleSet::builtin();
    let words = rules.rules().iter().flat_map(|r| [&r.description, &r.risk, &r.revoke, &r.store, &r.docs]);
    words.map(|text| &**text).chain(SOURCE).flat_map(|text| [text, "\n"]).collect()
}

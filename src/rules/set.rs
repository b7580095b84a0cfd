//! A rule set: the rules of one run, in a fixed order, without doubles.

use std::sync::Arc;

use crate::model::{Rule, RuleIndex};

use super::builtin;

/// The rules of a run, sorted by id. A [`RuleIndex`] is a position in it.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

impl RuleSet {
    /// All built-in rules.
    pub fn builtin() -> Self {
        RuleSet::new(builtin::RULES.iter().cloned())
    }

    /// The rules given; of two with one id the later one counts.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut set = RuleSet::default();
        set.extend(rules);
        set
    }

    /// Adds rules; one with the id of a present one replaces it.
    pub fn extend(&mut self, rules: impl IntoIterator<Item = Rule>) {
        self.rules.extend(rules.into_iter().map(Arc::new));
        self.rules.reverse();
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.rules.dedup_by(|later, first| later.id == first.id);
    }

    /// Keeps only the rules that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&Rule) -> bool) {
        self.rules.retain(|rule| keep(rule));
    }

    /// The rule at `index`.
    ///
    /// # Panics
    /// If `index` is of another set.
    pub fn get(&self, index: RuleIndex) -> &Arc<Rule> {
        &self.rules[index.0 as usize]
    }

    /// The rule with this id.
    pub fn find(&self, id: &str) -> Option<(RuleIndex, &Arc<Rule>)> {
        let at = self.rules.binary_search_by(|rule| rule.id.as_ref().cmp(id)).ok()?;
        Some((RuleIndex(at as u32), &self.rules[at]))
    }

    /// All rules with their index.
    pub fn iter(&self) -> impl Iterator<Item = (RuleIndex, &Arc<Rule>)> {
        self.rules.iter().enumerate().map(|(i, rule)| (RuleIndex(i as u32), rule))
    }

    /// All rules, sorted by id.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The longest reach of any rule, in bytes.
    pub fn max_reach(&self) -> usize {
        self.rules.iter().map(|rule| rule.reach as usize).max().unwrap_or(0)
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

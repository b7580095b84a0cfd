//! Paths: rules that look at a path alone, and rules that hold under some paths only.

use std::collections::HashMap;
use std::sync::OnceLock;

use bstr::BStr;
use regex_automata::meta::Regex;

use crate::model::rule::Detect;
use crate::model::{Rule, RuleIndex};
use crate::rules::RuleSet;

/// The regexes on paths of a rule set, compiled when the first path is looked at.
#[derive(Default)]
pub struct Paths(OnceLock<Compiled>);

struct Compiled {
    /// Rules that hold for a path by itself.
    alone: Vec<(RuleIndex, Regex)>,
    /// Conditions of the others, by rule id.
    conditions: HashMap<String, Regex>,
}

impl Paths {
    fn get(&self, rules: &RuleSet) -> &Compiled {
        self.0.get_or_init(|| {
            let mut compiled = Compiled { alone: Vec::new(), conditions: HashMap::new() };
            for (index, rule) in rules.iter() {
                // Rules were checked when they were read; one that does not compile holds nowhere.
                let Some(Ok(regex)) = rule.path.as_deref().map(Regex::new) else { continue };
                if rule.detect == Detect::Path {
                    compiled.alone.push((index, regex));
                } else {
                    compiled.conditions.insert(rule.id.to_string(), regex);
                }
            }
            compiled
        })
    }

    /// Rules that hold for a path by itself.
    pub fn rules_for(&self, path: &BStr, rules: &RuleSet) -> Vec<RuleIndex> {
        let alone = &self.get(rules).alone;
        alone.iter().filter(|(_, regex)| regex.is_match(path)).map(|(index, _)| *index).collect()
    }

    /// Whether a rule may hold under a path.
    pub fn allow(&self, rule: &Rule, path: &BStr, rules: &RuleSet) -> bool {
        rule.path.is_none()
            || rule.detect == Detect::Path
            || self.get(rules).conditions.get(rule.id.as_ref()).is_some_and(|regex| regex.is_match(path))
    }
}

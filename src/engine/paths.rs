//! Paths: rules that look at a path alone, and rules that hold under some paths only.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use bstr::BStr;
use memchr::memrchr;
use regex_automata::meta::Regex;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use crate::model::rule::Detect;
use crate::model::{Rule, RuleIndex};
use crate::rules::RuleSet;

/// So many bytes of a name's ending are looked at: enough to turn nearly all names away.
const LONGEST_ENDING: usize = 4;
/// Of a regex without regard to case, so many spellings are listed before it may end in any way.
const MOST_VARIANTS: usize = 1 << 16;

/// The regexes on paths of a rule set, compiled when the first path is looked at.
#[derive(Default)]
pub struct Paths(OnceLock<Compiled>);

struct Compiled {
    /// Rules that hold for a path by itself.
    alone: Vec<(RuleIndex, Regex)>,
    /// How the names end for which one of those may hold, in lower case; `None` if any name may be one.
    endings: Option<BTreeSet<Box<[u8]>>>,
    /// Conditions of the others, by rule id.
    conditions: HashMap<String, Regex>,
}

impl Paths {
    fn get(&self, rules: &RuleSet) -> &Compiled {
        self.0.get_or_init(|| {
            let mut compiled =
                Compiled { alone: Vec::new(), endings: Some(BTreeSet::new()), conditions: HashMap::new() };
            for (index, rule) in rules.iter() {
                // Rules were checked when they were read; one that does not compile holds nowhere.
                let Some((path, Ok(regex))) = rule.path.as_deref().map(|path| (path, Regex::new(path))) else {
                    continue;
                };
                if rule.detect == Detect::Path {
                    compiled.alone.push((index, regex));
                    compiled.endings = compiled.endings.zip(endings(path)).map(|(all, more)| &all | &more);
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

    /// Whether there are rules that hold for a path by itself.
    pub fn look_at_names(&self, rules: &RuleSet) -> bool {
        !self.get(rules).alone.is_empty()
    }

    /// Whether a rule may hold for a path by itself that ends in this name: false only if none does.
    pub fn may_be_for(&self, name: &BStr, rules: &RuleSet) -> bool {
        match &self.get(rules).endings {
            Some(endings) => endings.iter().any(|ending| ends_with(name, ending)),
            None => true,
        }
    }

    /// Whether a rule may hold under a path.
    pub fn allow(&self, rule: &Rule, path: &BStr, rules: &RuleSet) -> bool {
        rule.path.is_none()
            || rule.detect == Detect::Path
            || self.get(rules).conditions.get(rule.id.as_ref()).is_some_and(|regex| regex.is_match(path))
    }
}

/// How the last part of each path ends that a regex matches, in lower case, without duplicates; `None` if in any way.
fn endings(path: &str) -> Option<BTreeSet<Box<[u8]>>> {
    let regex = regex_syntax::parse(path).ok()?;
    let is_anchored = regex.properties().look_set_suffix().contains_anchor_haystack();
    let mut endings = Extractor::new().kind(ExtractKind::Suffix).limit_total(MOST_VARIANTS).extract(&regex);
    endings.keep_last_bytes(LONGEST_ENDING);
    let endings = endings.literals().filter(|_| is_anchored)?.iter().map(|ending| {
        let ending = ending.as_bytes();
        let start = memrchr(b'/', ending).map_or(0, |slash| slash + 1);
        ending.get(start..).unwrap_or_default().to_ascii_lowercase().into()
    });
    Some(endings.collect())
}

/// Whether a name ends like that, in whatever case.
fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    name.len()
        .checked_sub(ending.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_end(path: &str, name: &str) -> bool {
        endings(path).is_none_or(|all| all.iter().any(|ending| ends_with(name.as_bytes(), ending)))
    }

    #[test]
    fn the_built_in_rules_turn_most_names_away() {
        let rules = RuleSet::builtin();
        let paths = Paths::default();
        for name in ["main.rs", "README", "tests", "a.json"] {
            assert!(!paths.may_be_for(BStr::new(name), &rules), "{name}");
        }
        assert!(paths.may_be_for(BStr::new("Vault.KDBX"), &rules));
    }

    #[test]
    fn a_name_is_turned_away_only_if_no_path_with_it_matches() {
        let patterns = [
            r"(?i)\.(?:p12|pfx|pkcs12)$",
            r"(?:^|/)\.aws/credentials$",
            r"\.ppk$|\.rdp",
            r"secret",
            r"key\z",
            r"(?m)key$",
            r"id_(?:rsa|[a-z]{2,9})$",
            r"^etc/shadow-?$",
        ];
        let paths = [
            "a/B.P12",
            "c.pfx",
            ".aws/credentials",
            "x/.aws/credentials",
            "secret/a",
            "a.rdp.bak",
            "b.ppk",
            "a/key",
            "key\n/b",
            "id_ed",
            "id_rsa",
            "etc/shadow",
            "etc/shadow-",
            "a/x",
        ];
        for pattern in patterns {
            let regex = Regex::new(pattern).expect("a regex");
            for path in paths.iter().filter(|path| regex.is_match(path)) {
                let name = path.rsplit('/').next().unwrap_or_default();
                assert!(may_end(pattern, name), "{pattern} and {path}");
            }
        }
        assert!(!may_end(patterns[0], "main.rs"));
        assert!(!may_end(patterns[1], "main.rs"));
    }
}

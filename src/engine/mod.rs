//! The engine: bytes to matches.
//!
//! What it promises, and everything else leans on: **matching is local**. Whether a rule matches at a place depends
//! only on the bytes within the rule's reach of that place.
//!
//! ```text
//! bytes ─▶ prefilter ─▶ confirm ─▶ score ─▶ resolve ─▶ pair ─▶ candidates
//!   ╰────▶ decode: runs of encoded text go the same way ─╯
//! ```

pub mod assignment;
mod audit;
mod candidate;
mod confirm;
pub mod cost;
pub mod decode;
mod delta;
pub mod examples;
mod knowledge;
mod pair;
mod paths;
pub mod prefilter;
mod resolve;
pub mod score;
mod stretch;
mod turns;

use bstr::BStr;

use crate::model::{Blob, Problem, Rule, RuleIndex, Text};
use crate::rules::RuleSet;

pub use candidate::{Candidate, Part};
pub use delta::Derivation;
pub use knowledge::Knowledge;

use confirm::{Found, Lazy, RegexScratches};
use pair::Paired;
use paths::Paths;
use prefilter::{Hit, Prefilter};
use score::Weighing;
use score::forms::Forms;

/// Finds matches of a rule set.
pub struct Engine {
    rules: RuleSet,
    prefilter: Prefilter,
    regexes: Vec<Lazy>,
    /// By probe: how far to either side of it any of its rules looks.
    windows: Vec<knowledge::Window>,
    paths: Paths,
    forms: Forms,
    weighing: Weighing,
    /// The farthest that any match lies from its literal, in bytes.
    reach: usize,
}

/// Buffers of one thread, used again for every blob.
#[derive(Default)]
pub struct Scratch {
    /// Hits by depth of decoding.
    hits: Vec<Vec<Hit>>,
    regexes: RegexScratches,
    found: Vec<Found>,
    /// For blobs that nothing is derived from.
    knowledge: Knowledge,
}

impl Engine {
    /// An engine for `rules`. Compiles nothing yet.
    pub fn new(rules: RuleSet) -> Self {
        let prefilter = Prefilter::new(&rules);
        let windows = knowledge::windows(&prefilter, &rules);
        Engine {
            regexes: confirm::lazies(rules.len()),
            paths: Paths::default(),
            forms: Forms::new(rules.clone()),
            weighing: Weighing::default(),
            reach: rules.max_reach(),
            prefilter,
            windows,
            rules,
        }
    }

    /// The same engine, which keeps all candidates, however unlikely, with all that is known of them.
    #[must_use]
    pub fn keeping_all(mut self) -> Self {
        self.weighing.all = true;
        self
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The farthest that any match lies from its literal, in bytes.
    pub fn reach(&self) -> usize {
        self.reach
    }

    /// All matches in a blob, by place; of matches of the same bytes only the most telling. Matches whose own bytes
    /// speak so much against them that nothing can bring them to `low` are left out.
    pub fn scan(&self, blob: &Blob<'_>, scratch: &mut Scratch) -> Vec<Candidate> {
        let mut knowledge = std::mem::take(&mut scratch.knowledge);
        match blob.text {
            Text::Ascii => self.learn_into(blob.bytes, scratch, &mut knowledge),
            text => self.learn_utf16(blob.bytes, text == Text::Utf16Be, scratch, &mut knowledge),
        }
        let candidates = self.conclude(knowledge.take_candidates(), blob);
        scratch.knowledge = knowledge;
        candidates
    }

    /// What [`Engine::scan`] answers, from what was learnt of the blob's bytes.
    pub fn candidates(&self, knowledge: &Knowledge, blob: &Blob<'_>) -> Vec<Candidate> {
        self.conclude(knowledge.candidates(), blob)
    }

    fn conclude(&self, candidates: Vec<Candidate>, blob: &Blob<'_>) -> Vec<Candidate> {
        if candidates.is_empty() {
            return candidates;
        }
        let mut kept = if self.weighing.all {
            let (hopeful, hopeless) = audit::split(candidates, &self.rules);
            audit::complete(self.standing(hopeful.clone()), hopeful, hopeless, &self.rules)
        } else {
            self.standing(candidates)
        };
        kept.retain(|c| blob.keep.contains(&c.matched.whole.start) && c.touches_added(blob));
        kept
    }

    /// Of candidates for the same bytes the most telling, and only those that have all their parts.
    fn standing(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        if candidates.iter().all(|c| pair::stands_alone(c, &self.rules)) {
            return resolve::resolve(candidates, &self.rules);
        }
        loop {
            let resolved = resolve::resolve(candidates.clone(), &self.rules);
            let displaced = resolved.len() < candidates.len();
            let Paired { kept, rejected } = pair::pair(&resolved, &self.rules);
            // What a rejected one has displaced may stand after all.
            if rejected.is_empty() || !displaced {
                return kept;
            }
            candidates.retain(|c| !rejected.contains(&(c.matched.rule, c.matched.secret.clone())));
        }
    }

    /// Rules that hold for a path by itself.
    pub fn scan_path(&self, path: &BStr) -> Vec<RuleIndex> {
        self.paths.rules_for(path, &self.rules)
    }

    /// Whether there are rules that hold for a path by itself.
    pub fn looks_at_names(&self) -> bool {
        self.paths.look_at_names(&self.rules)
    }

    /// Whether a rule may hold for a path by itself that ends in this name: false only if none does.
    pub fn may_scan_name(&self, name: &BStr) -> bool {
        self.paths.may_be_for(name, &self.rules)
    }

    /// Whether a rule's condition on paths, if it has one, holds for a path.
    pub fn holds_for_path(&self, rule: &Rule, path: &BStr) -> bool {
        self.paths.allow(rule, path, &self.rules)
    }

    /// Rules whose regex was needed and does not compile: only possible for rules of a user's own.
    pub fn problems(&self) -> Vec<Problem> {
        self.rules
            .iter()
            .zip(&self.regexes)
            .filter_map(|((_, rule), lazy)| {
                Some(Problem {
                    place: format!("rule {}", rule.id),
                    what: format!("its regex cannot be used: {}", lazy.error()?),
                    hint: Some("try it with `unspill rules lint`".to_owned()),
                })
            })
            .collect()
    }
}

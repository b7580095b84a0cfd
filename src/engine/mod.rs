//! The engine: bytes to matches.
//!
//! What it promises, and everything else leans on: **matching is local**. Whether a rule matches at a place depends
//! only on the bytes within the rule's reach of that place.

use std::ops::Range;

use bstr::BStr;

use crate::model::{Blob, Confidence, Match, Reason, RuleIndex};
use crate::rules::RuleSet;

/// Finds matches of a rule set.
pub struct Engine {
    rules: RuleSet,
}

/// Buffers of one thread, used again for every blob.
#[derive(Default)]
pub struct Scratch {}

/// A match and what its own bytes say of it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The match.
    pub matched: Match,
    /// Confidence from local evidence, before clamping.
    pub points: i32,
    /// What makes it up.
    pub reasons: Vec<Reason>,
    /// Other parts of the same credential: rule, and span in the blob.
    pub companions: Vec<(RuleIndex, Range<usize>)>,
}

impl Engine {
    /// An engine for `rules`. Compiles nothing yet.
    pub fn new(rules: RuleSet) -> Self {
        Engine { rules }
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// All matches in a blob, by place; of matches of the same bytes only the most telling.
    pub fn scan(&self, _blob: &Blob<'_>, _scratch: &mut Scratch) -> Vec<Candidate> {
        Vec::new()
    }

    /// Rules that hold for a path by itself.
    pub fn scan_path(&self, _path: &BStr) -> Vec<RuleIndex> {
        Vec::new()
    }

    /// The lowest confidence that is worth keeping.
    pub fn floor(&self) -> Confidence {
        Confidence::new(20)
    }
}

//! Knowledge: what the engine learns of a text. Where literals stand, and what became of them.
//!
//! Each outcome has a window: the bytes that it depends on. Wherever the same bytes stand, the same outcome holds;
//! that is what lets the knowledge of one text be carried over to another that has parts in common with it.

use std::ops::Range;

use crate::model::Copied;
use crate::model::rule::Detect;
use crate::rules::RuleSet;

use super::candidate::Candidate;
use super::confirm::Seen;
use super::decode::{self, Run};
use super::prefilter::{Hit, Prefilter, Use};
use super::score::features::BEYOND;
use super::{Engine, Scratch};

/// How deep encodings may be nested.
const MAX_DEPTH: usize = 3;

/// What is known of a text.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Every hit of the prefilter, sorted by place.
    pub(super) hits: Vec<Hit>,
    /// Every candidate, sorted by where its window begins.
    pub(super) outcomes: Vec<Outcome>,
}

/// A candidate, and the bytes that it depends on. Near the ends of a text the window lies beyond them in part: then it
/// depends on the text ending there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub window: (isize, usize),
    pub candidate: Candidate,
}

impl Outcome {
    /// The same outcome where its text stands `by` bytes further on.
    pub(super) fn shifted(&self, by: isize) -> Self {
        let (start, end) = self.window;
        Outcome { window: (start + by, end.wrapping_add_signed(by)), candidate: self.candidate.shifted(by) }
    }
}

/// How far the outcome of a hit depends on the bytes about it, from its first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    before: u32,
    behind: u32,
}

impl Window {
    /// The window of a hit.
    pub(super) fn about(self, hit: Hit) -> (isize, usize) {
        (hit.at as isize - self.before as isize, hit.at as usize + self.behind as usize)
    }
}

/// The window of a run of encoded text: itself, and the bytes that end it.
pub(super) fn run_window(span: &Range<usize>) -> (isize, usize) {
    (span.start as isize - 1, span.end + 1)
}

/// So many bytes about the farthest match are looked at: anchors and word borders, quotes, and openings of templates.
const BESIDE: u32 = 8;

/// The windows of the hits of all probes.
pub fn windows(prefilter: &Prefilter, rules: &RuleSet) -> Vec<Window> {
    let of_use = |used: &Use| {
        let rule = rules.get(used.rule);
        let reach = rule.reach;
        let beside = if rule.is_free_form() { BEYOND } else { BESIDE };
        let before = u32::from(used.before);
        let behind = used.text.len() as u32 - before;
        Window { before: before + used.lead.map_or(reach, u32::from) + beside, behind: behind + reach + beside }
    };
    let widest = |a: Window, b: Window| Window { before: a.before.max(b.before), behind: a.behind.max(b.behind) };
    (0..prefilter.len()).map(|probe| prefilter.uses(probe).iter().map(of_use).fold(Window::default(), widest)).collect()
}

impl Knowledge {
    /// All candidates; the knowledge is empty of them then.
    pub(super) fn take_candidates(&mut self) -> Vec<Candidate> {
        self.outcomes.drain(..).map(|outcome| outcome.candidate).collect()
    }

    /// Copies of all candidates.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        self.outcomes.iter().map(|outcome| outcome.candidate.clone()).collect()
    }

    pub(super) fn sort_outcomes(&mut self) {
        self.outcomes.sort_by_key(|outcome| outcome.window.0);
    }

    /// The outcomes whose windows may lie in a copy, and those behind it.
    pub(super) fn outcomes_from(&self, copy: &Copied) -> &[Outcome] {
        // Windows may begin before the text does.
        let from = if copy.from == 0 { isize::MIN } else { copy.from as isize };
        &self.outcomes[self.outcomes.partition_point(|outcome| outcome.window.0 < from)..]
    }

    /// The knowledge in a fixed order and a form to compare: for tests.
    pub fn fingerprint(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.hits.iter().map(|hit| format!("{hit:?}")).collect();
        lines.extend(self.outcomes.iter().map(|outcome| format!("{outcome:?}")));
        lines.sort();
        lines
    }

    fn clear(&mut self) {
        self.hits.clear();
        self.outcomes.clear();
    }
}

impl Engine {
    /// Learns all of a text.
    pub fn learn(&self, bytes: &[u8], scratch: &mut Scratch) -> Knowledge {
        let mut knowledge = Knowledge::default();
        self.learn_into(bytes, scratch, &mut knowledge);
        knowledge
    }

    pub(super) fn learn_into(&self, bytes: &[u8], scratch: &mut Scratch, knowledge: &mut Knowledge) {
        knowledge.clear();
        self.prefilter.find(bytes, &mut knowledge.hits);
        let Knowledge { hits, outcomes } = knowledge;
        for hit in hits {
            self.confirm_outcome(bytes, *hit, scratch, outcomes);
        }
        decode::runs(bytes, |run| self.run_outcomes(&run, scratch, outcomes));
        knowledge.sort_outcomes();
    }

    pub(super) fn learn_utf16(&self, bytes: &[u8], big_endian: bool, scratch: &mut Scratch, knowledge: &mut Knowledge) {
        knowledge.clear();
        self.run_outcomes(&decode::utf16(bytes, big_endian), scratch, &mut knowledge.outcomes);
    }

    /// Appends what becomes of a hit.
    pub(super) fn confirm_outcome(&self, bytes: &[u8], hit: Hit, scratch: &mut Scratch, outcomes: &mut Vec<Outcome>) {
        let window = self.windows[hit.probe as usize].about(hit);
        self.confirm(bytes, hit, scratch, |candidate| outcomes.push(Outcome { window, candidate }));
    }

    /// Appends what becomes of a run of encoded text.
    pub(super) fn run_outcomes(&self, run: &Run, scratch: &mut Scratch, outcomes: &mut Vec<Outcome>) {
        let mut candidates = Vec::new();
        self.scan_run(run, 1, scratch, &mut candidates);
        let window = run_window(&run.span);
        outcomes.extend(candidates.into_iter().map(|candidate| Outcome { window, candidate }));
    }

    /// Scans decoded text, and maps what is found back to where it stands encoded.
    fn scan_run(&self, run: &Run, depth: usize, scratch: &mut Scratch, candidates: &mut Vec<Candidate>) {
        let first = candidates.len();
        if scratch.hits.len() < depth {
            scratch.hits.resize_with(depth, Vec::new);
        }
        let mut hits = std::mem::take(&mut scratch.hits[depth - 1]);
        hits.clear();
        self.prefilter.find(&run.text, &mut hits);
        for hit in &hits {
            self.confirm(&run.text, *hit, scratch, |candidate| candidates.push(candidate));
        }
        scratch.hits[depth - 1] = hits;
        if depth < MAX_DEPTH {
            decode::runs(&run.text, |inner| self.scan_run(&inner, depth + 1, scratch, candidates));
        }
        for candidate in &mut candidates[first..] {
            candidate.lift(run);
        }
    }

    fn confirm(&self, bytes: &[u8], hit: Hit, scratch: &mut Scratch, mut each: impl FnMut(Candidate)) {
        for used in self.prefilter.uses(hit.probe) {
            let Some(literal) = used.literal(bytes, hit.at as usize) else { continue };
            let rule = self.rules.get(used.rule);
            let seen = Seen { bytes, literal: literal.clone(), used, rule };
            let lazy = &self.regexes[used.rule.0 as usize];
            if !seen.may_match(lazy) {
                continue;
            }
            let mut found = std::mem::take(&mut scratch.found);
            if matches!(rule.detect, Detect::Assigned { value: None }) {
                seen.confirm(None, None, &mut found);
            } else if let Ok(compiled) = lazy.get(rule) {
                seen.confirm(Some(compiled), Some(scratch.regexes.get(used.rule, compiled)), &mut found);
            }
            let weigh = |found| Candidate::weigh(rule, found, &literal, bytes, &self.forms, self.weighing);
            found.drain(..).filter_map(weigh).for_each(&mut each);
            scratch.found = found;
        }
    }
}

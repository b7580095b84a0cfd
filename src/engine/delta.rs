//! Carrying over: from what is known of a text to what is known of one that has parts in common with it.
//!
//! A history is full of texts that differ in a line. Matching is local, so what became of a literal in the old text
//! becomes of it in the new one, wherever all the bytes that it depends on were copied. New are only the gaps between
//! copies: inserted bytes, and seams where two copies meet. There the prefilter looks for literals that touch the gap;
//! and literals that were copied, but so near to the edge of a copy that they look beyond it, are tried anew.
//!
//! ```text
//! base     ····L········L···········|···············
//! derived  ····L········L··| gap |·L···············     L  a literal
//!                     ╰──────╯   ╰──────╯               its window crosses an edge: tried anew
//! ```
//!
//! The outcome equals that of learning the derived text by itself; `tests/delta.rs` holds it to that.

use std::ops::Range;

use crate::model::Copied;

use super::decode;
use super::knowledge::{Knowledge, run_window};
use super::prefilter::Hit;
use super::{Engine, Scratch};

/// A text that is derived from another.
pub struct Derivation<'a> {
    /// The derived text.
    pub bytes: &'a [u8],
    /// What is known of the base.
    pub base: &'a Knowledge,
    /// Length of the base in bytes.
    pub base_length: usize,
    /// The parts in common, sorted by `to` and disjoint there.
    pub copies: &'a [Copied],
}

impl Derivation<'_> {
    /// True if the bytes of the base from `start` to `end` stand in the derived text as `copy` brings them. A window may
    /// reach beyond the text, if it does so at the same end of both.
    fn holds(&self, copy: &Copied, (start, end): (isize, usize)) -> bool {
        let copy_end = copy.from + copy.length;
        let begins = start >= copy.from as isize || (copy.from == 0 && copy.to == 0);
        let end_together = copy_end == self.base_length && copy.to + copy.length == self.bytes.len();
        begins && (end <= copy_end || end_together)
    }

    /// True if a run of the derived text was one in the base already, and what became of it is carried.
    fn is_carried(&self, span: &Range<usize>) -> bool {
        let after = self.copies.partition_point(|copy| copy.to <= span.start);
        let Some(copy) = after.checked_sub(1).map(|i| &self.copies[i]) else { return false };
        let (start, end) = run_window(span);
        let end = end as isize - shift(copy);
        self.holds(copy, (start - shift(copy), end.max(0) as usize))
    }

    /// The gaps between copies, also empty ones where two copies meet; and the ends of the text, where the base did not
    /// end.
    fn gaps(&self) -> Vec<Range<usize>> {
        let mut gaps = Vec::with_capacity(self.copies.len() + 1);
        let mut end = 0;
        for (i, copy) in self.copies.iter().enumerate() {
            let begin_together = i == 0 && copy.from == 0 && copy.to == 0;
            if !begin_together {
                gaps.push(end..copy.to);
            }
            end = copy.to + copy.length;
        }
        let end_together = end == self.bytes.len()
            && self.copies.last().is_some_and(|copy| copy.from + copy.length == self.base_length);
        if !end_together {
            gaps.push(end..self.bytes.len());
        }
        gaps
    }
}

impl Engine {
    /// Learns a text that is derived from a known one: the same as [`Engine::learn`] on its bytes, with less work.
    pub fn learn_derived(&self, derivation: &Derivation<'_>, scratch: &mut Scratch) -> Knowledge {
        let mut knowledge = Knowledge::default();
        let gaps = derivation.gaps();
        let mut again = Vec::new();
        for copy in derivation.copies {
            self.carry(derivation, copy, &mut knowledge, &mut again);
        }
        let carried = knowledge.hits.len();
        for gap in &gaps {
            self.find_in_gap(derivation.bytes, gap, &mut knowledge.hits);
        }
        again.extend_from_slice(&knowledge.hits[carried..]);
        // Two gaps near each other may have brought up the same hit.
        again.sort_unstable();
        again.dedup();
        knowledge.hits.sort();
        knowledge.hits.dedup();
        for hit in again {
            self.confirm_outcome(derivation.bytes, hit, scratch, &mut knowledge.outcomes);
        }
        for region in regions(derivation.bytes, &gaps) {
            let start = region.start;
            decode::runs(&derivation.bytes[region], |mut run| {
                run.span = run.span.start + start..run.span.end + start;
                if !derivation.is_carried(&run.span) {
                    self.run_outcomes(&run, scratch, &mut knowledge.outcomes);
                }
            });
        }
        knowledge
    }

    /// Takes over what lies in one copy: hits, and outcomes; hits that look beyond it go to `again`.
    fn carry(&self, derivation: &Derivation<'_>, copy: &Copied, knowledge: &mut Knowledge, again: &mut Vec<Hit>) {
        let source = copy.from..copy.from + copy.length;
        let shift = shift(copy);
        let base = derivation.base;
        let first = base.hits.partition_point(|hit| (hit.at as usize) < source.start);
        for hit in base.hits[first..].iter().take_while(|hit| (hit.at as usize) < source.end) {
            let literal = self.prefilter.span(*hit);
            if literal.end > source.end {
                continue;
            }
            let moved = Hit { at: (literal.start as isize + shift) as u32, literal: hit.literal };
            knowledge.hits.push(moved);
            if !derivation.holds(copy, self.windows[hit.literal as usize].about(&literal)) {
                again.push(moved);
            }
        }
        // Outcomes are few: all are looked at.
        for outcome in base.outcomes.iter().filter(|outcome| derivation.holds(copy, outcome.window)) {
            knowledge.outcomes.push(outcome.shifted(shift));
        }
    }

    /// Appends the hits that touch a gap, or lie across an empty one.
    fn find_in_gap(&self, bytes: &[u8], gap: &Range<usize>, hits: &mut Vec<Hit>) {
        let margin = self.prefilter.longest().saturating_sub(1);
        let start = gap.start.saturating_sub(margin);
        let end = (gap.end + margin).min(bytes.len());
        let first = hits.len();
        self.prefilter.find(&bytes[start..end], hits);
        let mut kept = first;
        for i in first..hits.len() {
            let hit = Hit { at: hits[i].at + start as u32, literal: hits[i].literal };
            let literal = self.prefilter.span(hit);
            if literal.start < gap.end && literal.end > gap.start {
                hits[kept] = hit;
                kept += 1;
            }
        }
        hits.truncate(kept);
    }
}

/// How much further on a copy stands than its source.
fn shift(copy: &Copied) -> isize {
    copy.to as isize - copy.from as isize
}

/// The stretches about the gaps in which runs of encoded text may have changed: up to the next bytes that are part of
/// none. Sorted and disjoint.
fn regions(bytes: &[u8], gaps: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut regions: Vec<Range<usize>> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        let floor = regions.last().map_or(0, |region| region.end);
        if gap.end < floor {
            continue;
        }
        let from = gap.start.max(floor);
        let before = bytes[floor..from].iter().rev().take_while(|b| !decode::ends_runs(**b)).count();
        let behind = bytes[gap.end..].iter().take_while(|b| !decode::ends_runs(**b)).count();
        let region = from - before..gap.end + behind;
        match regions.last_mut() {
            Some(last) if region.start <= last.end => last.end = region.end,
            _ => regions.push(region),
        }
    }
    regions
}

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
use crate::model::rule::Probe;

use super::decode::{Family, extent};
use super::knowledge::{Knowledge, run_window};
use super::prefilter::Hit;
use super::{Engine, Scratch};

/// What is copied of fewer bytes is looked at like what is new: that takes less than to look at two seams.
const SHORTEST: usize = 32;

/// A text that is derived from another.
#[derive(Clone, Copy)]
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
        let copies: Vec<Copied> = derivation.copies.iter().filter(|copy| copy.length >= SHORTEST).copied().collect();
        let derivation = &Derivation { copies: &copies, ..*derivation };
        let gaps = derivation.gaps();
        let mut knowledge = Knowledge::default();
        knowledge.hits.reserve_exact(derivation.base.hits.len());
        let mut carrier = Carrier { engine: self, derivation, scratch, knowledge, next: 0, done: 0 };
        // A gap stands before each copy, but for the first, if both texts begin with it.
        let mut copies = derivation.copies.iter();
        if gaps.first().is_none_or(|gap| gap.end > copies.as_slice().first().map_or(0, |copy| copy.to)) {
            copies.next().into_iter().for_each(|copy| carrier.carry(copy));
        }
        for gap in &gaps {
            carrier.find_in_gap(gap);
            copies.next().into_iter().for_each(|copy| carrier.carry(copy));
        }
        let Carrier { mut knowledge, .. } = carrier;
        for family in Family::ALL {
            for region in regions(derivation.bytes, &gaps, family) {
                let start = region.start;
                family.runs(&derivation.bytes[region], |mut run| {
                    run.span = run.span.start + start..run.span.end + start;
                    if !derivation.is_carried(&run.span) {
                        self.run_outcomes(&run, scratch, &mut knowledge.outcomes);
                    }
                });
            }
        }
        knowledge.sort_outcomes();
        knowledge
    }
}

/// Fills in what is known of the derived text, from its beginning to its end.
struct Carrier<'a> {
    engine: &'a Engine,
    derivation: &'a Derivation<'a>,
    scratch: &'a mut Scratch,
    knowledge: Knowledge,
    /// The base's first hit behind the copy before this one.
    next: usize,
    /// Where the gap before this one ended.
    done: usize,
}

impl Carrier<'_> {
    /// Takes over what lies in one copy: hits and outcomes. Hits that look beyond it are tried anew.
    fn carry(&mut self, copy: &Copied) {
        let Derivation { base, bytes, .. } = *self.derivation;
        let source = copy.from..copy.from + copy.length;
        let shift = shift(copy);
        self.next = seek(&base.hits, self.next, source.start);
        for &hit in base.hits[self.next..].iter().take_while(|hit| (hit.at as usize) < source.end) {
            self.next += 1;
            let window = hit.window();
            if !self.derivation.holds(copy, (window.start as isize, window.end)) {
                continue;
            }
            let moved = Hit { at: (hit.at as isize + shift) as u32, probe: hit.probe };
            self.knowledge.hits.push(moved);
            if !self.derivation.holds(copy, self.engine.windows[hit.probe as usize].about(hit)) {
                self.engine.confirm_outcome(bytes, moved, self.scratch, &mut self.knowledge.outcomes);
            }
        }
        let held = base.outcomes_from(copy).iter().take_while(|outcome| outcome.window.0 < source.end as isize);
        for outcome in held.filter(|outcome| self.derivation.holds(copy, outcome.window)) {
            self.knowledge.outcomes.push(outcome.shifted(shift));
        }
    }

    /// Finds the hits whose windows touch a gap, or lie across an empty one, and tries them. All that were found before
    /// stand before them.
    fn find_in_gap(&mut self, gap: &Range<usize>) {
        const MARGIN: usize = Probe::LONGEST - 1;
        let bytes = self.derivation.bytes;
        let start = gap.start.saturating_sub(MARGIN);
        let end = (gap.end + MARGIN).min(bytes.len());
        let hits = &mut self.knowledge.hits;
        let first = hits.len();
        self.engine.prefilter.find(&bytes[start..end], hits);
        let mut kept = first;
        for i in first..hits.len() {
            let hit = Hit { at: hits[i].at + start as u32, probe: hits[i].probe };
            let window = hit.window();
            // What touches the gap before, too, was found there.
            if window.start >= self.done && window.start < gap.end && window.end > gap.start {
                hits[kept] = hit;
                kept += 1;
            }
        }
        hits.truncate(kept);
        self.done = gap.end;
        for hit in first..kept {
            let hit = self.knowledge.hits[hit];
            self.engine.confirm_outcome(bytes, hit, self.scratch, &mut self.knowledge.outcomes);
        }
    }
}

/// The first of `hits` at or behind `place`; the search begins at `near`, which mostly is not far away.
fn seek(hits: &[Hit], near: usize, place: usize) -> usize {
    const NEAR: usize = 8;
    let is_before = |hit: &Hit| (hit.at as usize) < place;
    if near > 0 && !is_before(&hits[near - 1]) {
        return hits[..near].partition_point(is_before);
    }
    let rest = &hits[near..];
    match rest.iter().take(NEAR).position(|hit| !is_before(hit)) {
        Some(steps) => near + steps,
        None => near + rest.partition_point(is_before),
    }
}

/// How much further on a copy stands than its source.
fn shift(copy: &Copied) -> isize {
    copy.to as isize - copy.from as isize
}

/// The stretches about the gaps in which runs of a family may have changed: up to the next bytes that are part of
/// none. Sorted and disjoint; those that are too short to hold a run are left out.
fn regions(bytes: &[u8], gaps: &[Range<usize>], family: Family) -> Vec<Range<usize>> {
    let ends = family.ends();
    let mut regions: Vec<Range<usize>> = Vec::new();
    // The last one, which may still grow.
    let mut open = 0..0;
    for gap in gaps {
        if gap.end < open.end {
            continue;
        }
        let from = gap.start.max(open.end);
        let region = extent(bytes, open.end, from..gap.end, |byte| !ends[usize::from(byte)]);
        if region.start > open.end {
            regions.extend(Some(open).filter(|region| region.len() >= family.shortest()));
            open = region;
        } else {
            open.end = region.end;
        }
    }
    regions.extend(Some(open).filter(|region| region.len() >= family.shortest()));
    regions
}

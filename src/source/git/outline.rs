//! The outline of a tree: of all its entries only those that lead to blobs that are looked for.
//!
//! Those are the blobs themselves, and all subtrees, for what is in them is not known yet. A tree that is stored as what
//! differs from another one has most of its outline from that one's: what a copy has of whole entries need not be made
//! out again. Where entries begin cannot be seen in the middle of a tree, so an outline remembers some such places.

use gix::hash;
use memchr::memchr;

use crate::source::Copied;

/// Places where entries begin are remembered about so many bytes apart.
const APART: usize = 128;

/// An entry of a tree, as two numbers: its name (see `names`), and the tree or blob that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub name: u32,
    pub child: u32,
}

/// A tree whose entries cannot be made out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// What there is of interest in a tree, and where.
#[derive(Default, Debug)]
pub(super) struct Outline {
    marks: Vec<Mark>,
    /// Where some of the entries begin, and where the last one ends; ascending.
    anchors: Vec<u32>,
}

/// An entry of interest, and its bytes.
#[derive(Clone, Copy, Debug)]
struct Mark {
    start: u32,
    end: u32,
    edge: Edge,
}

impl Outline {
    /// Traces a tree. `base` is the outline of one from which these `copies` are; `edge` tells of the bytes of an entry
    /// (mode, space, name, NUL and id) whether it is of interest.
    ///
    /// # Errors
    /// If an entry cannot be made out. What comes before it is in the outline.
    pub fn trace(
        &mut self,
        bytes: &[u8],
        hash: hash::Kind,
        base: Option<(&Outline, &[Copied])>,
        mut edge: impl FnMut(&[u8]) -> Result<Option<Edge>, Malformed>,
    ) -> Result<(), Malformed> {
        self.marks.clear();
        self.anchors.clear();
        let mut base = base.map(|(outline, copies)| Base { outline, copies, anchor: usize::MAX, mark: usize::MAX });
        let mut start = 0;
        let mut next_anchor = 0;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let mut known = None;
            if let Some(base) = &mut base
                && let Some((was, limit)) = base.locate(start)
            {
                if let Some(after) = base.leap(start, was, limit, self) {
                    start = after;
                    next_anchor = after;
                    continue;
                }
                known = base.mark(was, limit);
            }
            let (length, edge) = match known {
                Some(mark) => ((mark.end - mark.start) as usize, Some(mark.edge)),
                None => {
                    let length = memchr(0, rest).ok_or(Malformed)? + 1 + hash.len_in_bytes();
                    (length, edge(rest.get(..length).ok_or(Malformed)?)?)
                }
            };
            if start >= next_anchor {
                self.anchors.push(start as u32);
                next_anchor = start + APART;
            }
            let end = start + length;
            if let Some(edge) = edge {
                self.marks.push(Mark { start: start as u32, end: end as u32, edge });
            }
            start = end;
        }
        self.anchors.push(start as u32);
        Ok(())
    }

    /// The entries of interest, in the order of the tree.
    pub fn edges(&self) -> impl DoubleEndedIterator<Item = Edge> + ExactSizeIterator + '_ {
        self.marks.iter().map(|mark| mark.edge)
    }
}

/// What the tree that is being traced has from another one: a cursor that moves along the copies.
struct Base<'a> {
    outline: &'a Outline,
    /// The copies that do not lie behind.
    copies: &'a [Copied],
    /// The first anchor, and the first mark, that do not lie behind within the copy in hand.
    anchor: usize,
    mark: usize,
}

impl Base<'_> {
    /// Where a place in the tree was in the base, and where the copy that has it from there ends in the base.
    fn locate(&mut self, place: usize) -> Option<(usize, usize)> {
        while let Some((copy, others)) = self.copies.split_first() {
            if place < copy.to + copy.length {
                if place < copy.to {
                    return None;
                }
                let was = place - copy.to + copy.from;
                let Outline { marks, anchors } = self.outline;
                // A copy may lie before the one before it.
                if self.anchor == usize::MAX {
                    self.anchor = anchors.partition_point(|anchor| (*anchor as usize) < was);
                    self.mark = marks.partition_point(|mark| (mark.start as usize) < was);
                }
                while anchors.get(self.anchor).is_some_and(|anchor| (*anchor as usize) < was) {
                    self.anchor += 1;
                }
                while marks.get(self.mark).is_some_and(|mark| (mark.start as usize) < was) {
                    self.mark += 1;
                }
                return Some((was, copy.from + copy.length));
            }
            self.copies = others;
            self.anchor = usize::MAX;
        }
        None
    }

    /// Takes over all that lies between the entry that begins here, if it is known that it did so in the base as well, and
    /// the last such one within the same copy; answers where that one begins.
    fn leap(&mut self, start: usize, was: usize, limit: usize, outline: &mut Outline) -> Option<usize> {
        let Outline { marks, anchors } = self.outline;
        let ahead = anchors.get(self.anchor..)?;
        if ahead.first().copied()? as usize != was {
            return None;
        }
        let count =
            ahead.partition_point(|anchor| *anchor as usize <= limit).checked_sub(1).filter(|count| *count > 0)?;
        let last = ahead.get(count).copied()?;
        // Modulo 2^32: a copy may have moved either way.
        let moved = |place: u32| place.wrapping_add(start as u32).wrapping_sub(was as u32);
        outline.anchors.extend(ahead.iter().take(count).map(|anchor| moved(*anchor)));
        let kept = marks.get(self.mark..)?.iter().take_while(|mark| mark.start < last);
        let before = outline.marks.len();
        outline.marks.extend(kept.map(|mark| Mark { start: moved(mark.start), end: moved(mark.end), edge: mark.edge }));
        self.mark += outline.marks.len() - before;
        self.anchor += count;
        Some(moved(last) as usize)
    }

    /// The entry of interest that begins there in the base, if all of it was copied.
    fn mark(&self, was: usize, limit: usize) -> Option<Mark> {
        let mark = self.outline.marks.get(self.mark)?;
        (mark.start as usize == was && mark.end as usize <= limit).then_some(*mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random numbers below a bound (xorshift64).
    fn random(state: &mut u64, below: usize) -> usize {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state % below as u64) as usize
    }

    /// An entry whose id has many NUL bytes; what is of interest has an `i` in its name.
    fn entry(state: &mut u64) -> Vec<u8> {
        let name: String = (0..1 + random(state, 12)).map(|_| ['a', 'i', 'x', '4'][random(state, 4)]).collect();
        let id: Vec<u8> = (0..20).map(|_| [0, b'1', b' ', 7][random(state, 4)]).collect();
        [format!("100644 {name}\0").as_bytes(), &id].concat()
    }

    fn judge(entry: &[u8]) -> Result<Option<Edge>, Malformed> {
        let sum = entry.iter().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
        Ok(entry.contains(&b'i').then_some(Edge { name: sum, child: entry.len() as u32 }))
    }

    fn traced(bytes: &[u8], base: Option<(&Outline, &[Copied])>) -> (Outline, Result<(), Malformed>) {
        let mut outline = Outline::default();
        let result = outline.trace(bytes, hash::Kind::Sha1, base, judge);
        (outline, result)
    }

    #[test]
    fn what_is_taken_over_from_a_base_is_what_would_have_been_made_out() {
        let mut state = 1;
        let mut derivations = 0;
        for round in 0..300 {
            let count = 1 + random(&mut state, 60);
            let mut tree: Vec<u8> = (0..count).flat_map(|_| entry(&mut state)).collect();
            let (mut outline, result) = traced(&tree, None);
            assert_eq!(result, Ok(()));
            // One tree out of the other, ten times: cut anywhere, so that entries may come out askew.
            for _ in 0..10 {
                let (mut next, mut copies, mut from) = (Vec::new(), Vec::new(), 0);
                while from < tree.len() {
                    let length = (1 + random(&mut state, 700)).min(tree.len() - from);
                    copies.push(Copied { from, to: next.len(), length });
                    next.extend_from_slice(&tree[from..from + length]);
                    from += length;
                    match random(&mut state, if round % 2 == 0 { 3 } else { 4 }) {
                        // Bytes in place of others, a whole entry, nothing, or a jump.
                        0 => {
                            let length = random(&mut state, 30).min(tree.len() - from);
                            next.extend((0..length).map(|_| b'i'));
                            from += length;
                        }
                        1 => next.extend(entry(&mut state)),
                        2 => {}
                        _ if next.len() < 10_000 => from = random(&mut state, tree.len()),
                        _ => {}
                    }
                }
                let (whole, result) = traced(&next, None);
                let (derived, derived_result) = traced(&next, Some((&outline, &copies)));
                assert_eq!(derived_result, result);
                assert!(derived.edges().eq(whole.edges()));
                if result.is_err() {
                    break;
                }
                derivations += 1;
                (tree, outline) = (next, derived);
            }
        }
        assert!(derivations > 100, "{derivations}");
    }
}

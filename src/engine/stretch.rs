//! Stretches: a run of bytes that every match of a regex holds.
//!
//! A key is thirty-two hexadecimal digits, say, and there is no such run near most places where its provider is named.
//! Of all runs of places that the regex's syntax tree shows, the one that is least likely by chance is kept, and sought
//! by looking at every thirty-second byte before the regex is run, or even compiled.

use std::ops::Range;

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::byte_set::ByteSet;

/// So many bytes in a row, or more, of a set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    set: ByteSet,
    length: usize,
}

impl Stretch {
    /// The most telling stretch that every match of a regex holds.
    pub fn of(hir: &Hir) -> Option<Self> {
        let mut parts = Vec::new();
        flatten(hir, &mut parts);
        let mut best: Option<Stretch> = None;
        for first in 0..parts.len() {
            let mut joined = Stretch { set: ByteSet::default(), length: 0 };
            for part in &parts[first..] {
                let Some(part) = all_of(part) else { break };
                joined.set.union(&part.set);
                joined.length += part.length;
                if best.is_none_or(|best| joined.bits() > best.bits()) {
                    best = Some(joined);
                }
            }
        }
        best.filter(|best| best.length > 0)
    }

    /// What all bytes of a match are, and how many it has at least.
    pub fn all_of(hir: &Hir) -> Option<Self> {
        all_of(hir)
    }

    /// The set that its bytes are of.
    pub fn set(&self) -> &ByteSet {
        &self.set
    }

    /// Whether there is one in a part of a text.
    pub fn is_in(&self, bytes: &[u8], range: Range<usize>) -> bool {
        let text = &bytes[range];
        let mut start = 0;
        while let Some(places) = text.get(start..start + self.length) {
            match places.iter().rposition(|byte| !self.set.contains(*byte)) {
                Some(at) => start += at + 1,
                None => return true,
            }
        }
        false
    }

    /// How unlikely it is by chance, in bits.
    fn bits(&self) -> f32 {
        self.length as f32 * (8.0 - (self.set.len().max(1) as f32).log2())
    }
}

/// The parts of a sequence, and of sequences within it.
fn flatten<'a>(hir: &'a Hir, parts: &mut Vec<&'a Hir>) {
    match hir.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        HirKind::Capture(capture) => flatten(&capture.sub, parts),
        _ => parts.push(hir),
    }
}

/// What all bytes of a match are, and how many it has at least.
fn all_of(hir: &Hir) -> Option<Stretch> {
    let length = hir.properties().minimum_len()?;
    let mut set = ByteSet::default();
    collect(hir, &mut set)?;
    Some(Stretch { set, length })
}

fn collect(hir: &Hir, set: &mut ByteSet) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            literal.0.iter().for_each(|byte| set.insert(*byte));
            Some(())
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().flat_map(|r| r.start()..=r.end()).for_each(|byte| set.insert(byte));
            Some(())
        }
        HirKind::Class(Class::Unicode(_)) => None,
        HirKind::Capture(capture) => collect(&capture.sub, set),
        HirKind::Repetition(repetition) => collect(&repetition.sub, set),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().try_for_each(|part| collect(part, set)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::literals;

    fn stretch(regex: &str) -> Stretch {
        Stretch::of(&literals::parse(regex).unwrap()).unwrap()
    }

    #[test]
    fn the_most_telling_stretch_is_kept() {
        let key = stretch(r"(?i:acme)(?s:.){0,40}?[^0-9A-Za-z](?<secret>[0-9a-f]{32})(?:[^0-9A-Za-z]|\z)");
        assert_eq!(key.length, 32);
        let uuid = stretch("x.{3,9}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
        assert_eq!(uuid.length, 31);
        assert_eq!(stretch("acme_(?:[a-f]{20}|[0-9]{24,30})").length, 25);
    }

    #[test]
    fn a_stretch_is_found_wherever_it_stands() {
        let digits = stretch("[0-9]{5}");
        for (text, there) in
            [("12345", true), ("1234", false), ("a1234b12345", true), ("12345b", true), ("1234b1234", false)]
        {
            assert_eq!(digits.is_in(text.as_bytes(), 0..text.len()), there, "{text}");
        }
        assert!(!digits.is_in(b"a12345b", 0..5));
    }
}

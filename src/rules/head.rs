//! Heads: which bytes a match can begin with, place by place.
//!
//! A short literal such as `pat` stands everywhere, but what follows it in a token does not: fourteen letters or digits,
//! then a dot. Those places are read off the regex's syntax tree, and a few table look-ups turn most literals away
//! before the regex is run, or even compiled.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::byte_set::ByteSet;
use crate::rules::literals;

/// So many places are looked at, at most.
const LONGEST: usize = 24;

/// The bytes that the first places of every match hold.
#[derive(Debug, Default)]
pub struct Head(Vec<ByteSet>);

impl Head {
    /// The head of a regex; an empty one, which fits anything, if it cannot be told.
    pub fn of(regex: &str) -> Self {
        literals::parse(regex).map_or_else(|_| Head::default(), |hir| Head::of_hir(&hir))
    }

    /// The head of a regex that was parsed.
    pub fn of_hir(hir: &Hir) -> Self {
        let mut head = Head::default();
        head.extend(hir);
        head
    }

    /// What each place may hold.
    pub fn places(&self) -> &[ByteSet] {
        &self.0
    }

    /// True unless no match can begin where `text` does.
    pub fn fits(&self, text: &[u8]) -> bool {
        text.len() >= self.0.len() && self.0.iter().zip(text).all(|(bytes, byte)| bytes.contains(*byte))
    }

    /// Adds the places of one part; false if the next part's place is not fixed then.
    fn extend(&mut self, hir: &Hir) -> bool {
        if self.0.len() >= LONGEST {
            return false;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                self.0.extend(literal.0.iter().map(|byte| ByteSet::of(*byte)));
                true
            }
            HirKind::Class(class) => self.push_class(class),
            HirKind::Capture(capture) => self.extend(&capture.sub),
            HirKind::Repetition(repetition) => {
                let fixed = (0..repetition.min).all(|_| self.extend(&repetition.sub));
                fixed && repetition.max == Some(repetition.min)
            }
            HirKind::Concat(parts) => parts.iter().all(|part| self.extend(part)),
            HirKind::Alternation(parts) => self.extend_by_any(parts),
        }
    }

    fn push_class(&mut self, class: &Class) -> bool {
        let Class::Bytes(class) = class else { return false };
        self.0.push(class.ranges().iter().flat_map(|r| r.start()..=r.end()).collect());
        true
    }

    /// As far as all alternatives go, each place holds what any of them has there.
    fn extend_by_any(&mut self, parts: &[Hir]) -> bool {
        let mut heads: Vec<Head> = Vec::with_capacity(parts.len());
        let mut fixed = true;
        for part in parts {
            let mut head = Head::default();
            fixed &= head.extend(part);
            heads.push(head);
        }
        let shortest = heads.iter().map(|head| head.0.len()).min().unwrap_or(0);
        fixed &= heads.iter().all(|head| head.0.len() == shortest);
        for place in 0..shortest {
            let mut bytes = ByteSet::default();
            heads.iter().for_each(|head| bytes.union(&head.0[place]));
            self.0.push(bytes);
        }
        fixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_fit_what_the_regex_matches_and_little_else() {
        let head = Head::of(r"\b(?<secret>pat[0-9A-Za-z]{14}\.[0-9a-f]{64})\b");
        assert!(head.fits(b"patAbCdEfGh012345.0123456789abcdef"));
        assert!(!head.fits(b"path/to/something/that/is/long"));
        assert!(!head.fits(b"pat"));
    }

    #[test]
    fn alternatives_and_options_end_what_is_known() {
        let head = Head::of("(?:live|test)_(?:pub_)?[0-9a-f]{35}");
        assert!(head.fits(b"test_pub_0123"));
        assert!(head.fits(b"live_"));
        assert!(!head.fits(b"lest-"));
        let head = Head::of("a{2,3}b");
        assert!(head.fits(b"aa") && !head.fits(b"ab"));
    }
}

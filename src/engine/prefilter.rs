//! The prefilter: one pass over the bytes finds the literals of all rules at once, without regard to ASCII case.
//!
//! Of each literal a probe is looked for, eight bytes at most, and to find that, four bytes of it that are rare in source
//! text: its gram (see `rules::probe`, where they are chosen). All grams are hashed into a bitmap of 32 KiB, which stays
//! in the first-level cache. For every position of the input, its gram is hashed and looked up: one multiplication, one
//! load, one bit. Only where it is set does a table tell which probes have the gram, and only then are bytes compared.
//! (Two bits for each gram, as in a Bloom filter, turn more away, and take longer than what they save.)
//!
//! Case is folded by setting bit 5 of every byte. That folds a few other pairs too (`_` and DEL, `@` and backtick),
//! which costs a comparison now and then and never a hit. Where a place of a gram may hold one of several bytes, each
//! spelling enters the bitmap.

use std::ops::Range;

use crate::model::RuleIndex;
use crate::model::byte_set::ByteSet;
use crate::model::rule::{List, Literal, Probe, Str};
use crate::rules::RuleSet;

/// Bits of the number of words: 2^12 words are 32 KiB.
const WORD_BITS: u32 = 12;
const FOLD: u32 = 0x2020_2020;

/// A probe at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Offset of its first byte. Whether it is there depends on the [`Probe::LONGEST`] bytes from here.
    pub at: u32,
    /// Which probe, for [`Prefilter::uses`].
    pub probe: u32,
}

impl Hit {
    /// The bytes that it depends on; near the end of a text they lie beyond it in part.
    pub fn window(self) -> Range<usize> {
        let at = self.at as usize;
        at..at + Probe::LONGEST
    }
}

/// A literal that a probe may be part of, and the rule that it calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The rule.
    pub rule: RuleIndex,
    /// The literal, in lower case.
    pub text: Str,
    /// Bytes of the literal before the probe.
    pub before: u8,
    /// Bytes between the beginning of a match and the literal, where that number is fixed.
    pub lead: Option<u16>,
}

impl Use {
    /// Where the literal stands, if it does stand about the probe at `at`.
    pub fn literal(&self, bytes: &[u8], at: usize) -> Option<Range<usize>> {
        let start = at.checked_sub(usize::from(self.before))?;
        let end = start + self.text.len();
        // What the probe holds was compared before.
        let whole = self.text.len() <= Probe::LONGEST
            || bytes.get(start..end).is_some_and(|b| b.eq_ignore_ascii_case(self.text.as_bytes()));
        whole.then_some(start..end)
    }
}

/// Finds the literals of a rule set.
pub struct Prefilter {
    bitmap: Box<[u64; 1 << WORD_BITS]>,
    table: GramTable,
    probes: Vec<Entry>,
    uses: Vec<Use>,
}

/// A probe, and which of the uses are its.
struct Entry {
    text: Str,
    part: Range<usize>,
    tail: List<ByteSet>,
    gram: u8,
    uses: Range<usize>,
}

impl Entry {
    fn part(&self) -> &[u8] {
        &self.text.as_bytes()[self.part.clone()]
    }

    /// The literal part of the probe, and a mask of the bits that have to agree.
    fn bytes(&self) -> (u64, u64) {
        let (mut bytes, mut mask) = ([0; Probe::LONGEST], [0; Probe::LONGEST]);
        for (place, byte) in self.part().iter().enumerate() {
            mask[place] = if byte.is_ascii_alphabetic() { !0x20 } else { 0xff };
            bytes[place] = byte & mask[place];
        }
        (u64::from_le_bytes(bytes), u64::from_le_bytes(mask))
    }

    /// Whether what must follow the literal part, which stands at `at`, is there, and both are within the text.
    fn is_followed(&self, bytes: &[u8], at: usize) -> bool {
        let rest = bytes.get(at + self.part.len()..);
        rest.is_some_and(|rest| {
            rest.len() >= self.tail.len() && self.tail.iter().zip(rest).all(|(set, byte)| set.contains(*byte))
        })
    }

    /// Hands every spelling of the gram, folded, to `each`.
    fn grams(&self, mut each: impl FnMut(u32)) {
        let gram = usize::from(self.gram);
        if let Some(&[a, b, c, d]) = self.part().get(gram..).and_then(|part| part.first_chunk::<4>()) {
            return each(u32::from_le_bytes([a, b, c, d]) | FOLD);
        }
        let part = self.part().iter().map(|byte| ByteSet::of(*byte));
        let mut places = part.chain(self.tail.iter().copied()).chain(std::iter::repeat(ByteSet::ALL)).skip(gram);
        let mut folded = || places.next().iter().flat_map(ByteSet::iter).map(|byte| byte | 0x20).collect::<ByteSet>();
        let [a, b, c, d] = [folded(), folded(), folded(), folded()];
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (a, b))) {
            for (c, d) in c.iter().flat_map(|c| d.iter().map(move |d| (c, d))) {
                each(u32::from_le_bytes([a, b, c, d]));
            }
        }
    }
}

/// The part of a literal that its probe is.
fn part(literal: &Literal) -> Range<usize> {
    let start = usize::from(literal.probe.start);
    start..literal.text.len().min(start + Probe::LONGEST)
}

impl Prefilter {
    /// Prepares for the literals of all rules.
    pub fn new(rules: &RuleSet) -> Self {
        let mut literals: Vec<(RuleIndex, &Literal)> =
            rules.iter().flat_map(|(rule, r)| r.literals.iter().map(move |literal| (rule, literal))).collect();
        fn key(literal: &Literal) -> (&[u8], &[ByteSet], u8) {
            (&literal.text.as_bytes()[part(literal)], &literal.probe.tail, literal.probe.gram)
        }
        literals.sort_by(|(_, a), (_, b)| key(a).cmp(&key(b)));
        let mut probes: Vec<Entry> = Vec::with_capacity(literals.len());
        let mut uses = Vec::with_capacity(literals.len());
        for same in literals.chunk_by(|(_, a), (_, b)| key(a) == key(b)) {
            let first = uses.len();
            uses.extend(same.iter().map(|(rule, literal)| Use {
                rule: *rule,
                text: literal.text.clone(),
                before: literal.probe.start,
                lead: literal.lead,
            }));
            let literal = same[0].1;
            let Probe { gram, ref tail, .. } = literal.probe;
            let entry = Entry {
                text: literal.text.clone(),
                part: part(literal),
                tail: tail.clone(),
                gram,
                uses: first..uses.len(),
            };
            probes.push(entry);
        }
        Prefilter::of(probes, uses)
    }

    fn of(probes: Vec<Entry>, uses: Vec<Use>) -> Self {
        let mut bitmap = Box::new([0u64; 1 << WORD_BITS]);
        let mut spellings = Vec::with_capacity(4 * probes.len());
        for (number, probe) in (0u32..).zip(&probes) {
            let (bytes, mask) = probe.bytes();
            probe.grams(|gram| {
                let (word, bit) = place(gram);
                bitmap[word] |= 1 << bit;
                spellings.push(Spelling { gram, probe: number, bytes, mask, offset: probe.gram });
            });
        }
        Prefilter { bitmap, table: GramTable::new(spellings), probes, uses }
    }

    /// The literals that a probe may be part of, with their rules.
    pub fn uses(&self, probe: u32) -> &[Use] {
        &self.uses[self.probes[probe as usize].uses.clone()]
    }

    /// How many probes there are.
    pub fn len(&self) -> u32 {
        self.probes.len() as u32
    }

    /// True if there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.probes.is_empty()
    }

    /// Appends all hits in `bytes` to `hits`, sorted by place. Of inputs over 4 GiB only the first 4 GiB are looked
    /// at: sources hand over less.
    pub fn find(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        let first = hits.len();
        for (at, window) in bytes.windows(4).enumerate() {
            let gram = u32::from_le_bytes([window[0], window[1], window[2], window[3]]) | FOLD;
            if self.may_be_one(gram) {
                self.check(bytes, at, gram, hits);
            }
        }
        // The last three bytes make no gram, but may be a literal: then any fourth byte will do.
        if let Some(&[a, b, c]) = bytes.last_chunk::<3>() {
            let gram = u32::from_le_bytes([a, b, c, 0]) | FOLD;
            if self.may_be_one(gram) {
                self.check(bytes, bytes.len() - 3, gram, hits);
            }
        }
        if hits.len() - first > 1 {
            hits[first..].sort_unstable();
        }
    }

    #[inline(always)]
    fn may_be_one(&self, gram: u32) -> bool {
        let (word, bit) = place(gram);
        self.bitmap[word] >> bit & 1 != 0
    }

    #[cold]
    fn check(&self, bytes: &[u8], at: usize, gram: u32, hits: &mut Vec<Hit>) {
        for spelling in self.table.get(gram) {
            if let Some(start) = at.checked_sub(usize::from(spelling.offset))
                && eight(bytes, start) & spelling.mask == spelling.bytes
                && self.probes[spelling.probe as usize].is_followed(bytes, start)
            {
                hits.push(Hit { at: start as u32, probe: spelling.probe });
            }
        }
    }
}

/// Eight bytes from a place, the first lowest; zeros stand for those beyond the end.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let eight = rest.first_chunk().copied().unwrap_or_else(|| {
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        eight
    });
    u64::from_le_bytes(eight)
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4): the upper bits are the good ones.
#[inline(always)]
fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1)
}

/// Where a gram stands in the bitmap: the word, and the bit of it.
#[inline(always)]
fn place(gram: u32) -> (usize, u32) {
    let hash = hash(gram);
    ((hash >> (32 - WORD_BITS)) as usize, hash >> (32 - WORD_BITS - 6) & 63)
}

/// From grams to the probes that have them: open addressing, a power of two of slots, at most half of them in use. Small,
/// for what streams by between two look-ups drives it out of the caches.
struct GramTable {
    /// Where the run of a gram begins in `spellings`, or [`FREE`].
    slots: Vec<u32>,
    /// Sorted, so that those of a gram stand side by side.
    spellings: Vec<Spelling>,
}

const FREE: u32 = u32::MAX;

/// A probe by one spelling of its gram, with all of its literal part to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spelling {
    /// The gram, folded.
    gram: u32,
    /// Which probe.
    probe: u32,
    /// The probe's bytes, the first lowest, and a mask of the bits that have to agree: all but the case of letters.
    bytes: u64,
    mask: u64,
    /// Offset of the gram in the probe.
    offset: u8,
}

impl GramTable {
    fn new(mut spellings: Vec<Spelling>) -> Self {
        spellings.sort_unstable();
        let size = (spellings.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![FREE; size];
        let mut start = 0;
        for run in spellings.chunk_by(|a, b| a.gram == b.gram) {
            let mut slot = slot(run[0].gram, size);
            while slots[slot] != FREE {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = start;
            start += run.len() as u32;
        }
        GramTable { slots, spellings }
    }

    fn get(&self, gram: u32) -> impl Iterator<Item = &Spelling> {
        let mask = self.slots.len() - 1;
        let mut slot = slot(gram, self.slots.len());
        let run = loop {
            match self.spellings.get(self.slots[slot] as usize..) {
                Some([first, ..]) if first.gram != gram => slot = (slot + 1) & mask,
                run => break run.unwrap_or_default(),
            }
        };
        run.iter().take_while(move |spelling| spelling.gram == gram)
    }
}

/// The slot of a gram in a table of so many, a power of two.
fn slot(gram: u32, size: usize) -> usize {
    ((u64::from(hash(gram)) * size as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::{head::Head, probe};

    /// A prefilter of plain literals, and of those with a tail, given as a regex.
    fn prefilter(texts: &[&str]) -> Prefilter {
        let entry = |(number, text): (usize, &&str)| {
            let plain = text.trim_end_matches("[0-9a-f]{9}");
            let mut literal = Literal { text: plain.to_owned().into(), lead: Some(0), probe: Probe::default() };
            let regex = format!("{}{}", regex_syntax::escape(plain), &text[plain.len()..]);
            probe::choose(&mut literal, &Head::of(&regex));
            let Probe { gram, ref tail, .. } = literal.probe;
            let used = Use {
                rule: RuleIndex(number as u32),
                text: literal.text.clone(),
                before: literal.probe.start,
                lead: None,
            };
            let uses = number..number + 1;
            (Entry { text: literal.text.clone(), part: part(&literal), tail: tail.clone(), gram, uses }, used)
        };
        let (probes, uses) = texts.iter().enumerate().map(entry).unzip();
        Prefilter::of(probes, uses)
    }

    /// The literals that are found, by place.
    fn found(bytes: &[u8]) -> Vec<(usize, usize)> {
        let prefilter = prefilter(TEXTS);
        let mut hits = Vec::new();
        prefilter.find(bytes, &mut hits);
        assert!(hits.is_sorted());
        let uses = hits.iter().flat_map(|hit| prefilter.uses(hit.probe).iter().map(|used| (hit.at as usize, used)));
        let mut found: Vec<_> =
            uses.filter_map(|(at, used)| Some((used.literal(bytes, at)?.start, used.rule.0 as usize))).collect();
        found.sort_unstable();
        found
    }

    /// What must be found, the slow and plain way.
    fn expected(bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        for at in 0..bytes.len() {
            for (number, text) in TEXTS.iter().enumerate() {
                let plain = text.trim_end_matches("[0-9a-f]{9}");
                let follows = if plain.len() < text.len() { Probe::LONGEST.saturating_sub(plain.len()) } else { 0 };
                if let Some((begin, rest)) = bytes[at..].split_at_checked(plain.len())
                    && begin.eq_ignore_ascii_case(plain.as_bytes())
                    && rest.len() >= follows
                    && rest[..follows].iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
                {
                    hits.push((at, number));
                }
            }
        }
        hits
    }

    const TEXTS: &[&str] = &[
        "ghp_",
        "key",
        "password",
        "-----begin",
        "sk-",
        "pass",
        "aaaa",
        "aaa",
        "[x]@",
        "a.b",
        "ck_[0-9a-f]{9}",
        "apassword",
        "test_[0-9a-f]{9}",
        "passwords_and_more",
    ];

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(TEXTS).prop_map(|t| t.replace("[0-9a-f]{9}", "").into_bytes()),
                prop::sample::select(TEXTS).prop_map(|t| t.replace("[0-9a-f]{9}", "01f").to_ascii_uppercase().into_bytes()),
                prop::collection::vec(any::<u8>(), 0..6),
                "[0-9a-f]{0,6}".prop_map(String::into_bytes),
                prop::sample::select(b"aA.-_\x7f@`[{pkeys".to_vec()).prop_map(|b| vec![b]),
            ], 0..40)) {
            let bytes = parts.concat();
            prop_assert_eq!(found(&bytes), expected(&bytes));
        }
    }

    #[test]
    fn a_literal_may_end_the_input() {
        for text in ["a key", "ghp_", "sk-", "the PASSWORD", "ck_01", "ck_0123456789", "passwords_and_more"] {
            assert_eq!(found(text.as_bytes()), expected(text.as_bytes()), "{text}");
        }
    }
}

//! The prefilter: one pass over the bytes finds the literals of all rules at once, without regard to ASCII case.
//!
//! From each literal one run of four bytes (a gram) is picked, the one that is rarest in source text. All grams are
//! hashed into a blocked Bloom filter of 16 KiB (Putze, Sanders and Singler 2007), which stays in the first-level cache:
//! each gram sets two bits of one word. For every position of the input, its gram is hashed and looked up: one
//! multiplication, one load, two bits. Only where both are set does a table tell which literals have the gram, and only
//! then are bytes compared.
//!
//! Case is folded by setting bit 5 of every byte. That folds a few other pairs too (`_` and DEL, `@` and backtick),
//! which costs a comparison now and then and never a hit. A literal of three bytes enters the filter with every
//! possible fourth byte.

use std::ops::Range;

use crate::model::RuleIndex;
use crate::rules::RuleSet;

/// Bits of the number of words: 2^11 words are 16 KiB.
const WORD_BITS: u32 = 11;
const FOLD: u32 = 0x2020_2020;

/// A literal at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Offset of the literal's first byte.
    pub at: u32,
    /// Which literal, for [`Prefilter::uses`].
    pub literal: u32,
}

/// A rule that a literal calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The rule.
    pub rule: RuleIndex,
    /// Bytes between the beginning of a match and the literal, where that number is fixed.
    pub lead: Option<u16>,
}

/// Finds the literals of a rule set.
pub struct Prefilter {
    filter: Box<[u64; 1 << WORD_BITS]>,
    long: GramTable,
    short: GramTable,
    literals: Vec<Entry>,
    longest: usize,
}

struct Entry {
    text: Box<[u8]>,
    uses: Vec<Use>,
}

impl Prefilter {
    /// Prepares for the literals of all rules.
    pub fn new(rules: &RuleSet) -> Self {
        let mut named: Vec<(&str, Use)> = rules
            .iter()
            .flat_map(|(rule, r)| r.literals.iter().map(move |l| (l.text.as_ref(), Use { rule, lead: l.lead })))
            .collect();
        named.sort_by(|a, b| a.0.cmp(b.0).then(a.1.rule.cmp(&b.1.rule)));
        let mut literals: Vec<Entry> = Vec::new();
        for (text, used) in named {
            match literals.last_mut() {
                Some(last) if *last.text == *text.as_bytes() => last.uses.push(used),
                _ => literals.push(Entry { text: text.as_bytes().into(), uses: vec![used] }),
            }
        }
        Prefilter::of(literals)
    }

    fn of(literals: Vec<Entry>) -> Self {
        let mut filter = Box::new([0u64; 1 << WORD_BITS]);
        let mut set = |gram: u32| {
            let (word, bits) = place(gram);
            filter[word] |= bits;
        };
        let (mut long, mut short) = (Vec::new(), Vec::new());
        for (index, literal) in (0u32..).zip(&literals) {
            match *literal.text {
                [a, b, c] => {
                    for last in 0..=255 {
                        set(u32::from_le_bytes([a, b, c, last]) | FOLD);
                    }
                    short.push((u32::from_le_bytes([a, b, c, 0]) | (FOLD >> 8), index, 0));
                }
                ref text => {
                    if let Some((offset, gram)) = rarest_gram(text) {
                        set(gram);
                        long.push((gram, index, offset));
                    }
                }
            }
        }
        let longest = literals.iter().map(|l| l.text.len()).max().unwrap_or(0);
        Prefilter { filter, long: GramTable::new(long), short: GramTable::new(short), literals, longest }
    }

    /// The rules that a literal calls for.
    pub fn uses(&self, literal: u32) -> &[Use] {
        &self.literals[literal as usize].uses
    }

    /// How many literals there are.
    pub fn len(&self) -> u32 {
        self.literals.len() as u32
    }

    /// True if there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.literals.is_empty()
    }

    /// Length of the longest literal in bytes.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Where a hit's literal stands.
    pub fn span(&self, hit: Hit) -> Range<usize> {
        let start = hit.at as usize;
        start..start + self.literals[hit.literal as usize].text.len()
    }

    /// Appends all hits in `bytes` to `hits`, sorted by place. Of inputs over 4 GiB only the first 4 GiB are looked
    /// at: sources hand over less.
    pub fn find(&self, bytes: &[u8], hits: &mut Vec<Hit>) {
        let first = hits.len();
        for (at, window) in bytes.windows(4).enumerate() {
            let gram = u32::from_le_bytes([window[0], window[1], window[2], window[3]]) | FOLD;
            let (word, bits) = place(gram);
            if self.filter[word] & bits == bits {
                self.check(bytes, at, gram, hits);
            }
        }
        // The last three bytes make no gram, but may be a literal.
        if let Some(&[a, b, c]) = bytes.last_chunk::<3>() {
            self.check_short(bytes, bytes.len() - 3, u32::from_le_bytes([a, b, c, 0]) | FOLD, hits);
        }
        hits[first..].sort_unstable();
    }

    #[cold]
    fn check(&self, bytes: &[u8], at: usize, gram: u32, hits: &mut Vec<Hit>) {
        for &(_, literal, offset) in self.long.get(gram) {
            let text = &self.literals[literal as usize].text;
            if let Some(start) = at.checked_sub(offset as usize)
                && bytes.get(start..start + text.len()).is_some_and(|b| b.eq_ignore_ascii_case(text))
            {
                hits.push(Hit { at: start as u32, literal });
            }
        }
        self.check_short(bytes, at, gram, hits);
    }

    fn check_short(&self, bytes: &[u8], at: usize, gram: u32, hits: &mut Vec<Hit>) {
        for &(_, literal, _) in self.short.get(gram & 0x00ff_ffff) {
            if bytes[at..at + 3].eq_ignore_ascii_case(&self.literals[literal as usize].text) {
                hits.push(Hit { at: at as u32, literal });
            }
        }
    }
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4): the upper bits are the good ones.
#[inline(always)]
fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1)
}

/// Where a gram stands in the filter: the word, and the two bits of it.
#[inline(always)]
fn place(gram: u32) -> (usize, u64) {
    let hash = hash(gram);
    let word = (hash >> (32 - WORD_BITS)) as usize;
    (word, 1 << (hash >> 15 & 63) | 1 << (hash >> 9 & 63))
}

/// The offset and the folded bytes of the gram of `text` that is rarest in source text.
fn rarest_gram(text: &[u8]) -> Option<(u8, u32)> {
    let (offset, window) =
        text.windows(4).take(200).enumerate().min_by_key(|(_, w)| w.iter().map(|&b| commonness(b)).sum::<u32>())?;
    Some((offset as u8, u32::from_le_bytes([window[0], window[1], window[2], window[3]]) | FOLD))
}

/// How often a byte stands in source text: a rank, 0 for the rarest.
fn commonness(byte: u8) -> u32 {
    const BY_FREQUENCY: &[u8] = b"etaoinsrlcdupm fhgb_y.v-w,k/;:\"x='0(1)2<>zjq";
    BY_FREQUENCY.iter().position(|&b| b == byte.to_ascii_lowercase()).map_or(0, |rank| 60 - rank as u32)
}

/// From grams to the literals that have them: open addressing, a power of two of slots, at most half of them in use.
struct GramTable {
    /// Gram, and where its run of `entries` begins and ends. An empty run marks a free slot.
    slots: Vec<(u32, u32, u32)>,
    entries: Vec<(u32, u32, u8)>,
}

impl GramTable {
    fn new(mut entries: Vec<(u32, u32, u8)>) -> Self {
        entries.sort_unstable();
        let size = (entries.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![(0, 0, 0); size];
        let mut start = 0;
        for run in entries.chunk_by(|a, b| a.0 == b.0) {
            let gram = run[0].0;
            let mut slot = (hash(gram) >> 8) as usize & (size - 1);
            while slots[slot].1 != slots[slot].2 {
                slot = (slot + 1) & (size - 1);
            }
            let end = start + run.len() as u32;
            slots[slot] = (gram, start, end);
            start = end;
        }
        GramTable { slots, entries }
    }

    fn get(&self, gram: u32) -> &[(u32, u32, u8)] {
        let mask = self.slots.len() - 1;
        let mut slot = (hash(gram) >> 8) as usize & mask;
        loop {
            let (found, start, end) = self.slots[slot];
            if start == end {
                return &[];
            }
            if found == gram {
                return &self.entries[start as usize..end as usize];
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefilter(texts: &[&str]) -> Prefilter {
        let entry = |t: &&str| Entry { text: t.as_bytes().into(), uses: Vec::new() };
        Prefilter::of(texts.iter().map(entry).collect())
    }

    /// What the prefilter must find, the slow and plain way.
    fn expected(texts: &[&str], bytes: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for at in 0..bytes.len() {
            for (literal, text) in (0u32..).zip(texts) {
                if bytes[at..].get(..text.len()).is_some_and(|b| b.eq_ignore_ascii_case(text.as_bytes())) {
                    hits.push(Hit { at: at as u32, literal });
                }
            }
        }
        hits
    }

    const TEXTS: &[&str] = &["ghp_", "key", "password", "-----begin", "sk-", "pass", "aaaa", "aaa", "[x]@", "a.b"];

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(TEXTS).prop_map(|t| t.as_bytes().to_vec()),
                prop::sample::select(TEXTS).prop_map(|t| t.to_ascii_uppercase().into_bytes()),
                prop::collection::vec(any::<u8>(), 0..6),
                prop::sample::select(b"aA.-_\x7f@`[{pkey".to_vec()).prop_map(|b| vec![b]),
            ], 0..40)) {
            let bytes = parts.concat();
            let mut hits = Vec::new();
            prefilter(TEXTS).find(&bytes, &mut hits);
            prop_assert_eq!(hits, expected(TEXTS, &bytes));
        }
    }

    #[test]
    fn a_literal_may_end_the_input() {
        for text in ["a key", "ghp_", "sk-", "the PASSWORD"] {
            let mut hits = Vec::new();
            prefilter(TEXTS).find(text.as_bytes(), &mut hits);
            assert_eq!(hits, expected(TEXTS, text.as_bytes()), "{text}");
        }
    }
}

//! Probes: the few bytes of a literal that the prefilter looks for.
//!
//! What makes a prefilter fast is to look for what is hardly ever there. Of each literal the four bytes are chosen that
//! stand in the fewest texts (`ilei` of `fileio`, not `file`); the 4,096 commonest of source text are known, the
//! commonest first. A short literal such as `ck_` is the better for what must follow it: two hexadecimal digits, say.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use crate::model::byte_set::ByteSet;
use crate::model::rule::{Literal, Probe};
use crate::rules::head::Head;

/// Counted on the files of three public programs in C, Rust and Go with their manuals and tests: runs of four of the
/// bytes that literals are made of, upper case taken for lower. A tilde stands for a space.
const COMMON: &str = include_str!("grams.txt");

/// A gram of which so many spellings would have to be looked for is no better than a literal without its tail.
const MOST_SPELLINGS: usize = 64;

/// Chooses the probe of a literal; `head` is that of its rule's regex.
pub fn choose(literal: &mut Literal, head: &Head) {
    let text = literal.text.as_bytes();
    let behind = literal.lead.map(|lead| usize::from(lead) + text.len());
    let room = Probe::LONGEST.saturating_sub(text.len());
    let tail: &[ByteSet] = behind.and_then(|behind| head.places().get(behind..)).unwrap_or_default();
    let tail = &tail[..tail.len().min(room)];
    let places: Vec<ByteSet> = text.iter().map(|byte| ByteSet::of(*byte)).chain(tail.iter().copied()).collect();
    let rarest = (0..)
        .zip(places.windows(4))
        .filter(|(_, places)| spellings(places) <= MOST_SPELLINGS)
        .min_by_key(|(_, places)| frequency(places))
        .map_or(0, |(at, _)| at);
    let start = if text.len() > Probe::LONGEST { rarest.min(text.len() - Probe::LONGEST) } else { 0 };
    let (start, gram) = (start.min(u8::MAX.into()), rarest - start);
    literal.probe = Probe { start: start as u8, gram: gram as u8, tail: Cow::Owned(tail.to_vec()) };
}

fn spellings(places: &[ByteSet]) -> usize {
    places.iter().map(ByteSet::len).product()
}

/// About how often any spelling of a gram stands in source text: a number to compare with others.
fn frequency(places: &[ByteSet]) -> u64 {
    let mut grams: Vec<Vec<u8>> = vec![Vec::new()];
    for set in places {
        let longer = |gram: &Vec<u8>| {
            set.iter().map(|byte| [&gram[..], &[byte.to_ascii_lowercase()]].concat()).collect::<Vec<_>>()
        };
        grams = grams.iter().flat_map(longer).collect();
    }
    grams.iter().map(|gram| frequency_of(gram)).sum()
}

/// The commonest gram counts [`OFTEN`], and others the less the lower they stand in the list (Zipf's law).
fn frequency_of(gram: &[u8]) -> u64 {
    static RANKS: OnceLock<HashMap<Vec<u8>, u64>> = OnceLock::new();
    const OFTEN: u64 = 1_000_000;
    let ranks = RANKS.get_or_init(|| COMMON.lines().map(|gram| gram.replace('~', " ").into_bytes()).zip(1..).collect());
    match ranks.get(gram) {
        Some(rank) => OFTEN / rank,
        // Not in the list: the letters tell a little. All together stay below the last of the list.
        None => gram.iter().map(|byte| commonness(*byte)).sum(),
    }
}

/// How often a byte stands in source text: a rank, 0 for the rarest.
fn commonness(byte: u8) -> u64 {
    const BY_FREQUENCY: &[u8] = b"etaoinsrlcdupm fhgb_y.v-w,k/;:\"x='0(1)2<>zjq";
    BY_FREQUENCY.iter().position(|&b| b == byte).map_or(0, |rank| 60 - rank as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes and places that are looked for, as far as they are text.
    fn chosen(text: &str, lead: Option<u16>, regex: &str) -> (String, String, usize) {
        let mut literal = Literal { text: text.to_owned().into(), lead, probe: Probe::default() };
        choose(&mut literal, &Head::of(regex));
        let Probe { start, gram, tail } = &literal.probe;
        let part: String = text.chars().skip(usize::from(*start)).take(Probe::LONGEST).collect();
        let gram = part.chars().skip(usize::from(*gram)).take(4).collect();
        (part, gram, tail.len())
    }

    #[test]
    fn the_rarest_gram_is_looked_for() {
        assert_eq!(chosen("fileio", None, "").1, "ilei");
        assert_eq!(chosen("-----begin", None, ""), ("---begin".to_owned(), "---b".to_owned(), 0));
        assert_eq!(chosen("password", None, "").0, "password");
    }

    #[test]
    fn what_must_follow_a_short_literal_is_part_of_the_probe() {
        assert_eq!(chosen("ck_", Some(0), "ck_[0-9a-f]{40}"), ("ck_".to_owned(), "ck_".to_owned(), 5));
        assert_eq!(chosen("test_", Some(0), "test_[0-9a-f]{35}"), ("test_".to_owned(), "st_".to_owned(), 3));
        assert_eq!(chosen("key", None, "key[0-9]{3}").2, 0);
    }
}

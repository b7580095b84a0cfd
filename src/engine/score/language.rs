//! Is it words? A model of which letter follows which two, to tell names and prose from random text.
//!
//! The costs in `trigrams.txt` were counted by `benches/accuracy/language.py`, which describes them, on the words of public
//! sources and their documentation. Words cost 3 to 4 bits a letter, random letters 6 to 7.

use std::sync::LazyLock;

use super::dictionary;

/// A run of letters that costs fewer bits a letter than this reads as words.
const WORDY: f32 = 4.8;
/// One that costs fewer than this is a word.
const PLAIN: f32 = 4.2;
/// Shorter runs of letters say nothing.
const SHORTEST: usize = 4;

/// The share of `text` that stands in runs of letters which read as words, 0 to 1. Each hump of camel case begins a word.
pub fn share_of_words(text: &[u8]) -> f32 {
    let runs = text.split(|byte| !byte.is_ascii_alphabetic());
    let wordy: usize = runs.filter(|r| r.len() >= SHORTEST && bits_per_letter(r) < WORDY).map(<[u8]>::len).sum();
    wordy as f32 / text.len().max(1) as f32
}

/// True for a run of letters that reads as a word beyond doubt: made-up letters hardly ever do.
pub fn is_word(run: &[u8]) -> bool {
    run.iter().all(u8::is_ascii_alphabetic) && bits_per_letter(run) < PLAIN
}

/// How a text reads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// The share of it that stands in runs of letters which read as words, 0 to 1.
    pub share: f32,
    /// Mean cost of its letters, in eighths of a bit.
    pub cost: u32,
    /// The same of its longest run of letters.
    pub cost_of_longest: u32,
    /// The same of the run that reads least like a word, of those of four letters or more.
    pub worst: u32,
    /// The share of its letters that stand in words of the dictionary.
    pub known: f32,
    /// The length of its longest word.
    pub longest_word: usize,
    /// The number of its words.
    pub words: usize,
    /// The number of runs of three letters or more that are no words.
    pub unknown: usize,
}

/// Reads a text.
pub fn read(text: &[u8]) -> Reading {
    let mut reading = Reading { share: share_of_words(text), ..Reading::default() };
    let (mut letters, mut cost, mut longest, mut known) = (0, 0.0, 0, 0);
    for run in runs(text) {
        let bits = bits_per_letter(run);
        letters += run.len();
        cost += bits * run.len() as f32;
        if run.len() > longest {
            longest = run.len();
            reading.cost_of_longest = (bits * 8.0) as u32;
        }
        if run.len() >= 4 {
            reading.worst = reading.worst.max((bits * 8.0) as u32);
        }
        let covered = dictionary::cover(run);
        known += covered.letters;
        reading.words += covered.words;
        reading.longest_word = reading.longest_word.max(covered.longest);
        reading.unknown += usize::from(run.len() >= 3 && covered.letters < run.len());
    }
    if letters > 0 {
        reading.cost = (cost * 8.0 / letters as f32) as u32;
        reading.known = known as f32 / letters as f32;
    }
    reading
}

/// The runs of letters of a text, cut at humps of camel case.
fn runs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.chunk_by(|a, b| {
        a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && !(a.is_ascii_lowercase() && b.is_ascii_uppercase())
    })
    .filter(|run| run[0].is_ascii_alphabetic())
}

/// The number of symbols: the letters, and the border of a word.
const SYMBOLS: usize = 27;
const BORDER: usize = SYMBOLS - 1;

/// What each letter costs behind two others, in eighths of a bit.
static COSTS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rows = include_str!("trigrams.txt").lines().filter(|line| !line.starts_with("# "));
    rows.flat_map(str::bytes).map(|byte| byte - b'#').collect()
});

/// Mean cost of the letters of a run and of its end, in bits.
fn bits_per_letter(run: &[u8]) -> f32 {
    let costs = COSTS.as_slice();
    let (mut first, mut second) = (BORDER, BORDER);
    let mut lower_before = false;
    let mut cost = 0u32;
    for letter in run {
        if lower_before && letter.is_ascii_uppercase() {
            (first, second) = (BORDER, BORDER);
        }
        lower_before = letter.is_ascii_lowercase();
        let index = usize::from(letter.to_ascii_lowercase() - b'a');
        cost += u32::from(costs[(first * SYMBOLS + second) * SYMBOLS + index]);
        (first, second) = (second, index);
    }
    cost += u32::from(costs[(first * SYMBOLS + second) * SYMBOLS + BORDER]);
    cost as f32 / 8.0 / (run.len() + 1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_cost_for_every_three_symbols() {
        assert_eq!(COSTS.len(), SYMBOLS.pow(3));
    }

    #[test]
    fn words_are_told_from_random_letters() {
        for words in ["password", "ThereCanBeOnlyOne", "my-database-name", "configuration"] {
            assert!(share_of_words(words.as_bytes()) > 0.7, "{words}");
        }
        for random in ["xkqzvbwj", "9f8a7c6b5d4e", "qXzPvKwJ"] {
            assert!(share_of_words(random.as_bytes()) < 0.3, "{random}");
        }
    }

    #[test]
    fn words_are_told_from_letters() {
        for word in ["secret", "token", "service", "wonder", "passed"] {
            assert!(is_word(word.as_bytes()), "{word} {}", bits_per_letter(word.as_bytes()));
        }
        for letters in ["ecailwxh", "baceqayi", "acohim", "iken4", "mddizerd"] {
            assert!(!is_word(letters.as_bytes()), "{letters} {}", bits_per_letter(letters.as_bytes()));
        }
    }
}

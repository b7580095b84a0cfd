//! Is it words? A model of which letter follows which, to tell names and prose from random text.
//!
//! The table holds `-16 · log2 P(letter | letter before)`, for a to z and the border of a word (index 26), each between
//! 0 and 255. It was counted on the words of the documentation and sources of a large program in C with its manuals in
//! English (each word of a file counted three times at most). Words cost 3 to 4.5 bits a letter, random letters 6 to 8.

use super::dictionary;

/// A run of letters that costs fewer bits a letter than this reads as words.
const WORDY: f32 = 5.1;
/// One that costs fewer than this is a word.
const PLAIN: f32 = 4.4;
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

/// Mean cost of the letters of a run, in bits.
fn bits_per_letter(run: &[u8]) -> f32 {
    const BORDER: usize = 26;
    let mut before = BORDER;
    let mut lower_before = false;
    let mut cost = 0u32;
    for letter in run {
        if lower_before && letter.is_ascii_uppercase() {
            before = BORDER;
        }
        lower_before = letter.is_ascii_lowercase();
        let index = usize::from(letter.to_ascii_lowercase() - b'a');
        cost += u32::from(COST[before][index]);
        before = index;
    }
    cost as f32 / 16.0 / run.len().max(1) as f32
}

#[rustfmt::skip]
const COST: [[u8; 27]; 27] = [
    [191, 80, 61, 70, 160, 114, 79, 160, 70, 185, 96, 51, 71, 49, 196, 89, 186, 50, 60, 41, 86, 94, 126, 129, 95, 142, 96],
    [49, 107, 109, 105, 49, 159, 147, 167, 60, 65, 169, 46, 85, 154, 58, 135, 169, 57, 82, 123, 54, 141, 158, 168, 73, 166, 57],
    [58, 166, 85, 163, 54, 162, 166, 43, 85, 193, 61, 73, 92, 161, 36, 127, 188, 75, 128, 46, 83, 134, 163, 193, 135, 194, 70],
    [70, 138, 133, 99, 38, 145, 142, 171, 46, 158, 190, 102, 139, 141, 64, 148, 177, 111, 81, 140, 83, 126, 160, 137, 114, 207, 19],
    [72, 128, 63, 57, 89, 83, 117, 146, 120, 161, 176, 83, 86, 59, 122, 86, 118, 51, 52, 73, 152, 94, 110, 76, 134, 191, 32],
    [56, 190, 134, 138, 64, 65, 148, 169, 33, 183, 195, 80, 135, 116, 44, 134, 182, 73, 77, 84, 78, 175, 166, 167, 91, 199, 39],
    [94, 156, 106, 163, 41, 127, 101, 79, 45, 187, 168, 94, 145, 73, 86, 117, 183, 69, 79, 119, 76, 114, 137, 177, 128, 156, 22],
    [41, 162, 160, 143, 29, 154, 184, 146, 53, 182, 187, 140, 119, 126, 49, 165, 191, 95, 100, 84, 108, 171, 175, 190, 141, 161, 34],
    [89, 98, 74, 75, 83, 75, 74, 195, 150, 194, 129, 60, 85, 30, 62, 91, 159, 75, 61, 44, 173, 90, 206, 100, 214, 108, 107],
    [89, 126, 90, 109, 15, 130, 113, 124, 104, 88, 87, 120, 118, 125, 69, 106, 137, 116, 88, 111, 44, 132, 132, 119, 129, 130, 62],
    [102, 127, 144, 84, 31, 91, 89, 143, 52, 161, 119, 119, 146, 85, 71, 124, 164, 139, 60, 81, 106, 147, 124, 166, 131, 165, 25],
    [65, 140, 144, 77, 36, 116, 135, 178, 48, 204, 133, 53, 148, 143, 53, 113, 198, 128, 79, 73, 79, 119, 133, 200, 63, 187, 42],
    [40, 89, 154, 107, 36, 171, 176, 177, 51, 193, 109, 113, 57, 141, 54, 52, 184, 143, 94, 123, 78, 127, 186, 197, 119, 187, 54],
    [70, 152, 69, 57, 56, 84, 48, 163, 77, 194, 102, 104, 131, 104, 61, 125, 175, 124, 68, 48, 91, 105, 168, 204, 109, 183, 37],
    [126, 87, 85, 79, 115, 85, 96, 169, 97, 139, 103, 79, 60, 39, 82, 74, 208, 41, 82, 65, 61, 91, 76, 150, 182, 190, 56],
    [42, 169, 143, 85, 46, 146, 125, 112, 84, 203, 162, 58, 146, 164, 53, 75, 180, 50, 89, 57, 72, 174, 124, 178, 108, 182, 48],
    [108, 117, 111, 128, 123, 107, 111, 137, 119, 127, 124, 110, 120, 117, 112, 120, 82, 110, 93, 111, 10, 131, 113, 119, 131, 123, 40],
    [63, 121, 103, 94, 26, 112, 83, 170, 58, 197, 95, 103, 85, 90, 66, 130, 197, 81, 73, 74, 89, 121, 129, 207, 80, 210, 43],
    [85, 156, 91, 161, 45, 141, 136, 67, 61, 198, 114, 124, 127, 142, 83, 84, 146, 147, 70, 44, 68, 138, 131, 190, 105, 165, 25],
    [65, 169, 92, 119, 43, 116, 168, 51, 53, 208, 178, 109, 125, 161, 66, 110, 210, 66, 76, 90, 86, 182, 113, 142, 95, 165, 28],
    [81, 73, 69, 89, 72, 99, 95, 187, 79, 187, 174, 51, 74, 49, 117, 57, 187, 54, 45, 46, 155, 186, 193, 147, 177, 164, 100],
    [44, 153, 143, 157, 15, 152, 156, 171, 48, 171, 161, 167, 155, 97, 75, 160, 174, 162, 96, 151, 151, 155, 157, 173, 149, 164, 50],
    [50, 144, 123, 99, 54, 136, 166, 44, 40, 175, 140, 109, 151, 80, 47, 162, 175, 65, 82, 120, 151, 173, 132, 152, 168, 168, 42],
    [66, 136, 75, 111, 57, 123, 146, 139, 51, 151, 158, 131, 113, 147, 135, 32, 151, 127, 100, 47, 120, 151, 152, 94, 108, 135, 33],
    [132, 124, 125, 144, 90, 133, 136, 162, 92, 173, 174, 110, 82, 92, 78, 79, 163, 110, 75, 89, 166, 158, 121, 168, 141, 130, 7],
    [69, 122, 121, 103, 18, 124, 116, 128, 71, 131, 135, 95, 111, 120, 90, 133, 119, 106, 101, 120, 110, 120, 108, 114, 72, 72, 37],
    [64, 75, 56, 69, 69, 67, 85, 84, 68, 132, 127, 79, 72, 77, 70, 68, 134, 64, 54, 60, 80, 101, 74, 141, 132, 149, 255],
];

#[cfg(test)]
mod tests {
    use super::*;

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
        for letters in ["ecailwxh", "baceqayi", "acohim", "iken4", "mddizerd", "passwd"] {
            assert!(!is_word(letters.as_bytes()), "{letters} {}", bits_per_letter(letters.as_bytes()));
        }
    }
}

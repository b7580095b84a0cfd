//! The dictionary: words that source code and documentation are made of, to see how much of a value they cover.
//!
//! `words.txt` was counted by `benches/accuracy/language.py` in public repositories. Of the words only hashes are kept, in an open
//! table: a run of letters is taken for a word by mistake once in many thousand times, which is good enough for
//! evidence.

use std::sync::LazyLock;

/// The shortest and the longest word, in letters.
const SHORTEST: usize = 3;
const LONGEST: usize = 14;
/// Slots of the table: a power of two, about three for each word.
const SLOTS: usize = 1 << 15;

/// How much of a run of letters is words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Letters that stand in words.
    pub letters: usize,
    /// The number of words.
    pub words: usize,
    /// The length of the longest.
    pub longest: usize,
}

/// Hashes of the words; 0 is an empty slot.
static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut table = vec![0; SLOTS];
    let lines = include_str!("words.txt").lines().filter(|line| !line.starts_with("# "));
    for word in lines.flat_map(str::split_ascii_whitespace) {
        let hash = word.bytes().fold(EMPTY, step);
        let free = slots(hash).find(|slot| matches!(table[*slot], 0) || table[*slot] == hash);
        free.into_iter().for_each(|slot| table[slot] = hash);
    }
    table
});

/// FNV-1a, of 32 bits.
const EMPTY: u32 = 0x811c_9dc5;

fn step(hash: u32, letter: u8) -> u32 {
    (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193)
}

/// The slots that a hash may be in, in order.
fn slots(hash: u32) -> impl Iterator<Item = usize> {
    (0..SLOTS).map(move |step| ((hash ^ (hash >> 15)) as usize + step) % SLOTS)
}

fn holds(table: &[u32], hash: u32) -> bool {
    let slot = slots(hash).find(|slot| table[*slot] == 0 || table[*slot] == hash);
    slot.is_some_and(|slot| table[slot] == hash)
}

/// Covers a run of letters with words that stand side by side, as many of its letters as can be and with as few words.
pub fn cover(run: &[u8]) -> Cover {
    /// Longer runs are looked at in part: no name is that long.
    const LOOKED_AT: usize = 40;
    let table = TABLE.as_slice();
    let run = &run[..run.len().min(LOOKED_AT)];
    // The best cover of the letters before each place.
    let mut best = [Cover::default(); LOOKED_AT + 1];
    for start in 0..run.len() {
        if best[start + 1].letters < best[start].letters {
            best[start + 1] = best[start];
        }
        let mut hash = EMPTY;
        for (length, letter) in (1..=LONGEST).zip(&run[start..]) {
            hash = step(hash, letter.to_ascii_lowercase());
            if length < SHORTEST || !holds(table, hash) {
                continue;
            }
            let before = best[start];
            let with = Cover {
                letters: before.letters + length,
                words: before.words + 1,
                longest: before.longest.max(length),
            };
            let now = &mut best[start + length];
            if (with.letters, now.words) > (now.letters, with.words) {
                *now = with;
            }
        }
    }
    best[run.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_side_by_side() {
        assert_eq!(cover(b"password"), Cover { letters: 8, words: 1, longest: 8 });
        assert_eq!(cover(b"databasepassword"), Cover { letters: 16, words: 2, longest: 8 });
        assert_eq!(cover(b"PASSWORDxqz"), Cover { letters: 8, words: 1, longest: 8 });
        assert_eq!(cover(b"xqzvbw"), Cover::default());
        assert_eq!(cover(b""), Cover::default());
    }

    #[test]
    fn long_runs_are_looked_at_in_part() {
        assert!(cover(&b"password".repeat(100)).letters <= 40);
    }
}

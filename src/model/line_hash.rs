//! The hash by which code scanning recognises a line again after the lines above it have moved.
//!
//! SARIF results carry it as the partial fingerprint `primaryLocationLineHash`. The algorithm is the one that GitHub
//! documents and its upload action runs where a report lacks the value (github/codeql-action, `fingerprints.ts`), so
//! both arrive at the same text: a polynomial hash, multiplier 37, wrapping at 64 bits, over the 100 UTF-16 code units
//! from the line's start. Spaces and tabs are left out, every line end counts as one line feed, the end of the file as
//! 65535, and what is missing behind it as zeros. Lines with one hash are numbered: `hash:1`, `hash:2` …
//!
//! The hash covers the line in clear, and so tells 64 bits about a secret on it: a report may show it only for secrets
//! that have many more.

use std::collections::{BTreeSet, HashMap};

/// Code units that the hash of a line covers.
const WINDOW: usize = 100;
/// The multiplier of the polynomial.
const MULTIPLIER: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes of `lines` (from 1, in any order) of `text`, sorted by line, in one pass. A line that `text` does not
/// have is left out. Lines end with a line feed, a carriage return, or both in that order; invalid UTF-8 counts as
/// U+FFFD.
pub fn line_hashes(text: &[u8], lines: &[u64]) -> Vec<(u64, String)> {
    let mut hasher = Hasher::new(lines);
    for chunk in text.utf8_chunks() {
        for unit in chunk.valid().encode_utf16() {
            if hasher.done() {
                return hasher.found;
            }
            hasher.unit(unit);
        }
        if !chunk.invalid().is_empty() {
            hasher.unit(0xFFFD);
        }
    }
    hasher.finish()
}

/// The rolling state: the last [`WINDOW`] units, and which of them begin a line.
struct Hasher {
    wanted: BTreeSet<u64>,
    found: Vec<(u64, String)>,
    units: [u16; WINDOW],
    /// The line that begins at each unit of the window; 0 for none.
    starts: [u64; WINDOW],
    next: usize,
    hash: u64,
    /// `MULTIPLIER` to the power of `WINDOW`: what the oldest unit has been multiplied by when it leaves.
    oldest: u64,
    line: u64,
    at_line_start: bool,
    after_cr: bool,
    seen: HashMap<u64, u64>,
}

impl Hasher {
    fn new(lines: &[u64]) -> Self {
        Hasher {
            wanted: lines.iter().copied().collect(),
            found: Vec::new(),
            units: [0; WINDOW],
            starts: [0; WINDOW],
            next: 0,
            hash: 0,
            oldest: MULTIPLIER.wrapping_pow(WINDOW as u32),
            line: 0,
            at_line_start: true,
            after_cr: false,
            seen: HashMap::new(),
        }
    }

    fn done(&self) -> bool {
        self.found.len() == self.wanted.len()
    }

    /// Takes in the next unit of the text.
    fn unit(&mut self, mut unit: u16) {
        const LF: u16 = b'\n' as u16;
        const CR: u16 = b'\r' as u16;
        let second_of_pair = self.after_cr && unit == LF;
        self.after_cr = unit == CR;
        if second_of_pair || unit == u16::from(b' ') || unit == u16::from(b'\t') {
            return;
        }
        if unit == CR {
            unit = LF;
        }
        self.close();
        if self.at_line_start {
            self.line += 1;
            self.starts[self.next] = self.line;
        }
        self.at_line_start = unit == LF;
        self.push(unit);
    }

    /// If the window is full with a line's first unit as its oldest, the hash is that line's.
    fn close(&mut self) {
        let line = std::mem::take(&mut self.starts[self.next]);
        if line == 0 {
            return;
        }
        let count = self.seen.entry(self.hash).or_default();
        *count += 1;
        if self.wanted.contains(&line) {
            self.found.push((line, format!("{:x}:{count}", self.hash)));
        }
    }

    fn push(&mut self, unit: u16) {
        let leaving = std::mem::replace(&mut self.units[self.next], unit);
        self.hash = self
            .hash
            .wrapping_mul(MULTIPLIER)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.oldest.wrapping_mul(u64::from(leaving)));
        self.next = (self.next + 1) % WINDOW;
    }

    fn finish(mut self) -> Vec<(u64, String)> {
        self.unit(END);
        for _ in 0..WINDOW {
            self.close();
            self.push(0);
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let lines: Vec<u64> = (1..=20).collect();
        let hashes = line_hashes(text.as_bytes(), &lines);
        assert!(hashes.iter().zip(1..).all(|((line, _), n)| *line == n), "{hashes:?}");
        hashes.into_iter().map(|(_, hash)| hash).collect()
    }

    // Inputs and hashes are the published vectors of github/codeql-action.

    #[test]
    fn an_empty_file_has_one_line() {
        assert_eq!(all(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn blanks_do_not_count() {
        let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(all(" a\nb\n  \t\tc\n d"), expected);
    }

    #[test]
    fn all_line_ends_are_one() {
        let expected = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(all(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_with_one_hash_are_numbered() {
        let expected = [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(all(&"Lorem ipsum dolor sit amet.\n".repeat(10)), expected);
    }

    #[test]
    fn only_lines_that_exist_are_answered_for() {
        let text = "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n";
        let expected = vec![(3, "1131fd5871777f34:1".to_owned()), (7, "f1b89f20de0d133:1".to_owned())];
        assert_eq!(line_hashes(text.as_bytes(), &[7, 3, 99, 3]), expected);
        assert_eq!(line_hashes(b"text", &[]), vec![]);
    }
}

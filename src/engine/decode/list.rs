//! Lists of byte values: `[0x67, 0x68, …]`, `{103, 104, …}`.
//!
//! A run is a stretch of digits, commas and white space. Like those of [`super::radix`] it is found by looking at few
//! bytes: two places at a distance that both belong to one. Tables of numbers hardly ever read as text, and the first of
//! them tell.

use std::ops::Range;

use super::{Family, Map, Run, extent, is_text};
use crate::model::Encoding;

/// The shortest run, in bytes: a dozen numbers of two digits.
pub(super) const SHORTEST: usize = 32;
/// The fewest numbers that make a list.
const FEWEST: usize = 12;
/// So many numbers are read to see whether they are text.
const TASTE: usize = 16;
const STRIDE: usize = SHORTEST / 2;

/// True for bytes of lists.
pub(super) const fn is_part(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'X' | b',' | b' ' | b'\t' | b'\r' | b'\n')
}

pub(super) fn runs(bytes: &[u8], each: &mut impl FnMut(Run)) {
    let ends = Family::Lists.ends();
    let is_part = |byte: u8| !ends[usize::from(byte)];
    let mut probe = STRIDE - 1;
    let mut done = 0;
    while probe + STRIDE - 1 < bytes.len() {
        if !is_part(bytes[probe + STRIDE - 1]) || !is_part(bytes[probe]) {
            probe += STRIDE;
            continue;
        }
        let span = extent(bytes, done, probe..probe, is_part);
        done = span.end;
        probe = span.end + STRIDE;
        if span.len() >= SHORTEST {
            each_list(bytes, span, each);
        }
    }
}

/// Decodes a run, if it reads as text. What is no number of a list, such as a word of digits in front of it, reads as a line
/// feed.
fn each_list(bytes: &[u8], span: Range<usize>, each: &mut impl FnMut(Run)) {
    let encoded = &bytes[span.clone()];
    let taste: Vec<u8> = Numbers { encoded, at: 0 }.take(TASTE).map(|(_, byte)| byte.unwrap_or(b'\n')).collect();
    if !is_text(&taste) {
        return;
    }
    let (mut text, mut offsets, mut count) = (Vec::new(), Vec::new(), 0);
    for (at, byte) in (Numbers { encoded, at: 0 }) {
        count += usize::from(byte.is_some());
        text.push(byte.unwrap_or(b'\n'));
        offsets.push(at as u32);
    }
    let separates = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    offsets.push(encoded.iter().rposition(|byte| !separates(byte)).map_or(0, |last| last + 1) as u32);
    if count >= FEWEST && is_text(&text) {
        each(Run { encoding: Encoding::List, span, text, map: Map::Offsets(offsets) });
    }
}

/// What stands between commas: where, and the byte that it is the number of.
struct Numbers<'a> {
    encoded: &'a [u8],
    at: usize,
}

impl Iterator for Numbers<'_> {
    type Item = (usize, Option<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        // Behind the last comma there may be nothing more.
        let rest = self.encoded.get(self.at..).filter(|rest| !rest.trim_ascii().is_empty())?;
        let length = memchr::memchr(b',', rest).unwrap_or(rest.len());
        let item = &rest[..length];
        let start = self.at + (item.len() - item.trim_ascii_start().len());
        self.at += length + 1;
        Some((start, number(item.trim_ascii())))
    }
}

/// A number from 0 to 255: decimal, or hexadecimal behind `0x`.
fn number(item: &[u8]) -> Option<u8> {
    let (digits, radix) = match item {
        [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
        digits => (digits, 10),
    };
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        runs(text.as_bytes(), &mut |run| found.push(String::from_utf8_lossy(&run.text).into_owned()));
        found
    }

    /// A list as people write them.
    fn list(text: &str, style: usize) -> String {
        let item = |b: u8| if style.is_multiple_of(2) { format!("0x{b:02x}") } else { b.to_string() };
        let items: Vec<String> = text.bytes().map(item).collect();
        items.join([", ", ",", ",\n    ", " , "][style / 2 % 4])
    }

    proptest! {
        #[test]
        fn text_comes_back_and_places_map(
            front in "[a-z =\\[{\n]{0,40}",
            text in "[ -~]{16,60}",
            style in 0usize..8,
            word in 0usize..10,
        ) {
            let bytes = format!("{front}({}]", list(&text, style));
            let mut found = false;
            runs(bytes.as_bytes(), &mut |run| {
                if run.text == text.as_bytes() {
                    found = true;
                    let part = &bytes[run.encoded(&(word..word + 5))];
                    assert!(part.starts_with(&list(&text[word..word + 5], style)), "{part}");
                }
            });
            prop_assert!(found, "{bytes}");
        }
    }

    #[test]
    fn tables_and_short_lists_are_left_alone() {
        assert_eq!(all("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]"), Vec::<String>::new());
        assert_eq!(all("{200, 201, 255, 130, 150, 160, 170, 180, 190, 200, 210, 220}"), Vec::<String>::new());
        assert_eq!(all("[72, 101, 108, 108, 111]                           "), Vec::<String>::new());
    }
}

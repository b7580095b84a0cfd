//! Base64 and hexadecimal runs.
//!
//! A run of at least [`SHORTEST`] characters is found by looking at every [`SHORTEST`]th byte only; one that holds no
//! character of the alphabet ends all runs across it. Most runs are names and hashes: the first characters, decoded,
//! tell, for they are hardly ever text by chance.

use std::ops::Range;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding as Alphabet, HEXLOWER_PERMISSIVE};

use super::{Map, Run, extent, is_text};
use crate::model::Encoding;

/// The shortest run that is decoded, in characters: 15 bytes of base64.
const SHORTEST: usize = 20;
/// So many characters of a run are decoded to see whether it is text.
const TASTE: usize = 16;

/// Which bytes are digits of base64, in either alphabet. A table, for most bytes of most texts are looked up in it.
static IS_DIGIT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
        byte += 1;
    }
    table
};

fn is_digit(byte: u8) -> bool {
    IS_DIGIT[usize::from(byte)]
}

pub(super) fn runs(bytes: &[u8], each: &mut impl FnMut(Run)) {
    let mut probe = SHORTEST - 1;
    let mut done = 0;
    while probe < bytes.len() {
        if !is_digit(bytes[probe]) {
            probe += SHORTEST;
            continue;
        }
        let span = extent(bytes, done, probe..probe, is_digit);
        done = span.end;
        probe = span.end + SHORTEST;
        if span.len() >= SHORTEST {
            hex(bytes, &span, each);
            base64(bytes, span, each);
        }
    }
}

fn base64(bytes: &[u8], span: Range<usize>, each: &mut impl FnMut(Run)) {
    let run = &bytes[span.clone()];
    let url = run.iter().any(|b| matches!(b, b'-' | b'_'));
    if url && run.iter().any(|b| matches!(b, b'+' | b'/')) {
        return;
    }
    // A last group of one character is none: drop it.
    let length = run.len() - usize::from(run.len() % 4 == 1);
    let alphabet = if url { &BASE64URL_NOPAD } else { &BASE64_NOPAD };
    decode(alphabet, Encoding::Base64, (3, 4), &run[..length], span, each);
}

fn hex(bytes: &[u8], span: &Range<usize>, each: &mut impl FnMut(Run)) {
    let run = &bytes[span.clone()];
    // `0x6768…` is hexadecimal, too.
    let skip = if run.starts_with(b"0x") { 2 } else { 0 };
    let run = &run[skip..];
    if run.len().is_multiple_of(2) && run.iter().all(u8::is_ascii_hexdigit) {
        decode(&HEXLOWER_PERMISSIVE, Encoding::Hex, (1, 2), run, span.start + skip..span.end, each);
    }
}

fn decode(
    alphabet: &Alphabet,
    encoding: Encoding,
    (plain, encoded): (usize, usize),
    run: &[u8],
    span: Range<usize>,
    each: &mut impl FnMut(Run),
) {
    let taste = alphabet.decode(&run[..TASTE.min(run.len())]);
    if !taste.is_ok_and(|text| is_text(&text)) {
        return;
    }
    // Trailing bits that are not zero are a sign of something else, but what stands before them may still be text.
    let decoded = alphabet.decode(run).or_else(|_| alphabet.decode(&run[..run.len() / encoded * encoded]));
    if let Ok(text) = decoded
        && is_text(&text)
    {
        each(Run { encoding, span, text, map: Map::Groups(plain, encoded) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> Vec<(Range<usize>, String)> {
        let mut found = Vec::new();
        runs(bytes, &mut |run| found.push((run.span.clone(), String::from_utf8_lossy(&run.text).into_owned())));
        found
    }

    proptest! {
        #[test]
        fn text_comes_back_from_base64_and_spans_map(front in "[ \"=:\n]{0,30}", text in "[ -~]{15,200}", word in 0usize..10) {
            let encoded = data_encoding::BASE64.encode(text.as_bytes());
            let bytes = format!("{front}{encoded}");
            let mut found = false;
            runs(bytes.as_bytes(), &mut |run| {
                if run.encoding == Encoding::Base64 && run.text == text.as_bytes() {
                    found = true;
                    let span = run.encoded(&(word..word + 5));
                    let part = &bytes.as_bytes()[span.clone()];
                    let padded = format!("{}{}", String::from_utf8_lossy(part), "=".repeat((4 - part.len() % 4) % 4));
                    let plain = data_encoding::BASE64.decode(padded.as_bytes()).unwrap_or_default();
                    assert!(plain.windows(5).any(|w| w == &text.as_bytes()[word..word + 5]), "{span:?}");
                }
            });
            prop_assert!(found);
        }
    }

    #[test]
    fn hex_text_is_read_and_hashes_are_not() {
        let hex = data_encoding::HEXLOWER.encode(b"password = hunter2");
        assert_eq!(all(format!("x = \"{hex}\"").as_bytes()), [(5..5 + hex.len(), "password = hunter2".to_owned())]);
        assert_eq!(all(b"da39a3ee5e6b4b0d3255bfef95601890afd80709"), []);
        assert_eq!(all(b"an_identifier_that_is_quite_long_but_not_encoded"), []);
    }
}

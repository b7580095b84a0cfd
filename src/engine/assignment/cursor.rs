//! A place in a text, and what stands there: space, quotes, words.

use std::ops::Range;

use super::{GAP, VALUE};

/// A place in a text that moves on as things are read.
pub struct Cursor<'a> {
    /// The text, as far as it may be looked at.
    pub bytes: &'a [u8],
    /// The place in it.
    pub at: usize,
    /// True if the text goes on behind the bytes.
    pub cut: bool,
}

/// Quotes as they stand in text that is itself a string or a page: their character references and percent encodings.
const ENCODED_QUOTES: &[&[u8]] =
    &[b"&quot;", b"&#34;", b"&#39;", b"&#039;", b"&apos;", b"&#x27;", b"&#x22;", b"%22", b"%27", b"u0022", b"u0027"];

impl<'a> Cursor<'a> {
    /// The same text from another place.
    pub fn from(&self, at: usize) -> Self {
        Cursor { at, ..*self }
    }

    /// What stands from here on.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The byte that stands here.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Whether `text` stands here.
    pub fn starts_with(&self, text: &[u8]) -> bool {
        self.rest().starts_with(text)
    }

    /// Steps over `text` if it stands here, in any case.
    pub fn eat(&mut self, text: &[u8]) -> bool {
        let there = self.rest().get(..text.len()).is_some_and(|b| b.eq_ignore_ascii_case(text));
        self.at += if there { text.len() } else { 0 };
        there
    }

    /// Steps over blanks and tabs; how many.
    pub fn skip_space(&mut self) -> usize {
        let count = self.rest().iter().take(GAP).take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.at += count;
        count
    }

    /// Steps over white space, line ends too; true if there was a line end.
    pub fn skip_lines(&mut self) -> bool {
        let count = self.rest().iter().take(2 * GAP).take_while(|b| b.is_ascii_whitespace()).count();
        let broken = self.rest()[..count].contains(&b'\n');
        self.at += count;
        broken
    }

    /// The quote that stands here, as it is written: with the backslashes of JSON within JSON, one for each level and one
    /// more for each of those; or encoded, as in a page.
    pub fn quote(&self) -> Option<&'a [u8]> {
        let rest = self.rest();
        match rest.first()? {
            b'"' | b'\'' | b'`' => Some(&rest[..1]),
            b'\\' => {
                let slashes = rest.iter().take(8).take_while(|b| **b == b'\\').count();
                if !matches!(slashes, 1 | 3 | 7) {
                    return None;
                }
                match rest.get(slashes)? {
                    b'"' | b'\'' => Some(&rest[..=slashes]),
                    b'u' => self.encoded_quote(slashes),
                    _ => None,
                }
            }
            b'&' | b'%' => self.encoded_quote(0),
            _ => None,
        }
    }

    fn encoded_quote(&self, slashes: usize) -> Option<&'a [u8]> {
        let rest = self.rest();
        let quote = ENCODED_QUOTES.iter().find(|quote| rest[slashes..].starts_with(quote))?;
        Some(&rest[..slashes + quote.len()])
    }

    /// How much stands here before a byte that `ends` it; nothing if its end is not to be seen, but at the longest value.
    pub fn length(&self, ends: impl Fn(&u8) -> bool) -> Option<usize> {
        let rest = self.rest();
        let whole = if self.cut && rest.len() < VALUE { None } else { Some(rest.len().min(VALUE)) };
        rest.iter().take(VALUE).position(ends).or(whole)
    }

    /// Text up to where `closes` holds, on the same line; nothing if that is nowhere near.
    pub fn until(&self, closes: impl Fn(&[u8]) -> bool) -> Option<Range<usize>> {
        let rest = self.rest();
        for length in 0..rest.len().min(VALUE + 1) {
            if matches!(rest[length], b'\n' | b'\r') {
                return None;
            }
            if closes(&rest[length..]) {
                return (length > 0).then_some(self.at..self.at + length);
            }
        }
        None
    }
}

/// The last byte before `at` that is no blank, and where it stands.
pub fn before(bytes: &[u8], at: usize) -> Option<(usize, u8)> {
    let start = at.saturating_sub(GAP);
    let last = bytes[start..at].iter().rposition(|b| !matches!(b, b' ' | b'\t'))?;
    Some((start + last, bytes[start + last]))
}

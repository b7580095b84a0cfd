//! Locating: from byte offsets to lines, columns and excerpts, while the bytes are at hand.
//!
//! Matches come sorted by place, so one cursor passes over the text once, however many there are: also when all of them
//! stand on one line of a hundred megabytes.

use std::ops::Range;

use crate::model::{Blob, Excerpt, Match, Place, Text};

/// So much of a line is kept about a secret, in bytes to either side.
const EXCERPT_SIDE: usize = 120;
/// A longer secret (a private key) is cut in its excerpt, in bytes.
const EXCERPT_SECRET: usize = 240;
/// Comments and allowlists see so much of a line about a match, in bytes to either side.
const LINE_SIDE: usize = 4096;

/// A position that moves forward through a blob.
#[derive(Clone, Copy)]
struct Cursor {
    offset: usize,
    line: u64,
    column: u64,
}

/// Tells where spans of a blob stand.
pub struct Locator<'a> {
    blob: &'a Blob<'a>,
    cursor: Cursor,
}

impl<'a> Locator<'a> {
    /// At the beginning of a blob.
    pub fn new(blob: &'a Blob<'a>) -> Self {
        let cursor = Cursor { offset: 0, line: blob.lines_before + 1, column: blob.columns_before + 1 };
        Locator { blob, cursor }
    }

    /// The place of a span. Fastest if spans come sorted by their beginning.
    pub fn place(&mut self, span: &Range<usize>) -> Place {
        if span.start < self.cursor.offset {
            self.cursor = Locator::new(self.blob).cursor;
        }
        self.cursor = self.advanced(self.cursor, span.start);
        let end = self.advanced(self.cursor, span.end);
        Place {
            line: self.cursor.line,
            column: self.cursor.column,
            end_line: end.line,
            end_column: end.column,
            offset: self.blob.offset + span.start as u64,
            length: span.len() as u64,
        }
    }

    fn advanced(&self, from: Cursor, to: usize) -> Cursor {
        let passed = self.blob.bytes.get(from.offset..to).unwrap_or_default();
        let (lines, columns) = self.blob.text.measure(passed);
        Cursor {
            offset: to,
            line: from.line + lines,
            column: if lines > 0 { columns + 1 } else { from.column + columns },
        }
    }
}

/// The lines that a match touches, and the line before; each cut to what stands near the match.
pub struct Lines<'a> {
    /// From the beginning of the match's first line to the end of its last one.
    pub touched: &'a [u8],
    /// The line before the first one.
    pub before: Option<&'a [u8]>,
}

/// The lines about a span of a blob.
pub fn lines<'a>(blob: &Blob<'a>, span: &Range<usize>) -> Lines<'a> {
    let bytes = blob.bytes;
    let floor = span.start.saturating_sub(LINE_SIDE);
    let ceiling = (span.end + LINE_SIDE).min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[floor..span.start]).map_or(floor, |i| floor + i + 1);
    let end = memchr::memchr(b'\n', &bytes[span.end..ceiling]).map_or(ceiling, |i| span.end + i);
    let before = start.checked_sub(1).filter(|end| bytes[*end] == b'\n').map(|end| {
        let floor = end.saturating_sub(LINE_SIDE);
        &bytes[memchr::memrchr(b'\n', &bytes[floor..end]).map_or(floor, |i| floor + i + 1)..end]
    });
    Lines { touched: &bytes[start..end], before }
}

/// The excerpt for a match; `secrets` are the encoded spans of all secrets of the blob, sorted by their beginning.
pub fn excerpt(blob: &Blob<'_>, matched: &Match, secrets: &[Range<usize>]) -> Excerpt {
    if let (Text::Utf16Le | Text::Utf16Be, Some(decoded)) = (blob.text, &matched.decoded) {
        // Other secrets of the line are not known by their decoded place: show nothing but the match itself.
        let whole = decoded.whole.clone();
        let focus = decoded.secret.start - whole.start..decoded.secret.end - whole.start;
        return Excerpt::new(&decoded.text[whole], Vec::new(), focus, (true, true));
    }
    let secret = &matched.secret;
    let shown_end = secret.end.min(secret.start + EXCERPT_SECRET);
    let floor = secret.start.saturating_sub(EXCERPT_SIDE);
    let ceiling = (shown_end + EXCERPT_SIDE).min(blob.bytes.len());
    let line_start = memchr::memrchr(b'\n', &blob.bytes[floor..secret.start]).map(|i| floor + i + 1);
    let line_end = memchr::memchr(b'\n', &blob.bytes[shown_end..ceiling]).map(|i| shown_end + i);
    let start = line_start.unwrap_or(floor);
    let end = if shown_end < secret.end { shown_end } else { line_end.unwrap_or(ceiling) };
    let first = secrets.partition_point(|s| s.end <= start);
    let within = secrets[first..].iter().take_while(|s| s.start < end);
    let spans = within.map(|s| s.start.saturating_sub(start)..s.end.min(end).saturating_sub(start)).collect();
    let cut = (line_start.is_none() && start > 0, end < blob.bytes.len() && blob.bytes[end] != b'\n');
    Excerpt::new(&blob.bytes[start..end], spans, secret.start - start..shown_end - start, cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_are_what_a_plain_count_says(text in "[a-zé\n]{0,80}", cuts in prop::collection::vec(0usize..80, 0..8)) {
            let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "x".into() });
            let mut locator = Locator::new(&blob);
            for cut in cuts {
                let start = text.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(text.len());
                let end = (start..=text.len()).find(|i| *i > start && text.is_char_boundary(*i)).unwrap_or(text.len());
                let place = locator.place(&(start..end));
                let plain = |at: usize| {
                    let front = &text[..at];
                    let line = front.matches('\n').count() as u64 + 1;
                    (line, front.rsplit('\n').next().unwrap_or("").chars().count() as u64 + 1)
                };
                prop_assert_eq!((place.line, place.column), plain(start));
                prop_assert_eq!((place.end_line, place.end_column), plain(end));
            }
        }
    }
}

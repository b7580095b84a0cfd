//! A blob: a run of bytes to scan, and where it came from.

use std::ops::Range;

use super::Origin;

/// How the bytes of a blob are to be read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Text {
    /// UTF-8, or any other encoding in which ASCII bytes stand for themselves.
    #[default]
    Ascii,
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
}

impl Text {
    /// The number of line feeds in `bytes`, which begin at a character's first byte, and of characters behind the last
    /// one. Each byte that is no valid UTF-8 counts as a character, unless it looks like the continuation of one.
    pub fn measure(self, bytes: &[u8]) -> (u64, u64) {
        let (feeds, behind) = match self {
            Text::Ascii => (memchr::memchr_iter(b'\n', bytes).count(), memchr::memrchr(b'\n', bytes).map(|i| i + 1)),
            Text::Utf16Le => feeds16(bytes, [b'\n', 0]),
            Text::Utf16Be => feeds16(bytes, [0, b'\n']),
        };
        let last = &bytes[behind.unwrap_or(0)..];
        let characters = match self {
            Text::Ascii => last.iter().filter(|byte| **byte & 0xc0 != 0x80).count(),
            Text::Utf16Le | Text::Utf16Be => last.len() / 2,
        };
        (feeds as u64, characters as u64)
    }
}

/// The number of line feeds in UTF-16, and the offset behind the last one.
fn feeds16(bytes: &[u8], feed: [u8; 2]) -> (usize, Option<usize>) {
    let ends = || bytes.chunks_exact(2).enumerate().filter(|(_, unit)| *unit == feed).map(|(i, _)| 2 * (i + 1));
    (ends().count(), ends().next_back())
}

/// Bytes to scan and their origin. A large input may be handed over as several blobs that overlap.
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    /// The bytes themselves.
    pub bytes: &'a [u8],
    /// Where they came from.
    pub origin: Origin,
    /// How to read them.
    pub text: Text,
    /// Offset of the first byte within the whole input, in bytes.
    pub offset: u64,
    /// Number of line feeds in the input before the first byte.
    pub lines_before: u64,
    /// Number of characters in the input between the last line feed before the first byte and that byte.
    pub columns_before: u64,
    /// Only a match that begins in this range counts: blobs of one input overlap, and each match must count once.
    pub keep: Range<usize>,
    /// If set, only a match that touches one of these ranges (sorted, disjoint) counts: the lines that a change added.
    pub added: Option<&'a [Range<usize>]>,
}

impl<'a> Blob<'a> {
    /// A blob that is the whole of its input.
    pub fn whole(bytes: &'a [u8], origin: Origin) -> Self {
        Blob {
            bytes,
            origin,
            text: Text::Ascii,
            offset: 0,
            lines_before: 0,
            columns_before: 0,
            keep: 0..bytes.len().max(1),
            added: None,
        }
    }
}

/// A run of bytes that a derived blob has from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Offset of the first byte in the base.
    pub from: usize,
    /// Offset of the first byte in the derived blob.
    pub to: usize,
    /// How many bytes.
    pub length: usize,
}

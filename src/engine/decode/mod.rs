//! Decoding: runs of encoded text, what they read in plain, and how places in the plain text map back.
//!
//! Every decoder first looks for runs cheaply (a byte here and there), then at a run's beginning (does it read as
//! text?), and only then decodes it. Runs are local: each is bounded by bytes that cannot belong to it.

mod escaped;
mod list;
mod radix;
mod utf16;

use std::ops::Range;

use crate::model::Encoding;

pub use utf16::utf16;

/// Encoded text within a blob, decoded.
pub struct Run {
    /// How it was encoded.
    pub encoding: Encoding,
    /// Where it stands, encoded.
    pub span: Range<usize>,
    /// What it reads.
    pub text: Vec<u8>,
    /// How places map back.
    map: Map,
}

/// From offsets in decoded text to offsets in the encoded form.
enum Map {
    /// Groups of bytes stand for groups of bytes: (decoded, encoded) length.
    Groups(usize, usize),
    /// For each decoded byte the offset of its encoded form within the run; one more for the end.
    Offsets(Vec<u32>),
}

impl Run {
    /// The encoded bytes (offsets in the blob) that hold the decoded span.
    pub fn encoded(&self, span: &Range<usize>) -> Range<usize> {
        let (start, end) = match &self.map {
            Map::Groups(decoded, encoded) => (span.start / decoded * encoded, span.end.div_ceil(*decoded) * encoded),
            Map::Offsets(offsets) => {
                let at = |i: usize| offsets.get(i).or(offsets.last()).map_or(0, |&o| o as usize);
                (at(span.start), at(span.end))
            }
        };
        let bounded = |offset: usize| (self.span.start + offset).min(self.span.end);
        bounded(start)..bounded(end)
    }
}

/// Runs of encoded text, by the bytes that bound them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Base64, hexadecimal digits and escapes: up to white space, quotes and angle brackets.
    Words,
    /// Lists of numbers: up to what is neither digit nor comma nor white space.
    Lists,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 2] = [Family::Words, Family::Lists];

    /// A shorter stretch cannot hold a run, in bytes: a literal has three bytes or more, and an escape (`%61bc`).
    pub const fn shortest(self) -> usize {
        match self {
            Family::Words => 5,
            Family::Lists => list::SHORTEST,
        }
    }

    /// By byte: true for those that are part of no run of this family. A table, for many bytes of most texts are looked up
    /// in it.
    pub fn ends(self) -> &'static [bool; 256] {
        static ENDS: [[bool; 256]; 2] = {
            let mut table = [[false; 256]; 2];
            let mut byte = 0;
            while byte < 256 {
                let b = byte as u8;
                table[0][byte] = b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>');
                table[1][byte] = !list::is_part(b);
                byte += 1;
            }
            table
        };
        &ENDS[self as usize]
    }

    /// Hands every run of this family in `bytes` to `each`, in no order that means anything.
    pub fn runs(self, bytes: &[u8], mut each: impl FnMut(Run)) {
        match self {
            Family::Words => {
                radix::runs(bytes, &mut each);
                escaped::runs(bytes, &mut each);
            }
            Family::Lists => list::runs(bytes, &mut each),
        }
    }
}

/// The stretch of bytes that are parts of a run about some places, not before `floor`.
pub fn extent(bytes: &[u8], floor: usize, places: Range<usize>, is_part: impl Fn(u8) -> bool) -> Range<usize> {
    let before = bytes[floor..places.start].iter().rev().take_while(|byte| is_part(**byte)).count();
    let behind = bytes[places.end..].iter().take_while(|byte| is_part(**byte)).count();
    places.start - before..places.end + behind
}

/// Hands every run of encoded text in `bytes` to `each`, in no order that means anything.
pub fn runs(bytes: &[u8], mut each: impl FnMut(Run)) {
    for family in Family::ALL {
        family.runs(bytes, &mut each);
    }
}

/// True if bytes read as text: printable ASCII and white space, and UTF-8 now and then.
fn is_text(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|b| !(b.is_ascii_graphic() || matches!(b, b' ' | b'\t' | b'\n' | b'\r'))).count();
    odd * 8 <= bytes.len() && !bytes.contains(&0)
}

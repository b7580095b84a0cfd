//! Pieces: an input of any length, scanned in bounded memory.
//!
//! ```text
//! input    ─────────────────────────────────────────────────────────────▶
//! piece 1  [ keep ································ │ margin ]
//! piece 2                                 [ margin │ keep ················ │ margin ]
//! piece 3                                                         [ margin │ keep ····]
//! ```
//!
//! Matching is local, so a match is found in any piece that holds its first byte with enough about it. Pieces overlap by
//! two margins, each of twice the worker's reach; the `keep` ranges do not overlap and leave no gap, so that every match
//! counts exactly once. Whatever fits the buffer is one piece.

use std::io::{self, Read};

use super::Worker;
use crate::model::{Blob, Origin, Text};

/// Size of the longest piece, in bytes, unless the worker's reach asks for more.
pub const PIECE: usize = 8 * 1024 * 1024;

/// What a buffer starts with where the length of the input is not known.
const SMALL: usize = 64 * 1024;

/// A buffer that an input is read into, used again for the next one.
#[derive(Debug)]
pub struct PieceBuffer {
    /// Storage; always initialised, never longer than the longest piece needs.
    bytes: Vec<u8>,
    /// How much of it is filled.
    filled: usize,
    /// Whether the input has come to its end.
    ended: bool,
    /// Why it ended, if reading failed.
    error: Option<io::Error>,
    /// Size of the longest piece.
    piece: usize,
}

impl Default for PieceBuffer {
    fn default() -> Self {
        Self::with_piece(PIECE)
    }
}

impl PieceBuffer {
    /// A buffer for pieces of `piece` bytes at most.
    pub fn with_piece(piece: usize) -> Self {
        PieceBuffer { bytes: Vec::new(), filled: 0, ended: false, error: None, piece }
    }

    /// Forgets the last input.
    pub fn clear(&mut self) {
        self.filled = 0;
        self.ended = false;
        self.error = None;
    }

    /// What has been read and not yet been handed over.
    pub fn filled(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }

    /// Whether all of the input has been read, or as much as could be.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// What made reading fail, if anything did; told once.
    ///
    /// # Errors
    /// If reading failed.
    pub fn outcome(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }

    /// Reads until `want` bytes are there or the input ends. If reading fails, what was read before is worth scanning, so
    /// that counts as the end, and [`PieceBuffer::outcome`] tells of it later.
    pub fn fill(&mut self, reader: &mut dyn Read, want: usize) {
        while self.filled < want && !self.ended {
            if self.bytes.len() < want {
                // Grow with what is there, so that a small input of unknown length does not cost a large buffer.
                let grown = self.bytes.len().max(self.filled * 2).max(SMALL).min(want);
                self.bytes.resize(grown.max(self.filled + 1), 0);
            }
            let limit = self.bytes.len().min(want);
            match reader.read(&mut self.bytes[self.filled..limit]) {
                Ok(0) => self.ended = true,
                Ok(n) => self.filled = (self.filled + n).min(limit),
                Err(error) => self.failed(error),
            }
        }
    }

    /// Reads a file whose size is `size` as far as one piece goes: with one system call, if the size is true.
    pub fn fill_file(&mut self, file: &mut dyn Read, size: u64) {
        let whole = usize::try_from(size).unwrap_or(usize::MAX).min(self.piece);
        // One byte more than the file has: a read that comes back short has met the end.
        let want = whole.saturating_add(1).max(SMALL);
        if self.bytes.len() < want {
            self.bytes.resize(want, 0);
        }
        while self.filled == 0 && !self.ended {
            match file.read(&mut self.bytes[..want]) {
                Ok(n) => {
                    self.filled = n.min(want);
                    self.ended = n == 0 || (n as u64 == size && n < want);
                }
                Err(error) => self.failed(error),
            }
        }
        self.fill(file, whole);
    }

    fn failed(&mut self, error: io::Error) {
        if error.kind() != io::ErrorKind::Interrupted {
            self.ended = true;
            self.error = Some(error);
        }
    }

    /// Hands what is in the buffer, and all that `reader` still has, to `worker`.
    ///
    /// # Errors
    /// If reading fails; what was read before has been handed over then.
    pub fn hand_over(
        &mut self,
        reader: &mut dyn Read,
        worker: &mut dyn Worker,
        origin: &Origin,
        text: Text,
    ) -> io::Result<()> {
        let margin = margin(worker.reach(), text);
        let piece = self.piece.max(margin.saturating_mul(4)).next_multiple_of(2);
        let mut keep_from = 0;
        let mut offset = 0u64;
        let mut before = Before::default();
        loop {
            self.fill(reader, piece);
            if self.filled == 0 && self.error.is_some() {
                return self.outcome();
            }
            let keep_to = if self.ended { self.filled.max(1) } else { even(self.filled - margin) };
            worker.blob(&Blob {
                bytes: &self.bytes[..self.filled],
                origin: origin.clone(),
                text,
                offset,
                lines_before: before.lines,
                columns_before: before.columns,
                keep: keep_from..keep_to,
                added: None,
            });
            if self.ended {
                return self.outcome();
            }
            let start = keep_to - margin;
            before.pass(&self.bytes[..start], text);
            offset += start as u64;
            self.bytes.copy_within(start..self.filled, 0);
            self.filled -= start;
            keep_from = margin;
        }
    }
}

/// Bytes of context that a piece needs on either side of what counts in it: twice the reach; and since reach is measured
/// in decoded text, twice that for UTF-16. Even, so that no unit is split.
fn margin(reach: usize, text: Text) -> usize {
    let units = if text == Text::Ascii { 1 } else { 2 };
    reach.saturating_mul(2 * units).max(2).next_multiple_of(2)
}

fn even(n: usize) -> usize {
    n & !1
}

/// What stands before a piece: lines, and characters of the line that it begins in.
#[derive(Default)]
struct Before {
    lines: u64,
    columns: u64,
}

impl Before {
    /// Moves on by `bytes`, which begin at a unit's first byte.
    fn pass(&mut self, bytes: &[u8], text: Text) {
        let (lines, columns) = text.measure(bytes);
        self.lines += lines;
        self.columns = if lines > 0 { columns } else { self.columns + columns };
    }
}

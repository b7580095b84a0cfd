//! Standard input.

use std::io::{self, Cursor, Read};

use unspill::model::{Scope, SkipReason, Text};
use unspill::source::Source;
use unspill::source::archive::Limits;
use unspill::source::pieces::PIECE;
use unspill::source::stdin::Stdin;

use crate::recorder::{Record, Recorder};

fn scan(bytes: &[u8]) -> Record {
    Recorder::run(&Stdin::new("in.txt", Box::new(Cursor::new(bytes.to_vec())), Limits::default()))
}

#[test]
fn a_stream_has_the_name_it_was_given() {
    let record = scan(b"key = value\n");
    assert_eq!(record.texts()["in.txt"], b"key = value\n");
    assert_eq!(Stdin::new("x", Box::new(io::empty()), Limits::default()).scope(), Scope::Stdin);
}

#[test]
fn a_stream_is_sniffed() {
    assert_eq!(scan(b"k\0e\0y\0\n\0").pieces[0].text, Text::Utf16Le);
    let binary = scan(b"\x7fELF\0\0\0\0");
    assert_eq!(binary.skipped, [("in.txt".to_owned(), SkipReason::Binary)]);
    assert!(binary.pieces.is_empty());
    assert_eq!(scan(b"").pieces.len(), 1, "an empty stream is scanned too");
}

/// The same line again and again.
struct Lines {
    left: u64,
}

const LINE: &[u8; 16] = b"0123456789abcde\n";

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX)).min(60 * 1024) / 16 * 16;
        for line in into[..n].chunks_exact_mut(16) {
            line.copy_from_slice(LINE);
        }
        self.left -= n as u64;
        Ok(n)
    }
}

#[test]
fn a_huge_stream_is_scanned_in_bounded_memory() {
    let size = 300 * 1024 * 1024;
    let recorder = Recorder { keep_bytes: false, ..Recorder::default() };
    Stdin::new("huge", Box::new(Lines { left: size }), Limits::default()).run(&recorder).unwrap();
    let record = recorder.into_record();
    assert!(record.pieces.iter().all(|piece| piece.length <= PIECE), "no piece is longer than a buffer");
    let mut kept = 0;
    for piece in &record.pieces {
        assert_eq!(piece.offset + piece.keep.start as u64, kept);
        assert_eq!(piece.lines_before, piece.offset / 16);
        kept = piece.offset + piece.keep.end as u64;
    }
    assert_eq!(kept, size);
    assert!(record.problems.is_empty());
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _into: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("unplugged"))
    }
}

#[test]
fn a_stream_that_breaks_is_a_problem_and_what_came_before_counts() {
    for before in [&b""[..], b"key = value\n"] {
        let reader = Cursor::new(before.to_vec()).chain(Broken);
        let record = Recorder::run(&Stdin::new("in", Box::new(reader), Limits::default()));
        assert_eq!(record.complaints(), ["in: cannot be read to its end: unplugged"]);
        assert_eq!(record.texts().get("in").map(Vec::as_slice).unwrap_or_default(), before);
    }
}

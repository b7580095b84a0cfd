//! Large inputs in pieces: put together they are the input, and each byte counts once with enough about it.

use std::io::{self, Read};

use proptest::prelude::*;
use unspill::model::{Origin, Text};
use unspill::source::Sink;
use unspill::source::pieces::PieceBuffer;

use crate::recorder::{Piece, Recorder};

/// Gives its bytes a few at a time, then perhaps an error.
struct Drip<'a> {
    bytes: &'a [u8],
    step: usize,
    fail: bool,
}

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() && self.fail {
            return Err(io::Error::other("unplugged"));
        }
        let n = self.step.min(into.len()).min(self.bytes.len());
        into[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes = &self.bytes[n..];
        Ok(n)
    }
}

fn pieces(input: &mut dyn Read, reach: usize, piece: usize, text: Text) -> (Vec<Piece>, io::Result<()>) {
    let recorder = Recorder { reach, ..Recorder::default() };
    let origin = Origin::Stdin { name: "x".into() };
    let outcome = PieceBuffer::with_piece(piece).hand_over(input, &mut *recorder.worker(), &origin, text);
    (recorder.into_record().pieces, outcome)
}

fn check(whole: &[u8], pieces: &[Piece], context: usize) {
    let mut kept = 0u64;
    for piece in pieces {
        let from = usize::try_from(piece.offset).unwrap();
        assert_eq!(piece.bytes, whole[from..from + piece.length], "bytes are those at the offset");
        assert_eq!(piece.offset + piece.keep.start as u64, kept, "kept ranges leave no gap and do not overlap");
        let end = piece.keep.end.min(piece.length);
        kept = piece.offset + end as u64;
        let (first, last) = (piece.offset == 0, kept == whole.len() as u64);
        assert!(first || piece.keep.start >= context, "context in front");
        assert!(last || piece.length - end >= context, "context behind");
    }
    assert_eq!(kept, whole.len() as u64, "everything is kept");
}

proptest! {
    #[test]
    fn put_together_they_are_the_whole(
        whole in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..5000),
        reach in 0usize..70,
        piece in 1usize..900,
        step in 1usize..2000,
    ) {
        let (pieces, outcome) = pieces(&mut Drip { bytes: &whole, step, fail: false }, reach, piece, Text::Ascii);
        prop_assert!(outcome.is_ok());
        check(&whole, &pieces, 2 * reach);
        for piece in &pieces {
            let before = whole[..piece.offset as usize].iter().filter(|&&b| b == b'\n').count();
            prop_assert_eq!(piece.lines_before, before as u64);
        }
    }

    #[test]
    fn utf16_is_never_split_within_a_unit(
        units in proptest::collection::vec(prop_oneof![Just(0x0Au16), Just(0x0A05), Just(0x050A), any::<u16>()], 0..3000),
        odd in any::<bool>(),
        big in any::<bool>(),
        reach in 0usize..50,
        piece in 1usize..900,
    ) {
        let split = |unit: &u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let mut whole: Vec<u8> = units.iter().flat_map(split).collect();
        whole.extend(odd.then_some(b'x'));
        let text = if big { Text::Utf16Be } else { Text::Utf16Le };
        let (pieces, _) = pieces(&mut &whole[..], reach, piece, text);
        check(&whole, &pieces, 4 * reach);
        for piece in &pieces {
            prop_assert_eq!(piece.offset % 2, 0);
            prop_assert_eq!(piece.keep.start % 2, 0);
            let before = units[..piece.offset as usize / 2].iter().filter(|&&unit| unit == 0x0A).count();
            prop_assert_eq!(piece.lines_before, before as u64);
        }
    }
}

#[test]
fn what_was_read_before_a_failure_is_handed_over() {
    let whole = b"one\ntwo\n".repeat(100);
    let (pieces, outcome) = pieces(&mut Drip { bytes: &whole, step: 7, fail: true }, 8, 64, Text::Ascii);
    assert_eq!(outcome.unwrap_err().to_string(), "unplugged");
    check(&whole, &pieces, 16);
}

#[test]
fn nothing_is_one_empty_blob() {
    let (pieces, outcome) = pieces(&mut io::empty(), 256, 1024, Text::Ascii);
    outcome.unwrap();
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].keep, 0..1);
}

//! The one place at which bytes of a repository are handed to the engine.

use std::ops::Range;

use crate::model::{Blob, Origin, SkipReason, Text};
use crate::source::Worker;

/// Git looks as far for a NUL byte when it tells binary files from text.
const SNIFFED: usize = 8000;

/// Hands over the bytes of a file. With `added`, only what touches one of these ranges counts.
pub(super) fn hand_over(worker: &mut dyn Worker, bytes: &[u8], origin: Origin, added: Option<&[Range<usize>]>) {
    let text = match bytes {
        [0xff, 0xfe, ..] => Text::Utf16Le,
        [0xfe, 0xff, ..] => Text::Utf16Be,
        _ => Text::Ascii,
    };
    if text == Text::Ascii && memchr::memchr(0, &bytes[..bytes.len().min(SNIFFED)]).is_some() {
        worker.skipped(&origin, SkipReason::Binary);
        return;
    }
    worker.blob(&Blob { text, added, ..Blob::whole(bytes, origin) });
}

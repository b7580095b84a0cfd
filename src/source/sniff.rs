//! Sniffing: what a run of bytes is, told from its beginning alone.
//!
//! Names lie (a `.txt` may be UTF-16, a `.docx` is a zip), so only bytes count. The order of the questions matters:
//! archives and UTF-16 both hold NUL bytes, so they are asked for before a NUL is taken to mean "binary", which is the
//! test that git and grep use.

use memchr::memchr;

use super::archive;
use crate::model::Text;

/// Number of bytes at the beginning of an input that are looked at.
pub const HEAD: usize = 8 * 1024;

/// A NUL byte among the first so many marks a binary, as in git (`buffer_is_binary` in its `xdiff-interface.c`).
const NUL_WITHIN: usize = 8_000;

/// What a run of bytes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, to be scanned as it stands.
    Text(Text),
    /// An archive or a compressed stream, whose members are to be scanned.
    Archive(archive::Kind),
    /// Neither.
    Binary,
}

/// Tells what an input is from its first [`HEAD`] bytes, or all of them if there are fewer. More do no harm.
pub fn sniff(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some(kind) = archive::Kind::by_magic(head) {
        return Kind::Archive(kind);
    }
    let has_nul = memchr(0, &head[..head.len().min(NUL_WITHIN)]).is_some();
    // Most files are plain text and end here.
    if !has_nul && !head.starts_with(&[0xFF, 0xFE]) && !head.starts_with(&[0xFE, 0xFF]) {
        return Kind::Text(Text::Ascii);
    }
    match utf16(head) {
        Some(text) => Kind::Text(text),
        None if has_nul => Kind::Binary,
        None => Kind::Text(Text::Ascii),
    }
}

/// The byte order, if this is UTF-16.
fn utf16(head: &[u8]) -> Option<Text> {
    let (by_mark, units) = match head {
        [0xFF, 0xFE, rest @ ..] => (Some(Text::Utf16Le), rest),
        [0xFE, 0xFF, rest @ ..] => (Some(Text::Utf16Be), rest),
        _ => (None, head),
    };
    match by_mark {
        // A mark is strong evidence. A unit of zero speaks against it (UTF-32 begins like UTF-16, with zeros between), and so
        // does plain text behind it: the mark alone would hide that from whoever believes it.
        Some(text) => (!decode(units, text).any(|unit| unit == 0) && !is_plain(units)).then_some(text),
        None => [Text::Utf16Le, Text::Utf16Be].into_iter().find(|&text| looks_like(units, text)),
    }
}

/// Whether nearly all pairs of bytes are two characters of ASCII. In UTF-16 hardly any are: not the ASCII in it, and of the
/// letters of any language no more than about half.
fn is_plain(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let plain = bytes.chunks_exact(2).filter(|pair| pair.iter().all(is_text)).count();
    plain * 8 >= bytes.len() / 2 * 7
}

/// Whether bytes without a byte order mark are UTF-16 of the given order: every unit is one that texts are made of, and
/// a good part of them are ASCII, as in any file of configuration or code.
fn looks_like(bytes: &[u8], text: Text) -> bool {
    let (mut units, mut ascii, mut high) = (0usize, 0usize, false);
    for unit in decode(bytes, text) {
        let low = matches!(unit, 0xDC00..=0xDFFF);
        let control = matches!(unit, 0..=8 | 0x0B | 0x0E..=0x1F | 0x7F..=0x84 | 0x86..=0x9F | 0xFFFE | 0xFFFF);
        if control || low != high {
            return false;
        }
        high = matches!(unit, 0xD800..=0xDBFF);
        units += 1;
        ascii += usize::from(unit < 0x7F);
    }
    units >= 2 && ascii * 4 >= units
}

/// The units of UTF-16 text; a last odd byte is left out.
fn decode(bytes: &[u8], text: Text) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(move |pair| match text {
        Text::Utf16Be => u16::from_be_bytes([pair[0], pair[1]]),
        _ => u16::from_le_bytes([pair[0], pair[1]]),
    })
}

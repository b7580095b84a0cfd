//! UTF-16 text, decoded as a whole.

use super::{Map, Run};
use crate::model::Encoding;

/// Decodes `bytes`; units that make no character become U+FFFD, a byte order mark is dropped.
pub fn utf16(bytes: &[u8], big_endian: bool) -> Run {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    let mut text = Vec::with_capacity(bytes.len() / 2);
    let mut offsets: Vec<u32> = Vec::with_capacity(bytes.len() / 2 + 1);
    let mut at = 0u32;
    for c in char::decode_utf16(bytes.chunks_exact(2).map(unit)) {
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        if !(c == '\u{feff}' && at == 0) {
            text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            offsets.resize(text.len(), at);
        }
        at += 2 * c.len_utf16() as u32;
    }
    offsets.push(bytes.len() as u32);
    Run { encoding: Encoding::Utf16, span: 0..bytes.len(), text, map: Map::Offsets(offsets) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_comes_back_and_places_map(text in "\\PC{0,40}", big in any::<bool>()) {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            let run = utf16(&bytes, big);
            let expected = text.strip_prefix('\u{feff}').unwrap_or(&text);
            prop_assert_eq!(std::str::from_utf8(&run.text).unwrap(), expected);
            let skipped = text.len() - expected.len();
            for (at, c) in expected.char_indices() {
                let span = run.encoded(&(at..at + c.len_utf8()));
                let before = text[..at + skipped].encode_utf16().count() * 2;
                prop_assert_eq!(span, before..before + 2 * c.len_utf16());
            }
        }
    }
}

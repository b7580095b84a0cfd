//! Text with single characters escaped: percent encoding, backslash escapes, HTML character references.
//!
//! A run is the stretch about an escape up to the next white space, quotes or angle brackets. Simple backslash escapes (`\n`, `\"`) stand everywhere and
//! hide little; they are decoded along with others, but do not make a run by themselves.

use std::ops::Range;

use super::{Family, Map, Run, extent};
use crate::model::Encoding;

pub(super) fn runs(bytes: &[u8], each: &mut impl FnMut(Run)) {
    let ends = Family::Words.ends();
    let mut done = 0;
    for at in memchr::memchr3_iter(b'%', b'\\', b'&', bytes) {
        if at < done {
            continue;
        }
        let rest = &bytes[at..];
        let Some(encoding) = telling(rest) else { continue };
        let span = extent(bytes, done, at..at, |byte| !ends[usize::from(byte)]);
        done = span.end;
        each(decode(bytes, span, encoding));
    }
}

/// The encoding of an escape that makes a run, at the beginning of `rest`.
fn telling(rest: &[u8]) -> Option<Encoding> {
    match rest {
        [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some(Encoding::Percent),
        [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_hexdigit()) => Some(Encoding::Escape),
        [b'\\', b'u', b'{', ..] => Some(Encoding::Escape),
        [b'\\', b'x', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some(Encoding::Escape),
        // `\/\/` of a URL, as PHP writes JSON; `\160` of C.
        [b'\\', b'/', b'\\', b'/', ..] => Some(Encoding::Escape),
        [b'\\', ..] if octal(rest).is_some() => Some(Encoding::Escape),
        [b'&', ..] if reference(rest).is_some() => Some(Encoding::Html),
        _ => None,
    }
}

fn decode(bytes: &[u8], span: Range<usize>, encoding: Encoding) -> Run {
    let encoded = &bytes[span.clone()];
    let mut text = Vec::with_capacity(encoded.len());
    let mut offsets = Vec::with_capacity(encoded.len() + 1);
    let mut at = 0;
    while at < encoded.len() {
        let rest = &encoded[at..];
        let unit = match encoding {
            Encoding::Percent => percent(rest),
            Encoding::Escape => escape(rest),
            _ => reference(rest),
        };
        let from = text.len();
        let length = match unit {
            Some((c, length)) => {
                push(&mut text, c);
                length
            }
            None => {
                text.push(rest[0]);
                1
            }
        };
        offsets.resize(offsets.len() + text.len() - from, at as u32);
        at += length;
    }
    offsets.push(encoded.len() as u32);
    Run { encoding, span, text, map: Map::Offsets(offsets) }
}

/// A decoded character: a byte as it is, or a character to be written as UTF-8.
enum Decoded {
    Byte(u8),
    Char(char),
}

fn push(text: &mut Vec<u8>, decoded: Decoded) {
    match decoded {
        Decoded::Byte(byte) => text.push(byte),
        Decoded::Char(c) => text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// RFC 3986, section 2.1.
fn percent(rest: &[u8]) -> Option<(Decoded, usize)> {
    match rest {
        [b'%', a, b, ..] => Some((Decoded::Byte(number(&[*a, *b], 16)? as u8), 3)),
        _ => None,
    }
}

/// The escapes that JSON (RFC 8259, section 7), C, Python and JavaScript have in common, `\xHH` and `\u{…}`.
fn escape(rest: &[u8]) -> Option<(Decoded, usize)> {
    let (&second, tail) = rest.strip_prefix(b"\\")?.split_first()?;
    let simple = |byte| Some((Decoded::Byte(byte), 2));
    match second {
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'"' | b'\'' | b'\\' | b'/' => simple(second),
        b'x' => Some((Decoded::Byte(number(tail.get(..2)?, 16)? as u8), 4)),
        b'u' if tail.starts_with(b"{") => {
            let length = tail.iter().take(8).position(|b| *b == b'}')?;
            Some((Decoded::Char(char::from_u32(number(&tail[1..length], 16)?)?), length + 3))
        }
        b'u' => Some((Decoded::Char(char::from_u32(number(tail.get(..4)?, 16)?)?), 6)),
        _ => octal(rest),
    }
}

/// Three octal digits behind a backslash: C, and the languages that took its strings over.
fn octal(rest: &[u8]) -> Option<(Decoded, usize)> {
    match rest {
        [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some((Decoded::Byte(number(&[*a, *b, *c], 8)? as u8), 4))
        }
        _ => None,
    }
}

/// HTML Living Standard, section 13.5: numeric references, and the names that stand for ASCII punctuation.
fn reference(rest: &[u8]) -> Option<(Decoded, usize)> {
    let body = rest.strip_prefix(b"&")?;
    let length = body.iter().take(9).position(|b| *b == b';')?;
    let c = match &body[..length] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        _ => return None,
    };
    Some((Decoded::Char(c), length + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        runs(text.as_bytes(), &mut |run| found.push(String::from_utf8_lossy(&run.text).into_owned()));
        found
    }

    #[test]
    fn escapes_of_each_kind_are_taken_off() {
        assert_eq!(all("a postgres%3A%2F%2Fu%3Ap%40h b"), ["postgres://u:p@h"]);
        assert_eq!(all(r#"x "a\u003db\n\x41""#), ["a=b\nA"]);
        assert_eq!(all(r#""{\"url\":\"redis:\/\/:p@h\"}""#), ["redis://:p@h\\"]);
        assert_eq!(all(r#"x "\141\075b" "#), ["a=b"]);
        assert_eq!(all("x a&#61;&quot;b&amp;c&#x22; y"), ["a=\"b&c\""]);
        assert_eq!(all(r"printf %d \n && x &y; 100% sure"), Vec::<String>::new());
    }

    #[test]
    fn places_map_back() {
        let text = "see k%3Dabc%20d";
        runs(text.as_bytes(), &mut |run| {
            assert_eq!(&text[run.encoded(&(2..5))], "abc");
            assert_eq!(&text[run.encoded(&(0..2))], "k%3D");
            assert_eq!(&text[run.encoded(&(5..7))], "%20d");
        });
    }
}

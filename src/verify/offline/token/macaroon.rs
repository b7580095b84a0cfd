//! Macaroons of the second binary form: fields of a type, a length and bytes, in sections that a zero ends.
//!
//! Source: <https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt>.

/// What a macaroon holds, its signature aside.
#[derive(Debug, PartialEq, Eq)]
pub struct Macaroon<'a> {
    /// Where it is for.
    pub location: Option<&'a [u8]>,
    /// What it is called there.
    pub identifier: &'a [u8],
    /// What it is restricted to, one entry for each caveat.
    pub caveats: Vec<&'a [u8]>,
}

/// Types of fields.
const END: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const VERIFICATION: u8 = 4;
const SIGNATURE: u8 = 6;

impl<'a> Macaroon<'a> {
    /// The macaroon that `bytes` are, from its version to its signature, and nothing more.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut fields = Fields(bytes.strip_prefix(&[2])?);
        let (location, identifier) = fields.section()?;
        let mut caveats = Vec::new();
        while let Some((_, caveat)) = fields.section() {
            caveats.push(caveat);
        }
        let rest = fields.0.strip_prefix(&[END])?;
        let (kind, signature, after) = field(rest)?;
        let ended = kind == SIGNATURE && signature.len() == 32 && after.is_empty();
        ended.then_some(Macaroon { location, identifier, caveats })
    }
}

/// Fields that are still to be read.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The next section: its location, if it has one, and its identifier. Stays where it is if there is none.
    fn section(&mut self) -> Option<(Option<&'a [u8]>, &'a [u8])> {
        let (mut kind, mut value, mut rest) = field(self.0)?;
        let mut location = None;
        if kind == LOCATION {
            location = Some(value);
            (kind, value, rest) = field(rest)?;
        }
        if kind != IDENTIFIER {
            return None;
        }
        if let Some((VERIFICATION, _, behind)) = field(rest) {
            rest = behind;
        }
        self.0 = rest.strip_prefix(&[END])?;
        Some((location, value))
    }
}

/// The field that `bytes` begin with: its type, its value, and what follows.
fn field(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, rest) = bytes.split_first().filter(|(kind, _)| **kind != END)?;
    let (length, rest) = varint(rest)?;
    let (value, rest) = rest.split_at_checked(length)?;
    Some((kind, value, rest))
}

/// A number of seven bits a byte, the least significant first, of at most two bytes.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match *bytes {
        [low, ref rest @ ..] if low < 0x80 => Some((low.into(), rest)),
        [low, high, ref rest @ ..] if high < 0x80 => Some((usize::from(low & 0x7f) | usize::from(high) << 7, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let mut bytes = b"\x02\x01\x08pypi.org\x02\x02id\x00\x02\x03one\x00\x02\x03two\x00\x00\x06\x20".to_vec();
        bytes.extend([7; 32]);
        bytes
    }

    #[test]
    fn all_parts_are_read() {
        let bytes = sample();
        let expected = Macaroon { location: Some(b"pypi.org"), identifier: b"id", caveats: vec![b"one", b"two"] };
        assert_eq!(Macaroon::read(&bytes), Some(expected));
    }

    #[test]
    fn nothing_less_and_nothing_more_is_one() {
        let bytes = sample();
        for end in 0..bytes.len() {
            assert_eq!(Macaroon::read(&bytes[..end]), None, "cut at {end}");
        }
        assert_eq!(Macaroon::read(&[&bytes[..], b"x"].concat()), None);
    }
}

//! A reader of DER (ITU-T X.690), as much of it as keys and certificates need: definite lengths, tags of one byte, no
//! recursion but what the caller writes.

use super::bytes::{Reader, magnitude};
use super::flaw::Flaw;

pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;

/// The tag `[number]` of a constructed element.
pub const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// Nothing that is called a key or certificate is longer, in bytes: such a length is garbage, and no cut document's.
const LONGEST: usize = 1 << 18;

/// The elements of one constructed element, yet to be read.
#[derive(Clone, Copy, Debug)]
pub struct Der<'a>(Reader<'a>);

impl<'a> Der<'a> {
    /// The elements of the sequence that `bytes` consist of, which should be a `what`.
    ///
    /// # Errors
    /// [`Flaw::Truncated`] if the sequence is longer than `bytes`, [`Flaw::Trailing`] if it is shorter.
    pub fn document(bytes: &'a [u8], what: &'static str) -> Result<Self, Flaw> {
        let mut reader = Reader::new(bytes, what);
        if reader.byte()? != SEQUENCE {
            return Err(reader.foreign());
        }
        let length = length(&mut reader)?;
        let there = reader.rest().len();
        if length > LONGEST {
            return Err(reader.foreign());
        }
        match there.cmp(&length) {
            std::cmp::Ordering::Less => {
                let header = bytes.len() - there;
                Err(Flaw::Truncated { wanted: length.saturating_add(header), there: bytes.len() })
            }
            std::cmp::Ordering::Equal => Ok(Der(reader)),
            std::cmp::Ordering::Greater => Err(Flaw::Trailing),
        }
    }

    /// The elements of `content`, which stands within these.
    pub fn within(&self, content: &'a [u8]) -> Self {
        Der(self.0.over(content))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The flaw of being something else.
    pub fn foreign(&self) -> Flaw {
        self.0.foreign()
    }

    /// The next element's tag and content.
    pub fn element(&mut self) -> Result<(u8, &'a [u8]), Flaw> {
        let tag = self.0.byte()?;
        let length = length(&mut self.0)?;
        Ok((tag, self.0.take(length)?))
    }

    /// The content of the next element, which must have the tag.
    pub fn expect(&mut self, wanted: u8) -> Result<&'a [u8], Flaw> {
        match self.element()? {
            (tag, content) if tag == wanted => Ok(content),
            _ => Err(self.foreign()),
        }
    }

    /// The content of the next element, if it has the tag.
    pub fn optional(&mut self, wanted: u8) -> Result<Option<&'a [u8]>, Flaw> {
        if self.0.rest().first() == Some(&wanted) { self.expect(wanted).map(Some) } else { Ok(None) }
    }

    /// The elements of the next one, a sequence.
    pub fn sequence(&mut self) -> Result<Der<'a>, Flaw> {
        let content = self.expect(SEQUENCE)?;
        Ok(self.within(content))
    }

    /// The next element, an integer that is not negative, without leading zeros.
    pub fn integer(&mut self) -> Result<&'a [u8], Flaw> {
        match self.expect(INTEGER)? {
            [] => Err(self.foreign()),
            [first, ..] if first & 0x80 != 0 => Err(self.foreign()),
            bytes => Ok(magnitude(bytes)),
        }
    }

    /// The next element, an integer below 2^32.
    pub fn small(&mut self) -> Result<u32, Flaw> {
        let bytes = self.integer()?;
        if bytes.len() > 4 {
            return Err(self.foreign());
        }
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// The next element, an object identifier, in dots and digits.
    pub fn oid(&mut self) -> Result<String, Flaw> {
        let content = self.expect(OID)?;
        dotted(content).ok_or(self.foreign())
    }

    /// The next element, a bit string of whole bytes.
    pub fn bits(&mut self) -> Result<&'a [u8], Flaw> {
        match self.expect(BIT_STRING)? {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(self.foreign()),
        }
    }

    /// Nothing may be left.
    pub fn end(&self) -> Result<(), Flaw> {
        if self.is_empty() { Ok(()) } else { Err(self.foreign()) }
    }
}

/// A definite length; indefinite ones are BER and no DER.
fn length(reader: &mut Reader<'_>) -> Result<usize, Flaw> {
    match reader.byte()? {
        short @ 0..=0x7f => Ok(usize::from(short)),
        long @ 0x81..=0x84 => {
            let bytes = reader.take(usize::from(long & 0x7f))?;
            Ok(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
        _ => Err(reader.foreign()),
    }
}

/// `1.2.840.113549.1.1.1`.
fn dotted(content: &[u8]) -> Option<String> {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc = 0u64;
    for byte in content {
        arc = arc.checked_mul(128)? | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    if content.last()? & 0x80 != 0 {
        return None;
    }
    let first = *arcs.first()?;
    let top = (first / 40).min(2);
    let mut text = format!("{top}.{}", first - top * 40);
    for arc in &arcs[1..] {
        text.push_str(&format!(".{arc}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_read_as_they_are_written() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]).as_deref(), Some("1.2.840.113549.1.1.1"));
        assert_eq!(dotted(&[0x2b, 0x65, 0x70]).as_deref(), Some("1.3.101.112"));
        assert_eq!(dotted(&[0x60, 0x86, 0x48]).as_deref(), Some("2.16.840"));
        assert_eq!(dotted(&[]), None);
        assert_eq!(dotted(&[0x2b, 0x86]), None);
    }

    #[test]
    fn a_document_is_whole() {
        let of = |bytes| Der::document(bytes, "DER").map(|_| ());
        assert_eq!(of(&[0x30, 3, 2, 1, 0]), Ok(()));
        assert_eq!(of(&[0x30, 3, 2, 1]), Err(Flaw::Truncated { wanted: 5, there: 4 }));
        assert_eq!(of(&[0x30, 3, 2, 1, 0, 0]), Err(Flaw::Trailing));
        assert_eq!(of(&[0x31, 3, 2, 1, 0]), Err(Flaw::Foreign("DER")));
        assert_eq!(of(&[0x30, 0x80, 2, 1, 0]), Err(Flaw::Foreign("DER")));
    }
}

//! The code of a cache: numbers in LEB128, texts and lists with their length in front.
//!
//! What is read is an outside file's: each length is held against what is left before anything is done with it, and
//! whatever does not fit makes the whole unreadable.

use gix::ObjectId;

/// Writes.
#[derive(Debug, Default)]
pub struct Encoder(pub Vec<u8>);

impl Encoder {
    /// A number, in groups of seven bits from the lowest.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Bytes with their length in front.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.raw(bytes);
    }

    /// Bytes of a length that the reader knows.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A list with its length in front.
    pub fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| each(self, item));
    }

    /// What may be there or not.
    pub fn option<T>(&mut self, item: Option<&T>, each: impl FnOnce(&mut Self, &T)) {
        self.number(u64::from(item.is_some()));
        if let Some(item) = item {
            each(self, item);
        }
    }
}

/// Reads. `None` wherever the bytes are not as an [`Encoder`] writes them.
#[derive(Debug)]
pub struct Decoder<'a> {
    rest: &'a [u8],
    /// Length of an object's id in bytes.
    id: usize,
}

impl<'a> Decoder<'a> {
    /// Reads `bytes` whose ids are as `hash` makes them.
    pub fn new(bytes: &'a [u8], hash: gix::hash::Kind) -> Self {
        Decoder { rest: bytes, id: hash.len_in_bytes() }
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                return None;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.raw(usize::try_from(length).ok()?)
    }

    pub fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    pub fn flag(&mut self) -> Option<bool> {
        match self.number()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub fn object(&mut self) -> Option<ObjectId> {
        ObjectId::try_from(self.raw(self.id)?).ok()
    }

    /// A list. Room is made only for as many items as there are bytes left.
    pub fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::try_from(self.number()?).ok().filter(|length| *length <= self.rest.len())?;
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(each(self)?);
        }
        Some(items)
    }

    pub fn option<T>(&mut self, each: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { each(self).map(Some) } else { Some(None) }
    }

    /// All must have been read.
    pub fn end(self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HASH: gix::hash::Kind = gix::hash::Kind::Sha1;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in prop::collection::vec(any::<u64>(), 0..9), text in ".*") {
            let mut out = Encoder::default();
            out.list(&numbers, |out, n| out.number(*n));
            out.option(Some(&text), |out, text| out.bytes(text.as_bytes()));
            out.option(None::<&u8>, |_, _| ());
            let mut back = Decoder::new(&out.0, HASH);
            prop_assert_eq!(back.list(Decoder::number), Some(numbers));
            prop_assert_eq!(back.option(Decoder::text), Some(Some(text)));
            prop_assert_eq!(back.option(Decoder::number), Some(None));
            prop_assert_eq!(back.end(), Some(()));
        }

        #[test]
        fn any_bytes_can_be_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut back = Decoder::new(&bytes, HASH);
            let _ = back.list(|back| back.option(Decoder::object));
            let _ = back.bytes();
        }
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        let mut out = Encoder::default();
        out.number(u64::MAX);
        assert_eq!(Decoder::new(&out.0, HASH).number(), Some(u64::MAX));
        assert_eq!(Decoder::new(&out.0, HASH).bytes(), None);
        assert_eq!(Decoder::new(&out.0, HASH).list(Decoder::number), None);
        assert_eq!(Decoder::new(&[0xff; 10], HASH).number(), None);
    }
}

//! Reading bytes in order, and never past their end.

use super::flaw::Flaw;

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// What the bytes should be, for the words of a flaw.
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`, which should be a `what`.
    pub fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Reader { rest: bytes, what }
    }

    /// A reader of other bytes of the same thing.
    pub fn over(&self, bytes: &'a [u8]) -> Self {
        Reader { rest: bytes, ..*self }
    }

    /// All that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The flaw of being something else.
    pub fn foreign(&self) -> Flaw {
        Flaw::Foreign(self.what)
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(self.foreign())?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(self.foreign())?;
        self.rest = rest;
        Ok(*taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Flaw> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next two bytes, most significant first.
    pub fn u16(&mut self) -> Result<usize, Flaw> {
        self.array().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    /// The next four bytes, most significant first.
    pub fn u32(&mut self) -> Result<usize, Flaw> {
        self.array().map(|bytes| u32::from_be_bytes(bytes) as usize)
    }

    /// The next bytes, with their count in four bytes before them: a `string` of SSH (RFC 4251, section 5).
    pub fn string(&mut self) -> Result<&'a [u8], Flaw> {
        let length = self.u32()?;
        self.take(length)
    }

    /// The next `string` as text.
    pub fn name(&mut self) -> Result<&'a str, Flaw> {
        std::str::from_utf8(self.string()?).map_err(|_| self.foreign())
    }

    /// The next `mpint` of SSH (RFC 4251, section 5), which must not be negative, without leading zeros.
    pub fn mpint(&mut self) -> Result<&'a [u8], Flaw> {
        let bytes = self.string()?;
        if bytes.first().is_some_and(|first| first & 0x80 != 0) { Err(self.foreign()) } else { Ok(magnitude(bytes)) }
    }

    /// Nothing may be left.
    pub fn end(&self) -> Result<(), Flaw> {
        if self.rest.is_empty() { Ok(()) } else { Err(Flaw::Trailing) }
    }
}

/// A number's bytes, most significant first, without leading zeros.
pub fn magnitude(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// How many bits a number has.
pub fn bit_length(bytes: &[u8]) -> usize {
    let bytes = magnitude(bytes);
    let leading = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
    bytes.len() * 8 - leading
}

//! As much of BER as LDAP needs: elements with lengths of known size (RFC 4511, section 5.1; X.690, section 8.1).

use zeroize::Zeroizing;

/// Tags of universal types.
pub const INTEGER: u8 = 0x02;
pub const OCTET_STRING: u8 = 0x04;
pub const ENUMERATED: u8 = 0x0a;
pub const SEQUENCE: u8 = 0x30;

/// What is left of an element's content.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(pub &'a [u8]);

impl<'a> Elements<'a> {
    /// The next element: its tag and its content. `None` if it is not whole, or not of a form that LDAP allows.
    pub fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let [tag, first, rest @ ..] = self.0 else { return None };
        let (length, rest) = match length_of_length(*first)? {
            0 => (usize::from(*first), rest),
            count => {
                let (digits, rest) = rest.split_at_checked(count)?;
                (number(digits)?, rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, content))
    }

    /// The content of the next element, if it has this tag.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

/// How many bytes behind the first one of a length make it up; `None` for lengths that are not known beforehand, and for
/// what is longer than any message.
pub fn length_of_length(first: u8) -> Option<usize> {
    match first {
        0..=0x7f => Some(0),
        0x81..=0x84 => Some(usize::from(first & 0x7f)),
        _ => None,
    }
}

/// A number of up to four bytes that is not negative.
pub fn number(digits: &[u8]) -> Option<usize> {
    let fits = digits.len() <= 4;
    fits.then(|| digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}

/// An element. It is made at its full size, so that no copy of what may be secret is left behind.
pub fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length + 6));
    bytes.push(tag);
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => bytes.push(short),
        _ => {
            bytes.push(0x84);
            bytes.extend((length as u32).to_be_bytes());
        }
    }
    for part in parts {
        bytes.extend(*part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_have_several_forms() {
        let mut elements = Elements(&[4, 1, 9, 4, 0x81, 1, 8, 4, 0x84, 0, 0, 0, 1, 7, 4, 0]);
        for content in [&[9][..], &[8], &[7], &[]] {
            assert_eq!(elements.next(), Some((4, content)));
        }
        assert_eq!(elements.next(), None);
        assert_eq!(Elements(&[4, 0x80, 0, 0]).next(), None, "a length that is not known beforehand");
        assert_eq!(Elements(&[4, 2, 0]).next(), None, "cut short");
        assert_eq!(Elements(&[4, 0x85, 0, 0, 0, 0, 1, 1]).next(), None, "longer than any message");
        assert_eq!(Elements(&[4, 0x84, 0xff, 0xff, 0xff, 0xff, 1]).next(), None, "longer than what is there");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(tag: u8, content in proptest::collection::vec(any::<u8>(), 0..300)) {
            let bytes = element(tag, &[&content, &[]]);
            prop_assert_eq!(Elements(&bytes).next(), Some((tag, &content[..])));
        }

        #[test]
        fn anything_is_read_without_harm(bytes: Vec<u8>) {
            let mut elements = Elements(&bytes);
            while elements.next().is_some() {}
        }
    }
}

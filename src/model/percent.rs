//! Percent-encoding (RFC 3986, section 2): any bytes as a part of an address, from which they can be had back exactly.

use std::fmt::Write as _;

/// Encodes all but unreserved characters (section 2.3) and those ASCII characters that are in `keep`.
pub fn percent_encode(bytes: &[u8], keep: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (byte.is_ascii() && keep.contains(&byte)) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encode;

    #[test]
    fn every_byte_that_is_neither_plain_nor_kept_is_encoded() {
        assert_eq!(percent_encode(b"a/b c:\xff%\x1b.txt~", b"/\xff"), "a/b%20c%3A%FF%25%1B.txt~");
    }
}

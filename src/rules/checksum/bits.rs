//! Texts whose characters each stand for a few bits, cut where no whole byte ends.
//!
//! A checksum of whole bytes seldom begins at a character's edge. So the characters before it are read as bits, filled
//! up with zeros to the next byte, and the checksum's characters are those that follow in the encoded whole.

/// The alphabets of RFC 4648 and their widths in bits.
pub const BASE64: (&[u8], u32) = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6);
pub const BASE64URL: (&[u8], u32) = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6);
pub const BASE32: (&[u8], u32) = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);

/// The bytes of `text`, the last one filled up with zeros; `None` if a character is not of the alphabet.
pub fn decode(text: &str, (alphabet, width): (&[u8], u32)) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0u32, 0u32);
    for c in text.bytes() {
        let value = alphabet.iter().position(|&a| a == c)?;
        bits = (bits << width) | value as u32;
        held += width;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    if held > 0 {
        bytes.push((bits << (8 - held)) as u8);
    }
    Some(bytes)
}

/// `bytes` in characters of the alphabet, without padding.
pub fn encode(bytes: &[u8], (alphabet, width): (&[u8], u32)) -> String {
    let mut text = String::new();
    let mut push = |value: u32| text.push(char::from(alphabet[(value & ((1 << width) - 1)) as usize]));
    let (mut bits, mut held) = (0u32, 0u32);
    for &byte in bytes {
        bits = (bits << 8) | u32::from(byte);
        held += 8;
        while held >= width {
            held -= width;
            push(bits >> held);
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        push(bits << (width - held));
    }
    text
}

/// The characters that put `sum` of the decoded `text` behind it.
pub fn tail(text: &str, alphabet: (&[u8], u32), sum: impl Fn(&[u8]) -> Vec<u8>) -> Option<String> {
    let mut bytes = decode(text, alphabet)?;
    let sum = sum(&bytes);
    bytes.extend_from_slice(&sum);
    encode(&bytes, alphabet).get(text.len()..).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        assert_eq!(encode(b"foobar", BASE64), "Zm9vYmFy");
        assert_eq!(encode(b"fooba", BASE32), "MZXW6YTB");
        assert_eq!(encode(b"foob", BASE32), "MZXW6YQ");
        assert_eq!(decode("Zm9vYg", BASE64).unwrap()[..4], *b"foob");
        assert_eq!(decode("Zm-v", BASE64), None);
    }

    #[test]
    fn a_tail_continues_the_text() {
        // 37 characters are 222 bits: two zeros lead the first character of the sum.
        let text = "A".repeat(37);
        assert_eq!(tail(&text, BASE64, |_| vec![0xff; 4]).unwrap(), "P////8");
    }
}

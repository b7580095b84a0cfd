//! Cyclic redundancy checks, and the ways in which tokens write numbers.

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// CRC-32 as in ISO 3309 (IEEE 802.3): reflected, polynomial 0x04C11DB7.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = libdeflater::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// CRC-16/XMODEM: polynomial 0x1021, starting from zero, not reflected.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| (crc << 1) ^ if crc & 0x8000 != 0 { 0x1021 } else { 0 })
    })
}

/// `number` in base 62 (digits, upper case, lower case), padded with zeros in front to `width` characters.
pub fn base62(number: u32, width: usize) -> String {
    digits(number, BASE62, width)
}

/// `number` in base 36 (digits, lower case), padded with zeros in front to `width` characters.
pub fn base36(number: u32, width: usize) -> String {
    digits(number, BASE36, width)
}

/// `number` in the digits of `alphabet`, padded in front to `width` characters.
pub fn digits(mut number: u32, alphabet: &[u8], width: usize) -> String {
    let base = alphabet.len() as u32;
    let mut digits = Vec::new();
    while number > 0 || digits.len() < width {
        digits.push(char::from(alphabet[(number % base) as usize]));
        number /= base;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
    #[test]
    fn check_values_hold() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    #[test]
    fn numbers_are_padded_in_front() {
        assert_eq!(base62(0, 3), "000");
        assert_eq!(base62(61, 2), "0z");
        assert_eq!(base62(62, 2), "10");
        assert_eq!(base36(35, 2), "0z");
        assert_eq!(base62(u32::MAX, 6), "4gfFC3");
    }
}

//! Checksums that providers build into their tokens, as functions from the rest of the token.
//!
//! Both sides lean on it: examples of rules are completed with it, and offline verification compares with it.

/// What completes `token` under the checksum called `name`; `None` if there is no such checksum, or `token` has not the
/// form that it needs.
pub fn complete(name: &str, token: &str) -> Option<String> {
    match name {
        "github" | "npm" => {
            let (_, body) = token.rsplit_once('_')?;
            Some(base62(crc32(body.as_bytes()), 6))
        }
        _ => None,
    }
}

/// CRC-32 as in ISO 3309 (IEEE 802.3): reflected, polynomial 0x04C11DB7.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = libdeflater::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// `number` in base 62 (digits, upper case, lower case), padded with zeros in front to `width` characters.
pub fn base62(mut number: u32, width: usize) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    while number > 0 || digits.len() < width {
        digits.push(DIGITS[(number % 62) as usize]);
        number /= 62;
    }
    digits.reverse();
    String::from_utf8_lossy(&digits).into_owned()
}

/// Whether the checksum called `name` holds for a whole token; `None` if the token's form carries none such.
pub fn verify(name: &str, token: &str) -> Option<bool> {
    let body = token.get(..token.len().checked_sub(6)?)?;
    Some(complete(name, body)? == token[body.len()..])
}

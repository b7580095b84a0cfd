//! Macaroons of the second binary form: fields of a type, a length and bytes, in sections that a zero ends.
//!
//! Source: <https://github.com/rescrv/libmacaroons>.

use data_encoding::BASE64URL_NOPAD;

/// Whether a token of PyPI holds a whole macaroon; `None` where its encoding is cut or changed, for a token is often
/// quoted shortened.
pub fn pypi(token: &str) -> Option<bool> {
    let bytes = BASE64URL_NOPAD.decode(token.strip_prefix("pypi-")?.as_bytes()).ok()?;
    whole(&bytes).then_some(true)
}

/// True if `bytes` are a macaroon from its version to its signature, and nothing more.
fn whole(bytes: &[u8]) -> bool {
    const END: u8 = 0;
    const SIGNATURE: u8 = 6;
    let Some((2, mut rest)) = bytes.split_first().map(|(version, rest)| (*version, rest)) else { return false };
    while let Some((&kind, after)) = rest.split_first() {
        if kind == END {
            rest = after;
            continue;
        }
        let Some((length, after)) = varint(after) else { return false };
        let Some((_, after)) = after.split_at_checked(length) else { return false };
        if kind == SIGNATURE {
            return length == 32 && after.is_empty();
        }
        rest = after;
    }
    false
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

    fn token() -> Vec<u8> {
        let mut bytes = b"\x02\x01\x08pypi.org\x02\x02id\x00\x02\x03cav\x00\x00\x06\x20".to_vec();
        bytes.extend([7; 32]);
        bytes
    }

    #[test]
    fn a_whole_macaroon_is_right_and_a_cut_one_is_not_told() {
        let encoded = |bytes: &[u8]| format!("pypi-{}", BASE64URL_NOPAD.encode(bytes));
        assert_eq!(pypi(&encoded(&token())), Some(true));
        assert_eq!(pypi(&encoded(&token()[..30])), None);
        assert_eq!(pypi("pypi-!"), None);
        assert_eq!(pypi("ghp_"), None);
    }
}

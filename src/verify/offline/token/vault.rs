//! Tokens of HashiCorp Vault: the letter behind `hv` names the kind, and the longer ones are base64 of a protobuf.
//!
//! Source: <https://developer.hashicorp.com/vault/docs/concepts/tokens> for the kinds; `vault/tokens/token.proto` of
//! <https://github.com/hashicorp/vault> for a signed token: version (field 1), HMAC (2) and the token proper (3).

use super::embedded;
use crate::model::Verdict;

/// The verdict on a token.
pub fn check(token: &str) -> Verdict {
    let Some((prefix, body)) = token.split_once('.') else { return Verdict::NotChecked };
    let kind = match prefix {
        "hvs" | "s" => "a service token: it can be renewed and revoked",
        "hvb" | "b" => "a batch token: it cannot be revoked by itself, only run out",
        "hvr" | "r" => "a recovery token",
        _ => return Verdict::NotChecked,
    };
    match embedded::bytes(body) {
        Some(bytes) if prefix != "hvb" && prefix != "b" && signed(&bytes).is_some() => {
            Verdict::WellFormed(format!("the signed message in it is whole; {kind}"))
        }
        _ => Verdict::NotCheckable(kind.to_owned()),
    }
}

/// Reads a signed token to its last byte: version 1, an HMAC of 32 bytes, and a token that is not empty.
fn signed(bytes: &[u8]) -> Option<()> {
    const VERSION: [u8; 2] = [1 << 3, 1];
    const HMAC: [u8; 2] = [2 << 3 | 2, 32];
    const TOKEN: u8 = 3 << 3 | 2;
    let rest = bytes.strip_prefix(&VERSION)?.strip_prefix(&HMAC)?;
    let (_, rest) = rest.split_at_checked(32)?;
    let [TOKEN, length, token @ ..] = rest else { return None };
    (*length < 0x80 && *length > 0 && token.len() == usize::from(*length)).then_some(())
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    #[test]
    fn a_signed_token_is_read_to_its_end() {
        let bytes = [&[8, 1, 0x12, 32][..], &[7; 32], &[0x1a, 5], b"\x0a\x03abc"].concat();
        let token = |bytes: &[u8]| format!("hvs.{}", BASE64URL_NOPAD.encode(bytes));
        assert!(token(&bytes).starts_with("hvs.CAES"));
        assert!(matches!(check(&token(&bytes)), Verdict::WellFormed(why) if why.contains("a service token")));
        assert!(matches!(check(&token(&bytes[..38])), Verdict::NotCheckable(_)));
        assert!(
            matches!(check(&format!("hvb.{}", "A".repeat(120))), Verdict::NotCheckable(why) if why.contains("batch"))
        );
        assert_eq!(check("hvx.x"), Verdict::NotChecked);
    }
}

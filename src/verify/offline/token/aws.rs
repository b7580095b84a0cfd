//! Access key ids of AWS: their first four letters name the kind, and those made since 2019 hold the number of the
//! account.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids> for
//! the kinds; for the account, which AWS does not document, A. Steele, "AWS Access Key ID formats",
//! <https://awsteele.com/blog/2020/09/26/aws-access-key-format.html>, and T. Be'ery, "A short note on AWS KEY ID".

use data_encoding::BASE32;

use crate::model::Verdict;

/// What an access key id tells. There is no checksum in it.
pub fn key_id(id: &str) -> Verdict {
    let Some((kind, rest)) = id.split_at_checked(4) else { return Verdict::NotChecked };
    let kind = match kind {
        "AKIA" => "a long-term access key",
        "ASIA" => "a temporary access key, of use only with its session token until that expires",
        "ABIA" => "a service bearer token",
        "ACCA" => "a context-specific credential",
        _ => "an access key",
    };
    let of = match account(rest) {
        Some(account) => format!(" of the account {account:012}"),
        None if rest.starts_with(|c: char| ('A'..='P').contains(&c)) => {
            ", made before ids held the number of their account".to_owned()
        }
        None => String::new(),
    };
    Verdict::NotCheckable(format!("{kind}{of}"))
}

/// The account number: 40 of the id's 80 bits, behind the first. Only ids whose first bit is set hold one.
fn account(rest: &str) -> Option<u64> {
    let bytes = BASE32.decode(rest.as_bytes()).ok()?;
    let first: [u8; 6] = bytes.get(..6)?.try_into().ok()?;
    let bits = first.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let number = bits >> 7 & 0xff_ffff_ffff;
    (bits >> 47 == 1 && number <= 999_999_999_999).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids of which the sources publish the accounts.
    #[test]
    fn published_ids_give_their_accounts() {
        assert_eq!(account("Y34FZKBOKMUTVV7A"), Some(609_629_065_308));
        assert_eq!(account("QNZGKIQY56JQ7WML"), Some(29_608_264_753));
        let id = concat!("ASIA", "QNZGKIQY56JQ7WML");
        assert!(key_id(id).reason().unwrap().ends_with("of the account 029608264753"), "{:?}", key_id(id));
    }

    #[test]
    fn kinds_are_named_and_older_ids_tell_no_account() {
        assert!(key_id(concat!("AKIA", "IOSFODNN7EXAMPLE")).reason().unwrap().contains("made before"));
        assert!(key_id(concat!("AKIA", "Q")).reason().unwrap().starts_with("a long-term"));
        assert_eq!(key_id("AKI"), Verdict::NotChecked);
        // No account has thirteen digits.
        assert_eq!(account("7777777777777777"), None);
    }
}

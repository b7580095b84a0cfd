//! Keys of AWS. The first four letters of access key ids name the kind, and those made since 2019 hold the number of the
//! account. Keys of Bedrock name it, too.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids> for
//! the kinds; for the account, which AWS does not document, A. Steele, "AWS Access Key ID formats",
//! <https://awsteele.com/blog/2020/09/26/aws-access-key-format.html>, and T. Be'ery, "A short note on AWS KEY ID".

use data_encoding::BASE32;

use super::embedded;
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

/// The verdict on a long-term API key of Bedrock: behind `ABSK` the base64 of a user's name, which ends in the account,
/// a colon and a secret.
///
/// Source: `ServiceUserName` in <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceSpecificCredential.html>.
pub fn bedrock(key: &str) -> Verdict {
    let decoded = key.strip_prefix("ABSK").and_then(embedded::bytes).and_then(|bytes| String::from_utf8(bytes).ok());
    let user = decoded.as_deref().and_then(|text| text.split_once(':')).map(|(user, _)| user);
    match user.and_then(|user| user.strip_prefix("BedrockAPIKey-")) {
        Some(user) => {
            let account = user.rsplit_once("-at-").map(|(_, account)| account);
            let account = account.filter(|a| a.len() == 12 && a.bytes().all(|b| b.is_ascii_digit()));
            let of = account.map_or(String::new(), |account| format!(" of the account {account}"));
            Verdict::WellFormed(format!("it holds the name of a user for Bedrock{of}"))
        }
        None => Verdict::NotCheckable("no name of a user for Bedrock is in it".to_owned()),
    }
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
    fn a_key_of_bedrock_tells_its_account() {
        let key = |text: &str| format!("ABSK{}", data_encoding::BASE64.encode(text.as_bytes()));
        let told = "it holds the name of a user for Bedrock of the account 111122223333";
        assert_eq!(bedrock(&key("BedrockAPIKey-ab1c-at-111122223333:HIDDEN")), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(bedrock(&key("anything:HIDDEN")), Verdict::NotCheckable(_)));
        assert!(matches!(bedrock("ABSK"), Verdict::NotCheckable(_)));
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

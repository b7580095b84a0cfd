//! What looks like a secret and is none, whatever the name that it is assigned to: only for rules that take any value.
//!
//! Random text stays what it is: a UUID of version 4, or forty hexadecimal digits, may be a key as well as an id. Told
//! are forms that are public by their make: integrity hashes, digests with their algorithm, public keys and
//! certificates, UUIDs made of a time, and the hashes of nothing, which stand for "none".
//!
//! Sources: <https://www.w3.org/TR/sri-2/>; RFC 9562 for UUIDs; RFC 4253, section 6.6, and RFC 8709 for SSH public
//! keys; RFC 5280 for certificates; <https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests>.

use std::ops::Range;

use data_encoding::BASE64;

use crate::model::rule::Detect;
use crate::model::{Rule, Verdict};

/// Hashes that are the same everywhere: of nothing, and of git's empty tree and its absent object.
const OF_NOTHING: &[&str] = &[
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "0000000000000000000000000000000000000000",
];

/// Digests by algorithm: the digits that they have in hexadecimal.
const DIGESTS: &[(&str, usize)] = &[("md5", 32), ("sha1", 40), ("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// From 1990 to 2050, as UUIDs count: in tenths of a microsecond since 15 October 1582.
const OUR_DAYS: Range<u64> = SINCE_1582 + 631_152_000 * 10_000_000..SINCE_1582 + 2_524_608_000 * 10_000_000;
/// From there to 1970.
const SINCE_1582: u64 = 0x01b2_1dd2_1381_4000;

/// The verdict on a value that a rule took for its name's sake.
pub fn check(rule: &Rule, value: &str) -> Verdict {
    let any_value = rule.is_generic() || matches!(rule.detect, Detect::Near { .. } | Detect::Assigned { .. });
    if !any_value {
        return Verdict::NotChecked;
    }
    // A service's own form may well be a UUID or a digest; a hash of nothing is nobody's key.
    let known = if rule.is_generic() { of_value(value) } else { of_nothing(value) };
    known.map_or(Verdict::NotChecked, |what| Verdict::NotSecret(what.to_owned()))
}

fn of_value(value: &str) -> Option<&'static str> {
    of_nothing(value)
        .or_else(|| integrity(value))
        .or_else(|| digest(value))
        .or_else(|| uuid(value))
        .or_else(|| public_key(value))
}

fn of_nothing(value: &str) -> Option<&'static str> {
    OF_NOTHING.contains(&value.to_ascii_lowercase().as_str()).then_some("it is the hash of nothing")
}

/// `sha384-…`: an algorithm and the base64 of as many bits.
fn integrity(value: &str) -> Option<&'static str> {
    let (algorithm, rest) = value.split_once('-')?;
    let bytes = match algorithm {
        "sha256" => 32,
        "sha384" => 48,
        "sha512" => 64,
        _ => return None,
    };
    let rest = rest.split_once('?').map_or(rest, |(hash, _)| hash);
    (BASE64.decode(rest.as_bytes()).ok()?.len() == bytes).then_some("it is an integrity hash of something public")
}

/// `sha256:…` in hexadecimal, as images and packages are named, or `owner/name@…`, as revisions are.
fn digest(value: &str) -> Option<&'static str> {
    let is_hex = |text: &str, digits: usize| text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    if value.rsplit_once('@').is_some_and(|(place, id)| place.contains('/') && is_hex(id, 40)) {
        return Some("it names an object of git");
    }
    let (algorithm, hex) = value.rsplit_once('@').map_or(value, |(_, digest)| digest).split_once(':')?;
    let (_, digits) = DIGESTS.iter().find(|(known, _)| algorithm.eq_ignore_ascii_case(known))?;
    is_hex(hex, *digits).then_some("it is the digest of something")
}

/// A UUID that is not random: nil, maximum, or made of a time of our days. That of a name cannot be told from a random
/// one whose maker minds no versions.
fn uuid(value: &str) -> Option<&'static str> {
    let digits: String = value.chars().filter(|c| *c != '-').collect();
    let dashes = value.match_indices('-').map(|(at, _)| at);
    if value.len() != 36 || digits.len() != 32 || !dashes.eq([8, 13, 18, 23]) {
        return None;
    }
    let number = u128::from_str_radix(&digits, 16).ok()?;
    match number {
        0 => return Some("it is the nil UUID"),
        u128::MAX => return Some("it is the highest UUID"),
        _ => {}
    }
    let bits = |from: u32, count: u32| (number >> (128 - from - count)) as u64 & ((1 << count) - 1);
    let time = match (bits(48, 4), bits(64, 2)) {
        (1, 0b10) => bits(52, 12) << 48 | bits(32, 16) << 32 | bits(0, 32),
        (6, 0b10) => bits(0, 48) << 12 | bits(52, 12),
        _ => return None,
    };
    OUR_DAYS.contains(&time).then_some("it is a UUID made of a time and an address")
}

/// A public key or a certificate: SSH's form, PEM, or the beginning of their DER in base64.
fn public_key(value: &str) -> Option<&'static str> {
    let label = value.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----")).map(|(label, _)| label);
    match label {
        Some("CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE") => return Some("it is a certificate"),
        Some("PUBLIC KEY" | "RSA PUBLIC KEY" | "SSH2 PUBLIC KEY" | "PGP PUBLIC KEY BLOCK") => {
            return Some("it is a public key");
        }
        _ => {}
    }
    let encoded = value.split_ascii_whitespace().find(|word| word.starts_with("AAAA")).unwrap_or(value);
    let encoded = encoded.trim_end_matches('=');
    let start = encoded.get(..encoded.len().min(64) / 4 * 4).filter(|start| start.len() >= 32)?;
    let bytes = BASE64.decode(start.as_bytes()).ok()?;
    if ssh(&bytes) {
        return Some("it is an SSH public key");
    }
    certificate(&bytes).then_some("it is a certificate").or_else(|| spki(&bytes).then_some("it is a public key"))
}

/// True for the length and name of an algorithm, as SSH writes its public keys.
fn ssh(bytes: &[u8]) -> bool {
    const NAMES: [&[u8]; 8] = [
        b"ssh-rsa",
        b"ssh-dss",
        b"ssh-ed25519",
        b"ecdsa-sha2-nistp256",
        b"ecdsa-sha2-nistp384",
        b"ecdsa-sha2-nistp521",
        b"sk-ssh-ed25519@openssh.com",
        b"sk-ecdsa-sha2-nistp256@openssh.com",
    ];
    NAMES.iter().any(|name| bytes.strip_prefix(&[0, 0, 0, name.len() as u8]).is_some_and(|rest| rest.starts_with(name)))
}

/// True for two sequences and version 3, in explicit tag 0: a certificate of X.509.
fn certificate(bytes: &[u8]) -> bool {
    let inner = sequence(bytes).and_then(sequence);
    inner.is_some_and(|inner| inner.starts_with(&[0xa0, 3, 2, 1, 2, 2]))
}

/// True for two sequences and the identifier of an algorithm: a SubjectPublicKeyInfo.
fn spki(bytes: &[u8]) -> bool {
    sequence(bytes).and_then(sequence).is_some_and(|inner| inner.starts_with(&[6]))
}

/// What stands behind the head of a DER sequence.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x30, 0x82, _, _, rest @ ..] | [0x30, 0x81, _, rest @ ..] => Some(rest),
        [0x30, length, rest @ ..] if *length < 0x80 => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_nothing_and_digests_are_no_secrets() {
        assert!(of_value("D41D8CD98F00B204E9800998ECF8427E").is_some());
        assert!(of_value("4b825dc642cb6eb9a060e54bf8d69288fbee4904").is_some());
        assert!(of_value(&format!("sha256:{}", "0a".repeat(32))).is_some());
        assert!(of_value(&format!("alpine@sha256:{}", "0a".repeat(32))).is_some());
        assert_eq!(of_value(&format!("sha256:{}", "0a".repeat(31))), None);
        assert_eq!(of_value(&format!("acme/anvil@{}", "0a".repeat(20))), Some("it names an object of git"));
        assert_eq!(of_value(&"0a".repeat(20)), None);
    }

    #[test]
    fn integrity_hashes_are_no_secrets() {
        assert!(of_value(&format!("sha384-{}", BASE64.encode(&[0xa7; 48]))).is_some());
        assert!(of_value(&format!("sha512-{}", BASE64.encode(&[0xa7; 64]))).is_some());
        assert_eq!(of_value(&format!("sha512-{}", BASE64.encode(&[0xa7; 48]))), None);
        assert_eq!(of_value("sha256-secret"), None);
    }

    /// The examples of RFC 9562, appendices A and B; a random one may be a key, and so may one of a name.
    #[test]
    fn uuids_of_times_are_no_secrets_and_random_ones_may_be() {
        assert!(of_value("C232AB00-9414-11EC-B3C8-9F6BDECED846").is_some());
        assert_eq!(of_value("2ed6657d-e927-568b-95e1-2665a8aea6a2"), None);
        // A time in the year 2228.
        assert_eq!(of_value("123e4567-e89b-12d3-a456-426614174000"), None);
        assert!(of_value("1EC9414C-232A-6B00-B3C8-9F6BDECED846").is_some());
        assert!(of_value("00000000-0000-0000-0000-000000000000").is_some());
        assert_eq!(of_value("919108f7-52d1-4320-9bac-f847db4148a8"), None);
        assert_eq!(of_value("919108f7-52d1-1320-9bac-f847db4148a"), None);
    }

    #[test]
    fn public_keys_and_certificates_are_no_secrets() {
        let ssh = [&[0, 0, 0, 11][..], b"ssh-ed25519", &[0, 0, 0, 32], &[7; 32]].concat();
        assert_eq!(of_value(&BASE64.encode(&ssh)), Some("it is an SSH public key"));
        assert_eq!(of_value(&format!("ssh-ed25519 {} a@b", BASE64.encode(&ssh))), Some("it is an SSH public key"));
        let certificate = [&[0x30, 0x82, 3, 0, 0x30, 0x82, 2, 0, 0xa0, 3, 2, 1, 2, 2][..], &[7; 60]].concat();
        assert_eq!(of_value(&BASE64.encode(&certificate)), Some("it is a certificate"));
        let public = [&[0x30, 0x82, 1, 0x22, 0x30, 13, 6, 9][..], &[0x2a; 60]].concat();
        assert_eq!(of_value(&BASE64.encode(&public)), Some("it is a public key"));
        assert_eq!(of_value("-----BEGIN CERTIFICATE-----"), Some("it is a certificate"));
        let private = [&[0x30, 0x82, 4, 0xbd, 2, 1, 0, 0x30, 13, 6, 9][..], &[0x2a; 60]].concat();
        assert_eq!(of_value(&BASE64.encode(&private)), None);
        assert_eq!(of_value("correct horse"), None);
    }
}

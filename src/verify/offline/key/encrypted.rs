//! Encrypted keys in PEM: `EncryptedPrivateKeyInfo` of PKCS #8 (RFC 5958, section 3), whose parameters tell how, and
//! OpenSSL's older way, with headers of RFC 1421 before the ciphertext.

use super::armor::Armor;
use super::der::{Der, OCTET_STRING};
use super::description::Key;
use super::flaw::Flaw;

/// Reads a key of PKCS #8 as far as it is not encrypted.
pub fn read(der: &[u8]) -> Result<Key, Flaw> {
    let mut info = Der::document(der, "encrypted PKCS #8 key")?;
    let mut algorithm = info.sequence()?;
    let ciphertext = info.expect(OCTET_STRING)?;
    info.end()?;
    if ciphertext.is_empty() {
        return Err(Flaw::Empty);
    }
    Ok(Key::locked("PKCS #8", scheme(&mut algorithm)?))
}

/// The scheme of encryption: PBES2 names a cipher and a way from passphrase to key, older ones are one of a few (RFC
/// 8018, appendix A; RFC 7292, appendix C).
fn scheme(algorithm: &mut Der<'_>) -> Result<String, Flaw> {
    let oid = algorithm.oid()?;
    Ok(match oid.as_str() {
        "1.2.840.113549.1.5.13" => {
            let mut parameters = algorithm.sequence()?;
            let derivation = derivation(&mut parameters.sequence()?)?;
            let cipher = parameters.sequence()?.oid()?;
            format!("{}, {derivation}", cipher_name(&cipher))
        }
        "1.2.840.113549.1.5.1" | "1.2.840.113549.1.5.3" | "1.2.840.113549.1.5.10" => "DES, PBES1".to_owned(),
        "1.2.840.113549.1.5.4" | "1.2.840.113549.1.5.6" | "1.2.840.113549.1.5.11" => "RC2, PBES1".to_owned(),
        "1.2.840.113549.1.12.1.1" => "RC4-128, PKCS #12".to_owned(),
        "1.2.840.113549.1.12.1.2" => "RC4-40, PKCS #12".to_owned(),
        "1.2.840.113549.1.12.1.3" => "3DES, PKCS #12".to_owned(),
        "1.2.840.113549.1.12.1.4" => "3DES with two keys, PKCS #12".to_owned(),
        "1.2.840.113549.1.12.1.5" => "RC2-128, PKCS #12".to_owned(),
        "1.2.840.113549.1.12.1.6" => "RC2-40, PKCS #12".to_owned(),
        other => format!("scheme {other}"),
    })
}

/// From passphrase to key: PBKDF2 (RFC 8018, appendix A.2) or scrypt (RFC 7914, section 7).
fn derivation(algorithm: &mut Der<'_>) -> Result<String, Flaw> {
    let oid = algorithm.oid()?;
    Ok(match oid.as_str() {
        "1.2.840.113549.1.5.12" => {
            let mut parameters = algorithm.sequence()?;
            parameters.element()?;
            format!("PBKDF2 of {} rounds", parameters.small()?)
        }
        "1.3.6.1.4.1.11591.4.11" => {
            let mut parameters = algorithm.sequence()?;
            parameters.element()?;
            format!("scrypt of cost {}", parameters.small()?)
        }
        other => format!("derivation {other}"),
    })
}

fn cipher_name(oid: &str) -> &str {
    match oid {
        "2.16.840.1.101.3.4.1.2" => "AES-128-CBC",
        "2.16.840.1.101.3.4.1.6" => "AES-128-GCM",
        "2.16.840.1.101.3.4.1.22" => "AES-192-CBC",
        "2.16.840.1.101.3.4.1.26" => "AES-192-GCM",
        "2.16.840.1.101.3.4.1.42" => "AES-256-CBC",
        "2.16.840.1.101.3.4.1.46" => "AES-256-GCM",
        "1.2.840.113549.3.7" => "3DES",
        "1.3.14.3.2.7" => "DES",
        "1.2.840.113549.3.2" => "RC2",
        other => other,
    }
}

/// A key that its headers say is encrypted; `None` if they do not. The body is ciphertext: whole if it consists of
/// whole blocks.
pub fn by_headers(armor: &Armor) -> Option<Result<Key, Flaw>> {
    let info = armor.header("DEK-Info");
    if info.is_none() && !armor.header("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED")) {
        return None;
    }
    let cipher = info.map_or("", |info| info.split(',').next().unwrap_or(""));
    let block = match cipher {
        c if c.starts_with("AES") || c.starts_with("CAMELLIA") || c.starts_with("ARIA") || c.starts_with("SEED") => 16,
        c if c.starts_with("DES") || c.starts_with("RC2") || c.starts_with("IDEA") || c.starts_with("BF") => 8,
        _ => 1,
    };
    let there = armor.body.len();
    if !there.is_multiple_of(block) {
        return Some(Err(Flaw::Truncated { wanted: there.next_multiple_of(block), there }));
    }
    // Behind the cipher's name stands its initial vector: a block, in hexadecimal digits.
    let vector = info.and_then(|info| info.split_once(',')).map(|(_, vector)| vector.trim());
    if block > 1 && !vector.is_some_and(|v| v.len() == 2 * block && v.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Some(Err(Flaw::Inconsistent("its header has no initial vector of its cipher's length")));
    }
    let mut key = Key::locked("PEM", super::description::plain(cipher));
    key.algorithm = armor.label.strip_suffix(" PRIVATE KEY").map(super::description::plain);
    Some(Ok(key))
}

//! Keys of any algorithm in one form: `PrivateKeyInfo` of PKCS #8 and `OneAsymmetricKey`, which follows it (RFC 5958).

use super::bytes::bit_length;
use super::der::{Der, OCTET_STRING, context};
use super::description::Key;
use super::flaw::Flaw;
use super::public::PublicKey;
use super::sec1::Field;
use super::{dsa, ed25519, pkcs1, sec1};

const FORM: &str = "PKCS #8";
/// The tag of `[1] IMPLICIT BIT STRING`.
const PUBLIC_KEY: u8 = 0x81;

/// Reads the key: an algorithm, and the key in the algorithm's own form.
pub fn read(der: &[u8]) -> Result<Key, Flaw> {
    let mut info = Der::document(der, "PKCS #8 key")?;
    if info.small()? > 1 {
        return Err(info.foreign());
    }
    let mut algorithm = info.sequence()?;
    let content = info.expect(OCTET_STRING)?;
    info.optional(context(0))?;
    // The first byte counts unused bits.
    let public = info.optional(PUBLIC_KEY)?.and_then(|bits| bits.strip_prefix(&[0]));
    info.end()?;
    let name = algorithm.oid()?;
    match name.as_str() {
        // rsaEncryption and RSASSA-PSS: RFC 8017, appendix C.
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => pkcs1::read(content, FORM),
        // id-ecPublicKey: RFC 5480.
        "1.2.840.10045.2.1" => sec1::read(content, Some(Field::read(&mut algorithm)?), FORM),
        "1.2.840.10040.4.1" => dsa_number(&mut algorithm, &info.within(content)),
        other => match named(other) {
            Some((name, length)) => fixed(name, length, public, info.within(content)),
            None => Ok(Key::open(FORM, format!("(algorithm {other})"))),
        },
    }
}

/// id-dsa (RFC 3279, section 2.3.2): p, q and g are parameters, the key is one number.
fn dsa_number(algorithm: &mut Der<'_>, content: &Der<'_>) -> Result<Key, Flaw> {
    let [p, q, _g] = pkcs1::numbers(&mut algorithm.sequence()?)?;
    let mut content = *content;
    let x = content.integer()?;
    content.end()?;
    dsa::checked(p, q, x)?;
    Ok(Key::open(FORM, format!("{}-bit DSA", bit_length(p))))
}

/// Algorithms whose keys are one string of bytes, and its length where that is fixed: RFC 8410 (curves of Edwards and
/// Montgomery), RFC 9881 and RFC 9935 (ML-DSA and ML-KEM, whose keys have several forms), RFC 9909 (SLH-DSA is left to
/// its number), RFC 3279 (Diffie-Hellman is too).
fn named(oid: &str) -> Option<(&'static str, Option<usize>)> {
    Some(match oid {
        "1.3.101.110" => ("X25519", Some(32)),
        "1.3.101.111" => ("X448", Some(56)),
        "1.3.101.112" => ("Ed25519", Some(32)),
        "1.3.101.113" => ("Ed448", Some(57)),
        "2.16.840.1.101.3.4.3.17" => ("ML-DSA-44", None),
        "2.16.840.1.101.3.4.3.18" => ("ML-DSA-65", None),
        "2.16.840.1.101.3.4.3.19" => ("ML-DSA-87", None),
        "2.16.840.1.101.3.4.4.1" => ("ML-KEM-512", None),
        "2.16.840.1.101.3.4.4.2" => ("ML-KEM-768", None),
        "2.16.840.1.101.3.4.4.3" => ("ML-KEM-1024", None),
        _ => return None,
    })
}

/// A key that is one string of bytes, of the length if one is given.
fn fixed(name: &str, length: Option<usize>, public: Option<&[u8]>, mut content: Der<'_>) -> Result<Key, Flaw> {
    let key = Key::open(FORM, name);
    let Some(length) = length else { return Ok(key) };
    let seed = content.expect(OCTET_STRING)?;
    content.end()?;
    if seed.len() != length {
        return Err(Flaw::Inconsistent("its length is not that of its algorithm"));
    }
    let Some(seed) = seed.try_into().ok().filter(|_| name == "Ed25519") else { return Ok(key) };
    let derived = ed25519::public(seed);
    if public.is_some_and(|public| *public != derived) {
        return Err(Flaw::Inconsistent("its private half does not belong to its public half"));
    }
    Ok(key.with_public(PublicKey::Ed25519(derived)))
}

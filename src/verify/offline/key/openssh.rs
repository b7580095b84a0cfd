//! Keys in OpenSSH's own form, `openssh-key-v1`: PROTOCOL.key of its sources,
//! <https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key>.

use super::bytes::Reader;
use super::description::{Key, Lock, plain, quoted};
use super::flaw::Flaw;
use super::public::{PublicKey, fingerprint};
use super::{dsa, ed25519, pkcs1};

const FORM: &str = "OpenSSH's form";
/// No key is longer, in bytes: such a length is garbage.
const LONGEST: usize = 1 << 18;
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Reads the key: how it is encrypted, its public half, and its private half if that is in clear.
pub fn read(body: &[u8]) -> Result<Key, Flaw> {
    let content = body.strip_prefix(MAGIC).ok_or(Flaw::Foreign("openssh-key-v1"))?;
    let mut reader = Reader::new(content, "openssh-key-v1");
    let cipher = reader.name()?;
    let derivation = reader.name()?;
    let options = reader.string()?;
    // OpenSSH itself writes and reads one key to a file.
    if reader.u32()? != 1 {
        return Err(reader.foreign());
    }
    let blob = reader.string()?;
    let length = reader.u32()?;
    let there = reader.rest().len();
    if length > LONGEST {
        return Err(reader.foreign());
    }
    if length > there {
        let header = body.len() - there;
        return Err(Flaw::Truncated { wanted: header.saturating_add(length), there: body.len() });
    }
    let section = reader.take(length)?;
    let (algorithm, public) = PublicKey::of_ssh(blob)?;
    let name = public.as_ref().map_or_else(|| plain(algorithm), PublicKey::to_string);
    let mut key = Key { fingerprint: Some(fingerprint(blob)), public, ..Key::open(FORM, name) };
    if cipher == "none" {
        reader.end()?;
        private(section, blob, &mut key)?;
        return Ok(key);
    }
    if !section.len().is_multiple_of(block(cipher)) || reader.rest().len() != tag(cipher) {
        return Err(Flaw::Inconsistent("its ciphertext is not made of whole blocks"));
    }
    key.lock = Lock::Locked(format!("{}, {}", plain(cipher), derived(derivation, options)));
    Ok(key)
}

/// Bytes to a block of the cipher.
fn block(cipher: &str) -> usize {
    if cipher.starts_with("aes") { 16 } else { 8 }
}

/// Bytes of the tag behind the ciphertext.
fn tag(cipher: &str) -> usize {
    if cipher.contains("gcm") || cipher.contains("poly1305") { 16 } else { 0 }
}

/// From passphrase to key: `bcrypt` with its options, salt and rounds.
fn derived(name: &str, options: &[u8]) -> String {
    let mut reader = Reader::new(options, "options");
    match reader.string().and_then(|_| reader.u32()) {
        Ok(rounds) if name == "bcrypt" => format!("bcrypt of {rounds} rounds"),
        _ => plain(name),
    }
}

/// The private half: twice the same random number, the key, a comment, and padding of 1, 2, 3 …
fn private(section: &[u8], blob: &[u8], key: &mut Key) -> Result<(), Flaw> {
    let mut reader = Reader::new(section, "openssh-key-v1");
    if reader.u32()? != reader.u32()? {
        return Err(Flaw::Inconsistent("its two check numbers differ"));
    }
    let algorithm = reader.name()?;
    if PublicKey::of_ssh(blob)?.0 != algorithm {
        return Err(Flaw::Inconsistent("its two halves name different algorithms"));
    }
    let Some(public) = numbers(algorithm, &mut reader, key)? else { return Ok(()) };
    if key.public.as_ref().is_some_and(|announced| *announced != public) {
        return Err(Flaw::Inconsistent("its private half does not belong to its public half"));
    }
    let comment = String::from_utf8_lossy(reader.string()?).into_owned();
    let padded = reader.rest().iter().zip(1..).all(|(byte, place)| *byte == place);
    if !padded || !section.len().is_multiple_of(8) {
        return Err(Flaw::Inconsistent("its padding is wrong"));
    }
    if !comment.is_empty() {
        key.remarks.push(format!("comment {}", quoted(&comment)));
    }
    Ok(())
}

/// Reads the numbers of the private half, and tells which public half belongs to them; `None` for algorithms that are
/// not known here.
fn numbers(algorithm: &str, reader: &mut Reader<'_>, key: &mut Key) -> Result<Option<PublicKey>, Flaw> {
    Ok(Some(match algorithm {
        "ssh-rsa" => {
            let mut number = || reader.mpint();
            let [n, e, _d, _coefficient, p, q] = [number()?, number()?, number()?, number()?, number()?, number()?];
            pkcs1::checked(n, e, p, q, true)?
        }
        "ssh-dss" => {
            let mut number = || reader.mpint();
            let [p, q, g, y, x] = [number()?, number()?, number()?, number()?, number()?];
            dsa::checked(p, q, x)?;
            PublicKey::Dsa { p: p.to_vec(), q: q.to_vec(), g: g.to_vec(), y: y.to_vec() }
        }
        "ssh-ed25519" => {
            let public: [u8; 32] = reader.string()?.try_into().map_err(|_| reader.foreign())?;
            // A seed, and the public half once more.
            let (seed, again) = reader.string()?.split_first_chunk().ok_or(reader.foreign())?;
            if again != public || ed25519::public(seed) != public {
                return Err(Flaw::Inconsistent("its private half does not belong to its public half"));
            }
            PublicKey::Ed25519(public)
        }
        "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521" => {
            let curve = super::public::Curve::by_ssh_name(reader.name()?).ok_or(reader.foreign())?;
            let point = reader.string()?.to_vec();
            if reader.mpint()?.len() > curve.bytes {
                return Err(Flaw::Inconsistent("its number is none of its curve"));
            }
            PublicKey::Ec { curve, point }
        }
        _ => {
            if algorithm.starts_with("sk-") {
                key.lock = Lock::Absent("of no use without the security key that it belongs to");
            }
            return Ok(None);
        }
    }))
}

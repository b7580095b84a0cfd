//! Keys in PuTTY's form, PPK 2 and 3: appendix C of its manual,
//! <https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html>.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::armor::{decode, unescaped};
use super::bytes::Reader;
use super::description::{Key, Lock, plain, quoted};
use super::flaw::Flaw;
use super::pkcs1;
use super::public::{PublicKey, fingerprint, string};

/// The file's lines, taken apart.
struct Ppk {
    version: u8,
    algorithm: String,
    encryption: String,
    comment: String,
    public: Zeroizing<Vec<u8>>,
    private: Zeroizing<Vec<u8>>,
    derivation: Vec<String>,
    mac: Vec<u8>,
}

/// Reads the key. The MAC is over all of it, and can be checked if the key is not encrypted.
pub fn read(text: &str) -> Result<Key, Flaw> {
    let ppk = Ppk::parse(text)?;
    let (algorithm, public) = PublicKey::of_ssh(&ppk.public)?;
    if algorithm != ppk.algorithm {
        return Err(Flaw::Inconsistent("its public half is of another algorithm than it says"));
    }
    let name = public.as_ref().map_or_else(|| plain(algorithm), PublicKey::to_string);
    let form = if ppk.version == 2 { "PuTTY's form, version 2" } else { "PuTTY's form, version 3" };
    let mut key = Key { fingerprint: Some(fingerprint(&ppk.public)), ..Key::open(form, name) };
    if ppk.encryption == "none" {
        ppk.check_mac()?;
        if let Some(PublicKey::Rsa { modulus, exponent }) = &public {
            let mut reader = Reader::new(&ppk.private, "RSA key");
            let [_d, p, q] = [reader.mpint()?, reader.mpint()?, reader.mpint()?];
            pkcs1::checked(modulus, exponent, p, q, true)?;
        }
    } else {
        if ppk.private.is_empty() || !ppk.private.len().is_multiple_of(16) {
            return Err(Flaw::Inconsistent("its ciphertext is not made of whole blocks"));
        }
        let how: Vec<String> = [plain(&ppk.encryption)].into_iter().chain(ppk.derivation).collect();
        key.lock = Lock::Locked(how.join(", "));
    }
    key.public = public;
    if !ppk.comment.is_empty() {
        key.remarks.push(format!("comment {}", quoted(&ppk.comment)));
    }
    Ok(key)
}

/// The public and the private half of a key that was read and is not encrypted, each as fields of SSH one after the other.
pub fn halves(text: &str) -> Result<Halves, Flaw> {
    Ppk::parse(text).map(|ppk| (ppk.public, ppk.private))
}

type Halves = (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>);

impl Ppk {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let text = unescaped(text);
        let mut lines = text.lines().map(framed).filter(|line| !line.is_empty());
        let (version, algorithm) = match lines.next().and_then(|line| line.split_once(": ")) {
            Some(("PuTTY-User-Key-File-2", algorithm)) => (2, algorithm),
            Some(("PuTTY-User-Key-File-3", algorithm)) => (3, algorithm),
            _ => return Err(FOREIGN),
        };
        let mut ppk = Ppk {
            version,
            algorithm: algorithm.to_owned(),
            encryption: String::new(),
            comment: String::new(),
            public: Zeroizing::default(),
            private: Zeroizing::default(),
            derivation: Vec::new(),
            mac: Vec::new(),
        };
        while let Some(line) = lines.next() {
            let (name, value) = line.split_once(':').ok_or(FOREIGN)?;
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "Encryption" => ppk.encryption = value.to_owned(),
                "Comment" => ppk.comment = value.to_owned(),
                "Public-Lines" => ppk.public = block(value, &mut lines)?,
                "Private-Lines" => ppk.private = block(value, &mut lines)?,
                "Key-Derivation" => ppk.derivation.push(plain(value)),
                "Private-MAC" => {
                    ppk.mac = data_encoding::HEXLOWER_PERMISSIVE.decode(value.as_bytes()).map_err(|_| FOREIGN)?;
                }
                // Argon2's parameters, and what later versions bring.
                _ => {}
            }
        }
        Ok(ppk)
    }

    /// The MAC of a key that is not encrypted: HMAC-SHA-1 with a key that everybody knows in version 2, HMAC-SHA-256
    /// with an empty key in version 3 (sections C.2 and C.5).
    fn check_mac(&self) -> Result<(), Flaw> {
        let mut data = Zeroizing::new(Vec::new());
        for part in [self.algorithm.as_bytes(), self.encryption.as_bytes(), self.comment.as_bytes()] {
            string(&mut data, part);
        }
        string(&mut data, &self.public);
        string(&mut data, &self.private);
        let right = if self.version == 2 {
            verify::<Hmac<Sha1>>(&Sha1::digest(b"putty-private-key-file-mac-key"), &data, &self.mac)
        } else {
            verify::<Hmac<Sha256>>(&[], &data, &self.mac)
        };
        if right { Ok(()) } else { Err(Flaw::Inconsistent("its MAC is wrong: it was altered or cut")) }
    }
}

const FOREIGN: Flaw = Flaw::Foreign("PuTTY key");

fn verify<M: Mac + KeyInit>(key: &[u8], data: &[u8], mac: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(key).is_ok_and(|hmac| hmac.chain_update(data).verify_slice(mac).is_ok())
}

/// A line without indentation, quotes and what joins quoted pieces.
fn framed(line: &str) -> &str {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let bare = line.trim_matches([' ', '\t']);
    let joined = bare.trim_matches([' ', '\t', ',', '+']);
    // A plus sign is also base64.
    if joined.starts_with(QUOTES) || joined.ends_with(QUOTES) || joined.is_empty() {
        joined.trim_matches(QUOTES)
    } else {
        bare
    }
}

/// So many lines of base64.
fn block<'a>(count: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    // 64 characters to a line: more lines than these hold no key.
    const MOST: usize = 1024;
    let count = count.trim().parse().ok().filter(|count| *count <= MOST).ok_or(FOREIGN)?;
    let base64: Zeroizing<String> = Zeroizing::new(lines.take(count).collect());
    decode(&base64)
}

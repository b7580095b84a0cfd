//! Private keys: read to their end, to tell a key from what only begins like one, and to say what it is and whether a
//! passphrase protects it.
//!
//! ```text
//! text ─▶ armor ─▶ pkcs1 │ sec1 │ dsa │ pkcs8 │ encrypted │ openssh │ pgp ─▶ description ─▶ verdict
//!   ╰────────────▶ putty ────────────────────────────────────────────────────────╯
//! ```
//!
//! Every reader is bounded by the bytes that it is given, and computes no more than one product, or one public key.

mod armor;
mod bytes;
mod der;
mod description;
mod dsa;
mod ed25519;
mod encrypted;
mod flaw;
#[cfg(test)]
mod forge;
mod openssh;
mod pgp;
mod pgp_secret;
mod pkcs1;
mod pkcs8;
mod product;
mod public;
mod putty;
mod sec1;
#[cfg(test)]
mod tests;
mod verdict;

pub use armor::Armor;
pub use der::{Der, SET, context};
pub use description::{Key, Lock, quoted};
pub use flaw::Flaw;
pub use public::{Curve, PublicKey};
pub use putty::halves as putty_halves;
pub use verdict::{check, service_account};

/// Reads a private key as it stands in a text, in any of the forms that are known.
pub fn read(text: &str) -> Result<Key, Flaw> {
    if text.starts_with("PuTTY-User-Key-File-") {
        return putty::read(text);
    }
    let armor = Armor::open(text)?;
    if let Some(key) = encrypted::by_headers(&armor) {
        return key;
    }
    let body = &armor.body;
    match armor.label.as_str() {
        "RSA PRIVATE KEY" => pkcs1::read(body, "PKCS #1").or_else(|flaw| pkcs8::read(body).map_err(|_| flaw)),
        "EC PRIVATE KEY" => sec1::read(body, None, "SEC 1").or_else(|flaw| pkcs8::read(body).map_err(|_| flaw)),
        "DSA PRIVATE KEY" => dsa::read(body, "PEM").or_else(|flaw| pkcs8::read(body).map_err(|_| flaw)),
        "ENCRYPTED PRIVATE KEY" => encrypted::read(body),
        "OPENSSH PRIVATE KEY" => openssh::read(body),
        "PGP PRIVATE KEY BLOCK" => pgp::read(&armor),
        // The form of ssh.com, which nobody has written for long.
        label if label.starts_with("SSH2") => Err(Flaw::Unknown),
        // Pasted under the wrong marker, a key is a key.
        _ => pkcs8::read(body).or_else(|flaw| pkcs1::read(body, "PKCS #1").map_err(|_| flaw)),
    }
}

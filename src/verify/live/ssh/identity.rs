//! A private key in the form that `ssh-add` reads: taken from how it stands in a text, escaped, indented or joined from
//! pieces, and wrapped anew.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::openssh;
use crate::model::{Cause, Doubt, Secret};
use crate::verify::offline::key::{self, Armor, Lock, PublicKey};

/// A private key that no passphrase protects.
pub struct Identity(Zeroizing<String>);

impl Identity {
    /// It, in PEM or in OpenSSH's form.
    pub fn pem(&self) -> &str {
        &self.0
    }
}

/// The label of OpenSSH's own form.
const OPENSSH: &str = "OPENSSH PRIVATE KEY";

/// Reads a key; a doubt if it cannot be asked about.
pub fn read(secret: &Secret) -> Result<Identity, Doubt> {
    let incomplete = |why: String| Doubt::new(Cause::Incomplete, why);
    let text = std::str::from_utf8(secret.expose()).map_err(|_| incomplete("it is no text".to_owned()))?;
    let key = key::read(text).map_err(|flaw| incomplete(flaw.to_string()))?;
    match key.lock {
        Lock::Open => {}
        Lock::Locked(_) => return Err(incomplete("its passphrase is not known".to_owned())),
        Lock::Absent(where_it_is) => return Err(incomplete(where_it_is.to_owned())),
    }
    let armor = || Armor::open(text).map_err(|flaw| incomplete(flaw.to_string()));
    // Older versions of `ssh-add` know this algorithm in no other form than their own.
    if let ("PKCS #8", Some(PublicKey::Ed25519(public))) = (key.form, &key.public) {
        let armor = armor()?;
        let seed = seed(&armor.body).ok_or_else(|| incomplete("its private half was not found".to_owned()))?;
        return Ok(Identity(wrapped(OPENSSH, &openssh::of_ed25519(seed, public))));
    }
    if key.form.starts_with("PuTTY") {
        let (public, private) = key::putty_halves(text).map_err(|flaw| incomplete(flaw.to_string()))?;
        let unread = || Doubt::new(Cause::NoRequest, "`ssh-add` reads no keys of this algorithm");
        return Ok(Identity(wrapped(OPENSSH, &openssh::of_putty(&public, &private).ok_or_else(unread)?)));
    }
    // The marker may be a wrong one, so what was read decides.
    let label = match key.form {
        "PKCS #1" => "RSA PRIVATE KEY",
        "PKCS #8" => "PRIVATE KEY",
        "SEC 1" => "EC PRIVATE KEY",
        "PEM" => "DSA PRIVATE KEY",
        "OpenSSH's form" => OPENSSH,
        other => {
            return Err(Doubt::new(Cause::NoRequest, format!("`ssh-add` reads no keys in {other}")));
        }
    };
    Ok(Identity(wrapped(label, &armor()?.body)))
}

/// The seed of an Ed25519 key in PKCS #8, which was read before: an octet string within an octet string (RFC 8410,
/// section 7).
fn seed(der: &[u8]) -> Option<&[u8]> {
    let start = der.windows(4).position(|window| window == [0x04, 0x22, 0x04, 0x20])? + 4;
    der.get(start..start + 32)
}

/// `body` between markers, in lines of 64 characters (RFC 7468, section 2).
fn wrapped(label: &str, body: &[u8]) -> Zeroizing<String> {
    // Made at its full size, so that no half-made copy is left behind.
    let mut text = Zeroizing::new(String::with_capacity(body.len() * 2 + 2 * label.len() + 64));
    text.push_str(&format!("-----BEGIN {label}-----\n"));
    // 48 bytes are 64 characters.
    for piece in body.chunks(48) {
        BASE64.encode_append(piece, &mut text);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    fn doubt(text: &str) -> String {
        read(&Secret::new(text.as_bytes())).err().map(|doubt| doubt.text).unwrap_or_default()
    }

    /// A new key of a curve, in PKCS #8.
    fn pem() -> Zeroizing<String> {
        let key = rcgen::KeyPair::generate().unwrap();
        wrapped("PRIVATE KEY", &key.serialize_der())
    }

    #[test]
    fn a_key_is_wrapped_anew_however_it_stands_in_a_text() {
        let pem = pem();
        let in_json = pem.trim_end().replace('\n', "\\n");
        let indented = pem.replace('\n', "\n    ");
        let misnamed = pem.replace("PRIVATE KEY", "RSA PRIVATE KEY");
        for text in [pem.as_str(), &in_json, &indented, &misnamed] {
            let identity = read(&Secret::new(text.as_bytes())).unwrap_or_else(|doubt| panic!("{doubt}"));
            assert_eq!(identity.pem(), pem.as_str());
        }
    }

    #[test]
    fn ed25519_goes_over_into_openssh_s_own_form() {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let identity = read(&Secret::new(pair.serialize_pem().as_bytes())).unwrap_or_else(|doubt| panic!("{doubt}"));
        assert!(identity.pem().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
        // The reader proves that the two halves belong together.
        let key = key::read(identity.pem()).unwrap();
        assert_eq!(key.lock, Lock::Open);
        assert_eq!(key.public, Some(PublicKey::Ed25519(pair.public_key_raw().try_into().unwrap())));
    }

    #[test]
    fn putty_s_keys_go_over_too() {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let (der, point) = (pair.serialize_der(), pair.public_key_raw().to_vec());
        let strings = |parts: &[&[u8]]| -> Vec<u8> {
            parts.iter().flat_map(|part| [&(part.len() as u32).to_be_bytes(), *part].concat()).collect()
        };
        let (public, private) = (strings(&[b"ssh-ed25519", &point]), strings(&[seed(&der).unwrap()]));
        let signed = strings(&[b"ssh-ed25519", b"none", b"", &public, &private]);
        let mac = Hmac::<Sha256>::new_from_slice(&[]).unwrap().chain_update(signed).finalize().into_bytes();
        let text = format!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: \nPublic-Lines: 1\n{}\nPrivate-Lines: 1\n{}\n\
             Private-MAC: {}\n",
            BASE64.encode(&public),
            BASE64.encode(&private),
            HEXLOWER.encode(&mac)
        );
        let identity = read(&Secret::new(text.as_bytes())).unwrap_or_else(|doubt| panic!("{doubt}"));
        let key = key::read(identity.pem()).unwrap();
        assert_eq!(key.public, Some(PublicKey::Ed25519(point.try_into().unwrap())));
    }

    #[test]
    fn what_cannot_be_asked_about_is_told_before_anything_runs() {
        let body = BASE64.encode(&[7; 64]);
        let locked = format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{}\n\n{body}\n-----END RSA PRIVATE KEY-----",
            "0A".repeat(16),
        );
        assert_eq!(doubt(&locked), "its passphrase is not known");
        assert_eq!(doubt("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"), "it has no body");
        assert_ne!(doubt("no key at all"), "");
    }
}

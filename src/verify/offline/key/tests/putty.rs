//! Keys in PuTTY's form.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::super::public::fingerprint;
use super::forge::{lines, mpints, number, strings};
use super::*;

/// A file as PuTTYgen writes it.
fn file(version: u8, algorithm: &str, public: &[u8], private: &[u8]) -> String {
    let data = strings(&[algorithm.as_bytes(), b"none", b"my key", public, private]);
    let mac = if version == 2 {
        let key = Sha1::digest(b"putty-private-key-file-mac-key");
        Hmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(data).finalize().into_bytes().to_vec()
    } else {
        Hmac::<Sha256>::new_from_slice(&[]).unwrap().chain_update(data).finalize().into_bytes().to_vec()
    };
    let [public, private] = [public, private].map(lines);
    format!(
        "PuTTY-User-Key-File-{version}: {algorithm}\nEncryption: none\nComment: my key\nPublic-Lines: {}\n{public}\
         Private-Lines: {}\n{private}Private-MAC: {}",
        public.lines().count(),
        private.lines().count(),
        HEXLOWER.encode(&mac)
    )
}

fn rsa(version: u8) -> String {
    let rsa = forge::Rsa::new();
    let public = [strings(&[b"ssh-rsa"]), mpints(&[&rsa.e, &rsa.n])].concat();
    file(version, "ssh-rsa", &public, &mpints(&[&rsa.d, &rsa.p, &rsa.q, &[7]]))
}

fn ed25519(version: u8) -> (String, Vec<u8>) {
    let public = strings(&[b"ssh-ed25519", &number(1, 32)]);
    (file(version, "ssh-ed25519", &public, &strings(&[&number(2, 32)])), public)
}

#[test]
fn keys_of_both_versions_are_proved_by_their_mac() {
    for version in [2, 3] {
        let (text, public) = ed25519(version);
        let expected = format!(
            "a whole Ed25519 private key in PuTTY's form, version {version}, not encrypted, fingerprint {}, comment \
             `my key`",
            fingerprint(&public)
        );
        assert_eq!(words(&text), expected);
        assert_eq!(words(&text.replace('\n', "\r\n")), expected);
        assert_eq!(words(&text.replace('\n', "\\n")), expected);
        assert_eq!(words(&text.replace('\n', "\n    ")), expected);
        assert!(words(&rsa(version)).starts_with("a whole 2048-bit RSA private key"));
    }
}

#[test]
fn what_was_altered_shows() {
    let (text, _) = ed25519(3);
    let wrong = Flaw::Inconsistent("its MAC is wrong: it was altered or cut");
    assert_eq!(flaw(&text.replace("my key", "my kez")), wrong);
    let cut = text.replace("Private-Lines: 1", "Private-Lines: 0");
    assert!(matches!(flaw(&cut), Flaw::Foreign(_)));
    let elided = text.replace("Public-Lines: 2\n", "Public-Lines: 3\n...\n");
    assert_eq!(flaw(&elided), Flaw::NotBase64);
    assert!(matches!(flaw(&text.replace("Public-Lines: 2", "Public-Lines: 99999999")), Flaw::Foreign(_)));
}

#[test]
fn an_encrypted_key_says_how() {
    let (text, public) = ed25519(3);
    let (front, _) = text.split_once("Private-Lines").unwrap();
    let text = format!(
        "{}Key-Derivation: Argon2id\nArgon2-Memory: 8192\nArgon2-Passes: 13\nArgon2-Parallelism: 1\nArgon2-Salt: \
         00\nPrivate-Lines: 1\n{}Private-MAC: {}",
        front.replace("Encryption: none", "Encryption: aes256-cbc"),
        lines(&number(5, 48)),
        "00".repeat(32)
    );
    assert_eq!(
        words(&text),
        format!(
            "a whole Ed25519 private key in PuTTY's form, version 3, encrypted (aes256-cbc, Argon2id), fingerprint \
             {}, comment `my key`",
            fingerprint(&public)
        )
    );
}

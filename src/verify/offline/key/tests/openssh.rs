//! Keys in OpenSSH's form.

use super::super::ed25519;
use super::super::public::fingerprint;
use super::forge::{armored, mpints, number, strings};
use super::*;

const LABEL: &str = "OPENSSH PRIVATE KEY";

fn file(cipher: &str, derivation: &str, options: &[u8], blob: &[u8], section: &[u8]) -> Vec<u8> {
    let head = strings(&[cipher.as_bytes(), derivation.as_bytes(), options]);
    [b"openssh-key-v1\0", &head[..], &[0, 0, 0, 1], &strings(&[blob, section])].concat()
}

/// Check numbers, the key, a comment, padding.
fn section(private: &[u8], comment: &str) -> Vec<u8> {
    let mut section = [&[1, 2, 3, 4, 1, 2, 3, 4], private, &strings(&[comment.as_bytes()])].concat();
    let mut place = 0;
    while section.len() % 8 != 0 {
        place += 1;
        section.push(place);
    }
    section
}

fn ed25519() -> (Vec<u8>, Vec<u8>) {
    let seed: [u8; 32] = number(2, 32).try_into().unwrap();
    let public = ed25519::public(&seed);
    let pair = [seed, public].concat();
    (strings(&[b"ssh-ed25519", &public]), strings(&[b"ssh-ed25519", &public, &pair]))
}

#[test]
fn a_key_of_each_algorithm_is_read_to_its_end() {
    let (blob, private) = ed25519();
    let key = file("none", "none", &[], &blob, &section(&private, "ada@laptop"));
    assert_eq!(
        words(&armored(LABEL, "", &key)),
        format!(
            "a whole Ed25519 private key in OpenSSH's form, not encrypted, fingerprint {}, comment `ada@laptop`",
            fingerprint(&blob)
        )
    );
    let rsa = forge::Rsa::new();
    let blob = [strings(&[b"ssh-rsa"]), mpints(&[&rsa.e, &rsa.n])].concat();
    let private = [strings(&[b"ssh-rsa"]), mpints(&[&rsa.n, &rsa.e, &rsa.d, &[7], &rsa.p, &rsa.q])].concat();
    let key = file("none", "none", &[], &blob, &section(&private, ""));
    let fingerprint_of_rsa = fingerprint(&blob);
    assert!(words(&armored(LABEL, "", &key)).ends_with(&format!("fingerprint {fingerprint_of_rsa}")));
    let point = [vec![4], number(5, 96)].concat();
    let half = strings(&[b"ecdsa-sha2-nistp384", b"nistp384", &point]);
    let key = file("none", "none", &[], &half, &section(&[&half[..], &mpints(&[&number(6, 48)])].concat(), ""));
    assert!(words(&armored(LABEL, "", &key)).starts_with("a whole elliptic-curve (P-384) private key"));
}

#[test]
fn an_encrypted_key_still_tells_its_public_half() {
    let (blob, _) = ed25519();
    let options = [strings(&[&[1; 16]]), vec![0, 0, 0, 24]].concat();
    let key = file("aes256-ctr", "bcrypt", &options, &blob, &number(3, 144));
    assert_eq!(
        words(&armored(LABEL, "", &key)),
        format!(
            "a whole Ed25519 private key in OpenSSH's form, encrypted (aes256-ctr, bcrypt of 24 rounds), fingerprint {}",
            fingerprint(&blob)
        )
    );
    let odd = file("aes256-ctr", "bcrypt", &options, &blob, &number(3, 140));
    assert_eq!(flaw(&armored(LABEL, "", &odd)), Flaw::Inconsistent("its ciphertext is not made of whole blocks"));
}

#[test]
fn a_key_that_does_not_hold_together_shows() {
    let (blob, private) = ed25519();
    let good = section(&private, "x");
    let of = |blob: &[u8], section: &[u8]| flaw(&armored(LABEL, "", &file("none", "none", &[], blob, section)));
    let changed = |at: usize| {
        let mut section = good.clone();
        section[at] ^= 1;
        section
    };
    assert_eq!(of(&blob, &changed(0)), Flaw::Inconsistent("its two check numbers differ"));
    assert_eq!(of(&blob, &changed(good.len() - 1)), Flaw::Inconsistent("its padding is wrong"));
    // The public half that the pair ends in.
    let (end, _) = good.iter().enumerate().rfind(|(_, byte)| **byte == b'x').unwrap();
    assert_eq!(of(&blob, &changed(end - 5)), Flaw::Inconsistent("its private half does not belong to its public half"));
    let other = strings(&[b"ssh-ed25519", &number(9, 32)]);
    assert_eq!(of(&other, &good), Flaw::Inconsistent("its private half does not belong to its public half"));
    let whole = file("none", "none", &[], &blob, &good);
    let cut = &whole[..whole.len() - 40];
    assert_eq!(flaw(&armored(LABEL, "", cut)), Flaw::Truncated { wanted: whole.len(), there: whole.len() - 40 });
    let garbage = [&whole[..whole.len() - good.len() - 4], &[0xff; 100]].concat();
    assert_eq!(flaw(&armored(LABEL, "", &garbage)), Flaw::Foreign("openssh-key-v1"));
    assert_eq!(flaw(&armored(LABEL, "", &number(1, 300))), Flaw::Foreign("openssh-key-v1"));
}

#[test]
fn a_key_in_hardware_is_not_in_the_file() {
    let kind = b"sk-ssh-ed25519@openssh.com";
    let half = strings(&[kind, &number(1, 32), b"ssh:"]);
    let key = file("none", "none", &[], &half, &section(&[&half[..], &[1], &strings(&[b"handle", b""])].concat(), ""));
    assert!(words(&armored(LABEL, "", &key)).contains("of no use without the security key"));
}

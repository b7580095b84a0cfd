//! Garbage, and keys with a byte changed, cut or doubled: judged without a panic, and never for long.

use proptest::prelude::*;

use super::super::super::certificate::Certificate;
use super::forge::{armored, number, pkcs8, strings};
use super::*;

const LABELS: &[&str] = &[
    "PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "DSA PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
    "CERTIFICATE",
];

fn try_all(body: &[u8]) {
    for label in LABELS {
        let text = armored(label, "", body);
        let _ = read(&text);
        let _ = Certificate::read(&text);
    }
}

/// Beginnings that lead far into the readers.
fn beginnings() -> Vec<Vec<u8>> {
    let rsa = forge::Rsa::new().pkcs1();
    vec![
        Vec::new(),
        pkcs8("1.2.840.113549.1.1.1", &[5, 0], &rsa),
        pkcs8("1.2.840.10045.2.1", &forge::oid("1.3.132.0.34"), &number(1, 60)),
        rsa,
        [&b"openssh-key-v1\0"[..], &strings(&[b"none", b"none", b""]), &[0, 0, 0, 1]].concat(),
        [&[0xc5, 255, 0, 0, 0, 200, 4, 0, 0, 0, 0, 22], &number(1, 194)[..]].concat(),
    ]
}

proptest! {
    #[test]
    fn bytes_of_any_kind(which in 0usize..6, at: usize, with in prop::collection::vec(any::<u8>(), 0..60), cut: bool) {
        let mut body = beginnings().swap_remove(which);
        let at = at % (body.len() + 1);
        let end = if cut { body.len() } else { (at + with.len()).min(body.len()) };
        body.splice(at..end, with);
        try_all(&body);
    }

    #[test]
    fn text_of_any_kind(text in "\\PC{0,200}", label in 0usize..8, odd in "[\\\\nrux+=\"' :#0-9A-Za-z\n]{0,120}") {
        let label = LABELS[label];
        for body in [text, odd] {
            let _ = read(&format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----"));
            let _ = read(&format!("PuTTY-User-Key-File-3: ssh-rsa\n{body}"));
            let _ = read(&format!("PuTTY-User-Key-File-2: ssh-rsa\nPublic-Lines: 1\n{body}\nPrivate-Lines: 2\n{body}"));
            let _ = read(&body);
        }
    }
}

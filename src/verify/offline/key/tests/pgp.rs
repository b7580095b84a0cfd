//! PGP's secret keys.

use data_encoding::{BASE64, HEXUPPER};
use sha1::{Digest, Sha1};

use super::forge::{lines, number};
use super::*;

fn mpi(number: &[u8]) -> Vec<u8> {
    let bits = super::super::bytes::bit_length(number) as u16;
    [&bits.to_be_bytes(), super::super::bytes::magnitude(number)].concat()
}

/// A packet with a header of the newer kind and a length of five bytes.
fn packet(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[0xc0 | tag, 255], &(content.len() as u32).to_be_bytes()[..], content].concat()
}

/// The public half of an RSA key of version 4.
fn public(rsa: &forge::Rsa) -> Vec<u8> {
    [vec![4, 0x60, 0, 0, 0, 1], mpi(&rsa.n), mpi(&rsa.e)].concat()
}

fn in_clear(rsa: &forge::Rsa) -> Vec<u8> {
    let secret = [&rsa.d[..], &rsa.p, &rsa.q, &[7]].map(mpi).concat();
    let sum = secret.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    [&[0], &secret[..], &sum.to_be_bytes()].concat()
}

fn block(packets: &[Vec<u8>]) -> String {
    format!(
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: Test\n\n{}-----END PGP PRIVATE KEY BLOCK-----",
        lines(&packets.concat())
    )
}

fn fingerprint(public: &[u8]) -> String {
    let length = (public.len() as u16).to_be_bytes();
    HEXUPPER.encode(&Sha1::digest([&[0x99], &length[..], public].concat()))
}

#[test]
fn a_key_in_clear_is_read_with_its_owner_and_subkeys() {
    let rsa = forge::Rsa::new();
    let content = [public(&rsa), in_clear(&rsa)].concat();
    assert_eq!(words(&block(&[packet(5, &content)]).replace('\n', " ")), words(&block(&[packet(5, &content)])));
    let text = block(&[packet(5, &content), packet(13, b"Ada <ada@acme.dev>"), packet(7, &content)]);
    assert_eq!(
        words(&text),
        format!(
            "a whole 2048-bit RSA private key in OpenPGP, not encrypted, fingerprint {}, of `Ada <ada@acme.dev>`, with \
             a subkey",
            fingerprint(&public(&rsa))
        )
    );
}

#[test]
fn sums_and_products_must_hold() {
    let mut rsa = forge::Rsa::new();
    let mut content = [public(&rsa), in_clear(&rsa)].concat();
    let last = content.len() - 1;
    content[last] ^= 1;
    assert_eq!(flaw(&block(&[packet(5, &content)])), Flaw::Inconsistent("the checksum of its secret half is wrong"));
    rsa.p[5] ^= 1;
    let content = [public(&rsa), in_clear(&rsa)].concat();
    assert_eq!(
        flaw(&block(&[packet(5, &content)])),
        Flaw::Inconsistent("its modulus is not the product of its primes")
    );
    let whole = packet(5, &content);
    assert_eq!(flaw(&block(&[whole[..400].to_vec()])), Flaw::Truncated { wanted: whole.len(), there: 400 });
    assert_eq!(flaw(&block(&[packet(6, &content)])), Flaw::Foreign("OpenPGP key"));
    assert_eq!(flaw(&block(&[number(3, 300)])), Flaw::Foreign("OpenPGP key"));
}

#[test]
fn the_checksum_of_the_armor_counts_if_it_is_there() {
    let rsa = forge::Rsa::new();
    let text = block(&[packet(5, &[public(&rsa), in_clear(&rsa)].concat())]);
    let with = |sum: &[u8]| text.replace("-----END", &format!("={}\n-----END", BASE64.encode(sum)));
    assert_eq!(flaw(&with(&[1, 2, 3])), Flaw::Inconsistent("its checksum is wrong"));
}

#[test]
fn an_encrypted_key_says_how() {
    let rsa = forge::Rsa::new();
    // AES-256, iterated and salted SHA-256 of 65,011,712 bytes.
    let head = [vec![254, 9, 3, 8], vec![1; 8], vec![255]].concat();
    let content = [public(&rsa), head, number(4, 600)].concat();
    assert!(words(&block(&[packet(5, &content)])).contains("encrypted (AES-256, hash of 65011712 bytes), fingerprint"),);
}

#[test]
fn a_stub_is_not_the_key() {
    let rsa = forge::Rsa::new();
    let stub = [public(&rsa), vec![255, 0, 101, 0], b"GNU\x01".to_vec()].concat();
    assert!(words(&block(&[packet(5, &stub)])).contains("a stub without its secret half"));
    // A subkey that is there makes it a finding again.
    let content = [public(&rsa), in_clear(&rsa)].concat();
    let both = words(&block(&[packet(5, &stub), packet(7, &content)]));
    assert!(both.contains("not encrypted") && both.contains("its primary key is elsewhere"), "{both}");
}

#[test]
fn curves_are_named() {
    let oid = [0x2b, 6, 1, 4, 1, 0xda, 0x47, 15, 1];
    let public = [vec![4, 0x60, 0, 0, 0, 22, 9], oid.to_vec(), mpi(&[vec![0x40], number(1, 32)].concat())].concat();
    let secret = mpi(&number(2, 32));
    let sum = secret.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    let content = [public.clone(), vec![0], secret, sum.to_be_bytes().to_vec()].concat();
    assert_eq!(
        words(&block(&[packet(5, &content)])),
        format!(
            "a whole elliptic-curve (Ed25519) private key in OpenPGP, not encrypted, fingerprint {}",
            fingerprint(&public)
        )
    );
    // Version 6: a count of bytes before the numbers, and no sum behind them.
    let six = [vec![6, 0x60, 0, 0, 0, 27, 0, 0, 0, 32], number(1, 32), vec![0], number(2, 32)].concat();
    assert!(words(&block(&[packet(5, &six)])).starts_with("a whole Ed25519 private key in OpenPGP, not encrypted"));
}

//! Keys in PEM, of each algorithm.

use super::super::der::context;
use super::super::ed25519;
use super::super::public::{Curve, PublicKey};
use super::forge::{self, armored, bits, element, integer, number, octets, oid, pkcs8, sequence};
use super::*;

const NULL: &[u8] = &[5, 0];
const P256: &str = "1.2.840.10045.3.1.7";

fn ec(curve: Option<&str>, point: Option<&[u8]>, length: usize) -> Vec<u8> {
    let mut parts = vec![integer(&[1]), octets(&number(4, length))];
    parts.extend(curve.map(|curve| element(context(0), &oid(curve))));
    parts.extend(point.map(|point| element(context(1), &bits(point))));
    sequence(&parts)
}

fn point() -> Vec<u8> {
    [vec![4], number(5, 64)].concat()
}

#[test]
fn rsa_keys_are_told_in_both_forms_by_the_same_fingerprint() {
    let rsa = forge::Rsa::new();
    let fingerprint = PublicKey::rsa(&rsa.n, &rsa.e).fingerprint().unwrap();
    let own = words(&armored("RSA PRIVATE KEY", "", &rsa.pkcs1()));
    assert_eq!(own, format!("a whole 2048-bit RSA private key in PKCS #1, not encrypted, fingerprint {fingerprint}"));
    let common = words(&armored("PRIVATE KEY", "", &pkcs8("1.2.840.113549.1.1.1", NULL, &rsa.pkcs1())));
    assert_eq!(common, own.replace("PKCS #1", "PKCS #8"));
    // Under the wrong marker.
    assert_eq!(words(&armored("PRIVATE KEY", "", &rsa.pkcs1())), own);
}

#[test]
fn a_modulus_that_is_not_the_product_shows() {
    let mut rsa = forge::Rsa::new();
    rsa.n[100] ^= 1;
    let wrong = flaw(&armored("RSA PRIVATE KEY", "", &rsa.pkcs1()));
    assert_eq!(wrong.to_string(), "its modulus is not the product of its primes");
}

#[test]
fn elliptic_curves_are_named_wherever_the_name_stands() {
    let fingerprint = PublicKey::Ec { curve: Curve::by_oid(P256).unwrap(), point: point() }.fingerprint().unwrap();
    let own = words(&armored("EC PRIVATE KEY", "", &ec(Some(P256), Some(&point()), 32)));
    assert_eq!(
        own,
        format!("a whole elliptic-curve (P-256) private key in SEC 1, not encrypted, fingerprint {fingerprint}")
    );
    let inner = ec(None, Some(&point()), 32);
    let common = words(&armored("PRIVATE KEY", "", &pkcs8("1.2.840.10045.2.1", &oid(P256), &inner)));
    assert_eq!(common, own.replace("SEC 1", "PKCS #8"));
    let bare = words(&armored("EC PRIVATE KEY", "", &ec(Some("1.3.132.0.10"), None, 32)));
    assert_eq!(bare, "a whole elliptic-curve (secp256k1) private key in SEC 1, not encrypted");
    assert!(words(&armored("EC PRIVATE KEY", "", &ec(None, None, 32))).contains("curve not named"));
    assert!(words(&armored("EC PRIVATE KEY", "", &ec(Some("1.2.3.4"), None, 32))).contains("curve of its own"));
}

#[test]
fn numbers_and_points_have_the_length_of_their_curve() {
    let of = |point: &[u8], length| flaw(&armored("EC PRIVATE KEY", "", &ec(Some(P256), Some(point), length)));
    assert_eq!(of(&point(), 33), Flaw::Inconsistent("its number is none of its curve"));
    assert_eq!(of(&point()[1..], 32), Flaw::Inconsistent("its public point is none of its curve"));
}

#[test]
fn dsa_keys_have_a_fingerprint_only_where_the_public_number_stands() {
    let numbers = [vec![], number(1, 128), number(2, 20), number(3, 128), number(4, 128), number(5, 20)];
    let whole = sequence(&numbers.clone().map(|n| integer(&n)));
    let own = words(&armored("DSA PRIVATE KEY", "", &whole));
    assert!(own.starts_with("a whole 1024-bit DSA private key in PEM, not encrypted, fingerprint SHA256:"), "{own}");
    let parameters = sequence(&[1, 2, 3].map(|i| integer(&numbers[i])));
    let common = pkcs8("1.2.840.10040.4.1", &parameters, &integer(&numbers[5]));
    assert_eq!(
        words(&armored("PRIVATE KEY", "", &common)),
        "a whole 1024-bit DSA private key in PKCS #8, not encrypted"
    );
    let long = pkcs8("1.2.840.10040.4.1", &parameters, &integer(&number(5, 30)));
    assert_eq!(flaw(&armored("PRIVATE KEY", "", &long)), Flaw::Inconsistent("its number is none of its group"));
}

#[test]
fn keys_of_fixed_length_are_told_by_it() {
    for (name, algorithm, length) in
        [("X25519", "1.3.101.110", 32), ("X448", "1.3.101.111", 56), ("Ed25519", "1.3.101.112", 32)]
    {
        let of = |length| armored("PRIVATE KEY", "", &pkcs8(algorithm, &[], &octets(&number(1, length))));
        let said = words(&of(length));
        assert!(said.starts_with(&format!("a whole {name} private key in PKCS #8, not encrypted")), "{said}");
        assert_eq!(said.contains("fingerprint SHA256:"), name == "Ed25519");
        assert_eq!(flaw(&of(length - 1)), Flaw::Inconsistent("its length is not that of its algorithm"));
    }
    let other = armored("PRIVATE KEY", "", &pkcs8("1.2.3.4", &[], &[1; 40]));
    assert_eq!(words(&other), "a whole (algorithm 1.2.3.4) private key in PKCS #8, not encrypted");
}

#[test]
fn a_public_half_that_is_there_must_be_that_of_the_seed() {
    let seed: [u8; 32] = number(1, 32).try_into().unwrap();
    let of = |public: &[u8]| {
        let parts = [integer(&[1]), sequence(&[oid("1.3.101.112")]), octets(&octets(&seed))];
        let public = element(0x81, &[&[0], public].concat());
        armored("PRIVATE KEY", "", &sequence(&[&parts[..], &[public]].concat()))
    };
    let public = ed25519::public(&seed);
    let fingerprint = PublicKey::Ed25519(public).fingerprint().unwrap();
    assert_eq!(
        words(&of(&public)),
        format!("a whole Ed25519 private key in PKCS #8, not encrypted, fingerprint {fingerprint}")
    );
    let wrong = Flaw::Inconsistent("its private half does not belong to its public half");
    assert_eq!(flaw(&of(&number(2, 32))), wrong);
}

#[test]
fn an_encrypted_key_says_how() {
    let derivation = sequence(&[
        oid("1.2.840.113549.1.5.12"),
        sequence(&[octets(&[1; 8]), integer(&[8, 0]), sequence(&[oid("1.2.840.113549.2.9"), NULL.to_vec()])]),
    ]);
    let cipher = sequence(&[oid("2.16.840.1.101.3.4.1.42"), octets(&[2; 16])]);
    let scheme = sequence(&[oid("1.2.840.113549.1.5.13"), sequence(&[derivation, cipher])]);
    let key = sequence(&[scheme, octets(&number(1, 1232))]);
    assert_eq!(
        words(&armored("ENCRYPTED PRIVATE KEY", "", &key)),
        "a whole private key in PKCS #8, encrypted (AES-256-CBC, PBKDF2 of 2048 rounds)"
    );
    let old = sequence(&[
        sequence(&[oid("1.2.840.113549.1.12.1.3"), sequence(&[octets(&[1; 8]), integer(&[8, 0])])]),
        octets(&number(1, 1232)),
    ]);
    assert!(words(&armored("ENCRYPTED PRIVATE KEY", "", &old)).ends_with("encrypted (3DES, PKCS #12)"));
}

#[test]
fn headers_tell_of_the_older_encryption() {
    let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    let text = armored("RSA PRIVATE KEY", headers, &number(1, 1200));
    assert_eq!(words(&text), "a whole RSA private key in PEM, encrypted (AES-128-CBC)");
    assert_eq!(words(&text.replace('\n', " ")), words(&text));
    let short = headers.replace("EEFF", "EE");
    assert!(matches!(flaw(&armored("RSA PRIVATE KEY", &short, &number(1, 1200))), Flaw::Inconsistent(_)));
    assert_eq!(
        flaw(&armored("RSA PRIVATE KEY", headers, &number(1, 1201))),
        Flaw::Truncated { wanted: 1216, there: 1201 }
    );
}

#[test]
fn a_cut_key_and_a_made_up_one_are_told_apart() {
    let whole = forge::Rsa::new().pkcs1();
    let cut = flaw(&armored("RSA PRIVATE KEY", "", &whole[..600]));
    assert_eq!(cut, Flaw::Truncated { wanted: whole.len(), there: 600 });
    let long = [&whole[..], &[0]].concat();
    assert_eq!(flaw(&armored("RSA PRIVATE KEY", "", &long)), Flaw::Trailing);
    assert_eq!(flaw(&armored("RSA PRIVATE KEY", "", &number(7, 300))), Flaw::Foreign("RSA key"));
    assert_eq!(flaw(&armored("PRIVATE KEY", "", &number(7, 300))), Flaw::Foreign("PKCS #8 key"));
}

#[test]
fn a_form_that_is_not_known_is_not_judged() {
    assert_eq!(flaw(&armored("SSH2 ENCRYPTED PRIVATE KEY", "", &number(1, 300))), Flaw::Unknown);
}

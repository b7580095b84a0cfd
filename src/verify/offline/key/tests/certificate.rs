//! A certificate and an address beside a key.

use super::super::super::date::Date;
use super::super::verdict::{ADDRESS_RULE, judge, service_account};
use super::forge::{self, armored, bits, element, integer, number, oid, pkcs8, sequence};
use crate::model::{Companion, Secret, Verdict};

fn certificate(key: &forge::Rsa, until: &str) -> String {
    let algorithm = || sequence(&[oid("1.2.840.113549.1.1.11"), vec![5, 0]]);
    let name = |name: &str| sequence(&[element(0x31, &sequence(&[oid("2.5.4.3"), element(0x0c, name.as_bytes())]))]);
    let signed = sequence(&[
        element(0xa0, &integer(&[2])),
        integer(&[42]),
        algorithm(),
        name("Acme CA"),
        sequence(&[element(0x17, b"200101000000Z"), element(0x17, until.as_bytes())]),
        name("www.acme.dev"),
        sequence(&[
            sequence(&[oid("1.2.840.113549.1.1.1"), vec![5, 0]]),
            bits(&sequence(&[integer(&key.n), integer(&key.e)])),
        ]),
    ]);
    armored("CERTIFICATE", "", &sequence(&[signed, algorithm(), bits(&number(1, 256))]))
}

fn with(rule: &str, text: &str) -> [Companion; 1] {
    [Companion { rule: rule.to_owned(), secret: Secret::new(text.as_bytes()), sole: true, line: 1, end_line: 1 }]
}

fn reason(verdict: &Verdict) -> &str {
    verdict.reason().unwrap()
}

#[test]
fn the_key_of_a_certificate_is_known_by_it() {
    let rsa = forge::Rsa::new();
    let key = armored("RSA PRIVATE KEY", "", &rsa.pkcs1());
    let today = Date::of(2026, 1, 1).unwrap();
    let verdict = judge(&key, &with("x509-certificate", &certificate(&rsa, "250630235959Z")), today);
    assert!(matches!(verdict, Verdict::WellFormed(_)));
    let expected = "the key of the certificate nearby, for `www.acme.dev`, which expired on 2025-06-30";
    assert!(reason(&verdict).ends_with(expected), "{verdict:?}");
    let other = forge::Rsa { n: number(9, 256), ..forge::Rsa::new() };
    let verdict = judge(&key, &with("x509-certificate", &certificate(&other, "300630235959Z")), today);
    let expected = "near a certificate of another key, for `www.acme.dev`, which expires on 2030-06-30";
    assert!(reason(&verdict).ends_with(expected), "{verdict:?}");
    let both = [
        with("x509-certificate", &certificate(&other, "300630235959Z")),
        with("x509-certificate", &certificate(&rsa, "300630235959Z")),
    ]
    .concat();
    let verdict = judge(&key, &both, today);
    assert!(reason(&verdict).contains("the key of the certificate nearby"), "{verdict:?}");
    // A broken certificate says nothing about the key.
    let verdict = judge(&key, &with("x509-certificate", &certificate(&rsa, "x")), today);
    assert!(matches!(&verdict, Verdict::WellFormed(words) if !words.contains("certificate")));
}

#[test]
fn a_service_account_is_named_with_its_project() {
    let key = armored("PRIVATE KEY", "", &pkcs8("1.2.840.113549.1.1.1", &[5, 0], &forge::Rsa::new().pkcs1()));
    let address = with(ADDRESS_RULE, "ci@acme-prod.iam.gserviceaccount.com");
    let verdict = service_account(&key.replace('\n', "\\n"), &address);
    assert!(matches!(verdict, Verdict::WellFormed(_)));
    let expected = "of the service account `ci` in the project `acme-prod`";
    assert!(reason(&verdict).ends_with(expected), "{verdict:?}");
    let other = armored("PRIVATE KEY", "", &pkcs8("1.3.101.112", &[], &forge::octets(&number(1, 32))));
    assert_eq!(service_account(&other, &address), Verdict::Malformed("its key is none that Google makes".to_owned()));
}

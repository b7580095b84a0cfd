//! Offline verification from end to end: keys and tokens that the tests make themselves, scanned by the program.

use std::process::Command;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::Value;

/// The findings in a file of this text, at any confidence.
fn findings(text: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("notes.txt"), text).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_unspill"))
        .args(["dir", "--format", "jsonl", "--min-confidence", "low", "--exit-zero", "--no-ignore"])
        .arg(folder.path())
        .output()
        .expect("it runs");
    let lines = String::from_utf8(output.stdout).expect("text");
    let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    records.filter(|record| record["type"] == "finding").collect()
}

/// Status and words of the one finding's verdict.
fn verdict(text: &str) -> (String, String) {
    let [finding] = &findings(text)[..] else { panic!("one finding in {text}") };
    let part = |name: &str| finding["verdict"][name].as_str().unwrap_or_default().to_owned();
    (part("status"), part("reason"))
}

/// An Ed25519 key in PKCS #8: the bytes before the seed are always the same (RFC 8410, section 10.3).
fn key() -> String {
    let seed: Vec<u8> = (0..32u32).map(|i| (i * 37 + 11) as u8).collect();
    let head = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    pem("PRIVATE KEY", &[&head[..], &seed].concat())
}

fn pem(label: &str, body: &[u8]) -> String {
    let body = BASE64.encode(body);
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn a_key_is_described_however_it_is_written() {
    let (status, reason) = verdict(&key());
    assert_eq!(status, "well-formed");
    assert!(
        reason.starts_with("a whole Ed25519 private key in PKCS #8, not encrypted, fingerprint SHA256:"),
        "{reason}"
    );
    let escaped = key().trim().replace('\n', "\\n");
    let indented = key().replace('\n', "\n    ");
    for form in [format!("{{\"key\": \"{escaped}\"}}"), format!("key: |\n    {indented}")] {
        assert_eq!(verdict(&form), (status.clone(), reason.clone()), "{form}");
    }
}

#[test]
fn what_is_no_key_under_its_marker_is_lowered() {
    let body: Vec<u8> = (0..200u32).map(|i| (i * i * 31 + 7 * i) as u8).collect();
    assert_eq!(verdict(&pem("RSA PRIVATE KEY", &body)), ("malformed".to_owned(), "its body is no RSA key".to_owned()));
}

#[test]
fn a_certificate_is_no_finding_but_comes_along_with_a_key() {
    let body: Vec<u8> = (0..200u32).map(|i| (i * i * 17 + 3 * i) as u8).collect();
    let certificate = pem("CERTIFICATE", &body);
    assert!(findings(&certificate).is_empty());
    for text in [format!("{}{certificate}", key()), format!("{certificate}{}", key())] {
        let [finding] = &findings(&text)[..] else { panic!("one finding in {text}") };
        assert_eq!(finding["companions"][0]["rule"], "x509-certificate", "{finding}");
    }
}

#[test]
fn a_token_tells_its_issuer() {
    let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
    let claims = part(r#"{"iss":"https://login.acme.dev","aud":"api","sub":"u|1"}"#);
    let signature =
        |length: u32| BASE64URL_NOPAD.encode(&(0..length).map(|i| (i * i * 29 + 5 * i + 1) as u8).collect::<Vec<_>>());
    let token = |length| format!("{}.{claims}.{}", part(r#"{"alg":"ES256","typ":"JWT"}"#), signature(length));
    let words = "an ES256 token, issued by `https://login.acme.dev`, for `api`, acting as a user, without an expiry";
    assert_eq!(verdict(&token(64)), ("well-formed".to_owned(), words.to_owned()));
    assert_eq!(verdict(&token(60)).0, "malformed");
}

//! Tokens that the tests sign themselves.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

use super::*;

fn encode(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

fn token(header: &str, claims: &str, signature: &[u8]) -> String {
    format!("{}.{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()), encode(signature))
}

/// A token signed with HS256.
fn signed(claims: &str, secret: &str) -> String {
    let front = token(r#"{"alg":"HS256"}"#, claims, &[]);
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(front.trim_end_matches('.')).finalize().into_bytes();
    format!("{front}{}", encode(&signature))
}

fn today() -> Date {
    Date::of(2026, 1, 1).unwrap()
}

fn words(token: &str) -> String {
    match judge(token, today()) {
        Verdict::WellFormed(words) => words,
        other => panic!("{other:?}"),
    }
}

fn why(token: &str) -> String {
    match judge(token, today()) {
        Verdict::Malformed(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn claims_are_told_and_people_are_not() {
    let claims = r#"{"iss":"https://login.acme.dev","aud":["api","web"],"sub":"auth0|4711","email":"ada@acme.dev","exp":1800000000}"#;
    assert_eq!(
        words(&token(r#"{"alg":"RS256","kid":"a"}"#, claims, &[7; 256])),
        "an RS256 token, issued by `https://login.acme.dev`, for `api` and 1 more, acting as a user, expires on 2027-01-15"
    );
    let claims = r#"{"sub":"system:serviceaccount:default:ci","aud":"x","exp":1500000000,"role":"admin"}"#;
    assert_eq!(
        words(&token(r#"{"alg":"ES256"}"#, claims, &[7; 64])),
        "an ES256 token, for `x`, acting as the Kubernetes service account `default:ci`, with the role `admin`, expired \
         on 2017-07-14"
    );
    assert_eq!(words(&token(r#"{"alg":"EdDSA"}"#, "{}", &[7; 64])), "an EdDSA token, without an expiry");
    let odd = r#"{"exp":"soon","nbf":1900000000,"iss":7,"aud":[],"sub":null}"#;
    assert_eq!(
        words(&token(r#"{"alg":"EdDSA"}"#, odd, &[7; 64])),
        "an EdDSA token, with an expiry that is no time, valid from 2030-03-17 on"
    );
}

#[test]
fn the_length_of_a_signature_follows_from_its_algorithm() {
    assert_eq!(
        why(&token(r#"{"alg":"HS256"}"#, "{}", &[1; 31])),
        "its signature has 31 bytes, which HS256 does not make"
    );
    assert_eq!(
        why(&token(r#"{"alg":"RS256"}"#, "{}", &[1; 32])),
        "its signature has 32 bytes, which RS256 does not make"
    );
    assert!(words(&token(r#"{"alg":"HS512"}"#, "{}", &[1; 64])).starts_with("an HS512 token"));
    assert!(matches!(judge(&token(r#"{"alg":"own-way"}"#, "{}", &[1; 5]), today()), Verdict::NotCheckable(_)));
}

#[test]
fn what_is_not_signed_or_no_token_is_named() {
    assert!(why(&token(r#"{"alg":"none"}"#, "{}", &[1; 32])).contains("`alg: none`"));
    assert!(why(&token(r#"{"alg":"None"}"#, "{}", &[])).contains("`alg: none`"));
    assert_eq!(why(&token(r#"{"alg":"HS256""#, "{}", &[1; 32])), "its header is no JSON");
    assert_eq!(why(&token(r#"{"alg":"HS256"}"#, "[1]", &[1; 32])), "its claims are no JSON");
    assert_eq!(why(&token(r#"{"typ":"JWT"}"#, "{}", &[1; 32])), "its header names no algorithm");
    assert_eq!(why("eyJ.x"), "it has not the three parts of a token");
    assert!(matches!(judge(&token(r#"{"alg":"dir","enc":"A256GCM"}"#, "\0", &[1]), today()), Verdict::NotCheckable(_)));
}

#[test]
fn examples_are_known_by_their_secret_or_claims() {
    let claims = r#"{"sub":"u-1"}"#;
    assert_eq!(
        why(&signed(claims, "your-256-bit-secret")),
        "it is an example: it is signed with the secret that jwt.io shows"
    );
    let shown = r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#;
    assert!(why(&signed(shown, "9b1c")).contains("claims are those that jwt.io shows"));
    assert!(words(&signed(claims, "changeme")).ends_with("signed with a word that anybody guesses"));
    assert!(!words(&signed(claims, "9b1cf4e2")).contains("guesses"));
}

#[test]
fn longer_hashes_are_tried_too() {
    let front = token(r#"{"alg":"HS512"}"#, "{}", &[]);
    let mac = Hmac::<Sha512>::new_from_slice(b"your-512-bit-secret").unwrap();
    let signature = mac.chain_update(front.trim_end_matches('.')).finalize().into_bytes();
    assert!(why(&format!("{front}{}", encode(&signature))).contains("jwt.io"));
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(header in "\\PC{0,40}", claims in "\\PC{0,60}", signature: Vec<u8>, raw in "[.A-Za-z0-9_=-]{0,80}") {
        judge(&token(&header, &claims, &signature), today());
        judge(&token(r#"{"alg":"HS256"}"#, &claims, &signature), today());
        judge(&raw, today());
    }
}

//! JSON Web Tokens (RFC 7519, signed as RFC 7515 says): their header and claims can be read by anybody, and tell who
//! made the token, for whom, and until when. The length of the signature follows from the algorithm, so that a cut or
//! made-up token shows.

mod claims;
mod signature;

use serde_json::{Map, Value};

use super::date::Date;
use super::key::quoted;
use crate::model::Verdict;
use claims::Claims;
use signature::Signature;

/// The verdict on a token.
pub fn check(token: &str) -> Verdict {
    judge(token, Date::today())
}

fn judge(token: &str, today: Date) -> Verdict {
    let malformed = |why: &str| Verdict::Malformed(why.to_owned());
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
        return malformed("it has not the three parts of a token");
    };
    let Some(header) = object(header) else { return malformed("its header is no JSON") };
    if header.contains_key("enc") {
        // RFC 7516: four of its five parts are random bytes.
        return Verdict::NotCheckable("it is an encrypted token".to_owned());
    }
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return malformed("its header names no algorithm");
    };
    if algorithm.eq_ignore_ascii_case("none") {
        return malformed(
            "it is not signed (`alg: none`): anybody can make such a token, and none that checks takes it",
        );
    }
    let Some(length) = signature::length(algorithm) else {
        // An issuer with a way of its own to sign may have one to write, too.
        return Verdict::NotCheckable(format!("it is signed by {}, which is not known", quoted(algorithm)));
    };
    let Some(claims) = object(payload) else { return malformed("its claims are no JSON") };
    let Some(bytes) = base64(signature) else { return malformed("its signature is no base64") };
    let signed = &token[..token.len() - signature.len() - 1];
    let signature = Signature { algorithm, bytes: &bytes, signed: signed.as_bytes() };
    if !length.contains(&bytes.len()) {
        return Verdict::Malformed(format!("its signature has {} bytes, which {algorithm} does not make", bytes.len()));
    }
    if let Some(whose) = signature.demo_secret() {
        return Verdict::Malformed(format!("it is an example: it is signed with {whose}"));
    }
    let claims = Claims(&claims);
    if claims.are_of_jwt_io() {
        return malformed("it is an example: its claims are those that jwt.io shows");
    }
    let mut words = vec![format!("an {} token", quoted(algorithm).trim_matches('`'))];
    words.extend(claims.words(today));
    words.extend(signature.weak_secret().then(|| "signed with a word that anybody guesses".to_owned()));
    Verdict::WellFormed(words.join(", "))
}

/// A part of a token as a JSON object.
fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&base64(part)?) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// Base64 in the URL-safe alphabet. There should be no padding, and some writers have it all the same.
fn base64(part: &str) -> Option<Vec<u8>> {
    let mut specification = data_encoding::BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    let encoding = specification.encoding().ok()?;
    encoding.decode(part.trim_end_matches('=').as_bytes()).ok()
}

#[cfg(test)]
mod tests;

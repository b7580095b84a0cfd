//! Signed tokens (RFC 7519), as some providers take them for a login: made of a private key or a shared secret.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Map, Value};

use super::super::variables::Text;
use super::unfit;
use crate::model::Doubt;
use crate::model::request::Algorithm;

/// Makes a token of these claims; `head` is JSON with what its header holds beside `alg` and `typ`, or empty.
///
/// # Errors
/// If the key is none, or of another kind.
pub fn sign(algorithm: Algorithm, key: &str, head: &str, claims: &str) -> Result<Text, Doubt> {
    let mut header: Map<String, Value> = match head {
        "" => Map::new(),
        head => serde_json::from_str(head).map_err(|_| unfit("head of the token"))?,
    };
    let name = match algorithm {
        Algorithm::Hs256 => "HS256",
        Algorithm::Rs256 => "RS256",
        Algorithm::Es256 => "ES256",
    };
    header.insert("alg".to_owned(), name.into());
    header.insert("typ".to_owned(), "JWT".into());
    let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let mut token = Text::new(format!("{}.{}", encode(&Value::Object(header).to_string()), encode(claims)));
    let signature = match algorithm {
        Algorithm::Hs256 => {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), token.as_bytes()).as_ref().to_vec()
        }
        Algorithm::Rs256 => rsa(key, token.as_bytes())?,
        Algorithm::Es256 => ecdsa(key, token.as_bytes())?,
    };
    token.push('.');
    token.push_str(&BASE64URL_NOPAD.encode(&signature));
    Ok(token)
}

/// A private key out of PEM text, in which line breaks may be written as `\n`.
fn private_key(pem: &str) -> Result<PrivateKeyDer<'static>, Doubt> {
    let pem = Text::new(pem.replace("\\r", "").replace("\\n", "\n"));
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| unfit("private key"))
}

fn rsa(pem: &str, message: &[u8]) -> Result<Vec<u8>, Doubt> {
    let key = match private_key(pem)? {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(unfit("private key")),
    };
    let key = key.map_err(|_| unfit("private key"))?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .map_err(|_| unfit("private key"))?;
    Ok(signature)
}

fn ecdsa(pem: &str, message: &[u8]) -> Result<Vec<u8>, Doubt> {
    let PrivateKeyDer::Pkcs8(der) = private_key(pem)? else { return Err(unfit("private key")) };
    let random = SystemRandom::new();
    EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, der.secret_pkcs8_der(), &random)
        .map_err(|_| unfit("private key"))
        .and_then(|key| key.sign(&random, message).map_err(|_| unfit("private key")))
        .map(|signature| signature.as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(token: &str) -> Vec<String> {
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).expect("base64url");
        token.split('.').map(|part| String::from_utf8_lossy(&decode(part)).into_owned()).collect()
    }

    #[test]
    fn with_a_shared_secret() {
        let token = sign(Algorithm::Hs256, "shared", r#"{"kid":"1"}"#, r#"{"iss":"joe"}"#).expect("a token");
        let parts = parts(&token);
        assert_eq!(parts[0], r#"{"alg":"HS256","kid":"1","typ":"JWT"}"#);
        assert_eq!(parts[1], r#"{"iss":"joe"}"#);
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"shared");
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url");
        assert!(hmac::verify(&key, message.as_bytes(), &signature).is_ok());
    }

    #[test]
    fn with_an_elliptic_curve() {
        let key = rcgen::KeyPair::generate().expect("a key");
        // As it stands in a JSON file.
        let pem = key.serialize_pem().replace('\n', "\\n");
        let token = sign(Algorithm::Es256, &pem, "", "{}").expect("a token");
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url");
        let public = signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, key.public_key_raw());
        assert!(public.verify(message.as_bytes(), &signature).is_ok());
    }

    #[test]
    fn what_is_no_key_is_told() {
        for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
            assert!(sign(algorithm, "-----BEGIN PRIVATE KEY-----", "", "{}").is_err());
        }
    }
}

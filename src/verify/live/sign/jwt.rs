//! Signed tokens (RFC 7519), as some providers take them for a login: made of a private key or a shared secret.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

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
    let der = match private_key(pem)? {
        PrivateKeyDer::Pkcs8(der) => Zeroizing::new(der.secret_pkcs8_der().to_vec()),
        PrivateKeyDer::Sec1(der) => pkcs8_of_sec1(der.secret_sec1_der()).ok_or_else(|| unfit("private key"))?,
        _ => return Err(unfit("private key")),
    };
    let random = SystemRandom::new();
    EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random)
        .map_err(|_| unfit("private key"))
        .and_then(|key| key.sign(&random, message).map_err(|_| unfit("private key")))
        .map(|signature| signature.as_ref().to_vec())
}

/// What a key of `-----BEGIN EC PRIVATE KEY-----` (RFC 5915) is in PKCS #8 (RFC 5208, section 5), if its curve is P-256.
fn pkcs8_of_sec1(key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const SEQUENCE: u8 = 0x30;
    const OCTET_STRING: u8 = 0x04;
    /// Version 0, and the algorithm: id-ecPublicKey with prime256v1 (RFC 5480, section 2.1.1).
    const HEAD: [u8; 24] = [
        0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
        0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
    ];
    let key = element(OCTET_STRING, &[key])?;
    element(SEQUENCE, &[&HEAD, &key])
}

/// An element of DER with this content, of less than 256 bytes.
fn element(tag: u8, content: &[&[u8]]) -> Option<Zeroizing<Vec<u8>>> {
    let length = u8::try_from(content.iter().map(|part| part.len()).sum::<usize>()).ok()?;
    let mut bytes = Zeroizing::new(vec![tag]);
    bytes.extend((length >= 0x80).then_some(0x81));
    bytes.push(length);
    content.iter().for_each(|part| bytes.extend_from_slice(part));
    Some(bytes)
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
    fn with_an_elliptic_curve_in_the_older_form() {
        let key = rcgen::KeyPair::generate().expect("a key");
        // PKCS #8 wraps the older form: it is what follows the head, and the head of the octet string about it.
        let der = key.serialize_der();
        let start = 3 + 24 + 2;
        assert_eq!(pkcs8_of_sec1(&der[start..]).as_deref(), Some(&der));
        let pem = format!(
            "-----BEGIN EC PRIVATE KEY-----\\n{}\\n-----END EC PRIVATE KEY-----",
            data_encoding::BASE64.encode(&der[start..])
        );
        assert!(sign(Algorithm::Es256, &pem, "", "{}").is_ok());
    }

    #[test]
    fn what_is_no_key_is_told() {
        for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
            assert!(sign(algorithm, "-----BEGIN PRIVATE KEY-----", "", "{}").is_err());
        }
    }
}

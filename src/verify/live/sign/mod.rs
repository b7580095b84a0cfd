//! Hashes, keyed hashes and signatures that requests carry.

mod jwt;
pub mod sigv4;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use ring::{digest, hmac};
use zeroize::Zeroizing;

use super::moment::Moment;
use super::variables::{Text, Variables, json, plain};
use crate::model::request::{Digest, Form, Setting, Value};
use crate::model::{Cause, Doubt};

/// Works out a step's own variables, in their order.
///
/// # Errors
/// If a part is missing, or a key is none.
pub fn set(settings: &[Setting], variables: &mut Variables, moment: &Moment) -> Result<(), Doubt> {
    for setting in settings {
        let fill = |template: &str| variables.fill(template, moment, plain);
        let value = match &setting.value {
            Value::Text(text) => fill(text)?,
            Value::Hash { digest, text, form } => {
                write(digest::digest(function(*digest), fill(text)?.as_bytes()).as_ref(), *form)
            }
            Value::Hmac { digest, key, key_form, text, form } => {
                let key = read(&fill(key)?, *key_form).ok_or_else(|| unfit("key of the signature"))?;
                let key = hmac::Key::new(keyed(*digest), &key);
                write(hmac::sign(&key, fill(text)?.as_bytes()).as_ref(), *form)
            }
            Value::Jwt { algorithm, key, head, claims } => {
                let in_json = |template: &str| variables.fill(template, moment, json);
                jwt::sign(*algorithm, &fill(key)?, &in_json(head)?, &in_json(claims)?)?
            }
        };
        variables.set(setting.name.clone(), value);
    }
    Ok(())
}

/// What is said where something is not what it should be.
fn unfit(what: &str) -> Doubt {
    Doubt::new(Cause::Incomplete, format!("the {what} is not of the form that it should have"))
}

fn function(digest: Digest) -> &'static digest::Algorithm {
    match digest {
        Digest::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha256 => &digest::SHA256,
        Digest::Sha512 => &digest::SHA512,
    }
}

fn keyed(digest: Digest) -> hmac::Algorithm {
    match digest {
        Digest::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Digest::Sha256 => hmac::HMAC_SHA256,
        Digest::Sha512 => hmac::HMAC_SHA512,
    }
}

/// Bytes as text. Those that are to stay as they are must be text, which a hash is not.
fn write(bytes: &[u8], form: Form) -> Text {
    Text::new(match form {
        Form::Text => String::from_utf8_lossy(bytes).into_owned(),
        Form::Hex => HEXLOWER.encode(bytes),
        Form::Base64 => BASE64.encode(bytes),
        Form::Base64Url => BASE64URL_NOPAD.encode(bytes),
    })
}

/// Text as bytes; padding of base64 may be left out.
fn read(text: &str, form: Form) -> Option<Zeroizing<Vec<u8>>> {
    let bare = text.trim_end_matches('=').as_bytes();
    let bytes = match form {
        Form::Text => Some(text.as_bytes().to_vec()),
        Form::Hex => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
        Form::Base64 => BASE64_NOPAD.decode(bare).ok(),
        Form::Base64Url => BASE64URL_NOPAD.decode(bare).ok(),
    };
    bytes.map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Moment = Moment { millis: 1_700_000_000_000, nonce: [0; 16] };

    fn set_one(value: Value) -> Result<String, Doubt> {
        let mut variables = Variables::default();
        variables.set("secret", Text::new("key".to_owned()));
        let setting = Setting { name: "made".into(), value };
        set(&[setting], &mut variables, &MOMENT)?;
        Ok(variables.get("made").map(|text| text.to_string()).unwrap_or_default())
    }

    fn hmac(digest: Digest, key: &'static str, key_form: Form, form: Form) -> Result<String, Doubt> {
        let text = "The quick brown fox jumps over the lazy dog".into();
        set_one(Value::Hmac { digest, key: key.into(), key_form, text, form })
    }

    /// Well-known values: <https://en.wikipedia.org/wiki/HMAC#Examples>.
    #[test]
    fn keyed_hashes() {
        let sha1 = hmac(Digest::Sha1, "{{secret}}", Form::Text, Form::Hex);
        assert_eq!(sha1.as_deref(), Ok("de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9"));
        let sha256 = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
        assert_eq!(hmac(Digest::Sha256, "key", Form::Text, Form::Hex).as_deref(), Ok(sha256));
        assert_eq!(hmac(Digest::Sha256, "a2V5", Form::Base64, Form::Hex).as_deref(), Ok(sha256));
        assert_eq!(hmac(Digest::Sha256, "6b6579", Form::Hex, Form::Hex).as_deref(), Ok(sha256));
        let base64 = hmac(Digest::Sha256, "key", Form::Text, Form::Base64).expect("a signature");
        assert_eq!(base64, "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
    }

    #[test]
    fn hashes() {
        let value = Value::Hash { digest: Digest::Sha1, text: "abc".into(), form: Form::Hex };
        assert_eq!(set_one(value).as_deref(), Ok("a9993e364706816aba3e25717850c26c9cd0d89d"));
    }

    #[test]
    fn a_key_that_is_none_is_named() {
        let doubt = hmac(Digest::Sha256, "no base64!", Form::Base64, Form::Hex).expect_err("no key");
        assert_eq!(doubt.cause, Cause::Incomplete);
    }
}

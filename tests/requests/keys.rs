//! Private keys for the few providers that want something signed: made by OpenSSL when they are needed, and put where
//! the example has a key that is none.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm};
use unspill::model::request::Algorithm;
use unspill::model::{Rule, Secret};

use super::credentials::signs_with;

/// A key pair.
struct Pair {
    /// The private half, as PEM.
    pem: String,
    /// The public one, as ring wants it.
    public: Vec<u8>,
}

/// Puts a private key into a secret in which there has to be one.
pub fn fit(rule: &Rule, secret: &Secret) -> Secret {
    let Some(algorithm) = signs_with(rule) else { return secret.clone() };
    let text = std::str::from_utf8(secret.expose()).expect("a text");
    let (Some(start), Some(end)) = (text.find("-----BEGIN"), text.rfind("KEY-----")) else {
        panic!("{}: no private key to sign with", rule.id)
    };
    let key = pair(algorithm).pem.trim().replace('\n', "\\n");
    Secret::new(format!("{}{key}{}", &text[..start], &text[end + "KEY-----".len()..]).as_bytes())
}

/// Head and claims of a token that is signed as it should be.
pub fn read(token: &str) -> Option<(String, String)> {
    let (message, signature) = token.rsplit_once('.')?;
    let (head, claims) = message.split_once('.')?;
    let decode = |part: &str| String::from_utf8(BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok();
    let (head, claims) = (decode(head)?, decode(claims)?);
    let json: serde_json::Value = serde_json::from_str(&head).ok()?;
    let (algorithm, check): (_, &dyn VerificationAlgorithm) = match json["alg"].as_str()? {
        "RS256" => (Algorithm::Rs256, &RSA_PKCS1_2048_8192_SHA256),
        "ES256" => (Algorithm::Es256, &ECDSA_P256_SHA256_FIXED),
        _ => return None,
    };
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
    let key = UnparsedPublicKey::new(check, &pair(algorithm).public);
    key.verify(message.as_bytes(), &signature).ok().map(|()| (head, claims))
}

fn pair(algorithm: Algorithm) -> &'static Pair {
    static RSA: OnceLock<Pair> = OnceLock::new();
    static EC: OnceLock<Pair> = OnceLock::new();
    match algorithm {
        Algorithm::Rs256 => RSA.get_or_init(|| {
            let pem = openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", "");
            let public = public("rsa -RSAPublicKey_out", &pem);
            Pair { pem, public }
        }),
        _ => EC.get_or_init(|| {
            let pem = openssl("ecparam -genkey -noout -name prime256v1", "");
            let info = public("ec -pubout", &pem);
            // The point, without compression, is the last that stands in a SubjectPublicKeyInfo.
            Pair { public: info[info.len() - 65..].to_vec(), pem }
        }),
    }
}

/// What stands in a PEM block that OpenSSL writes.
fn public(arguments: &str, private: &str) -> Vec<u8> {
    let pem = openssl(arguments, private);
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64.decode(body.as_bytes()).expect("base64")
}

fn openssl(arguments: &str, input: &str) -> String {
    let mut command = Command::new("openssl");
    let command = command.args(arguments.split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("openssl is installed");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "openssl {arguments}: {}", output.status);
    String::from_utf8(output.stdout).expect("PEM")
}

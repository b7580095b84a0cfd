//! The signature of a token, as far as it can be judged without its key: its length, and whether a key that is no
//! secret made it (RFC 7518, section 3; RFC 8037 and RFC 9864 for EdDSA, RFC 8812 for ES256K).

use std::ops::RangeInclusive;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

/// Secrets that documentation and tools show, and where.
const DEMO: &[(&str, &[&str])] = &[
    (
        "the secret that jwt.io shows",
        &[
            "secret",
            "your-256-bit-secret",
            "your-384-bit-secret",
            "your-512-bit-secret",
            "a-string-secret-at-least-256-bits-long",
            "a-valid-string-secret-that-is-at-least-384-bits-long",
            "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
        ],
    ),
    ("the secret of Wikipedia's example", &["secretkey"]),
    ("the secret of the jsonwebtoken manual", &["shhhhh", "shhhhhared-secret"]),
    ("the secret of Supabase's local installation", &["super-secret-jwt-token-with-at-least-32-characters-long"]),
    (
        "the secret of Supabase's guide to self-hosting",
        &["your-super-secret-jwt-token-with-at-least-32-characters-long"],
    ),
];

/// Secrets that stand in every list of words to try.
const WEAK: &[&str] = &[
    "",
    "password",
    "changeme",
    "changeit",
    "test",
    "admin",
    "key",
    "jwt",
    "token",
    "default",
    "example",
    "supersecret",
    "super-secret",
    "mysecret",
    "my-secret",
    "my_secret",
    "mysecretkey",
    "my-secret-key",
    "your-secret-key",
    "your_secret_key",
    "secret-key",
    "secret_key",
    "jwt-secret",
    "jwt_secret",
    "jwtsecret",
    "123456",
    "qwerty",
];

/// How many bytes the signatures of an algorithm have; `None` for algorithms that are not known. `ed25519-nkey` is NATS's
/// name for EdDSA (<https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt>).
pub fn length(algorithm: &str) -> Option<RangeInclusive<usize>> {
    Some(match algorithm {
        "HS256" => 32..=32,
        "HS384" => 48..=48,
        "HS512" | "ES256" | "ES256K" | "Ed25519" | "ed25519-nkey" => 64..=64,
        "ES384" => 96..=96,
        "ES512" => 132..=132,
        // By either of two curves.
        "EdDSA" => 64..=114,
        "Ed448" => 114..=114,
        // As long as the modulus: nobody issues tokens by RSA keys of less than 1,024 bits, or more than 16,384.
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => 128..=2048,
        _ => return None,
    })
}

/// A signature and what it is over.
pub struct Signature<'a> {
    pub algorithm: &'a str,
    pub bytes: &'a [u8],
    /// Header and claims, as they stand in the token.
    pub signed: &'a [u8],
}

impl Signature<'_> {
    /// Whose example the token is, if a published secret made it.
    pub fn demo_secret(&self) -> Option<&'static str> {
        DEMO.iter().find(|(_, secrets)| secrets.iter().any(|secret| self.is_made_with(secret))).map(|(whose, _)| *whose)
    }

    /// Whether a secret made it that everybody tries first.
    pub fn weak_secret(&self) -> bool {
        WEAK.iter().any(|secret| self.is_made_with(secret))
    }

    fn is_made_with(&self, secret: &str) -> bool {
        match self.algorithm {
            "HS256" => self.verify::<Hmac<Sha256>>(secret),
            "HS384" => self.verify::<Hmac<Sha384>>(secret),
            "HS512" => self.verify::<Hmac<Sha512>>(secret),
            _ => false,
        }
    }

    fn verify<M: Mac + KeyInit>(&self, secret: &str) -> bool {
        <M as KeyInit>::new_from_slice(secret.as_bytes())
            .is_ok_and(|mac| mac.chain_update(self.signed).verify_slice(self.bytes).is_ok())
    }
}

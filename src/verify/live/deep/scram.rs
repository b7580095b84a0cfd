//! SCRAM: both sides prove that they know the password, and neither sends it.
//!
//! Source: [RFC 5802](https://www.rfc-editor.org/rfc/rfc5802), [RFC 7677](https://www.rfc-editor.org/rfc/rfc7677). No
//! channel binding. Passwords in ASCII are taken as they are, as SASLprep leaves them; so are others, which it might
//! change: see [`is_certain`].

use std::num::NonZeroU32;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use zeroize::Zeroizing;

use crate::model::{Cause, Doubt};

/// The fewest rounds that a server may ask for: with fewer, whoever plays the server learns too much of the password
/// (RFC 5802, section 9).
const FEWEST_ROUNDS: u32 = 4096;
/// The most, so that no server keeps us busy.
const MOST_ROUNDS: u32 = 1_000_000;

/// What the proofs are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SCRAM-SHA-1.
    Sha1,
    /// SCRAM-SHA-256.
    Sha256,
}

/// The client's side, before the server has said anything.
#[derive(Debug)]
pub struct Client {
    hash: Hash,
    nonce: String,
    /// The client's first message without its head.
    bare: String,
}

/// The client's last message, and what the server must answer.
#[derive(Debug)]
pub struct Proof {
    /// The message.
    pub message: String,
    signature: Vec<u8>,
}

/// True if a refusal proves that the password is wrong: SASLprep would have sent the same bytes.
pub fn is_certain(password: &[u8]) -> bool {
    password.is_ascii()
}

impl Client {
    /// Begins a conversation as `user`.
    ///
    /// # Errors
    ///
    /// If the machine has no random numbers.
    pub fn new(hash: Hash, user: &str) -> Result<Client, Doubt> {
        let mut bytes = [0; 18];
        let no_random = |_| Doubt::new(Cause::Incomplete, "this machine has no random numbers for a login");
        SystemRandom::new().fill(&mut bytes).map_err(no_random)?;
        Ok(Client::with_nonce(hash, user, BASE64.encode(bytes)))
    }

    fn with_nonce(hash: Hash, user: &str, nonce: String) -> Client {
        let bare = format!("n={},r={nonce}", user.replace('=', "=3D").replace(',', "=2C"));
        Client { hash, nonce, bare }
    }

    /// The client's first message.
    pub fn first(&self) -> String {
        format!("n,,{}", self.bare)
    }

    /// Answers the server's first message.
    ///
    /// # Errors
    ///
    /// If that message is not what it should be, or asks for too few rounds or too many.
    pub fn prove(&self, server_first: &[u8], password: &[u8]) -> Result<Proof, Doubt> {
        let server_first = std::str::from_utf8(server_first).map_err(|_| strange())?;
        let mut fields = server_first.split(',');
        let mut field = |name: &str| fields.next().and_then(|field| field.strip_prefix(name)).ok_or_else(strange);
        let (nonce, salt, rounds) = (field("r=")?, field("s=")?, field("i=")?);
        let salt = BASE64.decode(salt).ok().filter(|salt| !salt.is_empty()).ok_or_else(strange)?;
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(&self.nonce) {
            return Err(strange());
        }
        let rounds: u32 = rounds.parse().map_err(|_| strange())?;
        if !(FEWEST_ROUNDS..=MOST_ROUNDS).contains(&rounds) {
            let why = format!("the server wants {rounds} rounds of SCRAM, and that many are not made");
            return Err(Doubt::new(Cause::UnexpectedBody, why));
        }
        let salted = self.salted(password, &salt, rounds)?;
        // `biws` is the head `n,,` in base64.
        let without_proof = format!("c=biws,r={nonce}");
        let spoken = format!("{},{server_first},{without_proof}", self.bare);
        let client_key = self.mac(&salted, b"Client Key");
        let stored_key = digest::digest(self.algorithm(), client_key.as_ref());
        let signature = self.mac(stored_key.as_ref(), spoken.as_bytes());
        let proof: Vec<u8> = client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, sign)| key ^ sign).collect();
        let server_key = self.mac(&salted, b"Server Key");
        Ok(Proof {
            message: format!("{without_proof},p={}", BASE64.encode(proof)),
            signature: self.mac(server_key.as_ref(), spoken.as_bytes()).as_ref().to_vec(),
        })
    }

    fn algorithm(&self) -> &'static digest::Algorithm {
        match self.hash {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
        }
    }

    fn mac(&self, key: &[u8], text: &[u8]) -> hmac::Tag {
        let algorithm = match self.hash {
            Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => hmac::HMAC_SHA256,
        };
        hmac::sign(&hmac::Key::new(algorithm, key), text)
    }

    fn salted(&self, password: &[u8], salt: &[u8], rounds: u32) -> Result<Zeroizing<Vec<u8>>, Doubt> {
        let algorithm = match self.hash {
            Hash::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Hash::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        };
        let mut salted = Zeroizing::new(vec![0; self.algorithm().output_len()]);
        let rounds = NonZeroU32::new(rounds).ok_or_else(strange)?;
        pbkdf2::derive(algorithm, rounds, salt, password, &mut salted);
        Ok(salted)
    }
}

impl Proof {
    /// Checks the server's last message: only who knows the password could have made it.
    ///
    /// # Errors
    ///
    /// If it is wrong: whatever the server says then of the login is worth nothing.
    pub fn check(&self, server_final: &[u8]) -> Result<(), Doubt> {
        let text = std::str::from_utf8(server_final).map_err(|_| strange())?;
        let signature = text.split(',').next().and_then(|field| field.strip_prefix("v=")).ok_or_else(strange)?;
        if BASE64.decode(signature).is_ok_and(|signature| signature == self.signature) {
            return Ok(());
        }
        Err(Doubt::new(Cause::UnexpectedBody, "the server does not prove that it knows the password itself"))
    }
}

fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server breaks the rules of SCRAM")
}

#[cfg(test)]
pub(super) mod tests;

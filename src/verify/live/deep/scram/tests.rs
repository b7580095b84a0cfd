//! The conversations of the standards, servers that cheat, and the server's side for the fakes of other tests.

use proptest::prelude::*;

use super::*;

/// Server's first message, and its last one, of a server that knows the password.
pub struct Server {
    client: Client,
    password: Vec<u8>,
    /// The server's first message.
    pub first: String,
}

impl Server {
    /// Takes up what the client said first.
    pub fn new(hash: Hash, client_first: &str, password: &[u8]) -> Server {
        let bare = client_first.strip_prefix("n,,").unwrap().to_owned();
        let nonce = bare.split_once(",r=").unwrap().1.to_owned();
        let first = format!("r={nonce}server,s={},i=4096", BASE64.encode(b"salt and pepper!"));
        Server { client: Client { hash, nonce, bare }, password: password.to_vec(), first }
    }

    /// The server's last message, if the client's is what it should be.
    pub fn last(&self, client_final: &str) -> Option<String> {
        let proof = self.client.prove(self.first.as_bytes(), &self.password).unwrap();
        (proof.message == client_final).then(|| format!("v={}", BASE64.encode(&proof.signature)))
    }
}

#[test]
fn the_conversations_of_the_standards() {
    // RFC 7677, section 3; RFC 5802, section 5. The password is `pencil` in both.
    let client = Client::with_nonce(Hash::Sha256, "user", "rOprNGfwEbeRWgbNEkqO".to_owned());
    assert_eq!(client.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    let server = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    let proof = client.prove(server, b"pencil").unwrap();
    assert_eq!(
        proof.message,
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    proof.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").unwrap();
    assert!(proof.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=").is_err());
    assert!(proof.check(b"v=").is_err());
    assert!(proof.check(b"").is_err());
    assert!(proof.check(b"e=invalid-proof").is_err());

    let client = Client::with_nonce(Hash::Sha1, "user", "fyko+d2lbbFgONRv9qkxdawL".to_owned());
    let server = b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    let proof = client.prove(server, b"pencil").unwrap();
    assert!(proof.message.ends_with(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="), "{}", proof.message);
    proof.check(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").unwrap();
}

#[test]
fn servers_that_cheat_get_no_proof() {
    let client = Client::with_nonce(Hash::Sha256, "user", "abc".to_owned());
    for message in [
        "",
        "r=abcd",
        "r=abcd,s=c2FsdA==",
        "r=abc,s=c2FsdA==,i=4096",
        "r=xabc,s=c2FsdA==,i=4096",
        "r=abcd,s=,i=4096",
        "r=abcd,s=??,i=4096",
        "r=abcd,s=c2FsdA==,i=",
        "r=abcd,s=c2FsdA==,i=-1",
        "r=abcd,s=c2FsdA==,i=0",
        "r=abcd,s=c2FsdA==,i=1",
        "r=abcd,s=c2FsdA==,i=4095",
        "r=abcd,s=c2FsdA==,i=4000000000",
        "m=ext,r=abcd,s=c2FsdA==,i=4096",
        "e=other-error",
    ] {
        assert!(client.prove(message.as_bytes(), b"pencil").is_err(), "{message}");
    }
    assert!(client.prove(b"r=abcd,s=c2FsdA==,i=4096", b"pencil").is_ok());
}

#[test]
fn names_are_escaped_and_nonces_are_new() {
    let client = Client::new(Hash::Sha256, "a=b,c").unwrap();
    assert!(client.first().starts_with("n,,n=a=3Db=2Cc,r="));
    assert_ne!(client.first(), Client::new(Hash::Sha256, "a=b,c").unwrap().first());
}

proptest! {
    #[test]
    fn no_server_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "r=abc.{0,20},s=.{0,20},i=[0-9]{0,3}") {
        let client = Client::with_nonce(Hash::Sha256, "user", "abc".to_owned());
        prop_assert!(client.prove(&bytes, b"pencil").is_err());
        prop_assert!(client.prove(text.as_bytes(), b"pencil").is_err());
    }
}

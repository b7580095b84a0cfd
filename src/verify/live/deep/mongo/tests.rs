//! A server that does its side of SCRAM, and servers of all sorts.

use std::collections::VecDeque;
use std::io;

use proptest::prelude::*;

use super::super::fake::{Fake, PASSWORD, login};
use super::super::login::Protocol;
use super::super::scram::tests::Server;
use super::*;

/// A message of a server that answers message `to`.
fn message(to: u32, document: Document) -> Vec<u8> {
    let document = document.finish();
    let mut bytes = Vec::new();
    for number in [document.len() as u32 + 21, 77, to, MESSAGE, 0] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(&document);
    bytes
}

/// A document that says that all is well.
fn fine() -> Document {
    Document::default().integer("ok", 1)
}

/// A server with one user, `app`, of the database `users`.
#[derive(Default)]
struct Mongo {
    says: VecDeque<u8>,
    commands: Vec<String>,
    password: Vec<u8>,
    mechanisms: Vec<&'static str>,
    hash: Option<Hash>,
    scram: Option<Server>,
    /// Ends the conversation only with an empty message, as servers before 4.4.
    long: bool,
    /// Answers every proof with this as its own.
    lie: Option<&'static str>,
    /// Answers like Atlas.
    atlas: bool,
}

impl Mongo {
    fn refusal(&self) -> Document {
        let refusal = Document::default().integer("ok", 0);
        if self.atlas {
            refusal.integer("code", 8000).text("errmsg", "bad auth : authentication failed")
        } else {
            refusal.integer("code", 18).text("errmsg", "Authentication failed.")
        }
    }

    fn answer(&mut self, command: &[u8]) -> Document {
        let text = |name| match find(command, name) {
            Some(Value::Text(text)) => text.to_owned(),
            other => panic!("{name}: {other:?}"),
        };
        let payload = || match find(command, "payload") {
            Some(Value::Bytes(bytes)) => String::from_utf8(bytes.to_vec()).unwrap(),
            other => panic!("{other:?}"),
        };
        let (first, _) = values(command).next().unwrap();
        self.commands.push(String::from_utf8_lossy(first).into_owned());
        match first {
            b"isMaster" => {
                assert_eq!(text("$db"), "admin");
                if text("saslSupportedMechs") != "users.app" || self.mechanisms.is_empty() {
                    return fine();
                }
                let known = self.mechanisms.iter().enumerate();
                let known = known.fold(Document::default(), |all, (at, name)| all.text(&at.to_string(), name));
                fine().document("saslSupportedMechs", known)
            }
            b"saslStart" => {
                assert_eq!(text("$db"), "users");
                let hash = if text("mechanism") == "SCRAM-SHA-1" { Hash::Sha1 } else { Hash::Sha256 };
                let digested = md5::hex(&[b"app:mongo:", &self.password]);
                let password = if hash == Hash::Sha1 { digested.as_bytes() } else { &self.password };
                let server = Server::new(hash, &payload(), password);
                self.hash = Some(hash);
                let reply =
                    fine().integer("conversationId", 5).truth("done", false).bytes("payload", server.first.as_bytes());
                self.scram = Some(server);
                reply
            }
            b"saslContinue" if payload().is_empty() => fine().truth("done", true).bytes("payload", b""),
            b"saslContinue" => {
                assert_eq!(find(command, "conversationId"), Some(Value::Number(5.0)));
                let last = match (self.scram.as_ref().unwrap().last(&payload()), self.lie) {
                    (_, Some(lie)) => lie.to_owned(),
                    (Some(last), None) => last,
                    (None, None) => return self.refusal(),
                };
                fine().truth("done", !self.long).bytes("payload", last.as_bytes())
            }
            other => panic!("{other:?}"),
        }
    }
}

impl Read for Mongo {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Mongo {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let id = u32::from_le_bytes(*bytes[4..].first_chunk().unwrap());
        assert_eq!(bytes.len(), u32::from_le_bytes(*bytes.first_chunk().unwrap()) as usize);
        assert!(!String::from_utf8_lossy(bytes).contains("pa ss"), "the password is never sent");
        let reply = self.answer(&bytes[21..]);
        self.says.extend(message(id, reply));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn user() -> Login {
    Login { auth_source: Some("users".to_owned()), ..login(Protocol::Mongo) }
}

fn server(mechanisms: &[&'static str]) -> Mongo {
    Mongo { password: PASSWORD.to_vec(), mechanisms: mechanisms.to_vec(), ..Mongo::default() }
}

#[test]
fn the_best_mechanism_of_the_user_is_taken() {
    for (mechanisms, hash) in [
        (&["SCRAM-SHA-1", "SCRAM-SHA-256"][..], Hash::Sha256),
        (&["SCRAM-SHA-256"], Hash::Sha256),
        (&["SCRAM-SHA-1"], Hash::Sha1),
        (&[], Hash::Sha1),
    ] {
        let mut mongo = server(mechanisms);
        let verdict = converse(&mut mongo, &user()).unwrap();
        assert!(matches!(&verdict, Verdict::Active(_)), "{mechanisms:?}");
        assert!(verdict.details().contains(&("database".to_owned(), "users".to_owned())));
        assert_eq!(mongo.hash, Some(hash));
        assert_eq!(mongo.commands, ["isMaster", "saslStart", "saslContinue"]);
    }
    let mut forced = server(&["SCRAM-SHA-256", "SCRAM-SHA-1"]);
    let login = Login { mechanism: Some("SCRAM-SHA-1".to_owned()), ..user() };
    converse(&mut forced, &login).unwrap();
    assert_eq!(forced.hash, Some(Hash::Sha1));
    for mechanism in ["MONGODB-X509", "MONGODB-AWS", "PLAIN", "GSSAPI"] {
        let login = Login { mechanism: Some(mechanism.to_owned()), ..user() };
        let mut mongo = server(&[]);
        assert_eq!(converse(&mut mongo, &login).unwrap_err().cause, Cause::NoRequest);
        assert_eq!(mongo.commands, ["isMaster"]);
    }
    assert_eq!(converse(&mut server(&["MONGODB-X509"]), &user()).unwrap_err().cause, Cause::NoRequest);
}

#[test]
fn wrong_passwords_are_refused_once() {
    for mechanisms in [&["SCRAM-SHA-256"][..], &["SCRAM-SHA-1"], &[]] {
        for atlas in [false, true] {
            let mut mongo = Mongo { password: b"another".to_vec(), atlas, ..server(mechanisms) };
            assert!(matches!(converse(&mut mongo, &user()), Ok(Verdict::Inactive(_))));
            assert_eq!(mongo.commands.iter().filter(|name| *name == "saslStart").count(), 1);
        }
    }
}

#[test]
fn older_servers_end_with_nothing() {
    let mut mongo = Mongo { long: true, ..server(&["SCRAM-SHA-256"]) };
    assert!(matches!(converse(&mut mongo, &user()), Ok(Verdict::Active(_))));
    assert_eq!(mongo.commands, ["isMaster", "saslStart", "saslContinue", "saslContinue"]);
}

#[test]
fn who_says_yes_without_proof_is_not_believed() {
    for lie in ["", "v=", "v=AAAA", "e=invalid-proof"] {
        let mut mongo = Mongo { lie: Some(lie), ..server(&["SCRAM-SHA-256"]) };
        assert_eq!(converse(&mut mongo, &user()).unwrap_err().cause, Cause::UnexpectedBody, "{lie}");
    }
}

#[test]
fn odd_servers_are_unknown() {
    let told = |says: &[u8]| converse(&mut Fake::new(says), &user()).unwrap_err().cause;
    let document = Document::default;
    assert_eq!(told(b""), Cause::Connect);
    assert_eq!(told(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), Cause::UnexpectedBody);
    assert_eq!(told(&message(9, fine())), Cause::UnexpectedBody);
    assert_eq!(told(&message(1, document().integer("ok", 0))), Cause::UnexpectedStatus);
    let start = [message(1, fine()), message(2, document().integer("ok", 0).integer("code", 13))].concat();
    assert_eq!(told(&start), Cause::UnexpectedStatus);
    for reply in [document(), document().integer("ok", 0), fine(), fine().integer("conversationId", 1)] {
        assert_eq!(told(&[message(1, fine()), message(2, reply)].concat()), Cause::UnexpectedBody);
    }
    let mut long = message(1, fine());
    long[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(told(&long), Cause::UnexpectedBody);
    long[..4].copy_from_slice(&3_u32.to_le_bytes());
    assert_eq!(told(&long), Cause::UnexpectedBody);
}

proptest! {
    #[test]
    fn no_server_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = converse(&mut Fake::new(bytes.as_slice()), &user());
        // A body of anything in a frame that is right.
        let mut framed = message(1, fine());
        for number in [body.len() as u32 + 16, 1, 2, MESSAGE] {
            framed.extend_from_slice(&number.to_le_bytes());
        }
        framed.extend_from_slice(&body);
        prop_assert!(converse(&mut Fake::new(framed), &user()).is_err());
    }
}

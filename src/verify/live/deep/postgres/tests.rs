//! Servers of all sorts, in memory.

use proptest::prelude::*;

use super::super::fake::{Fake, PASSWORD, login};
use super::super::login::Protocol;
use super::super::scram::tests::Server;
use super::*;

fn message(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    send(&mut bytes, Some(kind), parts).unwrap();
    bytes
}

fn request(number: u32, data: &[u8]) -> Vec<u8> {
    message(AUTHENTICATION, &[&number.to_be_bytes(), data])
}

fn failure(code: &str) -> Vec<u8> {
    message(ERROR, &[b"SFATAL\0C", code.as_bytes(), b"\0Mno, pa ss\0Rauth_failed\0\0"])
}

fn ready() -> Vec<u8> {
    [message(PARAMETER, &[b"server_version\x0016.2 (Debian)\0"]), message(READY, &[b"I"])].concat()
}

fn told(says: &[Vec<u8>]) -> (Result<Verdict, Doubt>, String) {
    let mut fake = Fake::new(says.concat());
    (authenticate(&mut fake, &login(Protocol::Postgres)), fake.heard())
}

fn cause(says: &[Vec<u8>]) -> Cause {
    told(says).0.unwrap_err().cause
}

#[test]
fn the_start_names_user_database_and_us() {
    let (_, heard) = told(&[]);
    assert_eq!(heard, "\0\0\0\x39\0\x03\0\0user\0app\0database\0shop\0application_name\0unspill\0\0");
}

#[test]
fn passwords_in_clear_and_md5() {
    let (verdict, heard) = told(&[request(3, b""), request(0, b""), ready()]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        verdict.unwrap(),
        Verdict::Active(vec![
            pair("database", "shop"),
            pair("server", "PostgreSQL 16.2 (Debian)"),
            pair("user", "app")
        ])
    );
    assert!(heard.contains("pa ss\r\nw\0"), "{heard:?}");
    let (verdict, heard) = told(&[request(5, b"salt"), request(0, b""), ready()]);
    assert!(matches!(verdict, Ok(Verdict::Active(_))));
    let digest = md5::hex(&[md5::hex(&[PASSWORD, b"app"]).as_bytes(), b"salt"]);
    assert!(heard.contains(&format!("md5{digest}\0")) && !heard.contains("pa ss"), "{heard:?}");
    for number in [3, 5] {
        let (verdict, _) = told(&[request(number, b"salt"), failure("28P01")]);
        assert!(matches!(verdict, Ok(Verdict::Inactive(_))), "{verdict:?}");
    }
}

#[test]
fn errors_before_the_password_say_nothing_of_it() {
    assert_eq!(cause(&[failure("28000")]), Cause::UnexpectedStatus);
    assert_eq!(cause(&[failure("28P01")]), Cause::UnexpectedStatus);
    assert_eq!(cause(&[failure("53300")]), Cause::ServerError);
    assert_eq!(cause(&[failure("57P03")]), Cause::ServerError);
    assert_eq!(cause(&[failure("3D000")]), Cause::UnexpectedStatus);
    assert_eq!(cause(&[failure("08P01")]), Cause::UnexpectedStatus);
    assert_eq!(cause(&[failure("")]), Cause::UnexpectedBody);
    assert_eq!(cause(&[message(ERROR, &[b"C"])]), Cause::UnexpectedBody);
    assert_eq!(cause(&[request(3, b""), failure("28000")]), Cause::UnexpectedStatus);
    // Whatever an error says, its words are not repeated.
    assert!(!told(&[request(3, b""), failure("XX000")]).0.unwrap_err().text.contains("pa ss"));
}

#[test]
fn errors_after_the_password_prove_it_right() {
    for code in ["3D000", "42501", "53300", "55000"] {
        let (verdict, _) = told(&[request(3, b""), request(0, b""), failure(code)]);
        let Ok(Verdict::Active(details)) = verdict else { panic!("{code}: {verdict:?}") };
        assert!(details.iter().any(|(name, value)| name == "note" && value.contains(code)), "{details:?}");
    }
    let (verdict, _) = told(&[request(3, b""), request(0, b""), failure("28000")]);
    assert!(matches!(verdict, Ok(Verdict::Inactive(_))));
    // The connection may even break.
    assert!(matches!(told(&[request(3, b""), request(0, b"")]).0, Ok(Verdict::Active(_))));
}

#[test]
fn a_server_that_asks_for_no_password_proves_nothing() {
    assert_eq!(cause(&[request(0, b""), ready()]), Cause::UnexpectedBody);
    assert!(matches!(told(&[request(0, b""), failure("28000")]).0, Ok(Verdict::Inactive(_))));
}

#[test]
fn odd_servers_are_unknown() {
    for number in [2, 7, 9, 10, 11, 12, 99] {
        assert_eq!(cause(&[request(number, b"GSS-SPNEGO\0\0")]), Cause::UnexpectedBody, "{number}");
    }
    // A second question would be a second attempt.
    assert_eq!(cause(&[request(5, b"salt"), request(5, b"salt")]), Cause::UnexpectedBody);
    assert_eq!(cause(&[request(5, b"salt"), request(3, b"")]), Cause::UnexpectedBody);
    assert_eq!(cause(&[request(5, b"sal")]), Cause::UnexpectedBody);
    assert_eq!(cause(&[b"HTTP/1.1 400 Bad Request\r\n".to_vec()]), Cause::UnexpectedBody);
    assert_eq!(cause(&[vec![b'R', 0xff, 0xff, 0xff, 0xff]]), Cause::UnexpectedBody);
    assert_eq!(cause(&[vec![b'R', 0, 0, 0, 3]]), Cause::UnexpectedBody);
    assert_eq!(cause(&[vec![b'R', 0, 0, 0, 9, 0]]), Cause::Connect);
    let endless = message(NOTICE, &[b"\0"]).repeat(1000);
    assert_eq!(cause(std::slice::from_ref(&endless)), Cause::UnexpectedBody);
    assert!(matches!(told(&[request(3, b""), request(0, b""), endless]).0, Ok(Verdict::Active(_))));
    let nul = Login { password: crate::model::Secret::new(b"hunter2\0"), ..login(Protocol::Postgres) };
    assert_eq!(authenticate(&mut Fake::new(b""), &nul).unwrap_err().cause, Cause::Incomplete);
    let nobody = Login { user: None, ..login(Protocol::Postgres) };
    assert_eq!(authenticate(&mut Fake::new(b""), &nobody).unwrap_err().cause, Cause::Incomplete);
}

/// The other side of SCRAM: answers what was written so far. `ends` is what follows a right proof, and `knows` the
/// password that the server has.
#[derive(Default)]
struct Scram {
    says: std::collections::VecDeque<u8>,
    server: Option<Server>,
    knows: Vec<u8>,
    lies: bool,
    ends: Vec<u8>,
}

impl Read for Scram {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Scram {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let answer = match (&self.server, text.find("n,,n=,r="), text.find("c=biws")) {
            (_, Some(at), _) => {
                let server = Server::new(Hash::Sha256, &text[at..], &self.knows);
                let answer = request(11, server.first.as_bytes());
                self.server = Some(server);
                answer
            }
            (Some(server), _, Some(at)) => match server.last(&text[at..]) {
                Some(_) if self.lies => [request(12, b"v=AAAA"), self.ends.clone()].concat(),
                Some(last) => [request(12, last.as_bytes()), self.ends.clone()].concat(),
                None if self.lies => self.ends.clone(),
                None => failure("28P01"),
            },
            _ => request(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"),
        };
        self.says.extend(answer);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn scram_proves_both_sides() {
    let ends = [request(0, b""), ready()].concat();
    let tried = |knows: &[u8], lies: bool| {
        let mut server = Scram { knows: knows.to_vec(), lies, ends: ends.clone(), ..Scram::default() };
        authenticate(&mut server, &login(Protocol::Postgres))
    };
    assert!(matches!(tried(PASSWORD, false), Ok(Verdict::Active(_))));
    assert!(matches!(tried(b"another", false), Ok(Verdict::Inactive(_))));
    // Who says yes without knowing the password is believed nothing.
    assert_eq!(tried(PASSWORD, true).unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(tried(b"another", true).unwrap_err().cause, Cause::UnexpectedBody);
}

#[test]
fn a_refused_password_beyond_ascii_may_be_right_all_the_same() {
    let mut server = Scram { knows: b"another".to_vec(), ..Scram::default() };
    let odd = Login { password: crate::model::Secret::new("hunter2\u{aa}".as_bytes()), ..login(Protocol::Postgres) };
    assert_eq!(authenticate(&mut server, &odd).unwrap_err().cause, Cause::UnexpectedStatus);
}

proptest! {
    #[test]
    fn no_server_does_harm(
        kinds in prop::collection::vec((prop::sample::select(b"RENSZvX".to_vec()), 0_u32..13, prop::collection::vec(any::<u8>(), 0..40)), 0..8),
        tail in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut says: Vec<Vec<u8>> = kinds.iter().map(|(kind, number, data)| message(*kind, &[&number.to_be_bytes(), data])).collect();
        says.push(tail);
        let (_, heard) = told(&says);
        prop_assert!(heard.matches("\0p").count() <= 3, "one attempt");
    }
}

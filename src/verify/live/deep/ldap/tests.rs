//! Directories of several minds, and of none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use rustls::ServerConfig;

use super::super::super::net::loopback::{Authority, dialer, public_wire, serve};
use super::super::fake::{Fake, login};
use super::super::login::{Protocol, Tls};
use super::*;

const NAME: &str = "cn=app,dc=acme,dc=example";

fn response(id: u8, tag: u8, code: u8, words: &str) -> Vec<u8> {
    let parts =
        [element(ENUMERATED, &[&[code]]), element(OCTET_STRING, &[]), element(OCTET_STRING, &[words.as_bytes()])];
    let content: Vec<u8> = parts.iter().flat_map(|part| part.to_vec()).collect();
    element(SEQUENCE, &[&element(INTEGER, &[&[id]]), &element(tag, &[&content])]).to_vec()
}

/// What is made of a directory that says this to a bind.
fn answered(says: impl Into<Vec<u8>>) -> Result<Verdict, Doubt> {
    bind(&mut Fake::new(says), 1, NAME, &Secret::new(b"pass"))
}

fn result(code: u8, words: &str) -> Result<Verdict, Doubt> {
    answered(response(1, BIND_RESPONSE, code, words))
}

fn windows(data: &str) -> Result<Verdict, Doubt> {
    result(49, &format!("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {data}, v2580\0"))
}

#[test]
fn one_bind_is_asked_and_the_connection_given_up() {
    let mut directory = Fake::new(response(1, BIND_RESPONSE, 0, ""));
    let verdict = bind(&mut directory, 1, "cn=a", &Secret::new(b"pw"));
    assert_eq!(verdict, Ok(Verdict::Active(vec![("user".to_owned(), "cn=a".to_owned())])));
    // RFC 4511: 30 len (02 01 01) 60 len (02 01 03) (04 04 "cn=a") (80 02 "pw"), then 30 05 (02 01 02) (42 00).
    let bind = b"\x30\x12\x02\x01\x01\x60\x0d\x02\x01\x03\x04\x04cn=a\x80\x02pw";
    let unbind = b"\x30\x05\x02\x01\x02\x42\x00";
    assert_eq!(directory.told, [&bind[..], unbind].concat());
}

#[test]
fn results_have_their_meaning() {
    assert_eq!(result(0, "").unwrap().as_str(), "active");
    let refused = "the directory refused it (49 invalidCredentials)".to_owned();
    assert_eq!(result(49, ""), Ok(Verdict::Inactive(refused)));
    let cause = |code| result(code, "").unwrap_err().cause;
    assert_eq!(cause(51), Cause::RateLimited);
    assert_eq!(cause(52), Cause::ServerError);
    for code in [8, 13, 14, 32, 34, 48, 53, 123] {
        assert_eq!(cause(code), Cause::UnexpectedStatus, "{code}");
    }
}

#[test]
fn active_directory_tells_a_right_password_from_an_account_that_is_shut() {
    for data in ["530", "531", "532", "773"] {
        let verdict = windows(data).unwrap();
        assert_eq!((verdict.as_str(), verdict.details().len()), ("active", 2), "{data}");
    }
    for data in ["533", "701"] {
        let verdict = windows(data).unwrap();
        assert_eq!(verdict.as_str(), "inactive");
        assert!(verdict.reason().unwrap().contains("the password is right"), "{data}");
    }
    for data in ["52e", "525", "57", "x", ""] {
        let verdict = windows(data).unwrap();
        assert_eq!(verdict.as_str(), "inactive", "{data}");
        assert!(!verdict.reason().unwrap().contains("is right"), "{data}");
    }
    assert!(windows("775").unwrap_err().text.contains("locked"));
}

#[test]
fn an_answer_must_be_to_the_question() {
    assert!(answered(response(2, BIND_RESPONSE, 0, "")).is_err(), "another message");
    assert!(answered(response(1, EXTENDED_RESPONSE, 0, "")).is_err(), "another kind");
    assert_eq!(answered(response(0, EXTENDED_RESPONSE, 52, "")).unwrap_err().cause, Cause::ServerError);
    assert_eq!(answered("").unwrap_err().cause, Cause::Connect);
    assert_eq!(answered("HTTP/1.1 400 Bad Request\r\n").unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(answered(*b"\x30\x84\x7f\xff\xff\xff").unwrap_err().cause, Cause::UnexpectedBody);
}

/// A message of a client: its number, and the tag of what it asks.
fn request(stream: &mut impl Read) -> Option<(u8, u8)> {
    let content = read_message(stream).ok()?;
    let mut parts = Elements(&content);
    let id = *parts.expect(INTEGER)?.first()?;
    Some((id, parts.next()?.0))
}

/// A directory that answers the question for TLS with `code`, and every bind with success; and how often it was bound to.
fn directory(tls: &Arc<ServerConfig>, code: u8) -> (u16, Arc<AtomicUsize>) {
    fn bound(stream: &mut (impl Read + Write), binds: &AtomicUsize) {
        let Some((id, BIND_REQUEST)) = request(stream) else { return };
        binds.fetch_add(1, Ordering::SeqCst);
        stream.write_all(&response(id, BIND_RESPONSE, 0, "")).and_then(|()| stream.flush()).ok();
        request(stream);
    }
    let (tls, binds) = (Arc::clone(tls), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&binds);
    let port = serve(move |mut stream| {
        let Some((id, EXTENDED_REQUEST)) = request(&mut stream) else { return };
        stream.write_all(&response(id, EXTENDED_RESPONSE, code, "")).unwrap();
        if code == 0 {
            bound(&mut Authority::accept(&tls, stream), &count);
        } else {
            bound(&mut stream, &count);
        }
    });
    (port, binds)
}

const HOST: &str = "ldap.acme.example";

fn account(password: &[u8]) -> Login {
    let (host, user) = (HOST.to_owned(), Some(NAME.to_owned()));
    Login { host, user, password: Secret::new(password), ..login(Protocol::Ldap) }
}

#[test]
fn tls_is_asked_for_and_its_certificate_counts() {
    let talk = |names: &[&str], code| {
        let authority = Authority::new(names);
        let (port, binds) = directory(&authority.server, code);
        let wire = dialer(Arc::clone(&authority.client)).open(HOST, port).unwrap();
        (converse(wire, &account(b"pass")), binds.load(Ordering::SeqCst))
    };
    assert_eq!(talk(&[HOST], 0).0.unwrap().as_str(), "active");
    let (doubt, binds) = talk(&["other.example"], 0);
    assert_eq!((doubt.unwrap_err().cause, binds), (Cause::Tls, 0));
    // In one's own network clear text will do.
    assert_eq!(talk(&[HOST], 2).0.unwrap().as_str(), "active");
}

#[test]
fn no_password_leaves_ones_network_in_clear() {
    for tls in [Tls::Never, Tls::IfOffered, Tls::Demanded] {
        let authority = Authority::new(&[HOST]);
        let (port, binds) = directory(&authority.server, 2);
        let wire = public_wire(Arc::clone(&authority.client), port);
        let doubt = converse(wire, &Login { tls, ..account(b"pass") }).unwrap_err();
        assert_eq!((doubt.cause, binds.load(Ordering::SeqCst)), (Cause::Tls, 0));
    }
}

#[test]
fn a_bind_that_succeeds_for_anybody_is_never_sent() {
    for login in [
        account(b""),
        Login { user: None, ..account(b"pass") },
        Login { user: Some(String::new()), ..account(b"pass") },
    ] {
        let authority = Authority::new(&[HOST]);
        let (port, binds) = directory(&authority.server, 0);
        let wire = dialer(Arc::clone(&authority.client)).open(HOST, port).unwrap();
        assert_eq!(converse(wire, &login).unwrap_err().cause, Cause::Incomplete);
        assert_eq!(binds.load(Ordering::SeqCst), 0);
    }
}

proptest! {
    #[test]
    fn anything_may_be_said(says: Vec<u8>) {
        prop_assert!(answered(says).is_err());
    }

    #[test]
    fn a_response_may_hold_anything(content: Vec<u8>) {
        let message = element(SEQUENCE, &[&element(INTEGER, &[&[1]]), &element(BIND_RESPONSE, &[&content])]);
        // A response that is whole is a result; no other counts as one.
        let whole = Answer::read(&content).is_some();
        prop_assert!(whole || answered(message.to_vec()).is_err());
    }

    #[test]
    fn words_may_be_any(words: String) {
        prop_assert_eq!(result(49, &words).unwrap().as_str(), "inactive");
    }
}

//! Brokers of several minds, and of none.

use proptest::prelude::*;

use super::super::fake::{Fake, PASSWORD, login};
use super::super::login::Protocol;
use super::*;

const PROPERTIES: &[(&[u8], u8, &[u8])] = &[(b"product", b'S', b"RabbitMQ"), (b"version", b'S', b"3.10.8")];

fn frame(method: Method, arguments: &[u8]) -> Vec<u8> {
    let payload = [&method.0.to_be_bytes()[..], &method.1.to_be_bytes(), arguments].concat();
    [&[METHOD_FRAME, 0, 0][..], &long(&payload), &[FRAME_END]].concat()
}

/// `Connection.Start`, of a broker that says no in words if `tells`.
fn start(tells: bool, mechanisms: &str) -> Vec<u8> {
    let mut table = Vec::new();
    for (name, kind, text) in PROPERTIES {
        field(&mut table, name, *kind, &long(text));
    }
    let mut capabilities = Vec::new();
    field(&mut capabilities, b"publisher_confirms", b't', &[1]);
    field(&mut capabilities, b"authentication_failure_close", b't', &[u8::from(tells)]);
    field(&mut table, b"capabilities", b'F', &long(&capabilities));
    field(&mut table, b"limit", b'l', &[0; 8]);
    frame(START, &[&[0, 9][..], &long(&table), &long(mechanisms.as_bytes()), &long(b"en_US")].concat())
}

fn close(code: u16) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes()[..], b"\x0eACCESS_REFUSED", &[0, 0, 0, 0]].concat())
}

/// What is made of a broker that says this, and what it was told.
fn talk(user: &str, says: &[Vec<u8>]) -> (Result<Verdict, Doubt>, Vec<u8>) {
    talk_from(false, user, says)
}

/// The same, from the broker's own machine or not.
fn talk_from(loopback: bool, user: &str, says: &[Vec<u8>]) -> (Result<Verdict, Doubt>, Vec<u8>) {
    let mut broker = Fake::new(says.concat());
    let login = Login { user: Some(user.to_owned()), ..login(Protocol::Amqp) };
    let verdict = converse(&mut broker, &login, loopback);
    (verdict, broker.told)
}

fn cause(user: &str, says: &[Vec<u8>]) -> Cause {
    talk(user, says).0.unwrap_err().cause
}

#[test]
fn a_broker_that_goes_on_has_accepted() {
    let (verdict, told) = talk("app", &[start(true, "AMQPLAIN PLAIN"), frame(TUNE, &[0; 8])]);
    let details = [("server", "RabbitMQ 3.10.8"), ("user", "app")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(verdict, Ok(Verdict::Active(details.to_vec())));
    let answer = told.strip_prefix(HEADER).unwrap();
    let (method, arguments) = read_method(&mut &*answer).unwrap_or_else(|_| panic!("a whole frame"));
    assert_eq!(method, START_OK);
    let mut bytes = Bytes(&arguments);
    bytes.long_string().unwrap();
    assert_eq!(bytes.short_string(), Some(&b"PLAIN"[..]));
    assert_eq!(bytes.long_string(), Some(&[b"\0app\0", PASSWORD].concat()[..]));
    assert_eq!(bytes.short_string(), Some(&b"en_US"[..]));
    assert!(bytes.0.is_empty());
}

#[test]
fn refusals_are_told_from_other_ends() {
    let refused = Ok(Verdict::Inactive("the broker refused it (403 ACCESS_REFUSED)".to_owned()));
    assert_eq!(talk("app", &[start(true, "PLAIN"), close(403)]).0, refused);
    assert_eq!(cause("app", &[start(true, "PLAIN"), close(320)]), Cause::UnexpectedStatus);
    // One that would have said so has met with something else.
    assert_eq!(cause("app", &[start(true, "PLAIN")]), Cause::Connect);
    let silent = talk("app", &[start(false, "PLAIN")]).0.unwrap();
    assert_eq!(silent.as_str(), "inactive");
    assert_eq!(cause("app", &[start(true, "PLAIN"), frame(SECURE, &long(b"?"))]), Cause::UnexpectedBody);
}

#[test]
fn the_guest_of_a_broker_is_refused_from_elsewhere_whatever_the_password() {
    assert_eq!(cause("guest", &[start(true, "PLAIN"), close(403)]), Cause::UnexpectedBody);
    let verdict = talk_from(true, "guest", &[start(true, "PLAIN"), close(403)]).0;
    assert_eq!(verdict.unwrap().as_str(), "inactive");
}

#[test]
fn nothing_is_sent_to_what_is_no_broker() {
    for says in [vec![], b"AMQP\0\x01\0\0".to_vec(), b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), frame(TUNE, &[])] {
        let (verdict, told) = talk("app", &[says]);
        assert!(verdict.is_err());
        assert_eq!(told, HEADER);
    }
    let (verdict, told) = talk("app", &[start(true, "EXTERNAL PLAINER")]);
    assert_eq!((verdict.unwrap_err().cause, &told[..]), (Cause::UnexpectedBody, &HEADER[..]));
    // A NUL would end the name and begin another password.
    let (verdict, told) = talk("a\0b", &[]);
    assert_eq!((verdict.unwrap_err().cause, &told[..]), (Cause::Incomplete, &[][..]));
}

proptest! {
    #[test]
    fn anything_may_be_said(says: Vec<u8>, begins_well: bool, tells: bool) {
        let says = if begins_well { [start(tells, "PLAIN"), says].concat() } else { says };
        let verdict = talk("app", &[says]).0;
        prop_assert!(!matches!(verdict, Ok(Verdict::Active(_))));
    }

    #[test]
    fn a_start_may_hold_anything(arguments: Vec<u8>) {
        let verdict = talk("app", &[frame(START, &arguments)]).0;
        prop_assert!(verdict.is_err() || verdict.is_ok_and(|verdict| verdict.as_str() == "inactive"));
    }

    #[test]
    fn frames_may_claim_any_length(length: u32) {
        let says = [&[METHOD_FRAME, 0, 0][..], &length.to_be_bytes(), &[0, 10, 0, 10]].concat();
        prop_assert!(talk("app", &[says]).0.is_err());
    }
}

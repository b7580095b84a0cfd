//! Mail servers of several minds, and of none.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::super::super::net::loopback::{Authority, dialer, public_wire, serve};
use super::super::fake::{Fake, PASSWORD, login};
use super::super::login::{Protocol, Tls};
use super::*;

/// What a server was told.
type Notes = Arc<Mutex<Vec<String>>>;

const GREETING: &str = "220 mail.acme.example ESMTP ready\r\n";
const HELLO: &str = "250-mail.acme.example hi\r\n250-SIZE 1000\r\n250-AUTH LOGIN PLAIN\r\n250 HELP\r\n";

/// Logs in at a server that says all this, as if over TLS; and what it was told.
fn talk(says: &str) -> (Result<Verdict, Doubt>, String) {
    let mut server = Fake::new(says);
    let verdict = greeted(&mut server)
        .and_then(|()| hello(&mut server))
        .and_then(|hello| authenticate(&mut server, &hello, "app", &Secret::new(PASSWORD)));
    (verdict, server.heard())
}

/// The login at a host.
fn account(host: &str) -> Login {
    Login { host: host.to_owned(), ..login(Protocol::Smtp) }
}

/// What is made of an answer to `AUTH`.
fn answered(reply: &str) -> Result<Verdict, Doubt> {
    talk(&format!("{GREETING}{HELLO}{reply}")).0
}

fn cause(reply: &str) -> Cause {
    answered(reply).unwrap_err().cause
}

#[test]
fn one_login_is_asked_and_no_message_begun() {
    let (verdict, told) = talk(&format!("{GREETING}{HELLO}235 2.7.0 welcome\r\n"));
    let details = [("server", "mail.acme.example"), ("user", "app")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    assert_eq!(verdict, Ok(Verdict::Active(details.to_vec())));
    assert_eq!(
        told,
        format!("EHLO localhost\r\nAUTH PLAIN {}\r\nQUIT\r\n", BASE64.encode(&[b"\0app\0", PASSWORD].concat()))
    );
}

#[test]
fn servers_with_the_older_login_are_asked_for_that() {
    let hello = "250-mail\r\n250 AUTH=LOGIN\r\n";
    let (verdict, told) = talk(&format!("{GREETING}{hello}334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 ok\r\n"));
    assert_eq!(verdict.unwrap().as_str(), "active");
    assert_eq!(told, format!("EHLO localhost\r\nAUTH LOGIN\r\nYXBw\r\n{}\r\nQUIT\r\n", BASE64.encode(PASSWORD)));
    let (verdict, told) = talk(&format!("{GREETING}{hello}504 no\r\n"));
    assert_eq!((verdict.unwrap_err().cause, told.contains("YXBw")), (Cause::UnexpectedStatus, false));
}

#[test]
fn a_refusal_must_be_of_the_password() {
    let refused = |what: &str| Ok(Verdict::Inactive(format!("the server refused it ({what})")));
    assert_eq!(answered("535 5.7.8 Error: authentication failed: secret\r\n"), refused("535 5.7.8"));
    assert_eq!(answered("535-5.7.8 Username and Password\r\n535 5.7.8 not accepted\r\n"), refused("535 5.7.8"));
    assert_eq!(answered("535 Authentication Credentials Invalid\r\n"), refused("535"));
    let disabled = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\r\n";
    assert_eq!(cause(disabled), Cause::UnexpectedStatus);
    let application = answered("534-5.7.9 Application-specific password required.\r\n534 5.7.9 more\r\n").unwrap_err();
    assert!(application.text.contains("application passwords"), "{application}");
}

#[test]
fn other_answers_tell_nothing() {
    assert_eq!(cause("454 4.7.0 Temporary authentication failure\r\n"), Cause::ServerError);
    assert_eq!(cause("421 4.7.0 Try again later\r\n"), Cause::RateLimited);
    assert_eq!(cause("530 Must issue a STARTTLS command first\r\n"), Cause::UnexpectedStatus);
    assert_eq!(cause("250 ok\r\n"), Cause::UnexpectedStatus);
    assert_eq!(cause("235-then\r\n535 otherwise\r\n"), Cause::UnexpectedBody);
    assert_eq!(cause(""), Cause::Connect);
    assert_eq!(cause("hello\r\n"), Cause::UnexpectedBody);
    assert_eq!(talk("554 no service here\r\n").0.unwrap_err().cause, Cause::UnexpectedStatus);
}

#[test]
fn without_a_way_to_log_in_nothing_is_sent() {
    let (verdict, told) = talk(&format!("{GREETING}250-mail\r\n250 AUTH XOAUTH2 CRAM-MD5\r\n"));
    assert_eq!((verdict.unwrap_err().cause, told.as_str()), (Cause::UnexpectedBody, "EHLO localhost\r\n"));
}

/// Takes line after line, notes it, and answers with the next reply.
fn answer(stream: &mut (impl Read + Write), replies: &[&str], notes: &Notes) {
    for reply in replies {
        let mut line = String::new();
        // A byte at a time: the next may be of TLS.
        while !line.ends_with('\n') {
            let mut byte = [0];
            if stream.read_exact(&mut byte).is_err() {
                return;
            }
            line.push(char::from(byte[0]));
        }
        notes.lock().unwrap().push(line.trim_end().to_owned());
        if stream.write_all(reply.as_bytes()).and_then(|()| stream.flush()).is_err() {
            return;
        }
    }
}

/// A server that offers `STARTTLS`, answers it with `go`, and goes on over TLS.
fn upgrading(authority: &Authority, go: &'static str, notes: &Notes) -> u16 {
    let (tls, notes) = (Arc::clone(&authority.server), Arc::clone(notes));
    serve(move |mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        // A password in clear would be taken here, too.
        answer(&mut stream, &["250-mail\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", go], &notes);
        if go.starts_with("220") {
            answer(&mut Authority::accept(&tls, stream), &[HELLO, "235 welcome\r\n"], &notes);
        }
    })
}

#[test]
fn a_password_goes_over_tls_where_that_is_offered() {
    let authority = Authority::new(&["mail.acme.example"]);
    let notes = Notes::default();
    let port = upgrading(&authority, "220 go\r\n", &notes);
    let wire = dialer(Arc::clone(&authority.client)).open("mail.acme.example", port).unwrap();
    let verdict = converse(wire, &account("mail.acme.example"));
    assert_eq!(verdict.unwrap().as_str(), "active");
    let lines = notes.lock().unwrap().clone();
    assert_eq!(lines[..3], ["EHLO localhost", "STARTTLS", "EHLO localhost"]);
    assert!(lines[3].starts_with("AUTH PLAIN "));
}

#[test]
fn where_tls_fails_no_password_is_sent() {
    let authority = Authority::new(&["other.example"]);
    // Refused; with lines smuggled in behind the reply, which must not count as of TLS; and with a wrong certificate.
    for (go, cause) in [
        ("454 not now\r\n", Cause::ServerError),
        ("220 go\r\n250 AUTH PLAIN\r\n235 welcome\r\n", Cause::Tls),
        ("220 go\r\n", Cause::Tls),
    ] {
        let notes = Notes::default();
        let port = upgrading(&authority, go, &notes);
        let wire = dialer(Arc::clone(&authority.client)).open("mail.acme.example", port).unwrap();
        let doubt = converse(wire, &account("mail.acme.example")).unwrap_err();
        assert_eq!(doubt.cause, cause, "{go}: {doubt}");
        assert_eq!(*notes.lock().unwrap(), ["EHLO localhost", "STARTTLS"]);
    }
}

/// A server without TLS, which refuses every login; and what it is told.
fn in_clear() -> (u16, Notes) {
    let notes = Notes::default();
    let heard = Arc::clone(&notes);
    let port = serve(move |mut stream| {
        stream.write_all(GREETING.as_bytes()).unwrap();
        answer(&mut stream, &[HELLO, "535 5.7.8 no\r\n"], &heard);
    });
    (port, notes)
}

#[test]
fn in_ones_own_network_clear_text_will_do_unless_it_is_not_wanted() {
    let (port, _) = in_clear();
    let wire = || dialer(Authority::new(&["x.example"]).client).open("127.0.0.1", port).unwrap();
    let verdict = converse(wire(), &account("127.0.0.1"));
    assert_eq!(verdict, Ok(Verdict::Inactive("the server refused it (535 5.7.8)".to_owned())));
    let demanding = Login { tls: Tls::Demanded, ..account("127.0.0.1") };
    assert_eq!(converse(wire(), &demanding).unwrap_err().cause, Cause::Tls);
}

#[test]
fn no_password_leaves_it_in_clear() {
    for tls in [Tls::Never, Tls::IfOffered, Tls::Demanded] {
        let (port, notes) = in_clear();
        let wire = public_wire(Authority::new(&["mail.acme.example"]).client, port);
        let doubt = converse(wire, &Login { tls, ..account("mail.acme.example") }).unwrap_err();
        assert_eq!(doubt.cause, Cause::Tls);
        assert_eq!(*notes.lock().unwrap(), ["EHLO localhost"]);
    }
}

#[test]
fn endless_answers_come_to_an_end() {
    assert_eq!(talk(&"x".repeat(1 << 20)).0.unwrap_err().cause, Cause::UnexpectedBody);
    assert_eq!(talk(&"220-more\r\n".repeat(1 << 12)).0.unwrap_err().cause, Cause::UnexpectedBody);
}

proptest! {
    #[test]
    fn anything_may_be_said(says: Vec<u8>, well: bool) {
        let before = if well { [GREETING, HELLO].concat() } else { String::new() };
        let mut server = Fake::new([before.as_bytes(), &says].concat());
        let verdict = greeted(&mut server)
            .and_then(|()| hello(&mut server))
            .and_then(|hello| authenticate(&mut server, &hello, "app", &Secret::new(PASSWORD)));
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn what_is_shown_of_a_reply_is_digits_and_dots(code in 100u16..600, text in "[ -~]{0,40}") {
        let named = Reply { code, lines: vec![text] }.named();
        prop_assert!(named.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b' '));
    }
}

//! Servers that cannot be asked, or answer with something that is no answer: each has its own name, and none is taken
//! for a verdict.

use std::net::TcpListener;
use std::time::Duration;

use crate::https::authority::LOOPBACK;
use crate::https::play::Part;
use crate::https::{Authority, Identity, Manner, Request, Server, play};
use crate::stage::{Run, Stage, at, said, token};

const IMPATIENT: [&str; 4] = ["--verify-timeout", "1", "--verify-retries", "0"];

#[test]
fn a_certificate_that_is_not_right_ends_it_before_anything_is_sent() {
    let stage = Stage::with(&token(0));
    let authority = &stage.authority;
    for identity in [
        authority.expired(LOOPBACK),
        authority.early(LOOPBACK),
        authority.identity(&["api.acme.example"]),
        authority.for_clients(LOOPBACK),
        Identity::self_signed(LOOPBACK),
        Authority::new().identity(LOOPBACK),
    ] {
        let server = Server::broken(Manner::Tls(identity));
        let run = stage.dir_with(&server.url(), &["--verify-retries", "0"]);
        run.is_unknown("tls");
        assert!(server.connections() > 0);
        assert_eq!(server.count(), 0, "{run:#?}");
        run.hides(&token(0));
    }
}

#[test]
fn an_authority_that_was_not_named_is_not_trusted() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let mut command = stage.offline("dir");
    command.args(["--verify", "--verify-allow-private", "--verify-retries", "0"]).args(at("acme", &server.url()));
    Run::of(&mut command).is_unknown("tls");
    assert_eq!(server.count(), 0);
}

#[test]
fn what_is_no_tls_is_never_spoken_to_in_clear() {
    let stage = Stage::with(&token(0));
    for (manner, causes) in [
        (Manner::Plain, &["tls"][..]),
        (Manner::Alert, &["tls"]),
        (Manner::Garbage, &["tls"]),
        (Manner::HalfHandshake, &["tls", "connect"]),
        (Manner::HangUp, &["tls", "connect"]),
    ] {
        let server = Server::broken(manner);
        let url = format!("https://localhost:{}", server.port());
        let run = stage.dir_with(&url, &IMPATIENT);
        let said = run.said();
        assert!(said.status == "unknown" && causes.contains(&said.cause.as_str()), "not {causes:?}: {run:#?}");
        assert_eq!(server.count(), 0);
    }
}

#[test]
fn a_server_that_is_not_there_is_a_connection_that_did_not_come_about() {
    let stage = Stage::with(&token(0));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    stage.dir_with(&format!("https://localhost:{port}"), &IMPATIENT).is_unknown("connect");
    stage.dir_with("https://nowhere.invalid", &IMPATIENT).is_unknown("dns");
}

#[test]
fn a_server_that_takes_too_long_is_given_up() {
    let plays: [Part; 2] = [play::silence, || play::drip(Duration::from_secs(1), play::active())];
    let stage = Stage::with(&token(0));
    for part in plays {
        let server = Server::start(&stage.authority, move |_: &Request| part());
        stage.dir_with(&server.url(), &IMPATIENT).is_unknown("timeout");
        assert_eq!(server.count(), 1);
    }
    let server = Server::broken(Manner::Silent);
    stage.dir_with(&server.url(), &IMPATIENT).is_unknown("timeout");
    assert!(server.connections() > 0);
}

#[test]
fn an_answer_that_is_late_but_not_too_late_counts() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::drip(Duration::from_millis(1), play::active()));
    assert_eq!(stage.dir(&server.url()).said().status, "active");
}

#[test]
fn a_server_that_breaks_off_has_not_answered() {
    let plays: [(Part, &[&str]); 5] = [
        (play::hang_up, &["connect"]),
        (play::cut_in_head, &["connect", "unexpected-body"]),
        (play::cut_in_body, &["connect", "unexpected-body"]),
        (play::cut_in_chunk, &["connect", "unexpected-body"]),
        (play::garbage, &["connect", "unexpected-body"]),
    ];
    let stage = Stage::with(&token(0));
    for (number, (part, causes)) in plays.into_iter().enumerate() {
        let server = Server::start(&stage.authority, move |_: &Request| part());
        let run = stage.dir_with(&server.url(), &IMPATIENT);
        let said = run.said();
        assert!(said.status == "unknown" && causes.contains(&said.cause.as_str()), "play {number}: {run:#?}");
        assert!(server.count() >= 1);
    }
}

#[test]
fn a_server_that_is_never_there_is_not_knocked_at_a_hundred_times() {
    let stage = Stage::with_tokens(100);
    let server = Server::broken(Manner::HangUp);
    let run = stage.dir_with(&server.url(), &["--verify-retries", "0"]);
    assert_eq!(run.findings().len(), 100);
    assert!(run.findings().iter().all(|finding| said(finding).status == "unknown"), "{run:#?}");
    assert!(server.connections() < 50, "{} connections", server.connections());
}

#[test]
fn authorities_that_are_none_are_an_error_before_anything_is_sent() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    std::fs::write(stage.beside("none.pem"), "no certificate").expect("a file");
    std::fs::write(stage.beside("empty.pem"), "").expect("a file");
    for file in ["none.pem", "empty.pem", "not-there.pem"] {
        let mut command = stage.command("dir");
        let run = Run::of(command.arg("--verify-ca").arg(stage.beside(file)).args(at("acme", &server.url())));
        assert!(run.code == 2 && run.stderr.contains("--verify-ca"), "{file}: {run:#?}");
    }
    assert_eq!(server.connections(), 0);
}

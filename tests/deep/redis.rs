//! Redis.

use std::process::{Command, Stdio};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Login, check};

use crate::server::{Certificates, Server, free_ports, installed};

#[test]
fn a_login_tells_right_from_wrong() {
    let Some(program) = installed("redis-server") else { return };
    let certificates = Certificates::new();
    let [clear, tls, open] = free_ports();
    let start = |port: u16, options: &[&str], ports: &[u16]| {
        let mut command = Command::new(&program);
        command.args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()]).args(options);
        Server::start(command.current_dir(certificates.path()).stdout(Stdio::null()), ports)
    };
    let server = start(
        clear,
        &[
            ["--requirepass", "hunter2&3"].as_slice(),
            &["--user", "app", "on", ">p@ss word", "+@all"],
            &["--user", "retired", "off", ">p@ss word", "+@all"],
            &["--tls-port", &tls.to_string(), "--tls-auth-clients", "no"],
            &["--tls-ca-cert-file", "ca.pem", "--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem"],
        ]
        .concat(),
        &[clear, tls],
    );
    let without_password = start(open, &[], &[open]);

    let dialer = certificates.dialer();
    let tried = |url: String| check(&Login::parse(&url).unwrap(), &dialer);
    let cause = |verdict: Verdict| match verdict {
        Verdict::Unknown(doubt) => doubt.cause,
        other => panic!("{other:?}"),
    };
    let active = |user: &str| Verdict::Active(vec![("user".to_owned(), user.to_owned())]);
    for (scheme, port) in [("redis", clear), ("rediss", tls)] {
        let at = |user: &str, password: &str| tried(format!("{scheme}://{user}:{password}@localhost:{port}/0"));
        assert_eq!(at("", "hunter2&3"), active("default"));
        assert_eq!(at("default", "hunter2&3"), active("default"));
        assert_eq!(at("app", "p%40ss%20word"), active("app"));
        for (user, password) in [("", "wrong"), ("app", "wrong"), ("nobody", "wrong"), ("retired", "p%40ss%20word")] {
            assert!(matches!(at(user, password), Verdict::Inactive(_)), "{user}");
        }
    }
    // Whoever is not asked for a password has not proven one.
    assert_eq!(cause(tried(format!("redis://:hunter2x@localhost:{open}"))), Cause::UnexpectedBody);
    assert_eq!(cause(tried(format!("redis://default:hunter2x@localhost:{open}"))), Cause::UnexpectedBody);

    drop(server);
    drop(without_password);
    assert_eq!(cause(tried(format!("redis://:hunter2&3@localhost:{clear}"))), Cause::Connect);
}

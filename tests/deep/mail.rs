//! aiosmtpd, a mail server that runs as anybody and anywhere.

use std::path::Path;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Protocol, check};

use crate::server::{Certificates, Server, cause, free_ports, login, missing};

const USER: &str = "app@acme.example";
const PASSWORD: &str = "pass phrase";

/// A Python that has the server: the system's, or another that comes first.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        let import = Command::new(python).args(["-c", "import aiosmtpd.controller"]).stderr(Stdio::null()).status();
        import.is_ok_and(|status| status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(has);
    if found.is_none() {
        missing("aiosmtpd");
    }
    found
}

#[test]
fn a_mail_server_tells_right_from_wrong() {
    let Some(python) = python() else { return };
    let certificates = Certificates::new();
    let [starttls, implicit] = free_ports();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deep/mail.py");
    let mut command = Command::new(python);
    command.args(["-W", "ignore"]).arg(script).args([&starttls.to_string(), &implicit.to_string(), USER, PASSWORD]);
    command.current_dir(certificates.path()).stdin(Stdio::piped());
    let server = Server::start(&mut command, &[starttls, implicit]);

    let dialer = certificates.dialer();
    let account = |port, tls, password: &str| login(Protocol::Smtp, port, tls, USER, password.as_bytes());
    for (port, tls) in [(starttls, false), (implicit, true)] {
        let active = check(&account(port, tls, PASSWORD), &dialer);
        assert_eq!(active.as_str(), "active");
        assert!(active.details().contains(&("user".to_owned(), USER.to_owned())));
        let refused = Verdict::Inactive("the server refused it (535 5.7.8)".to_owned());
        assert_eq!(check(&account(port, tls, "another"), &dialer), refused);
    }
    let right = account(starttls, false, PASSWORD);
    let strangers = Certificates::new();
    assert_eq!(cause(&check(&right, &strangers.dialer())), Cause::Tls, "STARTTLS wants a certificate that is trusted");

    drop(server);
    assert_eq!(cause(&check(&right, &dialer)), Cause::Connect);
}

//! aiosmtpd, a mail server that runs as anybody and anywhere.

use std::path::Path;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Secret, Verdict};
use unspill::verify::live::deep::smtp::converse;

use crate::server::{Certificates, Server, free_ports, missing, wire};

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
    command.arg(script).args([&starttls.to_string(), &implicit.to_string(), USER, PASSWORD]);
    command.current_dir(certificates.path()).stdin(Stdio::piped());
    let server = Server::start(&mut command, &[starttls, implicit]);

    let dialer = certificates.dialer();
    for (port, tls) in [(starttls, false), (implicit, true)] {
        let login =
            |password: &str| converse(wire(&dialer, port, tls), "localhost", USER, &Secret::new(password.as_bytes()));
        let active = login(PASSWORD).unwrap();
        assert_eq!(active.as_str(), "active");
        assert!(active.details().contains(&("user".to_owned(), USER.to_owned())));
        assert_eq!(login("another"), Ok(Verdict::Inactive("the server refused it (535 5.7.8)".to_owned())));
    }
    let strangers = Certificates::new();
    let doubt = converse(wire(&strangers.dialer(), starttls, false), "localhost", USER, &Secret::new(b"x"));
    assert_eq!(doubt.unwrap_err().cause, Cause::Tls, "STARTTLS wants a certificate that is trusted");

    drop(server);
    assert_eq!(dialer.open("localhost", starttls).unwrap_err().cause, Cause::Connect);
}

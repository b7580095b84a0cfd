//! OpenLDAP's slapd.

use std::fs;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Secret, Verdict};
use unspill::verify::live::deep::ldap::converse;

use crate::server::{Certificates, Server, free_ports, installed, wire};

const NAME: &str = "cn=app,cn=acme";
const PASSWORD: &[u8] = b"pass phrase";

#[test]
fn a_bind_tells_right_from_wrong() {
    let Some(slapd) = installed("slapd") else { return };
    let certificates = Certificates::new();
    let folder = certificates.path().display();
    fs::create_dir(certificates.path().join("data")).unwrap();
    let conf = certificates.path().join("slapd.conf");
    fs::write(
        &conf,
        format!(
            "TLSCACertificateFile {folder}/ca.pem\n\
             TLSCertificateFile {folder}/cert.pem\n\
             TLSCertificateKeyFile {folder}/key.pem\n\
             database ldif\n\
             directory {folder}/data\n\
             suffix cn=acme\n\
             rootdn {NAME}\n\
             rootpw \"{}\"\n",
            String::from_utf8_lossy(PASSWORD)
        ),
    )
    .unwrap();
    let [clear, tls] = free_ports();
    let mut command = Command::new(slapd);
    command.arg("-f").arg(&conf).args(["-d", "0"]);
    command.arg("-h").arg(format!("ldap://localhost:{clear} ldaps://localhost:{tls}"));
    let server = Server::start(command.stderr(Stdio::null()), &[clear, tls]);

    let dialer = certificates.dialer();
    for (port, secure) in [(clear, false), (tls, true)] {
        let bind = |name: &str, password: &[u8]| {
            converse(wire(&dialer, port, secure), "localhost", name, &Secret::new(password))
        };
        assert_eq!(bind(NAME, PASSWORD).unwrap().details(), [("user".to_owned(), NAME.to_owned())]);
        let refused = "the directory refused it (49 invalidCredentials)".to_owned();
        assert_eq!(bind(NAME, b"pass phrases"), Ok(Verdict::Inactive(refused.clone())));
        assert_eq!(bind("cn=nobody,cn=acme", PASSWORD), Ok(Verdict::Inactive(refused)));
        assert_eq!(bind("no name", PASSWORD).unwrap_err().cause, Cause::UnexpectedStatus);
        assert_eq!(bind(NAME, b"").unwrap_err().cause, Cause::Incomplete);
    }
    let strangers = Certificates::new();
    let doubt = converse(wire(&strangers.dialer(), clear, false), "localhost", NAME, &Secret::new(PASSWORD));
    assert_eq!(doubt.unwrap_err().cause, Cause::Tls, "StartTLS wants a certificate that is trusted");

    drop(server);
    assert_eq!(dialer.open("localhost", clear).unwrap_err().cause, Cause::Connect);
}

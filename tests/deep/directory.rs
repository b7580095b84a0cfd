//! OpenLDAP's slapd.

use std::fs;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Protocol, check};

use crate::server::{Certificates, Server, cause, free_ports, installed, login};

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
    let refused = Verdict::Inactive("the directory refused it (49 invalidCredentials)".to_owned());
    for (port, tls) in [(clear, false), (tls, true)] {
        let bind = |name: &str, password: &[u8]| check(&login(Protocol::Ldap, port, tls, name, password), &dialer);
        assert_eq!(bind(NAME, PASSWORD), Verdict::Active(vec![("user".to_owned(), NAME.to_owned())]));
        assert_eq!(bind(NAME, b"pass phrases"), refused);
        assert_eq!(bind("cn=nobody,cn=acme", PASSWORD), refused);
        assert_eq!(cause(&bind("no name", PASSWORD)), Cause::UnexpectedStatus);
        assert_eq!(cause(&bind(NAME, b"")), Cause::Incomplete);
    }
    let right = login(Protocol::Ldap, clear, false, NAME, PASSWORD);
    let strangers = Certificates::new();
    assert_eq!(cause(&check(&right, &strangers.dialer())), Cause::Tls, "StartTLS wants a certificate that is trusted");

    drop(server);
    assert_eq!(cause(&check(&right, &dialer)), Cause::Connect);
}

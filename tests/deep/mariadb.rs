//! MariaDB, which stands for MySQL, too.

use std::fs;
use std::process::{Command, Stdio};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Login, check};

use crate::server::{Certificates, Server, free_ports, installed, is_root};

#[test]
fn a_login_tells_right_from_wrong() {
    let (Some(install), Some(mariadbd)) = (installed("mariadb-install-db"), installed("mariadbd")) else { return };
    let certificates = Certificates::new();
    let folder = certificates.path();
    let [port] = free_ports();
    let data = folder.join("data");
    let made = Command::new(install)
        .args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"])
        .arg(format!("--datadir={}", data.display()))
        .args(is_root().then_some("--user=root"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    fs::write(
        folder.join("setup.sql"),
        "create user app identified by 'hunter2&3', empty identified by '';\n\
         create user tls_only identified by 'hunter2&3' require ssl;\n\
         create user elsewhere@'10.0.0.1' identified by 'hunter2&3';\n\
         create user locked identified by 'hunter2&3' account lock;\n\
         create user expired identified by 'hunter2&3' password expire;\n\
         set global disconnect_on_expired_password = on;\n",
    )
    .unwrap();
    let mut command = Command::new(mariadbd);
    command.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-fast-shutdown=2"]);
    for (name, file) in [
        ("datadir", "data"),
        ("socket", "socket"),
        ("pid-file", "pid"),
        ("init-file", "setup.sql"),
        ("ssl-ca", "ca.pem"),
        ("ssl-cert", "cert.pem"),
        ("ssl-key", "key.pem"),
    ] {
        command.arg(format!("--{name}={}", folder.join(file).display()));
    }
    command.arg(format!("--port={port}")).args(is_root().then_some("--user=root"));
    let server = Server::start(command.stdout(Stdio::null()).stderr(Stdio::null()), &[port]);

    let dialer = certificates.dialer();
    let tried = |user: &str, password: &str, rest: &str| {
        let url = format!("mysql://{user}:{password}@localhost:{port}/{rest}");
        check(&Login::parse(&url).unwrap(), &dialer)
    };
    let cause = |verdict: Verdict| match verdict {
        Verdict::Unknown(doubt) => doubt.cause,
        other => panic!("{other:?}"),
    };
    for rest in ["none?ssl-mode=required", "none"] {
        let verdict = tried("app", "hunter2%263", rest);
        let Verdict::Active(details) = &verdict else { panic!("{rest}: {verdict:?}") };
        assert!(details[0].0 == "server" && details[0].1.starts_with("MariaDB 1"), "{details:?}");
        assert_eq!(details[1], ("user".to_owned(), "app".to_owned()));
        for (user, password) in [("app", "wrong"), ("nobody", "wrong"), ("empty", "wrong"), ("tls_only", "wrong")] {
            assert!(matches!(tried(user, password, rest), Verdict::Inactive(_)), "{user}");
        }
        assert!(matches!(tried("tls_only", "hunter2%263", rest), Verdict::Active(_)));
        assert!(matches!(tried("locked", "hunter2%263", rest), Verdict::Inactive(_)));
        let verdict = tried("expired", "hunter2%263", rest);
        assert!(
            verdict.details().iter().any(|(name, value)| name == "note" && value.contains("expired")),
            "{verdict:?}"
        );
        assert!(matches!(tried("expired", "wrong", rest), Verdict::Inactive(_)));
    }
    // In clear, a refusal may be for want of TLS.
    assert!(matches!(tried("app", "hunter2%263", "?ssl-mode=disabled"), Verdict::Active(_)));
    assert_eq!(cause(tried("tls_only", "hunter2%263", "?ssl-mode=disabled")), Cause::UnexpectedStatus);
    assert_eq!(cause(tried("app", "wrong", "?ssl-mode=disabled")), Cause::UnexpectedStatus);
    // Nobody vouches for the server.
    let url = format!("mysql://app:hunter2%263@localhost:{port}/");
    assert_eq!(cause(check(&Login::parse(&url).unwrap(), &Certificates::new().dialer())), Cause::Tls);

    drop(server);
    assert_eq!(cause(tried("app", "hunter2%263", "")), Cause::Connect);
}

//! PostgreSQL.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use unspill::model::{Cause, Verdict};
use unspill::verify::live::deep::{Login, check};

use crate::server::{Certificates, Server, free_ports, id, is_root, missing};

const PASSWORD: &str = "p@ss/wörd:%+ #1";
/// The same in a URL.
const ENCODED: &str = "p%40ss%2Fw%C3%B6rd%3A%25%2B%20%231";
/// For those whose password is in ASCII.
const PLAIN: &str = "hunter2&3";

/// The server's programs, of the newest version: on Debian they are not in the path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> =
        versions.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).collect();
    found.sort();
    if found.is_empty() {
        missing("postgresql");
    }
    found.pop()
}

/// Numbers of a user and a group that may run the server, which root may not; nothing if we are not root.
fn somebody() -> Option<(u32, u32)> {
    is_root().then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}

/// A cluster in a folder, and the one who runs it.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Cluster {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        // The folder of the tests is none that this user may enter.
        command.current_dir("/").env("PGDATA", self.folder.join("data"));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn make(programs: PathBuf, folder: &Path, setup: &str, port: u16) -> Cluster {
        let cluster = Cluster { programs, folder: folder.to_owned(), owner: somebody() };
        if let Some((user, group)) = cluster.owner {
            chown(folder, Some(user), Some(group)).unwrap();
            for name in ["ca.pem", "cert.pem", "key.pem"] {
                chown(folder.join(name), Some(user), Some(group)).unwrap();
            }
        }
        fs::set_permissions(folder.join("key.pem"), Permissions::from_mode(0o600)).unwrap();
        let made =
            cluster.command("initdb").args(["-N", "-A", "trust", "-U", "admin", "-E", "UTF8", "--locale=C"]).status();
        assert!(made.unwrap().success());
        let shown = folder.display();
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n\
             max_connections = 10\nssl = on\nssl_cert_file = '{shown}/cert.pem'\nssl_key_file = '{shown}/key.pem'\n"
        );
        fs::write(folder.join("data/postgresql.auto.conf"), settings).unwrap();
        let rules: String = [
            ("host", "scram", "scram-sha-256"),
            ("host", "plain", "scram-sha-256"),
            ("host", "digested", "md5"),
            ("host", "clear", "password"),
            ("host", "trusted", "trust"),
            ("host", "unborn", "trust"),
            ("host", "kept_out", "reject"),
            ("hostssl", "tls_only", "scram-sha-256"),
            ("host", "retired", "scram-sha-256"),
            ("host", "crowd", "scram-sha-256"),
            ("host", "nobody", "scram-sha-256"),
        ]
        .map(|(kind, user, method)| format!("{kind} all {user} 127.0.0.1/32 {method}\n"))
        .concat();
        fs::write(folder.join("data/pg_hba.conf"), rules).unwrap();
        let mut single =
            cluster.command("postgres").args(["--single", "postgres"]).stdin(Stdio::piped()).spawn().unwrap();
        single.stdin.take().unwrap().write_all(setup.as_bytes()).unwrap();
        assert!(single.wait().unwrap().success());
        cluster
    }

    fn start(&self, port: u16) -> Server {
        let server = Server::start(&mut self.command("postgres"), &[port]);
        // It listens before it is ready, and turns logins away till then.
        let ready = || self.command("pg_isready").args(["-h", "127.0.0.1", "-p", &port.to_string()]).status();
        let patience = Instant::now() + Duration::from_secs(60);
        while !ready().unwrap().success() {
            assert!(Instant::now() < patience, "PostgreSQL does not get ready");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The server leaves nothing behind in the machine's memory only if it is asked to stop.
    fn stop(&self, server: Server) {
        assert!(self.command("pg_ctl").args(["stop", "-m", "fast", "-w"]).status().unwrap().success());
        drop(server);
    }
}

#[test]
fn a_login_tells_right_from_wrong() {
    let Some(programs) = programs() else { return };
    let certificates = Certificates::new();
    let [port] = free_ports();
    let mut setup = String::new();
    for (name, password, more) in [
        ("scram", PASSWORD, ""),
        ("plain", PLAIN, ""),
        ("clear", PASSWORD, ""),
        ("trusted", PLAIN, ""),
        ("kept_out", PLAIN, ""),
        ("tls_only", PLAIN, ""),
        ("retired", PLAIN, "nologin"),
        ("crowd", PLAIN, "connection limit 0"),
    ] {
        setup += &format!("create role {name} login password '{password}' {more};\n");
    }
    setup = setup.replace("login password 'hunter2&3' nologin", "nologin password 'hunter2&3'");
    setup += &format!("set password_encryption = 'md5';\ncreate role digested login password '{PASSWORD}';\n");
    let cluster = Cluster::make(programs, certificates.path(), &setup, port);
    let server = cluster.start(port);

    let dialer = certificates.dialer();
    let tried = |user: &str, password: &str, rest: &str| {
        let url = format!("postgres://{user}:{password}@localhost:{port}/{rest}");
        check(&Login::parse(&url).unwrap(), &dialer)
    };
    let cause = |verdict: Verdict| match verdict {
        Verdict::Unknown(doubt) => doubt.cause,
        other => panic!("{other:?}"),
    };
    // Over TLS, which the server has, and in clear.
    for tls in ["sslmode=require", "sslmode=disable"] {
        let rest = format!("postgres?{tls}");
        for user in ["scram", "digested", "clear"] {
            let verdict = tried(user, ENCODED, &rest);
            let Verdict::Active(details) = &verdict else { panic!("{user} {tls}: {verdict:?}") };
            assert_eq!(details[0], ("database".to_owned(), "postgres".to_owned()));
            assert!(details[1].0 == "server" && details[1].1.starts_with("PostgreSQL 1"), "{details:?}");
            assert_eq!(details[2], ("user".to_owned(), user.to_owned()));
            let verdict = tried(user, "wrong", &rest);
            assert_eq!(
                verdict,
                Verdict::Inactive("the server refused user or password (28P01)".to_owned()),
                "{user} {tls}"
            );
        }
        assert!(matches!(tried("nobody", "wrong", &rest), Verdict::Inactive(_)));
        // A password beyond ASCII that is wrong may have been mangled.
        assert_eq!(cause(tried("scram", "w%C3%B6rd", &rest)), Cause::UnexpectedStatus);
        // Whoever is not asked for a password has not proven one.
        assert_eq!(cause(tried("trusted", "wrong", &rest)), Cause::UnexpectedBody);
        assert!(matches!(tried("unborn", "wrong", &rest), Verdict::Inactive(_)));
        assert_eq!(cause(tried("kept_out", "hunter2%263", &rest)), Cause::UnexpectedStatus);
        assert_eq!(cause(tried("unlisted", "hunter2%263", &rest)), Cause::UnexpectedStatus);
        assert!(matches!(tried("retired", "hunter2%263", &rest), Verdict::Inactive(_)));
    }
    assert!(matches!(tried("tls_only", "hunter2%263", "postgres"), Verdict::Active(_)));
    assert_eq!(cause(tried("tls_only", "hunter2%263", "postgres?sslmode=disable")), Cause::UnexpectedStatus);
    // What comes after the password proves it right.
    for (user, database, code) in [("plain", "none", "3D000"), ("crowd", "postgres", "53300")] {
        let verdict = tried(user, "hunter2%263", database);
        assert!(verdict.details().iter().any(|(name, value)| name == "note" && value.contains(code)), "{verdict:?}");
        assert!(matches!(tried(user, "wrong", database), Verdict::Inactive(_)));
    }
    assert_eq!(tried("plain", "hunter2%263", "").details(), [("user".to_owned(), "plain".to_owned())]);
    // Nobody vouches for the server.
    let url = format!("postgres://plain:hunter2%263@localhost:{port}/postgres");
    assert_eq!(cause(check(&Login::parse(&url).unwrap(), &Certificates::new().dialer())), Cause::Tls);

    cluster.stop(server);
    assert_eq!(cause(tried("plain", "hunter2%263", "postgres")), Cause::Connect);
}

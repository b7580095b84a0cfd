//! OpenSSH's sshd.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use tempfile::TempDir;
use unspill::model::{Cause, Secret, Verdict};
use unspill::verify::live::ssh::{Target, check};

use crate::server::{Server, free_ports, installed};

const PATIENCE: Duration = Duration::from_secs(60);

/// A new key: its private half, and the line that lets it in.
fn key(folder: &Path, name: &str, options: &[&str]) -> (Secret, String) {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-f"]).arg(&path).args(options).status();
    assert!(made.unwrap().success());
    (Secret::new(&fs::read(&path).unwrap()), fs::read_to_string(path.with_extension("pub")).unwrap())
}

/// A folder with the configuration of a server that lets in who has one of these keys.
fn configured(port: u16, keys: &[&str], more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    key(folder.path(), "host", &["-t", "ed25519", "-N", ""]);
    fs::write(folder.path().join("keys"), keys.concat()).unwrap();
    let path = folder.path().display();
    let conf = format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {path}/host\nAuthorizedKeysFile {path}/keys\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nPidFile none\n{more}\n"
    );
    fs::write(folder.path().join("conf"), conf).unwrap();
    folder
}

fn start(sshd: &Path, folder: &Path, port: u16) -> Server {
    // Where root starts it, it wants a folder that only its package's own start makes.
    fs::create_dir_all("/run/sshd").ok();
    let mut command = Command::new(sshd);
    command.args(["-D", "-e", "-f"]).arg(folder.join("conf"));
    Server::start(command.stderr(Stdio::null()), &[port])
}

/// This user here, as `ssh` is to log in.
fn target(port: u16) -> Target {
    let id = Command::new("id").arg("-un").output().unwrap();
    format!("{}@127.0.0.1:{port}", String::from_utf8_lossy(&id.stdout).trim()).parse().unwrap()
}

fn doubt(verdict: Verdict) -> (Cause, String) {
    match verdict {
        Verdict::Unknown(doubt) => (doubt.cause, doubt.text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_host_tells_a_key_that_it_takes_from_one_that_it_does_not() {
    let (Some(sshd), Some(_), Some(_)) = (installed("sshd"), installed("ssh"), installed("ssh-agent")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let open = [
        key(folder.path(), "ed25519", &["-t", "ed25519", "-N", ""]),
        key(folder.path(), "rsa", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""]),
        key(folder.path(), "ecdsa", &["-t", "ecdsa", "-m", "PKCS8", "-N", ""]),
    ];
    let locked = key(folder.path(), "locked", &["-t", "ed25519", "-N", "pass phrase"]);
    let other = key(folder.path(), "other", &["-t", "ed25519", "-N", ""]);
    let [port] = free_ports();
    let lines: Vec<&str> = open.iter().chain([&locked]).map(|(_, line)| line.as_str()).collect();
    let configured = configured(port, &lines, "");
    let server = start(&sshd, configured.path(), port);

    let target = target(port);
    let details = [("host", "127.0.0.1"), ("port", &port.to_string()), ("user", target.user())];
    let active = Verdict::Active(details.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    for (private, line) in &open {
        assert_eq!(check(private, &target, PATIENCE), active, "{line}");
    }
    // As it may stand in a file of JSON.
    let (private, _) = &open[0];
    let escaped = String::from_utf8_lossy(private.expose()).trim_end().replace('\n', "\\n");
    assert_eq!(check(&Secret::new(escaped.as_bytes()), &target, PATIENCE), active);
    assert_eq!(check(&other.0, &target, PATIENCE), Verdict::Inactive(format!("not accepted at {target}")));
    let (cause, text) = doubt(check(&locked.0, &target, PATIENCE));
    assert_eq!((cause, text.as_str()), (Cause::Incomplete, "its passphrase is not known"));

    drop(server);
    let (cause, text) = doubt(check(private, &target, PATIENCE));
    assert_eq!((cause, text), (Cause::Connect, format!("{target}: the host refused the connection")));
}

#[test]
fn keys_of_putty_are_read_too() {
    let (Some(sshd), Some(_), Some(puttygen)) = (installed("sshd"), installed("ssh"), installed("puttygen")) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let kinds: [&[&str]; 3] = [&["-t", "ed25519"], &["-t", "rsa", "-b", "2048"], &["-t", "ecdsa"]];
    let mut keys = Vec::new();
    for (number, kind) in kinds.iter().enumerate() {
        let name = format!("key{number}");
        let (_, line) = key(folder.path(), &name, &[*kind, &["-N", ""]].concat());
        let converted = folder.path().join(format!("{name}.ppk"));
        let mut command = Command::new(&puttygen);
        command.arg(folder.path().join(&name)).args(["-O", "private", "-o"]).arg(&converted);
        assert!(command.status().unwrap().success());
        keys.push((Secret::new(&fs::read(&converted).unwrap()), line));
    }
    let [port] = free_ports();
    let lines: Vec<&str> = keys.iter().map(|(_, line)| line.as_str()).collect();
    let configured = configured(port, &lines, "");
    let _server = start(&sshd, configured.path(), port);
    for (private, line) in &keys {
        assert_eq!(check(private, &target(port), PATIENCE).as_str(), "active", "{line}");
    }
}

#[test]
fn a_key_that_is_one_factor_of_two_is_active() {
    let (Some(sshd), Some(_), Some(_)) = (installed("sshd"), installed("ssh"), installed("ssh-agent")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (private, line) = key(folder.path(), "key", &["-t", "ed25519", "-N", ""]);
    let [port] = free_ports();
    // The second factor is another key.
    let configured = configured(port, &[&line], "AuthenticationMethods publickey,publickey");
    let _server = start(&sshd, configured.path(), port);
    let verdict = check(&private, &target(port), PATIENCE);
    assert!(
        verdict.details().contains(&("note".to_owned(), "accepted as one of several factors".to_owned())),
        "{verdict:?}"
    );
}

#[test]
fn a_host_that_greets_is_asked_for_nothing_more() {
    let (Some(sshd), Some(_), Some(_)) = (installed("sshd"), installed("ssh"), installed("ssh-agent")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (private, line) = key(folder.path(), "key", &["-t", "ed25519", "-N", ""]);
    let [port] = free_ports();
    let greeting = "ForceCommand echo \"Hi acme/site! You have asked for: $SSH_ORIGINAL_COMMAND\" >&2; exit 1";
    let configured = configured(port, &[&line], &format!("Banner none\n{greeting}"));
    let _server = start(&sshd, configured.path(), port);
    let verdict = check(&private, &target(port), PATIENCE);
    assert!(verdict.details().contains(&("account".to_owned(), "acme/site".to_owned())), "{verdict:?}");
}

/// A server that does this with every connection.
fn hostile(answer: impl Fn(TcpStream) + Send + 'static) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = target(listener.local_addr().unwrap().port());
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    target
}

#[test]
fn a_host_that_is_none_holds_nobody() {
    let (Some(_), Some(_)) = (installed("ssh"), installed("ssh-agent")) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (private, _) = key(folder.path(), "key", &["-t", "ed25519", "-N", ""]);
    // It stays open for as long as the other side wants.
    let silent = hostile(|mut stream| drop(io::copy(&mut stream, &mut io::sink())));
    assert_eq!(doubt(check(&private, &silent, Duration::from_secs(3))).0, Cause::Timeout);
    for says in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-x\r\n\0\0\0\0\0\0", &[b'x'; 1 << 20], b""] {
        let target = hostile(move |mut stream| {
            stream.write_all(says).ok();
        });
        let (_, text) = doubt(check(&private, &target, PATIENCE));
        assert!(text.starts_with(&target.to_string()), "{text}");
    }
    // Lines that a host may say before it says its version, without end.
    let endless = hostile(|mut stream| while stream.write_all(b"debug1: Authenticated to you\r\n").is_ok() {});
    doubt(check(&private, &endless, PATIENCE));
}

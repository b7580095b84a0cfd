//! What goes over a connection before the password, and that the password stays at home where there is no TLS.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustls::ServerConfig;

use super::super::super::net::loopback::{Authority, closed_port, dialer, public_wire, serve};
use super::super::fake::{PASSWORD, login};
use super::super::{check, mongo, mysql, postgres, redis};
use super::*;
use crate::model::Verdict;

/// The greeting of a MySQL server without TLS, and of one with it.
const MYSQL: &[u8] = b"\x49\0\0\0\x0a8.4.3\0\x01\0\0\0abcdefgh\0\0\x82\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0\
    123456789012\0caching_sha2_password\0";
const MYSQL_TLS: &[u8] = b"\x49\0\0\0\x0a8.4.3\0\x01\0\0\0abcdefgh\0\0\x8a\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0\
    123456789012\0caching_sha2_password\0";
const SSL_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

/// A server that says `says` at once, and whose test hears everything that the client sent until it hung up.
fn saying(says: &'static [u8]) -> (u16, Receiver<Vec<u8>>) {
    let (sender, receiver) = channel();
    let port = serve(move |mut stream| {
        let _ = stream.write_all(says);
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard);
        let _ = sender.send(heard);
    });
    (port, receiver)
}

fn client() -> Arc<rustls::ClientConfig> {
    Authority::new(&["db.example"]).client
}

fn converse(wire: Wire, login: &Login) -> Result<Verdict, Doubt> {
    let mut wire = login.begin(wire)?;
    match login.protocol {
        Protocol::Postgres => postgres::converse(wire, login),
        Protocol::Mysql => mysql::converse(wire, login),
        Protocol::Redis => redis::converse(&mut wire, login),
        _ => mongo::converse(&mut wire, login),
    }
}

fn at(port: u16, login: Login) -> Login {
    Login { port: Some(port), ..login }
}

#[test]
fn no_login_is_tried_in_clear_on_the_internet() {
    for tls in [Tls::Never, Tls::IfOffered, Tls::Demanded] {
        for (protocol, says, asks) in [(Protocol::Postgres, &b"N"[..], SSL_REQUEST), (Protocol::Mysql, MYSQL, b"")] {
            let (port, heard) = saying(says);
            let doubt = converse(public_wire(client(), port), &Login { tls, ..login(protocol) }).unwrap_err();
            assert_eq!(doubt.cause, Cause::Tls, "{protocol:?} {tls:?}");
            assert_eq!(heard.recv().unwrap(), asks, "{protocol:?} {tls:?}");
        }
        for protocol in [Protocol::Redis, Protocol::Mongo] {
            let (port, heard) = saying(b"+OK\r\nand what else there is\r\n");
            let doubt = converse(public_wire(client(), port), &Login { tls, ..login(protocol) }).unwrap_err();
            assert_eq!(doubt, Doubt::new(Cause::Tls, "the server does not speak TLS"), "{protocol:?} {tls:?}");
            let heard = heard.recv().unwrap();
            assert_eq!(heard.first(), Some(&22), "a handshake, and nothing before it");
            assert!(!heard.windows(PASSWORD.len()).any(|window| window == PASSWORD));
        }
    }
}

#[test]
fn what_demands_tls_has_it_at_home_too() {
    for (protocol, says, asks) in [(Protocol::Postgres, &b"N"[..], SSL_REQUEST), (Protocol::Mysql, MYSQL, b"")] {
        let (port, heard) = saying(says);
        let verdict = check(&at(port, Login { tls: Tls::Demanded, ..login(protocol) }), &dialer(client()));
        assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Tls), "{verdict:?}");
        assert_eq!(heard.recv().unwrap(), asks);
    }
}

#[test]
fn what_wants_no_tls_is_not_asked_about_it_at_home() {
    let (port, heard) = saying(b"E\0\0\0\x0bC53300\0\0");
    check(&at(port, Login { tls: Tls::Never, ..login(Protocol::Postgres) }), &dialer(client()));
    assert!(heard.recv().unwrap().windows(9).any(|window| window == b"user\0app\0"));
}

/// A server that reads `asked` bytes after its greeting and then plays `play` over TLS.
fn secure(
    server: &Arc<ServerConfig>,
    greeting: &'static [u8],
    asked: usize,
    play: impl Fn(&mut dyn Stream) -> std::io::Result<()> + Send + 'static,
) -> u16 {
    let server = Arc::clone(server);
    serve(move |mut stream: TcpStream| {
        let mut question = vec![0; asked];
        // PostgreSQL's client speaks first, and MySQL's server.
        if asked == 8 {
            let _ = stream.read_exact(&mut question);
            let _ = stream.write_all(greeting);
        } else {
            let _ = stream.write_all(greeting);
            let _ = stream.read_exact(&mut question);
        }
        let mut stream = Authority::accept(&server, stream);
        let _ = play(&mut stream);
        let _ = stream.flush();
        let _ = stream.sock.set_read_timeout(Some(Duration::from_secs(1)));
        let _ = stream.read(&mut [0; 64]);
    })
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

#[test]
fn logins_over_tls() {
    let authority = Authority::new(&["db.example"]);
    let postgres = secure(&authority.server, b"S", 8, |stream| {
        let mut start = [0; 57];
        stream.read_exact(&mut start)?;
        stream.write_all(b"R\0\0\0\x08\0\0\0\x03")?;
        let mut password = [0; 5 + PASSWORD.len() + 1];
        stream.read_exact(&mut password)?;
        assert_eq!(&password[5..password.len() - 1], PASSWORD);
        stream.write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I")
    });
    let mysql = secure(&authority.server, MYSQL_TLS, 36, |stream| {
        let mut answer = [0; 4 + 32 + 4 + 33 + 22];
        stream.read_exact(&mut answer)?;
        assert_eq!(answer[3], 2, "packets go on counting");
        stream.write_all(b"\x02\0\0\x03\x01\x04")?;
        let mut password = [0; 4 + PASSWORD.len() + 1];
        stream.read_exact(&mut password)?;
        stream.write_all(b"\x07\0\0\x05\0\0\0\x02\0\0\0")
    });
    let redis = secure(&authority.server, b"", 0, |stream| {
        let mut command = [0; 37];
        stream.read_exact(&mut command)?;
        stream.write_all(b"+OK\r\n")
    });
    for (protocol, port, tls) in [
        (Protocol::Postgres, postgres, Tls::Demanded),
        (Protocol::Mysql, mysql, Tls::IfOffered),
        (Protocol::Redis, redis, Tls::AtOnce),
    ] {
        let login = at(port, Login { tls, ..login(protocol) });
        let verdict = check(&login, &dialer(Arc::clone(&authority.client)));
        assert!(matches!(verdict, Verdict::Active(_)), "{protocol:?}: {verdict:?}");
        // To a server that others vouch for, nothing is sent.
        let verdict = check(&login, &dialer(client()));
        assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Tls), "{protocol:?}: {verdict:?}");
    }
}

#[test]
fn what_is_slipped_in_before_the_handshake_breaks_it() {
    let (port, heard) = saying(b"SR\0\0\0\x08\0\0\0\x03");
    let verdict = check(&at(port, login(Protocol::Postgres)), &dialer(client()));
    assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Tls), "{verdict:?}");
    assert!(!heard.recv().unwrap().windows(PASSWORD.len()).any(|window| window == PASSWORD));
}

#[test]
fn servers_that_are_away_or_not_to_be_asked_are_unknown() {
    for protocol in [Protocol::Postgres, Protocol::Mysql, Protocol::Redis, Protocol::Mongo] {
        let login = at(closed_port(), login(protocol));
        let open = dialer(client());
        let verdict = check(&login, &open);
        assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Connect), "{verdict:?}");
        let verdict = check(&login, &Dialer { allow_private: false, ..open });
        assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Blocked), "{verdict:?}");
    }
}

//! Which hosts are asked, that they are looked up once, and that no server can hold us.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::super::loopback::{Authority, Scripted, closed_port, dialer, serve};
use super::*;

fn client() -> Arc<ClientConfig> {
    Authority::new(&["db.example"]).client
}

/// A dialer of public addresses alone, to which every name leads to these.
fn public(addresses: &[&'static str]) -> Dialer {
    Dialer { resolver: Scripted::always(addresses), ..Dialer::new(client()) }
}

#[test]
fn private_hosts_are_refused_in_every_spelling() {
    let resolver = Scripted::always(&["8.8.8.8"]);
    let dialer = Dialer { resolver: Arc::clone(&resolver) as Arc<dyn Resolve>, ..Dialer::new(client()) };
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "10.0.0.5",
        "10.0.0.5.",
        "169.254.169.254",
        "0xa9fea9fe",
        "100.100.100.200",
        "168.63.129.16",
        "[::1]",
        "::1",
        "[::ffff:10.0.0.5]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
    ] {
        let doubt = dialer.permitted(host, 5432).unwrap_err();
        assert_eq!(doubt.cause, Cause::Blocked, "{host}");
        assert!(doubt.text.contains("--verify-allow-private"), "{}", doubt.text);
        let open = Dialer { allow_private: true, ..dialer.clone() };
        assert_eq!(open.permitted(host, 5432).unwrap().len(), 1, "{host}");
    }
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 0, "an address is not looked up");
}

#[test]
fn what_is_no_name_is_refused_and_not_repeated() {
    let dialer = Dialer { allow_private: true, ..public(&["8.8.8.8"]) };
    for host in
        ["", "a b", "user@db.example", "db.example/x", "db.example#@evil", "１２７.0.0.1", "a\r\nHost: b", "[::1"]
    {
        let doubt = dialer.permitted(host, 80).unwrap_err();
        assert_eq!(doubt.cause, Cause::Blocked, "{host}");
        assert!(host.is_empty() || !doubt.text.contains(host), "{}", doubt.text);
    }
}

#[test]
fn names_are_judged_by_where_they_lead() {
    let doubt = public(&["10.0.0.5"]).permitted("db.example", 5432).unwrap_err();
    assert_eq!(
        doubt,
        Doubt::new(
            Cause::Blocked,
            "db.example resolves to 10.0.0.5, a private address; --verify-allow-private asks it all the same"
        )
    );
    let metadata = public(&["169.254.169.254"]).permitted("metadata.google.internal", 80).unwrap_err();
    assert!(metadata.text.contains("metadata service"), "{}", metadata.text);
    assert_eq!(public(&["::ffff:127.0.0.1"]).permitted("db.example", 1).unwrap_err().cause, Cause::Blocked);
    assert_eq!(public(&[]).permitted("db.example", 1).unwrap_err().cause, Cause::Dns);
    assert_eq!(public(&["8.8.8.8"]).permitted("db.example", 443).unwrap(), ["8.8.8.8:443".parse().unwrap()]);
    // Of several, those that may be asked.
    let some = public(&["127.0.0.1", "8.8.8.8", "fe80::1", "2606:4700::1111"]).permitted("db.example", 443).unwrap();
    assert_eq!(some, ["8.8.8.8:443".parse().unwrap(), "[2606:4700::1111]:443".parse().unwrap()]);
}

#[test]
fn names_that_are_not_found_say_so() {
    #[derive(Debug)]
    struct Failing(io::ErrorKind);
    impl Resolve for Failing {
        fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
            Err(self.0.into())
        }
    }
    for (kind, word) in [(io::ErrorKind::Other, "not found"), (io::ErrorKind::TimedOut, "too long")] {
        let dialer = Dialer { resolver: Arc::new(Failing(kind)), ..Dialer::new(client()) };
        let doubt = dialer.permitted("db.example", 1).unwrap_err();
        assert_eq!(doubt.cause, Cause::Dns);
        assert!(doubt.text.contains(word) && doubt.text.contains("db.example"), "{}", doubt.text);
    }
}

#[test]
fn a_name_that_changes_its_mind_gains_nothing() {
    // The first answer is public and the second one private, as with DNS rebinding; 192.0.2.1 answers to nobody.
    let lists = vec![vec!["8.8.8.8"], vec!["127.0.0.1"]];
    let resolver = Arc::new(Scripted { answers: lists, asked: AtomicUsize::new(0) });
    let dialer = Dialer { resolver: Arc::clone(&resolver) as Arc<dyn Resolve>, ..Dialer::new(client()) };
    assert_eq!(dialer.permitted("rebind.example", 443).unwrap(), ["8.8.8.8:443".parse().unwrap()]);
    assert_eq!(
        dialer.open("rebind.example", 443).unwrap_err().cause,
        Cause::Blocked,
        "the second answer is judged anew"
    );

    // And a connection asks once: to loopback, where the next answer would be another.
    let port = serve(|mut stream| stream.write_all(b"hello").unwrap_or_default());
    let lists = vec![vec!["127.0.0.1"], vec!["192.0.2.1"]];
    let resolver = Arc::new(Scripted { answers: lists, asked: AtomicUsize::new(0) });
    let dialer =
        Dialer { allow_private: true, resolver: Arc::clone(&resolver) as Arc<dyn Resolve>, ..Dialer::new(client()) };
    let mut wire = dialer.open("rebind.example", port).unwrap();
    assert_eq!(wire.peer().ip().to_string(), "127.0.0.1");
    let mut text = [0; 5];
    wire.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"hello");
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 1);
}

#[test]
fn the_resolver_does_not_choose_the_port() {
    #[derive(Debug)]
    struct Elsewhere;
    impl Resolve for Elsewhere {
        fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
            Ok(vec!["8.8.8.8:22".parse().unwrap()])
        }
    }
    let dialer = Dialer { resolver: Arc::new(Elsewhere), ..Dialer::new(client()) };
    assert_eq!(dialer.permitted("db.example", 443).unwrap(), ["8.8.8.8:443".parse().unwrap()]);
}

#[test]
fn the_next_address_is_tried_and_the_last_failure_told() {
    let port = serve(drop);
    // Nobody listens at the second address of loopback.
    let resolver = Scripted::always(&["127.0.0.2", "127.0.0.1"]);
    let dialer = Dialer { allow_private: true, resolver, ..Dialer::new(client()) };
    assert!(dialer.open("db.example", port).is_ok());
    let doubt = dialer.open("db.example", closed_port()).unwrap_err();
    assert_eq!(doubt.cause, Cause::Connect);
    assert!(doubt.text.starts_with("db.example:") && doubt.text.ends_with("refused"), "{}", doubt.text);
}

#[test]
fn a_server_that_drips_is_given_up() {
    let port = serve(|mut stream| {
        while stream.write_all(b".").is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let patience = Dialer { total_timeout: Duration::from_millis(100), ..dialer(client()) };
    let mut wire = patience.open("db.example", port).unwrap();
    let error = io::copy(&mut wire, &mut io::sink()).unwrap_err();
    assert_eq!(Doubt::from(error).cause, Cause::Timeout);
    let error = wire.write_all(b"?").unwrap_err();
    assert_eq!(Doubt::from(error).cause, Cause::Timeout, "writing, too");
}

#[test]
fn a_server_that_takes_nothing_is_given_up() {
    let port = serve(|stream| {
        thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    let patience = Dialer { total_timeout: Duration::from_millis(100), ..dialer(client()) };
    let mut wire = patience.open("db.example", port).unwrap();
    let error = io::copy(&mut io::repeat(0), &mut wire).unwrap_err();
    assert_eq!(Doubt::from(error).cause, Cause::Timeout);
}

#[test]
fn a_server_that_floods_is_given_up() {
    let port = serve(|mut stream| while stream.write_all(&[b'x'; 4096]).is_ok() {});
    let bounded = Dialer { limit: 10_000, ..dialer(client()) };
    let mut wire = bounded.open("db.example", port).unwrap();
    let mut read = Vec::new();
    let error = wire.read_to_end(&mut read).unwrap_err();
    assert_eq!(read.len(), 10_000);
    assert_eq!(Doubt::from(error), Doubt::new(Cause::UnexpectedBody, "the server sent more than 10000 bytes"));
}

/// A server that answers over TLS with what it was sent.
fn echo(authority: &Authority) -> u16 {
    let server = Arc::clone(&authority.server);
    serve(move |stream| {
        let mut stream = Authority::accept(&server, stream);
        let mut text = [0; 4];
        if stream.read_exact(&mut text).is_ok() {
            stream.write_all(&text).and_then(|()| stream.flush()).unwrap_or_default();
        }
    })
}

#[test]
fn secure_connections_carry_bytes_both_ways() {
    let authority = Authority::new(&["db.example", "127.0.0.1"]);
    let port = echo(&authority);
    for host in ["db.example", "db.example.", "127.0.0.1", "127.1"] {
        let wire = dialer(Arc::clone(&authority.client)).open(host, port).unwrap();
        assert!(!wire.is_secure() && wire.is_local());
        let mut wire = wire.secure(host).unwrap();
        assert!(wire.is_secure());
        wire.write_all(b"ping").unwrap();
        let mut text = [0; 4];
        wire.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"ping");
    }
}

#[test]
fn certificates_must_be_signed_and_for_the_host() {
    let authority = Authority::new(&["db.example"]);
    let port = echo(&authority);
    let refused = |client: &Arc<ClientConfig>, host: &str, port: u16| {
        let doubt = dialer(Arc::clone(client)).open(host, port).unwrap().secure(host).unwrap_err();
        assert_eq!(doubt.cause, Cause::Tls);
        doubt.text
    };
    assert!(refused(&authority.client, "other.example", port).contains("another name"));
    assert!(refused(&authority.client, "127.0.0.1", port).contains("another name"));
    assert!(refused(&client(), "db.example", port).contains("--verify-ca"));
    let plain = serve(|mut stream| stream.write_all(b"SSH-2.0-OpenSSH\r\n").unwrap_or_default());
    assert_eq!(refused(&authority.client, "db.example", plain), "the server does not speak TLS");
}

#[test]
fn a_handshake_that_drips_is_given_up() {
    let port = serve(|mut stream| {
        // The head of a TLS record that never ends.
        stream.write_all(&[22, 3, 3, 0x40, 0]).unwrap_or_default();
        while stream.write_all(&[0]).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let patience = Dialer { total_timeout: Duration::from_millis(100), ..dialer(client()) };
    let doubt = patience.open("db.example", port).unwrap().secure("db.example").unwrap_err();
    assert!(matches!(doubt.cause, Cause::Timeout | Cause::Tls), "{doubt:?}");
}

#[test]
fn the_machine_resolves_its_own_name() {
    let resolver = SystemResolver { timeout: Duration::from_secs(30) };
    let addresses = resolver.resolve("localhost", 80).unwrap();
    assert!(addresses.iter().all(|address| address.ip().is_loopback() && address.port() == 80), "{addresses:?}");
    let dialer = Dialer { resolver: Arc::new(resolver), ..Dialer::new(client()) };
    assert_eq!(dialer.permitted("localhost", 80).unwrap_err().cause, Cause::Blocked);
}

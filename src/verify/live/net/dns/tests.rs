//! Answers of servers, good and bad, and servers on loopback.

use std::net::TcpListener;
use std::thread;

use proptest::prelude::*;

use super::*;

const NAME: &str = "_mongodb._tcp.cluster0.example";

/// An answer to a question: its records are kind and data, and their name is that of the question.
fn answer(question: &[u8], flags: [u8; 2], records: &[(Kind, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![question[0], question[1], flags[0], flags[1], 0, 1, 0, records.len() as u8, 0, 0, 0, 0];
    bytes.extend_from_slice(&question[12..]);
    for (kind, data) in records {
        bytes.extend_from_slice(&[0xc0, 12, 0, *kind as u8, 0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
        bytes.extend_from_slice(data);
    }
    bytes
}

/// A service at `host` below the domain of the question.
fn service(priority: u8, host: &str, port: u16) -> (Kind, Vec<u8>) {
    let mut data = vec![0, priority, 0, 1];
    data.extend_from_slice(&port.to_be_bytes());
    data.push(host.len() as u8);
    data.extend_from_slice(host.as_bytes());
    // The question's name begins at 12; its labels `_mongodb`, `_tcp` and `cluster0` take 9, 5 and 9 bytes.
    data.extend_from_slice(&[0xc0, 12 + 9 + 5 + 9]);
    (Kind::Service, data)
}

fn two_services(question: &[u8]) -> Vec<u8> {
    let text = (Kind::Text, b"\x03abc".to_vec());
    answer(question, [0x81, 0x80], &[service(2, "b", 27018), text, service(1, "a", 27017)])
}

/// What a server makes of a question.
type Answering = fn(&[u8]) -> Vec<u8>;

/// A server that answers over UDP, and over TCP if `long` is given.
fn server(short: Answering, long: Option<Answering>) -> SocketAddr {
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = udp.local_addr().unwrap();
    if let Some(long) = long {
        let tcp = TcpListener::bind(address).unwrap();
        thread::spawn(move || {
            let (mut stream, _) = tcp.accept().unwrap();
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut question).unwrap();
            let answer = long(&question);
            stream.write_all(&[&(answer.len() as u16).to_be_bytes(), &answer[..]].concat()).unwrap();
        });
    }
    thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((length, client)) = udp.recv_from(&mut buffer) {
            // What others slip in is passed over.
            let _ = udp.send_to(b"\0\0\x81\x80", client);
            let _ = udp.send_to(&answer(&buffer[..length], [1, 0], &[]), client);
            let _ = udp.send_to(&short(&buffer[..length]), client);
        }
    });
    address
}

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn services_come_in_order() {
    let server = server(two_services, None);
    let wanted = [("a.example".to_owned(), 27017), ("b.example".to_owned(), 27018)];
    assert_eq!(services(&[server], NAME, PATIENCE).unwrap(), wanted);
    // The next server is asked if one is gone.
    let gone: SocketAddr = "127.0.0.1:1".parse().unwrap();
    assert_eq!(services(&[gone, server], NAME, PATIENCE).unwrap(), wanted);
}

#[test]
fn long_answers_come_over_tcp() {
    let server = server(|question| answer(question, [0x83, 0x80], &[]), Some(two_services));
    assert_eq!(services(&[server], NAME, PATIENCE).unwrap().len(), 2);
}

#[test]
fn texts_are_put_together() {
    let server = server(
        |question| {
            answer(question, [0x81, 0x80], &[(Kind::Text, b"\x0bauthSource=\x05admin".to_vec()), service(1, "a", 1)])
        },
        None,
    );
    assert_eq!(texts(&[server], "cluster0.example", PATIENCE).unwrap(), [b"authSource=admin"]);
}

#[test]
fn no_such_name_is_an_answer_and_a_failure_is_none() {
    let none = server(|question| answer(question, [0x81, 0x83], &[]), None);
    assert_eq!(services(&[none], NAME, PATIENCE).unwrap(), []);
    let failing = server(|question| answer(question, [0x81, 0x82], &[]), None);
    assert!(services(&[failing], NAME, PATIENCE).is_err());
    assert!(services(&[], NAME, PATIENCE).is_err());
    assert!(services(&[none], "no name", PATIENCE).is_err());
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    assert!(services(&[silent.local_addr().unwrap()], NAME, Duration::from_millis(50)).is_err());
}

#[test]
fn names_that_go_in_circles_end() {
    for message in [&b"\xc0\x00"[..], b"\x01a\xc0\x00", b"\xc0\x05", b"\x40a\0", b"\x05a", b"\xc0", b""] {
        assert_eq!(read_name(message, 0), None, "{message:?}");
    }
    assert_eq!(read_name(b"\x01b\0\x01a\xc0\x00", 3), Some(("a.b".to_owned(), 7)));
    let long = [&[63; 1][..], &[b'a'; 63]].concat().repeat(5);
    assert_eq!(read_name(&long, 0), None);
}

#[test]
fn the_machine_says_whom_to_ask() {
    let conf =
        "# nameserver 1.1.1.1\nsearch acme.dev\nnameserver 10.0.0.2\nnameserver ::1\noptions edns0\nnameserver x\n";
    assert_eq!(listed(conf), ["10.0.0.2:53".parse().unwrap(), "[::1]:53".parse().unwrap()]);
}

proptest! {
    #[test]
    fn no_answer_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), start in 0_usize..250) {
        let question = question([1, 2], NAME, Kind::Service).unwrap();
        let framed = [&answer(&question, [0x81, 0x80], &[])[..6], &[0, 9, 0, 0, 0, 0], &question[12..], &bytes].concat();
        for message in [&bytes, &framed] {
            let _ = read_name(message, start);
            prop_assert!(records(message, Kind::Service).count() <= message.len());
        }
    }
}

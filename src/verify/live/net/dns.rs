//! Records that the machine's own resolver does not hand out: services and texts (SRV and TXT).
//!
//! A question goes to the servers of `/etc/resolv.conf` in turn, over UDP, and over TCP where the answer is too long.
//! Sources: [RFC 1035](https://www.rfc-editor.org/rfc/rfc1035), [RFC 2782](https://www.rfc-editor.org/rfc/rfc2782),
//! [RFC 7766](https://www.rfc-editor.org/rfc/rfc7766#section-5). What is answered is not authentic; whoever uses it
//! must have TLS on top.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};

use super::literal::is_name;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text = 16,
    Service = 33,
}

const INTERNET: u16 = 1;
/// The most bytes of an answer over UDP; no more is asked for.
const UDP: usize = 512;
const PORT: u16 = 53;

/// The hosts and ports of a service, such as `_mongodb._tcp.cluster0.example`, those to be preferred first.
///
/// # Errors
///
/// If no server of these answers in time.
pub fn services(servers: &[SocketAddr], name: &str, timeout: Duration) -> io::Result<Vec<(String, u16)>> {
    let answer = ask(servers, name, Kind::Service, timeout)?;
    let mut found: Vec<_> = records(&answer, Kind::Service)
        .filter_map(|(at, data)| {
            let ([p, q, _, _, high, low], _) = data.split_first_chunk::<6>()?;
            let (host, _) = read_name(&answer, at + 6)?;
            is_name(&host).then(|| (u16::from_be_bytes([*p, *q]), host, u16::from_be_bytes([*high, *low])))
        })
        .collect();
    found.sort();
    Ok(found.into_iter().map(|(_, host, port)| (host, port)).collect())
}

/// The texts of a name.
///
/// # Errors
///
/// As [`services`].
pub fn texts(servers: &[SocketAddr], name: &str, timeout: Duration) -> io::Result<Vec<Vec<u8>>> {
    let answer = ask(servers, name, Kind::Text, timeout)?;
    let found = records(&answer, Kind::Text).map(|(_, mut data)| {
        // A text comes in pieces, each with its length before it.
        let mut text = Vec::new();
        while let Some((piece, rest)) =
            data.split_first().and_then(|(length, rest)| rest.split_at_checked(usize::from(*length)))
        {
            text.extend_from_slice(piece);
            data = rest;
        }
        text
    });
    Ok(found.collect())
}

/// The servers that the machine is set up to ask ([resolv.conf(5)](https://man7.org/linux/man-pages/man5/resolv.conf.5.html)).
pub fn servers() -> Vec<SocketAddr> {
    listed(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default())
}

fn listed(conf: &str) -> Vec<SocketAddr> {
    let mut found = Vec::new();
    for line in conf.lines() {
        let mut words = line.split_whitespace();
        if words.next() == Some("nameserver") {
            found.extend(words.next().and_then(|word| word.parse::<IpAddr>().ok()).map(|ip| SocketAddr::new(ip, PORT)));
        }
    }
    found
}

/// The first answer that a server gives.
fn ask(servers: &[SocketAddr], name: &str, kind: Kind, timeout: Duration) -> io::Result<Vec<u8>> {
    let until = Instant::now() + timeout;
    let mut id = [0; 2];
    SystemRandom::new().fill(&mut id).map_err(|_| io::Error::other("no random numbers"))?;
    let question = question(id, name, kind).ok_or(ErrorKind::InvalidInput)?;
    let mut last = ErrorKind::Unsupported.into();
    // Each of them twice, as a packet may get lost.
    for (turn, server) in servers.iter().chain(servers).enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(2 * servers.len() - turn).unwrap_or(1).max(1);
        if share.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        let answer = by_udp(*server, &question, share).and_then(|answer| match truncated(&answer) {
            true => by_tcp(*server, &question, share),
            false => Ok(answer),
        });
        match answer {
            Ok(answer) if matches!(code(&answer), 0 | 3) => return Ok(answer),
            Ok(_) => last = ErrorKind::InvalidData.into(),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A question: what is recursive is wanted, and it is the only one.
fn question(id: [u8; 2], name: &str, kind: Kind) -> Option<Vec<u8>> {
    let mut bytes = vec![id[0], id[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    if !is_name(name) {
        return None;
    }
    for label in name.trim_end_matches('.').split('.') {
        bytes.push(u8::try_from(label.len()).ok()?);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(&(kind as u16).to_be_bytes());
    bytes.extend_from_slice(&INTERNET.to_be_bytes());
    Some(bytes)
}

fn by_udp(server: SocketAddr, question: &[u8], timeout: Duration) -> io::Result<Vec<u8>> {
    let until = Instant::now() + timeout;
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0))?;
    // From now on, only what this server sends gets in.
    socket.connect(server)?;
    socket.send(question)?;
    let mut buffer = [0; UDP];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left))?;
        let length = socket.recv(&mut buffer)?;
        let answer = buffer.get(..length).unwrap_or_default();
        if belongs(answer, question) {
            return Ok(answer.to_vec());
        }
    }
}

fn by_tcp(server: SocketAddr, question: &[u8], timeout: Duration) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let length = u16::try_from(question.len()).map_err(|_| ErrorKind::InvalidInput)?;
    stream.write_all(&[&length.to_be_bytes(), question].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer)?;
    if belongs(&answer, question) { Ok(answer) } else { Err(ErrorKind::InvalidData.into()) }
}

/// True if it is an answer to just this question, whose text it repeats.
fn belongs(answer: &[u8], question: &[u8]) -> bool {
    let asked = question.get(12..).unwrap_or_default();
    let repeated = answer.get(12..).and_then(|rest| rest.get(..asked.len()));
    answer.get(..2) == question.get(..2)
        && answer.get(2).is_some_and(|flags| flags & 0x80 != 0)
        && answer.get(4..6) == Some(&[0, 1])
        && repeated.is_some_and(|repeated| repeated.eq_ignore_ascii_case(asked))
}

fn truncated(answer: &[u8]) -> bool {
    answer.get(2).is_some_and(|flags| flags & 0x02 != 0)
}

/// 0 if all is well, 3 if there is no such name.
fn code(answer: &[u8]) -> u8 {
    answer.get(3).map_or(15, |flags| flags & 0x0f)
}

/// Where the data of each answer of that kind begins, and the data.
fn records(answer: &[u8], kind: Kind) -> impl Iterator<Item = (usize, &[u8])> {
    let count = answer.get(6..8).and_then(|count| count.try_into().ok()).map_or(0, u16::from_be_bytes);
    // The question takes four bytes after its name.
    let mut at = read_name(answer, 12).map(|(_, end)| end + 4);
    (0..count)
        .map_while(move |_| {
            let (_, head) = read_name(answer, at?)?;
            let ([a, b, c, d, _, _, _, _, high, low], _) = answer.get(head..)?.split_first_chunk::<10>()?;
            let start = head + 10;
            let end = start + usize::from(u16::from_be_bytes([*high, *low]));
            at = Some(end);
            let wanted = u16::from_be_bytes([*a, *b]) == kind as u16 && u16::from_be_bytes([*c, *d]) == INTERNET;
            Some((wanted, start, answer.get(start..end)?))
        })
        .filter_map(|(wanted, start, data)| wanted.then_some((start, data)))
}

/// The name that begins at a place, and where what comes after it begins. A name may go on elsewhere, but only before
/// where it began, so that it comes to an end.
fn read_name(message: &[u8], start: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let (mut at, mut limit, mut end) = (start, start, None);
    loop {
        let length = *message.get(at)?;
        match length {
            0 => return Some((name, end.unwrap_or(at + 1))),
            1..=63 => {
                let label = message.get(at + 1..)?.get(..usize::from(length))?;
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(std::str::from_utf8(label).ok()?);
                at += 1 + usize::from(length);
            }
            192.. => {
                end = end.or(Some(at + 2));
                at = usize::from(u16::from_be_bytes([length & 0x3f, *message.get(at + 1)?]));
                if at >= limit {
                    return None;
                }
                limit = at;
            }
            _ => return None,
        }
        if name.len() > 255 {
            return None;
        }
    }
}

#[cfg(test)]
mod tests;

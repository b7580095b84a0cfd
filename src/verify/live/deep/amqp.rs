//! AMQP 0-9-1, as RabbitMQ speaks it: the handshake up to the broker's answer to a user and a password, and no further;
//! no virtual host is opened.
//!
//! Source: <https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf>, sections 2.2 and 4.2, and the chapter "connection" of
//! <https://www.rabbitmq.com/amqp-0-9-1-reference>; for refusals
//! <https://www.rabbitmq.com/docs/auth-notification>.

use std::io::{ErrorKind, Read, Write};

use zeroize::Zeroizing;

use super::login::Login;
use super::text::shown;
use crate::model::{Cause, Details, Doubt, Secret, Verdict};

/// The version that is wanted; a broker that speaks another answers with its own, and closes.
const HEADER: &[u8; 8] = b"AMQP\0\0\x09\x01";
const METHOD_FRAME: u8 = 1;
const FRAME_END: u8 = 0xce;
/// The longest frame that is read, in bytes: RabbitMQ's own limit once a connection stands.
const LONGEST: usize = 128 << 10;
/// A method is a class and its number there.
type Method = (u16, u16);
const START: Method = (10, 10);
const START_OK: Method = (10, 11);
const SECURE: Method = (10, 20);
const TUNE: Method = (10, 30);
const CLOSE: Method = (10, 50);
/// The reply code ACCESS_REFUSED.
const ACCESS_REFUSED: u16 = 403;
/// The user of a fresh broker, who may only come from the broker's own machine
/// (<https://www.rabbitmq.com/docs/access-control#loopback-users>).
const LOOPBACK_USER: &str = "guest";

/// Logs in over a connection that is fit for a password; `loopback` if its other end is on this machine.
pub fn converse<S: Read + Write>(wire: &mut S, login: &Login, loopback: bool) -> Result<Verdict, Doubt> {
    let (user, password) = (login.user()?, &login.password);
    if user.contains('\0') || password.expose().contains(&0) {
        return Err(Doubt::new(Cause::Incomplete, "its user or password cannot be sent: it holds a NUL"));
    }
    wire.write_all(HEADER)?;
    wire.flush()?;
    let (method, arguments) = read_method(wire)?;
    if method != START {
        return Err(strange());
    }
    let broker = Broker::read(&arguments).ok_or_else(strange)?;
    if !broker.takes_plain {
        return Err(Doubt::new(Cause::UnexpectedBody, "the broker takes no passwords in AMQP's plain form"));
    }
    wire.write_all(&start_ok(user, password))?;
    wire.flush()?;
    let answer = match read_method(wire) {
        // Before there was a way to say so, a broker said no by hanging up.
        Err(Failure::HungUp) if !broker.tells_refusal => {
            return Ok(Verdict::Inactive("the broker closed the connection after the password".to_owned()));
        }
        answer => answer?,
    };
    match answer {
        (TUNE, _) => Ok(Verdict::Active(broker.details(user))),
        (CLOSE, arguments) => closed(&arguments, user, loopback),
        (SECURE, _) => Err(Doubt::new(Cause::UnexpectedBody, "the broker wants more than a password")),
        _ => Err(strange()),
    }
}

fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server does not speak AMQP 0-9-1")
}

/// What `Connection.Close` says.
fn closed(arguments: &[u8], user: &str, loopback: bool) -> Result<Verdict, Doubt> {
    let code = Bytes(arguments).array().map(u16::from_be_bytes).ok_or_else(strange)?;
    match code {
        ACCESS_REFUSED if user == LOOPBACK_USER && !loopback => {
            let why = "the broker refused it, as brokers refuse the user guest from elsewhere whatever the password";
            Err(Doubt::new(Cause::UnexpectedBody, why))
        }
        ACCESS_REFUSED => Ok(Verdict::Inactive("the broker refused it (403 ACCESS_REFUSED)".to_owned())),
        _ => Err(Doubt::new(Cause::UnexpectedStatus, format!("the broker closed the connection with code {code}"))),
    }
}

/// Why no method was read.
enum Failure {
    /// The broker closed the connection where a frame should begin.
    HungUp,
    Other(Doubt),
}

impl From<Failure> for Doubt {
    fn from(failure: Failure) -> Doubt {
        match failure {
            Failure::HungUp => Doubt::new(Cause::Connect, "the broker closed the connection"),
            Failure::Other(doubt) => doubt,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Other(error.into())
    }
}

/// Reads a frame that must hold a method: its number, and its arguments.
fn read_method(wire: &mut impl Read) -> Result<(Method, Vec<u8>), Failure> {
    let strange = || Failure::Other(strange());
    let mut kind = [0];
    match wire.read_exact(&mut kind) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(Failure::HungUp),
        read => read?,
    }
    let mut rest = [0; 6];
    // A broker of another version sends eight bytes that begin with `AMQP`.
    if kind != [METHOD_FRAME] {
        return Err(strange());
    }
    wire.read_exact(&mut rest)?;
    let [_, _, length @ ..] = rest;
    let length = usize::try_from(u32::from_be_bytes(length)).ok().filter(|length| *length <= LONGEST);
    let mut payload = Vec::new();
    let wanted = length.ok_or_else(strange)? + 1;
    wire.take(wanted as u64).read_to_end(&mut payload)?;
    if payload.len() < wanted || payload.pop() != Some(FRAME_END) {
        return Err(strange());
    }
    let mut bytes = Bytes(&payload);
    let number = (|| Some((bytes.u16()?, bytes.u16()?)))().ok_or_else(strange)?;
    Ok((number, bytes.0.to_vec()))
}

/// What the broker says of itself in `Connection.Start`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Broker {
    product: Option<String>,
    version: Option<String>,
    /// It has the capability `authentication_failure_close`: a refusal comes in words.
    tells_refusal: bool,
    takes_plain: bool,
}

impl Broker {
    /// Two bytes of version, a table of properties, and two long strings: mechanisms and locales.
    fn read(arguments: &[u8]) -> Option<Broker> {
        let mut bytes = Bytes(arguments);
        let mut broker = Broker::default();
        bytes.take(2)?;
        let mut properties = Bytes(bytes.long_string()?);
        while let Some(name) = properties.short_string() {
            match (name, properties.field()?) {
                (b"product", Field::Text(text)) => broker.product = shown(text),
                (b"version", Field::Text(text)) => broker.version = shown(text),
                (b"capabilities", Field::Table(table)) => {
                    let mut capabilities = Bytes(table);
                    while let Some(name) = capabilities.short_string() {
                        let there = matches!(capabilities.field()?, Field::True);
                        broker.tells_refusal |= there && name == b"authentication_failure_close";
                    }
                }
                _ => {}
            }
        }
        broker.takes_plain = bytes.long_string()?.split(|byte| *byte == b' ').any(|name| name == b"PLAIN");
        Some(broker)
    }

    fn details(self, user: &str) -> Details {
        let product = self.product.into_iter().chain(self.version).collect::<Vec<_>>().join(" ");
        let mut details = vec![("user".to_owned(), user.to_owned())];
        if !product.is_empty() {
            details.insert(0, ("server".to_owned(), product));
        }
        details
    }
}

/// `Connection.Start-Ok`: our properties, the mechanism, its response (RFC 4616) and a locale.
fn start_ok(user: &str, password: &Secret) -> Zeroizing<Vec<u8>> {
    let password = password.expose();
    let mut table = Vec::new();
    field(&mut table, b"product", b'S', &long(b"unspill"));
    // Then a refusal comes as Connection.Close and not as silence.
    let mut capability = Vec::new();
    field(&mut capability, b"authentication_failure_close", b't', &[1]);
    field(&mut table, b"capabilities", b'F', &long(&capability));

    // Made at its full size, so that no copy is left behind.
    let response = user.len() + password.len() + 2;
    let length = 4 + 4 + table.len() + 6 + 4 + response + 6;
    let mut frame = Zeroizing::new(Vec::with_capacity(length + 8));
    frame.push(METHOD_FRAME);
    frame.extend([0, 0]);
    frame.extend((length as u32).to_be_bytes());
    frame.extend(START_OK.0.to_be_bytes());
    frame.extend(START_OK.1.to_be_bytes());
    frame.extend(long(&table));
    frame.extend(b"\x05PLAIN");
    frame.extend((response as u32).to_be_bytes());
    frame.push(0);
    frame.extend(user.as_bytes());
    frame.push(0);
    frame.extend(password);
    frame.extend(b"\x05en_US");
    frame.push(FRAME_END);
    frame
}

fn field(table: &mut Vec<u8>, name: &[u8], kind: u8, value: &[u8]) {
    table.push(name.len() as u8);
    table.extend(name);
    table.push(kind);
    table.extend(value);
}

fn long(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

/// What is left of a method's arguments.
struct Bytes<'a>(&'a [u8]);

/// A value of a table, as far as it matters here.
enum Field<'a> {
    Text(&'a [u8]),
    Table(&'a [u8]),
    True,
    Other,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    fn short_string(&mut self) -> Option<&'a [u8]> {
        let [length] = self.array()?;
        self.take(usize::from(length))
    }

    fn long_string(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_be_bytes(self.array()?);
        self.take(usize::try_from(length).ok()?)
    }

    /// The kinds of values are those of <https://www.rabbitmq.com/amqp-0-9-1-errata#section_3>. Tables and arrays have
    /// their length before them, so that none needs to be entered to be passed by.
    fn field(&mut self) -> Option<Field<'a>> {
        let [kind] = self.array()?;
        let size = match kind {
            b'S' => return self.long_string().map(Field::Text),
            b'F' => return self.long_string().map(Field::Table),
            b'x' | b'A' => return self.long_string().map(|_| Field::Other),
            b't' => return self.array().map(|[value]| if value == 0 { Field::Other } else { Field::True }),
            b'V' => 0,
            b'b' | b'B' => 1,
            b's' | b'u' | b'U' => 2,
            b'I' | b'i' | b'f' => 4,
            b'D' => 5,
            b'L' | b'l' | b'd' | b'T' => 8,
            _ => return None,
        };
        self.take(size).map(|_| Field::Other)
    }
}

#[cfg(test)]
mod tests;

//! Messages of PostgreSQL's protocol, version 3: a byte that names the kind, a length, and what belongs to the kind.
//!
//! Source: <https://www.postgresql.org/docs/current/protocol-message-formats.html>.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use crate::model::{Cause, Doubt};

/// The longest message that is read, in bytes, and more than any of a login is.
const LONGEST: usize = 64 << 10;

/// A message of the server.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    pub kind: u8,
    pub body: Vec<u8>,
}

pub fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server does not speak the protocol of PostgreSQL")
}

/// Reads one message.
pub fn read(wire: &mut impl Read) -> Result<Message, Doubt> {
    let mut head = [0; 5];
    wire.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    // The length counts itself.
    let length = usize::try_from(u32::from_be_bytes(length)).ok().and_then(|length| length.checked_sub(4));
    let length = length.filter(|length| *length <= LONGEST).ok_or_else(strange)?;
    let mut body = vec![0; length];
    wire.read_exact(&mut body)?;
    Ok(Message { kind, body })
}

/// Sends one message: without a kind for the first of a connection, which has none.
pub fn send(wire: &mut impl Write, kind: Option<u8>, parts: &[&[u8]]) -> Result<(), Doubt> {
    let length = 4 + parts.iter().map(|part| part.len()).sum::<usize>();
    // Grown in place, a buffer would leave copies of a password behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
    bytes.extend(kind);
    bytes.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    for part in parts {
        bytes.extend_from_slice(part);
    }
    wire.write_all(&bytes)?;
    Ok(wire.flush()?)
}

/// Splits off a text that a zero ends.
pub fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

/// The texts of a list: each ends in a zero, and so does the list.
pub fn texts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    while let Some((one, rest)) = text(bytes).filter(|(one, _)| !one.is_empty()) {
        texts.push(one);
        bytes = rest;
    }
    texts
}

/// What an error says that is of use, whatever the server's language.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The code of five characters (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    pub code: String,
    /// The server's function that failed.
    pub routine: String,
}

impl Refusal {
    /// Reads the body of an `ErrorResponse`.
    pub fn read(body: &[u8]) -> Refusal {
        let mut refusal = Refusal::default();
        for field in texts(body) {
            let Some((kind, value)) = field.split_first() else { continue };
            let fit = value.len() <= 64 && value.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            let value = if fit { String::from_utf8_lossy(value).into_owned() } else { String::new() };
            match kind {
                b'C' => refusal.code = value,
                b'R' => refusal.routine = value,
                _ => {}
            }
        }
        refusal
    }
}

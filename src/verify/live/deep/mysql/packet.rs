//! Packets of MySQL's protocol: a length of three bytes, a number that counts up, and the payload.
//!
//! Source: <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html>.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use crate::model::{Cause, Doubt};

/// The longest packet that is read, in bytes, and more than any of a login is.
const LONGEST: usize = 64 << 10;

pub fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server does not speak the protocol of MySQL")
}

/// Reads a packet; gives the number that the answer to it must have.
pub fn read(wire: &mut impl Read) -> Result<(u8, Vec<u8>), Doubt> {
    let mut head = [0; 4];
    wire.read_exact(&mut head)?;
    let [a, b, c, number] = head;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, 0])).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(strange)?;
    let mut payload = vec![0; length];
    wire.read_exact(&mut payload)?;
    Ok((number.wrapping_add(1), payload))
}

/// Sends a packet.
pub fn send(wire: &mut impl Write, number: u8, payload: &[u8]) -> Result<(), Doubt> {
    let [a, b, c, ..] = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Zeroizing::new(Vec::with_capacity(payload.len() + 4));
    bytes.extend_from_slice(&[a, b, c, number]);
    bytes.extend_from_slice(payload);
    wire.write_all(&bytes)?;
    Ok(wire.flush()?)
}

/// Splits off a text that a zero ends.
pub fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

/// The server's first packet.
#[derive(Debug, PartialEq, Eq)]
pub struct Greeting {
    pub version: String,
    /// What the server can do: the `CLIENT_…` bits.
    pub abilities: u32,
    pub challenge: Vec<u8>,
    pub plugin: String,
}

impl Greeting {
    /// Reads `Protocol::HandshakeV10`
    /// (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html>).
    pub fn read(payload: &[u8]) -> Option<Greeting> {
        let rest = payload.strip_prefix(&[10])?;
        let (version, rest) = text(rest)?;
        let (_thread, rest) = rest.split_at_checked(4)?;
        let (first, rest) = rest.split_at_checked(8)?;
        // A zero, half of the abilities, character set, status, the other half, length of the challenge, and ten unused.
        let ([_, a, b, _, _, _, c, d, length, ..], rest) = rest.split_first_chunk::<19>()?;
        let abilities = u32::from_le_bytes([*a, *b, *c, *d]);
        // The rest of the challenge ends in a zero, which is counted and is not part of it.
        let (second, rest) = rest.split_at_checked(usize::from(*length).saturating_sub(8).max(13).min(rest.len()))?;
        let second = second.get(..12)?;
        let plugin = text(rest).map_or(rest, |(plugin, _)| plugin);
        Some(Greeting {
            version: String::from_utf8_lossy(version).into_owned(),
            abilities,
            challenge: [first, second].concat(),
            plugin: String::from_utf8_lossy(plugin).into_owned(),
        })
    }
}

/// The number of an error: the packet begins with 255 and then holds it.
pub fn error(payload: &[u8]) -> Option<u16> {
    match payload {
        [0xff, low, high, ..] => Some(u16::from_le_bytes([*low, *high])),
        _ => None,
    }
}

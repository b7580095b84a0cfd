//! MongoDB: the server's greeting, then one login by SCRAM.
//!
//! Sources: <https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/>,
//! <https://github.com/mongodb/specifications/blob/master/source/auth/auth.md>. MongoDB has no way from clear text to
//! TLS: it is one or the other from the first byte on. Servers since version 3.6 are understood.

mod bson;
pub mod cluster;

use std::io::{Read, Write};

use bson::{Document, Value, find, values};

use super::login::Login;
use super::md5;
use super::scram::{self, Hash};
use crate::model::{Cause, Details, Doubt, Verdict};

/// The longest message that is read, in bytes, and more than any of a login is.
const LONGEST: usize = 256 << 10;
/// `OP_MSG`.
const MESSAGE: u32 = 2013;
const AUTHENTICATION_FAILED: f64 = 18.0;
/// Atlas has its own code for most things.
const ATLAS_ERROR: f64 = 8000.0;

/// Logs in over a connection that is fit for a password.
pub fn converse<S: Read + Write>(wire: &mut S, login: &Login) -> Result<Verdict, Doubt> {
    let user = login.user()?;
    let source = login.auth_source.as_deref().or(login.database.as_deref()).unwrap_or("admin");
    if user.contains('\0') || source.contains('\0') {
        return Err(Doubt::new(Cause::Incomplete, "its user or database cannot be sent: it holds a NUL"));
    }
    let hash = mechanism(wire, login, user, source)?;
    let secret = login.password.expose();
    let client = scram::Client::new(hash, user)?;
    let name = match hash {
        Hash::Sha1 => "SCRAM-SHA-1",
        Hash::Sha256 => "SCRAM-SHA-256",
    };
    // With SHA-1 the password is an older digest of it.
    let digested = zeroize::Zeroizing::new(md5::hex(&[user.as_bytes(), b":mongo:", secret]));
    let password = if hash == Hash::Sha1 { digested.as_bytes() } else { secret };

    let start = Document::default()
        .integer("saslStart", 1)
        .text("mechanism", name)
        .bytes("payload", client.first().as_bytes())
        .document("options", Document::default().truth("skipEmptyExchange", true))
        .text("$db", source);
    let reply = ask(wire, 2, start)?;
    if let Some(verdict) = refused(&reply, false)? {
        return Ok(verdict);
    }
    let conversation = match find(&reply, "conversationId") {
        Some(Value::Number(id)) => id as i32,
        _ => return Err(strange()),
    };
    let proof = client.prove(payload(&reply)?, password)?;
    let next = |payload: &[u8]| {
        Document::default()
            .integer("saslContinue", 1)
            .integer("conversationId", conversation)
            .bytes("payload", payload)
            .text("$db", source)
    };
    let mut reply = ask(wire, 3, next(proof.message.as_bytes()))?;
    if let Some(verdict) = refused(&reply, hash == Hash::Sha256 && !scram::is_certain(secret))? {
        return Ok(verdict);
    }
    proof.check(payload(&reply)?)?;
    // Older servers want to hear nothing once more.
    if find(&reply, "done") != Some(Value::Truth(true)) {
        reply = ask(wire, 4, next(b""))?;
        if let Some(verdict) = refused(&reply, true)? {
            return Ok(verdict);
        }
    }
    if find(&reply, "done") != Some(Value::Truth(true)) {
        return Err(strange());
    }
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let details: Details = vec![pair("database", source), pair("mechanism", name), pair("user", user)];
    Ok(Verdict::Active(details))
}

/// Which kind of SCRAM this user has: what the login says, or the best that the server knows of. It knows of none for a
/// user that does not exist; then the login by the older kind fails as it should.
fn mechanism<S: Read + Write>(wire: &mut S, login: &Login, user: &str, source: &str) -> Result<Hash, Doubt> {
    let client = Document::default()
        .document("application", Document::default().text("name", "unspill"))
        .document("driver", Document::default().text("name", "unspill").text("version", env!("CARGO_PKG_VERSION")))
        .document("os", Document::default().text("type", "unknown"));
    let hello = Document::default()
        .integer("isMaster", 1)
        .truth("helloOk", true)
        .text("saslSupportedMechs", &format!("{source}.{user}"))
        .document("client", client)
        .text("$db", "admin");
    let reply = ask(wire, 1, hello)?;
    if find(&reply, "ok") != Some(Value::Number(1.0)) {
        return Err(Doubt::new(Cause::UnexpectedStatus, "the server refuses to greet"));
    }
    match login.mechanism.as_deref() {
        Some("SCRAM-SHA-1") => return Ok(Hash::Sha1),
        Some("SCRAM-SHA-256") => return Ok(Hash::Sha256),
        Some("DEFAULT") | None => {}
        Some(_) => {
            return Err(Doubt::new(
                Cause::NoRequest,
                "the login wants another mechanism than SCRAM, which is not spoken here",
            ));
        }
    }
    let Some(Value::Document(known)) = find(&reply, "saslSupportedMechs") else { return Ok(Hash::Sha1) };
    let knows = |name| values(known).any(|(_, value)| value == Value::Text(name));
    match (knows("SCRAM-SHA-256"), knows("SCRAM-SHA-1")) {
        (true, _) => Ok(Hash::Sha256),
        (false, true) => Ok(Hash::Sha1),
        (false, false) => Err(Doubt::new(Cause::NoRequest, "this user logs in by other means than SCRAM")),
    }
}

/// The verdict if a reply is a refusal; `uncertain` if it need not be because of the password.
fn refused(reply: &[u8], uncertain: bool) -> Result<Option<Verdict>, Doubt> {
    match find(reply, "ok") {
        Some(Value::Number(1.0)) => return Ok(None),
        Some(Value::Number(_)) => {}
        _ => return Err(strange()),
    }
    let Some(Value::Number(code)) = find(reply, "code") else { return Err(strange()) };
    let bad_auth = matches!(find(reply, "errmsg"), Some(Value::Text(text)) if text.contains("bad auth"));
    if code == AUTHENTICATION_FAILED || code == ATLAS_ERROR && bad_auth {
        if uncertain {
            let why = format!("refused (error {code}), though perhaps for the form of a password beyond ASCII");
            return Err(Doubt::new(Cause::UnexpectedStatus, why));
        }
        return Ok(Some(Verdict::Inactive(format!("the server refused user or password (error {code})"))));
    }
    Err(Doubt::new(Cause::UnexpectedStatus, format!("the server answered with error {code}")))
}

fn payload(reply: &[u8]) -> Result<&[u8], Doubt> {
    match find(reply, "payload") {
        Some(Value::Bytes(payload)) => Ok(payload),
        // Servers have been seen to answer in text.
        Some(Value::Text(payload)) => Ok(payload.as_bytes()),
        _ => Err(strange()),
    }
}

fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server does not speak the protocol of MongoDB 3.6 or newer")
}

/// Sends a command, and reads the document that answers it.
fn ask<S: Read + Write>(wire: &mut S, id: u32, command: Document) -> Result<Vec<u8>, Doubt> {
    let command = command.finish();
    let length = u32::try_from(command.len() + 21).unwrap_or(u32::MAX);
    let mut message = Vec::with_capacity(command.len() + 21);
    // Length, number, number of what is answered, kind, flags, and the kind of the one section.
    for number in [length, id, 0, MESSAGE, 0] {
        message.extend_from_slice(&number.to_le_bytes());
    }
    message.push(0);
    message.extend_from_slice(&command);
    wire.write_all(&message)?;
    wire.flush()?;

    let mut head = [0; 16];
    wire.read_exact(&mut head)?;
    let numbers = head.as_chunks::<4>().0;
    let [length, _, answered, kind] = numbers else { return Err(strange()) };
    let [length, answered, kind] = [*length, *answered, *kind].map(u32::from_le_bytes);
    let length = usize::try_from(length).ok().and_then(|length| length.checked_sub(16));
    let length = length.filter(|length| *length <= LONGEST).ok_or_else(strange)?;
    if answered != id || kind != MESSAGE {
        return Err(strange());
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body)?;
    // Four bytes of flags, and a section of kind 0. A checksum may follow the document, which has its own length.
    match body.split_at_checked(5) {
        Some(([.., 0], document)) => Ok(document.to_vec()),
        _ => Err(strange()),
    }
}

#[cfg(test)]
mod tests;

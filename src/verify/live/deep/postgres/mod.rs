//! PostgreSQL: TLS if the server has it, then one login by whichever method the server asks for.
//!
//! Source: <https://www.postgresql.org/docs/current/protocol-flow.html>, sections "Start-up" and "SASL Authentication".
//! The server looks for the database only after the password, so a database that does not exist proves it right.

mod message;

use std::io::{Read, Write};

use message::{Message, Refusal, read, send, strange, text, texts};

use super::super::net::Wire;
use super::login::Login;
use super::md5;
use super::scram::{self, Hash};
use super::text::shown;
use crate::model::{Cause, Details, Doubt, Verdict};

/// The request for TLS: its length, and a version that does not exist.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
/// Version 3.0.
const VERSION: [u8; 4] = [0, 3, 0, 0];
/// Our name, for whoever reads the server's log.
const OURSELVES: &[u8] = b"application_name\0unspill\0";
/// More messages than this has no login.
const MOST_MESSAGES: usize = 100;

const AUTHENTICATION: u8 = b'R';
const ERROR: u8 = b'E';
const NOTICE: u8 = b'N';
const VERSION_WANTED: u8 = b'v';
const PARAMETER: u8 = b'S';
const READY: u8 = b'Z';
const PASSWORD: u8 = b'p';
const TERMINATE: u8 = b'X';

/// Logs in.
pub fn converse(mut wire: Wire, login: &Login) -> Result<Verdict, Doubt> {
    login.user()?;
    if login.asks_for_tls(&wire) {
        wire.write_all(&SSL_REQUEST)?;
        wire.flush()?;
        let mut answer = [0];
        // One byte and no more: what somebody slipped in behind it then breaks the handshake.
        wire.read_exact(&mut answer)?;
        match &answer {
            b"S" => wire = wire.secure(&login.host)?,
            b"N" => login.allows_clear_text(&wire)?,
            _ => return Err(strange()),
        }
    } else if !wire.is_secure() {
        login.allows_clear_text(&wire)?;
    }
    authenticate(&mut wire, login)
}

/// How far the server's questions have come.
enum Stage {
    /// Nothing was asked yet.
    Begun,
    /// The password, or something made from it, was sent.
    Answered,
    /// The first message of SCRAM was sent.
    Greeted(scram::Client),
    /// The proof was sent.
    Proven(scram::Proof),
}

/// Logs in over a connection that is fit for a password.
fn authenticate<S: Read + Write>(wire: &mut S, login: &Login) -> Result<Verdict, Doubt> {
    let user = login.user()?;
    let database = login.database.as_deref().unwrap_or(user);
    let password = login.password.expose();
    if [user.as_bytes(), database.as_bytes(), password].iter().any(|part| part.contains(&0)) {
        return Err(Doubt::new(Cause::Incomplete, "its user, password or database cannot be sent: it holds a NUL"));
    }
    let (user_name, database) = (user.as_bytes(), database.as_bytes());
    send(wire, None, &[&VERSION, b"user\0", user_name, b"\0database\0", database, b"\0", OURSELVES, b"\0"])?;
    let mut stage = Stage::Begun;
    for _ in 0..MOST_MESSAGES {
        let Message { kind, body } = read(wire)?;
        match kind {
            NOTICE | VERSION_WANTED => continue,
            ERROR => return refused(&Refusal::read(&body), &stage, password),
            AUTHENTICATION => {}
            _ => return Err(strange()),
        }
        let (request, data) = body.split_first_chunk::<4>().ok_or_else(strange)?;
        stage = match (u32::from_be_bytes(*request), stage) {
            (0, stage) => return let_in(wire, login, &stage),
            (3, Stage::Begun) => {
                send(wire, Some(PASSWORD), &[password, b"\0"])?;
                Stage::Answered
            }
            (5, Stage::Begun) => {
                let salt = data.first_chunk::<4>().ok_or_else(strange)?;
                let inner = md5::hex(&[password, user.as_bytes()]);
                let outer = md5::hex(&[inner.as_bytes(), salt]);
                send(wire, Some(PASSWORD), &[b"md5", outer.as_bytes(), b"\0"])?;
                Stage::Answered
            }
            (10, Stage::Begun) => {
                if !texts(data).contains(&b"SCRAM-SHA-256".as_slice()) {
                    return Err(other_method("SASL"));
                }
                // The server takes the user from the start-up message.
                let client = scram::Client::new(Hash::Sha256, "")?;
                let first = client.first();
                let length = u32::try_from(first.len()).unwrap_or(u32::MAX).to_be_bytes();
                send(wire, Some(PASSWORD), &[b"SCRAM-SHA-256\0", &length, first.as_bytes()])?;
                Stage::Greeted(client)
            }
            (11, Stage::Greeted(client)) => {
                let proof = client.prove(data, password)?;
                send(wire, Some(PASSWORD), &[proof.message.as_bytes()])?;
                Stage::Proven(proof)
            }
            (12, Stage::Proven(proof)) => {
                proof.check(data)?;
                Stage::Answered
            }
            (2, _) => return Err(other_method("Kerberos")),
            (7, _) => return Err(other_method("GSSAPI")),
            (9, _) => return Err(other_method("SSPI")),
            _ => return Err(strange()),
        };
    }
    Err(strange())
}

fn other_method(name: &str) -> Doubt {
    Doubt::new(Cause::UnexpectedBody, format!("the server asks for {name} instead of a password"))
}

/// What an error means that comes before the server has let the user in.
fn refused(refusal: &Refusal, stage: &Stage, password: &[u8]) -> Result<Verdict, Doubt> {
    let sent = !matches!(stage, Stage::Begun);
    match refusal.code.as_str() {
        "28P01" if sent => {
            if matches!(stage, Stage::Proven(_)) && !scram::is_certain(password) {
                return Err(Doubt::new(
                    Cause::UnexpectedStatus,
                    "refused, though perhaps for the form of a password beyond ASCII",
                ));
            }
            Ok(Verdict::Inactive("the server refused user or password (28P01)".to_owned()))
        }
        "28000" | "28P01" => {
            let why = format!("the server does not let this user in from here ({})", refusal.code);
            Err(Doubt::new(Cause::UnexpectedStatus, why))
        }
        "53300" => Err(Doubt::new(Cause::ServerError, "the server has too many connections (53300)")),
        "57P03" => Err(Doubt::new(Cause::ServerError, "the server is starting or stopping (57P03)")),
        code if code.len() == 5 => {
            Err(Doubt::new(Cause::UnexpectedStatus, format!("the server answered with error {code}")))
        }
        _ => Err(strange()),
    }
}

/// What follows once the server has let the user in: it may still find that there is no such database, or user.
fn let_in<S: Read + Write>(wire: &mut S, login: &Login, stage: &Stage) -> Result<Verdict, Doubt> {
    let asked = match stage {
        Stage::Answered => true,
        Stage::Begun => false,
        // Without its proof this may be anybody who says yes to everything.
        Stage::Greeted(_) | Stage::Proven(_) => {
            return Err(Doubt::new(
                Cause::UnexpectedBody,
                "the server does not prove that it knows the password itself",
            ));
        }
    };
    let mut server = None;
    let mut note = None;
    for _ in 0..MOST_MESSAGES {
        // The password is accepted; what goes wrong from here on does not change that.
        let Ok(Message { kind, body }) = read(wire) else { break };
        match kind {
            PARAMETER => {
                let version = text(&body).filter(|(name, _)| *name == b"server_version");
                server = version.and_then(|(_, rest)| text(rest)).and_then(|(value, _)| shown(value)).or(server);
            }
            ERROR => {
                let Refusal { code, .. } = Refusal::read(&body);
                if code == "28000" {
                    return Ok(Verdict::Inactive("there is no such user, or it may not log in (28000)".to_owned()));
                }
                note = Some(match code.as_str() {
                    // It was sought under the user's name, as none was given.
                    "3D000" if login.database.is_none() => break,
                    "3D000" => "the password is right, but there is no such database (3D000)".to_owned(),
                    "42501" => "the password is right, but this database is not for this user (42501)".to_owned(),
                    "53300" => "the password is right, but there are too many connections (53300)".to_owned(),
                    code => format!("the password is right, but there was error {code}"),
                });
                break;
            }
            READY => break,
            _ => {}
        }
    }
    // A courtesy.
    send(wire, Some(TERMINATE), &[]).ok();
    if !asked {
        return Err(Doubt::new(Cause::UnexpectedBody, "the server lets this user in without asking for a password"));
    }
    let mut details: Details = Vec::new();
    if note.is_none() {
        details.extend(login.database.iter().map(|name| ("database".to_owned(), name.clone())));
    }
    details.extend(note.map(|note| ("note".to_owned(), note)));
    details.extend(server.map(|version| ("server".to_owned(), format!("PostgreSQL {version}"))));
    details.extend(login.user.iter().map(|user| ("user".to_owned(), user.clone())));
    Ok(Verdict::Active(details))
}

#[cfg(test)]
mod tests;

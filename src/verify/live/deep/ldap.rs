//! LDAP: a simple bind, and the directory's answer to it. Nothing is searched for.
//!
//! Sources: RFC 4511 (sections 4.1.9 for results, 4.2 for bind, 4.12 and 4.14 for `StartTLS`), RFC 4513 (5.1 for binds
//! that succeed for anybody), and for what Active Directory adds
//! <https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes--1300-1699-> in hexadecimal.

use std::io::{Read, Write};

use super::super::net::Wire;
use super::ber::{ENUMERATED, Elements, INTEGER, OCTET_STRING, SEQUENCE, element, length_of_length, number};
use super::login::Login;
use crate::model::{Cause, Doubt, Secret, Verdict};

/// The longest message that is read, in bytes.
const LONGEST: usize = 64 << 10;
const BIND_REQUEST: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const UNBIND_REQUEST: u8 = 0x42;
const EXTENDED_REQUEST: u8 = 0x77;
const EXTENDED_RESPONSE: u8 = 0x78;
/// `[0]` in both: the password of a simple bind, the name of an extended request.
const CONTEXT_0: u8 = 0x80;
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";
const VERSION: &[u8] = &[3];
const SUCCESS: usize = 0;
const INVALID_CREDENTIALS: usize = 49;

/// Binds, over TLS where the directory has it.
pub fn converse(mut wire: Wire, login: &Login) -> Result<Verdict, Doubt> {
    // Either of them empty, a bind succeeds for anybody and is no login (RFC 4513, section 5.1).
    let name = login.user()?;
    if login.password.expose().is_empty() {
        return Err(Doubt::new(Cause::Incomplete, "the login has no password"));
    }
    let mut id = 1;
    if login.asks_for_tls(&wire) {
        let answer = ask(&mut wire, id, EXTENDED_REQUEST, &[&element(CONTEXT_0, &[START_TLS])], EXTENDED_RESPONSE)?;
        id += 1;
        if answer.code == SUCCESS {
            wire = wire.secure(&login.host)?;
        }
    }
    if !wire.is_secure() {
        login.allows_clear_text(&wire)?;
    }
    bind(&mut wire, id, name, &login.password)
}

/// One simple bind; then the connection is given up, whatever came of it.
fn bind<S: Read + Write>(wire: &mut S, id: u8, name: &str, password: &Secret) -> Result<Verdict, Doubt> {
    let version = element(INTEGER, &[VERSION]);
    let who = element(OCTET_STRING, &[name.as_bytes()]);
    let secret = element(CONTEXT_0, &[password.expose()]);
    let answer = ask(wire, id, BIND_REQUEST, &[&version, &who, &secret], BIND_RESPONSE)?;
    // It has no answer.
    send(wire, id + 1, UNBIND_REQUEST, &[]).ok();
    judge(&answer, name)
}

/// What the result of a bind means.
fn judge(answer: &Answer, name: &str) -> Result<Verdict, Doubt> {
    match answer.code {
        SUCCESS => Ok(active(name, None)),
        INVALID_CREDENTIALS => refused(answer, name),
        other => Err(doubt(other)),
    }
}

/// Active Directory says more behind `data`. Most of it, it says only to who has the right password: "Returns only when
/// presented with valid user-name and password credential".
fn refused(answer: &Answer, name: &str) -> Result<Verdict, Doubt> {
    Ok(match answer.windows_error() {
        Some(0x530) => active(name, Some("the account may not log in at this hour")),
        Some(0x531) => active(name, Some("the account may not log in from here")),
        Some(0x532) => active(name, Some("the password has expired and must be changed")),
        Some(0x773) => active(name, Some("the password must be changed at the next login")),
        Some(0x533) => Verdict::Inactive("the password is right, but the account is disabled".to_owned()),
        Some(0x701) => Verdict::Inactive("the password is right, but the account has expired".to_owned()),
        Some(0x775) => {
            let why = "the account is locked for now, whatever the password";
            return Err(Doubt::new(Cause::UnexpectedStatus, why));
        }
        Some(0x525) => Verdict::Inactive("the directory knows no such user".to_owned()),
        _ => Verdict::Inactive("the directory refused it (49 invalidCredentials)".to_owned()),
    })
}

fn active(name: &str, note: Option<&str>) -> Verdict {
    let note = note.map(|note| ("note".to_owned(), note.to_owned()));
    Verdict::Active(note.into_iter().chain([("user".to_owned(), name.to_owned())]).collect())
}

/// A result that tells nothing of the password (RFC 4511, appendix A).
fn doubt(code: usize) -> Doubt {
    let (cause, what) = match code {
        8 => (Cause::UnexpectedStatus, "strongerAuthRequired: the directory takes no simple bind"),
        10 => (Cause::UnexpectedStatus, "referral: another directory is to be asked"),
        13 => (Cause::UnexpectedStatus, "confidentialityRequired: the directory wants TLS"),
        32 => (Cause::UnexpectedStatus, "noSuchObject: the name leads nowhere in this directory"),
        34 => (Cause::UnexpectedStatus, "invalidDNSyntax: the directory does not understand the name"),
        48 => (Cause::UnexpectedStatus, "inappropriateAuthentication: this name has no password"),
        51 => (Cause::RateLimited, "busy"),
        52 => (Cause::ServerError, "unavailable"),
        53 => (Cause::UnexpectedStatus, "unwillingToPerform"),
        1 | 80 => (Cause::ServerError, "the directory failed"),
        _ => return Doubt::new(Cause::UnexpectedStatus, format!("the directory answered with result {code}")),
    };
    Doubt::new(cause, format!("the directory answered with result {code}, {what}"))
}

/// A result code and the words behind it, which may repeat what was sent and are not shown.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    code: usize,
    words: Vec<u8>,
}

impl Answer {
    /// `result code, matched name, words, …`.
    fn read(content: &[u8]) -> Option<Answer> {
        let mut parts = Elements(content);
        let code = number(parts.expect(ENUMERATED)?)?;
        parts.expect(OCTET_STRING)?;
        let words = parts.expect(OCTET_STRING)?.to_vec();
        Some(Answer { code, words })
    }

    /// `532` of "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 532, v1db1".
    fn windows_error(&self) -> Option<u32> {
        let text = std::str::from_utf8(&self.words).ok()?;
        let (_, rest) = text.split_once("AcceptSecurityContext error, data ")?;
        u32::from_str_radix(rest.split(',').next()?.trim(), 16).ok()
    }
}

fn send(wire: &mut impl Write, id: u8, tag: u8, parts: &[&[u8]]) -> std::io::Result<()> {
    let id = element(INTEGER, &[&[id]]);
    let message = element(SEQUENCE, &[&id, &element(tag, parts)]);
    wire.write_all(&message)?;
    wire.flush()
}

/// Sends a request and reads its response.
fn ask<S: Read + Write>(wire: &mut S, id: u8, tag: u8, parts: &[&[u8]], response: u8) -> Result<Answer, Doubt> {
    let strange = || Doubt::new(Cause::UnexpectedBody, "the server does not speak LDAP");
    send(wire, id, tag, parts)?;
    let content = read_message(wire)?;
    let mut message = Elements(&content);
    let for_whom = message.expect(INTEGER).and_then(number).ok_or_else(strange)?;
    let (found, content) = message.next().ok_or_else(strange)?;
    let answer = Answer::read(content).ok_or_else(strange)?;
    match (for_whom, found) {
        // The notice of disconnection (section 4.4.1), which comes unasked.
        (0, EXTENDED_RESPONSE) => Err(doubt(answer.code)),
        (whom, found) if whom == usize::from(id) && found == response => Ok(answer),
        _ => Err(strange()),
    }
}

/// Reads one message, and not a byte more: what follows may be for TLS.
fn read_message(wire: &mut impl Read) -> Result<Vec<u8>, Doubt> {
    let strange = || Doubt::new(Cause::UnexpectedBody, "the server does not speak LDAP");
    let mut head = [0; 2];
    wire.read_exact(&mut head)?;
    let [SEQUENCE, first] = head else { return Err(strange()) };
    let length = match length_of_length(first).ok_or_else(strange)? {
        0 => usize::from(first),
        count => {
            let mut digits = [0; 4];
            let digits = digits.get_mut(..count).ok_or_else(strange)?;
            wire.read_exact(digits)?;
            number(digits).ok_or_else(strange)?
        }
    };
    if length > LONGEST {
        return Err(strange());
    }
    let mut content = vec![0; length];
    wire.read_exact(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests;

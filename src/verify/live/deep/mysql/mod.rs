//! MySQL and MariaDB: TLS if the server has it, then one login by whichever plugin the server asks for.
//!
//! Source: <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html>. No database is named:
//! the user may log in without one.

mod packet;
mod plugin;

use std::io::{Read, Write};

use packet::{Greeting, error, read, send, strange, text};
use plugin::{Plugin, clear, wants_clear_text};
use zeroize::Zeroizing;

use super::super::net::Wire;
use super::login::Login;
use super::text::shown;
use crate::model::{Cause, Details, Doubt, Verdict};

// <https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html>
const LONG_PASSWORD: u32 = 1;
const PROTOCOL_41: u32 = 1 << 9;
const SSL: u32 = 1 << 11;
const SECURE_CONNECTION: u32 = 1 << 15;
const PLUGIN_AUTH: u32 = 1 << 19;
/// UTF-8, four bytes.
const CHARACTER_SET: u8 = 45;
/// The command that ends a connection.
const QUIT: &[u8] = &[1];
/// More packets than this has no login.
const MOST_PACKETS: usize = 10;

/// Logs in.
pub fn converse(mut wire: Wire, login: &Login) -> Result<Verdict, Doubt> {
    login.user()?;
    let (mut number, greeting) = greet(&mut wire)?;
    if login.asks_for_tls(&wire) && greeting.abilities & SSL != 0 {
        send(&mut wire, number, &head(SSL))?;
        number = number.wrapping_add(1);
        wire = wire.secure(&login.host)?;
    }
    if !wire.is_secure() {
        login.allows_clear_text(&wire)?;
    }
    let secure = wire.is_secure();
    authenticate(&mut wire, login, &greeting, number, secure)
}

fn greet(wire: &mut impl Read) -> Result<(u8, Greeting), Doubt> {
    let (number, payload) = read(wire)?;
    if let Some(code) = error(&payload) {
        return Err(doubt(code));
    }
    let greeting = Greeting::read(&payload).ok_or_else(strange)?;
    if greeting.abilities & PROTOCOL_41 == 0 || greeting.abilities & SECURE_CONNECTION == 0 {
        return Err(Doubt::new(Cause::NoRequest, "the server is too old to be asked"));
    }
    Ok((number, greeting))
}

/// The first 32 bytes of an answer to the greeting, which by themselves ask for TLS.
fn head(ssl: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend_from_slice(&(LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH | ssl).to_le_bytes());
    bytes.extend_from_slice(&(1_u32 << 24).to_le_bytes());
    bytes.push(CHARACTER_SET);
    bytes.extend_from_slice(&[0; 23]);
    bytes
}

/// Logs in; `secure` over TLS.
fn authenticate<S: Read + Write>(
    wire: &mut S,
    login: &Login,
    greeting: &Greeting,
    mut number: u8,
    secure: bool,
) -> Result<Verdict, Doubt> {
    let user = login.user()?;
    let password = login.password.expose();
    if user.contains('\0') || password.contains(&0) {
        return Err(Doubt::new(Cause::Incomplete, "its user or password cannot be sent: it holds a NUL"));
    }
    // The server's own plugin need not be that of the user, so one that is not known here is answered with another; the
    // server then replies with what it really wants.
    let known = Plugin::named(&greeting.plugin).ok().filter(|plugin| *plugin != Plugin::Clear);
    let mut plugin = known.unwrap_or(Plugin::Native);
    let proof = plugin.answer(password, &greeting.challenge, secure)?;
    let mut answer = Zeroizing::new(head(if secure { SSL } else { 0 }));
    answer.extend_from_slice(user.as_bytes());
    answer.push(0);
    answer.push(u8::try_from(proof.len()).unwrap_or(0));
    answer.extend_from_slice(&proof);
    answer.extend_from_slice(plugin.name().as_bytes());
    answer.push(0);
    send(wire, number, &answer)?;

    let mut switched = false;
    for _ in 0..MOST_PACKETS {
        let payload;
        (number, payload) = read(wire)?;
        if let Some(code) = error(&payload) {
            return refused(code, login, greeting, secure);
        }
        match payload.split_first() {
            Some((0, _)) => {
                // A courtesy.
                send(wire, 0, QUIT).ok();
                return Ok(active(login, greeting, None));
            }
            // Another plugin, once.
            Some((0xfe, rest)) if !switched => {
                let (name, challenge) =
                    text(rest).ok_or_else(|| Doubt::new(Cause::NoRequest, "the server is too old to be asked"))?;
                let wanted = Plugin::named(&String::from_utf8_lossy(name))?;
                let challenge = challenge.get(..20).unwrap_or(challenge);
                send(wire, number, &wanted.answer(password, challenge, secure)?)?;
                plugin = wanted;
                switched = true;
            }
            // The server remembers the password, and it was right: that it lets the user in comes next.
            Some((1, [3])) if plugin == Plugin::CachingSha2 => {}
            // It does not remember it, and wants to see it.
            Some((1, [4])) if plugin == Plugin::CachingSha2 => {
                if !secure {
                    return Err(wants_clear_text());
                }
                send(wire, number, &clear(password))?;
            }
            _ => return Err(strange()),
        }
    }
    Err(strange())
}

/// What an error means that answers a login.
fn refused(code: u16, login: &Login, greeting: &Greeting, secure: bool) -> Result<Verdict, Doubt> {
    // <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>,
    // <https://mariadb.com/docs/server/reference/error-codes>
    match code {
        // Users may be bound to TLS, and are told no more than this.
        1045 if !secure && greeting.abilities & SSL != 0 => {
            Err(Doubt::new(Cause::UnexpectedStatus, "the server refused it (1045), though perhaps for want of TLS"))
        }
        1045 => Ok(Verdict::Inactive("the server refused user or password, from here at least (1045)".to_owned())),
        1044 | 1049 => {
            Ok(active(login, greeting, Some(format!("the password is right, but not for this database ({code})"))))
        }
        1820 | 1862 => Ok(active(login, greeting, Some(format!("the password is right, but has expired ({code})")))),
        3118 | 4151 => Ok(Verdict::Inactive(format!("the account is locked ({code})"))),
        _ => Err(doubt(code)),
    }
}

/// Errors that say nothing about the password.
fn doubt(code: u16) -> Doubt {
    let (cause, what) = match code {
        1040 | 1203 | 1226 => (Cause::ServerError, "the server has too many connections"),
        1053 | 1152 | 1158..=1161 => (Cause::ServerError, "the server broke off"),
        1129 => (Cause::UnexpectedStatus, "the server keeps this address out after too many errors"),
        1130 => (Cause::UnexpectedStatus, "the server does not let anybody in from here"),
        1698 => (Cause::UnexpectedStatus, "the server lets this user in by other means than a password"),
        3159 => (Cause::Tls, "the server demands TLS"),
        3955 => (Cause::UnexpectedStatus, "the account is locked for a while"),
        _ => (Cause::UnexpectedStatus, "the server answered with another error than for a wrong password"),
    };
    Doubt::new(cause, format!("{what} ({code})"))
}

fn active(login: &Login, greeting: &Greeting, note: Option<String>) -> Verdict {
    let mut details: Details = note.map(|note| ("note".to_owned(), note)).into_iter().collect();
    details.extend(shown(greeting.version.as_bytes()).map(|version| {
        // MariaDB puts a version before its own that old replicas of MySQL understand.
        let version = version.strip_prefix("5.5.5-").unwrap_or(&version);
        let name = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
        ("server".to_owned(), format!("{name} {version}"))
    }));
    details.extend(login.user.iter().map(|user| ("user".to_owned(), user.clone())));
    Verdict::Active(details)
}

#[cfg(test)]
mod tests;

//! SMTP submission: greeting, TLS, and the answer to one `AUTH`. No message is begun.
//!
//! Sources: RFC 5321 for replies and `EHLO`, RFC 3207 for `STARTTLS`, RFC 4954 for `AUTH`, RFC 4616 for PLAIN,
//! <https://datatracker.ietf.org/doc/html/draft-murchison-sasl-login> for LOGIN.

use std::io::{Read, Write};

use data_encoding::BASE64;
use zeroize::Zeroizing;

use super::super::net::Wire;
use super::login::Login;
use super::text::shown;
use crate::model::{Cause, Details, Doubt, Secret, Verdict};

/// The longest line that is read, in bytes: twice what RFC 5321 allows (section 4.5.3.1.5), for those that do not count.
const LONGEST_LINE: usize = 1024;
/// The most lines that one reply may have.
const MOST_LINES: usize = 100;
/// RFC 5321 wants our own name; it is nobody's business.
const EHLO: &[u8] = b"EHLO localhost\r\n";

/// Logs in, over TLS where that is offered.
pub fn converse(mut wire: Wire, login: &Login) -> Result<Verdict, Doubt> {
    let user = login.user()?;
    greeted(&mut wire)?;
    let mut server = hello(&mut wire)?;
    if server.starttls && login.asks_for_tls(&wire) {
        command(&mut wire, b"STARTTLS\r\n")?.expect(220)?;
        wire = wire.secure(&login.host)?;
        // What was said in clear does not count any more (RFC 3207, section 4.2).
        server = hello(&mut wire)?;
    }
    if !wire.is_secure() {
        login.allows_clear_text(&wire)?;
    }
    authenticate(&mut wire, &server, user, &login.password)
}

fn greeted<S: Read + Write>(wire: &mut S) -> Result<(), Doubt> {
    read_reply(wire)?.expect(220)
}

/// `AUTH` in the form that the server offers. Then `QUIT`, whatever came of it.
fn authenticate<S: Read + Write>(
    wire: &mut S,
    server: &Server,
    user: &str,
    password: &Secret,
) -> Result<Verdict, Doubt> {
    let reply = if server.plain {
        auth_plain(wire, user, password)?
    } else if server.login {
        auth_login(wire, user, password)?
    } else {
        return Err(Doubt::new(Cause::UnexpectedBody, "the server offers no login with a password"));
    };
    // Nobody waits for the answer.
    wire.write_all(b"QUIT\r\n").and_then(|()| wire.flush()).ok();
    judge(&reply, server, user)
}

fn auth_plain<S: Read + Write>(wire: &mut S, user: &str, password: &Secret) -> Result<Reply, Doubt> {
    let password = password.expose();
    if user.contains('\0') || password.contains(&0) {
        return Err(Doubt::new(Cause::Incomplete, "its user or password cannot be sent: it holds a NUL"));
    }
    let mut message = Zeroizing::new(Vec::with_capacity(user.len() + password.len() + 2));
    message.push(0);
    message.extend(user.as_bytes());
    message.push(0);
    message.extend(password);
    command(wire, &line("AUTH PLAIN ", &message))
}

fn auth_login<S: Read + Write>(wire: &mut S, user: &str, password: &Secret) -> Result<Reply, Doubt> {
    let mut reply = command(wire, b"AUTH LOGIN\r\n")?;
    for part in [user.as_bytes(), password.expose()] {
        if reply.code != 334 {
            break;
        }
        reply = command(wire, &line("", part))?;
    }
    Ok(reply)
}

/// A word and base64 in a line.
fn line(word: &str, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    // Made at its full size, so that no copy is left behind.
    let mut line = Zeroizing::new(Vec::with_capacity(word.len() + BASE64.encode_len(bytes.len()) + 2));
    line.extend(word.as_bytes());
    let start = line.len();
    line.resize(start + BASE64.encode_len(bytes.len()), 0);
    if let Some(rest) = line.get_mut(start..) {
        BASE64.encode_mut(bytes, rest);
    }
    line.extend(b"\r\n");
    line
}

/// What the reply to a user and a password means (RFC 4954, section 6).
fn judge(reply: &Reply, server: &Server, user: &str) -> Result<Verdict, Doubt> {
    let what = reply.named();
    match reply.code {
        235 => Ok(Verdict::Active(server.details(user))),
        535 if reply.says(NOT_THE_PASSWORD) => {
            Err(Doubt::new(Cause::UnexpectedStatus, format!("refused ({what}), though not for a wrong password")))
        }
        535 => Ok(Verdict::Inactive(format!("the server refused it ({what})"))),
        534 if reply.says(&["application-specific"]) => {
            let why = format!("the server takes only application passwords from this account ({what})");
            Err(Doubt::new(Cause::UnexpectedStatus, why))
        }
        _ => Err(reply.doubt()),
    }
}

/// Words of refusals that say nothing about the password: a way of logging in that is turned off (Microsoft: 535 5.7.139,
/// <https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission>),
/// an account or an address that is kept out.
const NOT_THE_PASSWORD: &[&str] = &[
    "disabled",
    "blocked",
    "locked",
    "suspended",
    "too many",
    "try again later",
    "not allowed",
    "rate limit",
    "did not meet",
];

/// What a server says of itself in its reply to `EHLO`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Server {
    name: Option<String>,
    starttls: bool,
    plain: bool,
    login: bool,
}

impl Server {
    fn read(reply: &Reply) -> Server {
        let mut lines = reply.lines.iter();
        let greeting = lines.next().map_or("", String::as_str);
        let name = greeting.split(' ').next().and_then(|name| shown(name.as_bytes()));
        let mut server = Server { name, ..Server::default() };
        for line in lines {
            let line = line.to_ascii_uppercase();
            // `AUTH=LOGIN` was a custom before there was a standard.
            let mut words = line.split([' ', '=']);
            match words.next() {
                Some("STARTTLS") => server.starttls = true,
                Some("AUTH") => {
                    for mechanism in words {
                        server.plain |= mechanism == "PLAIN";
                        server.login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        server
    }

    fn details(&self, user: &str) -> Details {
        let server = self.name.iter().map(|name| ("server".to_owned(), name.clone()));
        server.chain([("user".to_owned(), user.to_owned())]).collect()
    }
}

fn hello<S: Read + Write>(wire: &mut S) -> Result<Server, Doubt> {
    let reply = command(wire, EHLO)?;
    reply.expect(250)?;
    Ok(Server::read(&reply))
}

fn command<S: Read + Write>(wire: &mut S, line: &[u8]) -> Result<Reply, Doubt> {
    wire.write_all(line)?;
    wire.flush()?;
    read_reply(wire)
}

/// A code of three digits, and a text in lines.
#[derive(Debug, PartialEq, Eq)]
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// A doubt unless it has this code.
    fn expect(&self, code: u16) -> Result<(), Doubt> {
        if self.code == code { Ok(()) } else { Err(self.doubt()) }
    }

    fn doubt(&self) -> Doubt {
        let (cause, what) = match self.code {
            421 | 450..=452 => (Cause::RateLimited, "the server does not want to talk now"),
            454 => (Cause::ServerError, "the server cannot check passwords now"),
            530 | 538 => (Cause::UnexpectedStatus, "the server wants another kind of connection"),
            400..=499 => (Cause::ServerError, "the server failed"),
            _ => (Cause::UnexpectedStatus, "the server's answer tells nothing"),
        };
        Doubt::new(cause, format!("{what} ({})", self.named()))
    }

    /// The code, and the one of RFC 3463 where there is one: `535 5.7.8`. The text itself may repeat what was sent.
    fn named(&self) -> String {
        let first = self.lines.first().and_then(|line| line.split([' ', '#']).find(|word| !word.is_empty()));
        let enhanced = first.filter(|word| {
            let mut parts = word.split('.');
            let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            parts.clone().count() == 3 && parts.all(digits)
        });
        match enhanced {
            Some(enhanced) => format!("{} {enhanced}", self.code),
            None => self.code.to_string(),
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        // A line may end within a sentence, and each begins with the code of RFC 3463.
        let text = self.lines.join(" ").to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    }
}

/// Reads a reply: `250-text` for every line but the last, `250 text` for that (RFC 5321, section 4.2.1).
fn read_reply(wire: &mut impl Read) -> Result<Reply, Doubt> {
    let strange = || Doubt::new(Cause::UnexpectedBody, "the server does not speak SMTP");
    let mut lines = Vec::new();
    let mut code = None;
    while lines.len() < MOST_LINES {
        let line = read_line(wire)?;
        let (digits, rest) = line.split_at_checked(3).ok_or_else(strange)?;
        let digits = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let number: u16 = digits.and_then(|digits| digits.parse().ok()).ok_or_else(strange)?;
        if *code.get_or_insert(number) != number {
            return Err(strange());
        }
        let (more, text) = match rest {
            [b'-', text @ ..] => (true, text),
            [b' ', text @ ..] => (false, text),
            [] => (false, rest),
            _ => return Err(strange()),
        };
        lines.push(String::from_utf8_lossy(text).into_owned());
        if !more {
            return Ok(Reply { code: number, lines });
        }
    }
    Err(strange())
}

/// Reads to the next line feed, a byte at a time: what follows may be for TLS.
fn read_line(wire: &mut impl Read) -> Result<Vec<u8>, Doubt> {
    let mut line = Vec::new();
    while line.len() < LONGEST_LINE {
        let mut byte = [0];
        wire.read_exact(&mut byte)?;
        if byte == *b"\n" {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(line);
        }
        line.extend(byte);
    }
    Err(Doubt::new(Cause::UnexpectedBody, "the server does not speak SMTP"))
}

#[cfg(test)]
mod tests;

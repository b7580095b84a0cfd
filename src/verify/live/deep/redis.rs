//! Redis, and what speaks as it does: one `AUTH`.
//!
//! Source: <https://redis.io/docs/latest/commands/auth/>, <https://redis.io/docs/latest/develop/reference/protocol-spec/>.
//! Redis has no way from clear text to TLS: it is one or the other from the first byte on.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use super::login::Login;
use crate::model::{Cause, Details, Doubt, Verdict};

/// The longest line that is read, in bytes.
const LONGEST: usize = 4 << 10;
/// Who logs in with a password alone.
const DEFAULT_USER: &str = "default";

/// Logs in over a connection that is fit for a password.
pub fn converse<S: Read + Write>(wire: &mut S, login: &Login) -> Result<Verdict, Doubt> {
    // A server without passwords takes any for `default`, but says so if the user is left out.
    let user = login.user.as_deref().filter(|user| *user != DEFAULT_USER);
    let password = login.password.expose();
    let mut reply = match user {
        Some(user) => ask(wire, &[b"AUTH", user.as_bytes(), password])?,
        None => ask(wire, &[b"AUTH", password])?,
    };
    if user.is_some() && reply.contains("wrong number of arguments") {
        // Before version 6 there were no users, and clients left out what stood there. Nothing was tried so far.
        reply = ask(wire, &[b"AUTH", password])?;
    }
    judge(&reply, user.unwrap_or(DEFAULT_USER))
}

/// What the reply to `AUTH` means.
fn judge(reply: &str, user: &str) -> Result<Verdict, Doubt> {
    let Some(error) = reply.strip_prefix('-') else {
        if reply == "+OK" {
            let details: Details = vec![("user".to_owned(), user.to_owned())];
            return Ok(Verdict::Active(details));
        }
        return Err(strange());
    };
    let code = error.split(' ').next().unwrap_or_default();
    let says = |words: &str| error.contains(words);
    match code {
        "WRONGPASS" => Ok(Verdict::Inactive("the server refused user or password (WRONGPASS)".to_owned())),
        "ERR" if says("invalid password") || says("invalid username-password") => {
            Ok(Verdict::Inactive("the server refused the password".to_owned()))
        }
        "ERR" if says("without any password") || says("no password is set") => {
            Err(Doubt::new(Cause::UnexpectedBody, "the server lets everybody in without a password"))
        }
        "ERR" if says("max number of clients") => {
            Err(Doubt::new(Cause::ServerError, "the server has too many connections"))
        }
        "DENIED" => {
            Err(Doubt::new(Cause::UnexpectedStatus, "the server only lets its own machine in (protected mode)"))
        }
        "LOADING" | "BUSY" | "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN" => {
            Err(Doubt::new(Cause::ServerError, format!("the server is not ready ({code})")))
        }
        // Its words could repeat what was sent.
        _ => {
            Err(Doubt::new(Cause::UnexpectedStatus, "the server answered with another error than for a wrong password"))
        }
    }
}

fn strange() -> Doubt {
    Doubt::new(Cause::UnexpectedBody, "the server does not speak the protocol of Redis")
}

/// Sends a command, as an array of strings, and reads a reply of one line.
fn ask<S: Read + Write>(wire: &mut S, words: &[&[u8]]) -> Result<String, Doubt> {
    let length = words.iter().map(|word| word.len() + 32).sum::<usize>() + 32;
    let mut command = Zeroizing::new(Vec::with_capacity(length));
    write!(command, "*{}\r\n", words.len())?;
    for word in words {
        write!(command, "${}\r\n", word.len())?;
        command.extend_from_slice(word);
        command.extend_from_slice(b"\r\n");
    }
    wire.write_all(&command)?;
    wire.flush()?;
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        if line.len() == LONGEST {
            return Err(strange());
        }
        let mut byte = [0];
        wire.read_exact(&mut byte)?;
        line.extend(byte);
        // A reply is of text only if it begins so; anything else is not read to its end.
        if !line.starts_with(b"+") && !line.starts_with(b"-") {
            return Err(strange());
        }
    }
    Ok(String::from_utf8_lossy(line.trim_ascii_end()).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fake::{Fake, login};
    use super::super::login::Protocol;
    use super::*;

    fn told(replies: &str) -> (Result<Verdict, Doubt>, String) {
        let mut fake = Fake::new(replies.as_bytes());
        let verdict = converse(&mut fake, &login(Protocol::Redis));
        (verdict, fake.heard())
    }

    #[test]
    fn answers_are_told_apart() {
        assert!(matches!(told("+OK\r\n").0, Ok(Verdict::Active(_))));
        for inactive in
            ["-WRONGPASS invalid username-password pair or user is disabled.\r\n", "-ERR invalid password\r\n"]
        {
            assert!(matches!(told(inactive).0, Ok(Verdict::Inactive(_))), "{inactive}");
        }
        for (reply, cause) in [
            ("-ERR Client sent AUTH, but no password is set\r\n", Cause::UnexpectedBody),
            (
                "-ERR AUTH <password> called without any password configured for the default user. Are you sure?\r\n",
                Cause::UnexpectedBody,
            ),
            ("-ERR max number of clients reached\r\n", Cause::ServerError),
            ("-LOADING Redis is loading the dataset in memory\r\n", Cause::ServerError),
            ("-DENIED Redis is running in protected mode\r\n", Cause::UnexpectedStatus),
            ("-ERR unknown command\r\n", Cause::UnexpectedStatus),
            ("-NOAUTH Authentication required.\r\n", Cause::UnexpectedStatus),
            ("+PONG\r\n", Cause::UnexpectedBody),
            ("HTTP/1.1 400 Bad Request\r\n", Cause::UnexpectedBody),
            ("$2\r\nOK\r\n", Cause::UnexpectedBody),
            ("", Cause::Connect),
            ("+OK", Cause::Connect),
        ] {
            assert_eq!(told(reply).0.unwrap_err().cause, cause, "{reply}");
        }
        assert_eq!(told(&format!("-{}", "x".repeat(LONGEST))).0.unwrap_err().cause, Cause::UnexpectedBody);
    }

    #[test]
    fn a_user_is_named_unless_the_server_is_too_old() {
        assert_eq!(told("+OK\r\n").1, "*3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$8\r\npa ss\r\nw\r\n");
        let (verdict, heard) = told("-ERR wrong number of arguments for 'auth' command\r\n+OK\r\n");
        assert!(matches!(verdict, Ok(Verdict::Active(_))));
        assert!(heard.ends_with("*2\r\n$4\r\nAUTH\r\n$8\r\npa ss\r\nw\r\n"), "{heard}");
        // But a refusal is a refusal: nothing is tried twice.
        let (_, heard) = told("-WRONGPASS no\r\n+OK\r\n");
        assert_eq!(heard.matches("AUTH").count(), 1);
        for user in [None, Some("default".to_owned())] {
            let mut fake = Fake::new(b"+OK\r\n");
            converse(&mut fake, &Login { user, ..login(Protocol::Redis) }).unwrap();
            assert!(fake.heard().starts_with("*2\r\n"));
        }
    }

    proptest! {
        #[test]
        fn no_server_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let verdict = converse(&mut Fake::new(bytes.as_slice()), &login(Protocol::Redis));
            prop_assert!(bytes.starts_with(b"+") || bytes.starts_with(b"-") || verdict.is_err());
        }
    }
}

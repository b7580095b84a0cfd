//! Where to ask about an SSH key: a host that the user names, the user to log in as, and the port.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// The user of all hosts of repositories, and the one to ask for where none is named: that of this machine is nobody's
/// business elsewhere.
pub const FORGE_USER: &str = "git";

const STANDARD_PORT: u16 = 22;

/// `[USER@]HOST[:PORT]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    user: String,
    host: String,
    port: u16,
}

/// What is wrong with the text of a [`Target`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// No host stands there.
    #[error("no host is named; the form is [USER@]HOST[:PORT]")]
    NoHost,
    /// It is the form of a link.
    #[error("the form is [USER@]HOST[:PORT], not a URL")]
    Url,
    /// `ssh` would take it for an option.
    #[error("a {0} does not begin with `-`")]
    Option(&'static str),
    /// A name of a host has letters, digits, dots, hyphens and underscores.
    #[error("`{0}` is no name or address of a host; an IPv6 address with a port stands in brackets: [::1]:22")]
    Host(String),
    /// A name of a user has letters, digits and `._+-@\`.
    #[error("`{0}` is no name of a user")]
    User(String),
    /// A port is a number from 1 to 65535.
    #[error("`{0}` is no port: a number from 1 to 65535")]
    Port(String),
}

impl Target {
    /// The user to log in as.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// A name or an address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 22 if none was named.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text.contains("//") {
            return Err(TargetError::Url);
        }
        let (user, place) = match text.rsplit_once('@') {
            Some((user, place)) => (checked_user(user)?, place),
            None => (FORGE_USER, text),
        };
        let (host, port) = split(place)?;
        let port = match port {
            Some(digits) => port_of(digits).ok_or_else(|| TargetError::Port(shown(digits)))?,
            None => STANDARD_PORT,
        };
        Ok(Target { user: user.to_owned(), host: checked_host(host)?.to_owned(), port })
    }
}

/// Host and port of `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` and `IPV6`.
fn split(place: &str) -> Result<(&str, Option<&str>), TargetError> {
    if let Some(rest) = place.strip_prefix('[') {
        let wrong = || TargetError::Host(shown(place));
        let (host, rest) = rest.split_once(']').ok_or_else(wrong)?;
        host.parse::<Ipv6Addr>().map_err(|_| wrong())?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(wrong()),
        };
    }
    if place.parse::<Ipv6Addr>().is_ok() {
        return Ok((place, None));
    }
    Ok(place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))))
}

fn checked_host(host: &str) -> Result<&str, TargetError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    match host {
        "" => Err(TargetError::NoHost),
        _ if host.starts_with('-') => Err(TargetError::Option("host")),
        _ if host.parse::<Ipv6Addr>().is_ok() => Ok(host),
        // RFC 1035, section 2.3.4.
        _ if host.len() <= 253 && host.bytes().all(fits) => Ok(host),
        _ => Err(TargetError::Host(shown(host))),
    }
}

fn checked_user(user: &str) -> Result<&str, TargetError> {
    const LONGEST: usize = 128;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'@' | b'\\');
    match user {
        _ if user.starts_with('-') => Err(TargetError::Option("user")),
        _ if (1..=LONGEST).contains(&user.len()) && user.bytes().all(fits) => Ok(user),
        _ => Err(TargetError::User(shown(user))),
    }
}

fn port_of(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| plain && *port > 0)
}

/// A wrong text in a message: without control characters, and not longer than a line.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// As it is written: `git@github.com`, `deploy@[::1]:2222`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Target { user, host, port } = self;
        match (host.contains(':'), *port) {
            (_, STANDARD_PORT) => write!(f, "{user}@{host}"),
            (true, _) => write!(f, "{user}@[{host}]:{port}"),
            (false, _) => write!(f, "{user}@{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn parsed(text: &str, user: &str, host: &str, port: u16) {
        let target: Target = text.parse().unwrap();
        assert_eq!((target.user(), target.host(), target.port()), (user, host, port));
        assert_eq!(target.to_string().parse(), Ok(target), "what is shown can be given");
    }

    #[test]
    fn user_and_port_may_be_left_out() {
        parsed("github.com", "git", "github.com", 22);
        parsed("deploy@web-1.acme.example", "deploy", "web-1.acme.example", 22);
        parsed("deploy@10.0.0.1:2222", "deploy", "10.0.0.1", 2222);
        parsed("::1", "git", "::1", 22);
        parsed("root@[fe80::2]:2022", "root", "fe80::2", 2022);
        parsed("jane@corp.example@bastion:22", "jane@corp.example", "bastion", 22);
    }

    #[test]
    fn what_is_no_host_is_refused_with_a_reason() {
        let refused = |text: &str| text.parse::<Target>().unwrap_err();
        assert_eq!(refused("-oProxyCommand=id"), TargetError::Option("host"));
        assert_eq!(refused("git@-oProxyCommand=id"), TargetError::Option("host"));
        assert_eq!(refused("-l@host"), TargetError::Option("user"));
        assert_eq!(refused(""), TargetError::NoHost);
        assert_eq!(refused("git@"), TargetError::NoHost);
        assert_eq!(refused("ssh://git@github.com"), TargetError::Url);
        assert_eq!(refused("host:0"), TargetError::Port("0".to_owned()));
        assert_eq!(refused("host:+22"), TargetError::Port("+22".to_owned()));
        assert_eq!(refused("host:70000"), TargetError::Port("70000".to_owned()));
        assert_eq!(refused("host name"), TargetError::Host("host name".to_owned()));
        assert_eq!(refused("[::1"), TargetError::Host("[::1".to_owned()));
        assert_eq!(refused("[localhost]:22"), TargetError::Host("[localhost]:22".to_owned()));
        assert_eq!(refused("a;b@host"), TargetError::User("a;b".to_owned()));
        assert_eq!(refused("@host"), TargetError::User(String::new()));
    }

    proptest! {
        #[test]
        fn what_is_taken_is_never_an_option_nor_a_command(text in "[-a-z@:.%$ \\[\\]0-9;`/]{0,24}") {
            if let Ok(target) = text.parse::<Target>() {
                for part in [target.user(), target.host()] {
                    prop_assert!(!part.starts_with('-') && !part.is_empty());
                    prop_assert!(!part.contains([' ', '%', '$', ';', '`', '/', '[']));
                }
                prop_assert_eq!(target.to_string().parse(), Ok(target));
            }
        }
    }
}

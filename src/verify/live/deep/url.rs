//! Connection strings: URLs of databases and servers, read as their own clients do.
//!
//! `scheme://user:password@host:port,host:port/database?option=value`, or with `jdbc:` before it and user and password
//! among the options. Sources: [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-3.2),
//! [PostgreSQL](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS),
//! [its JDBC driver](https://jdbc.postgresql.org/documentation/use/),
//! [MySQL](https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html),
//! [Redis](https://www.iana.org/assignments/uri-schemes/prov/redis),
//! [MongoDB](https://www.mongodb.com/docs/manual/reference/connection-string/),
//! [RabbitMQ](https://www.rabbitmq.com/docs/uri-spec).

use super::super::net::literal::{is_name, literal};
use super::login::{Login, Protocol, Tls};
use crate::model::{Cause, Doubt, Secret};

/// Schemes, what they speak, and whether TLS comes first.
const SCHEMES: [(&str, Protocol, Tls); 21] = [
    ("postgres", Protocol::Postgres, Tls::IfOffered),
    ("postgresql", Protocol::Postgres, Tls::IfOffered),
    ("cockroachdb", Protocol::Postgres, Tls::IfOffered),
    ("redshift", Protocol::Postgres, Tls::IfOffered),
    ("timescaledb", Protocol::Postgres, Tls::IfOffered),
    ("mysql", Protocol::Mysql, Tls::IfOffered),
    ("mysql2", Protocol::Mysql, Tls::IfOffered),
    ("mariadb", Protocol::Mysql, Tls::IfOffered),
    ("redis", Protocol::Redis, Tls::IfOffered),
    ("valkey", Protocol::Redis, Tls::IfOffered),
    ("rediss", Protocol::Redis, Tls::AtOnce),
    ("valkeys", Protocol::Redis, Tls::AtOnce),
    ("mongodb", Protocol::Mongo, Tls::IfOffered),
    ("amqp", Protocol::Amqp, Tls::IfOffered),
    ("amqps", Protocol::Amqp, Tls::AtOnce),
    ("smtp", Protocol::Smtp, Tls::IfOffered),
    ("submission", Protocol::Smtp, Tls::IfOffered),
    ("smtps", Protocol::Smtp, Tls::AtOnce),
    ("submissions", Protocol::Smtp, Tls::AtOnce),
    ("ldap", Protocol::Ldap, Tls::IfOffered),
    ("ldaps", Protocol::Ldap, Tls::AtOnce),
];

impl Login {
    /// Reads a connection string. Of several hosts it takes the first.
    ///
    /// # Errors
    ///
    /// [`Cause::NoRequest`] for what there is no handshake for, [`Cause::Incomplete`] for what names no host or holds no
    /// password.
    pub fn parse(text: &str) -> Result<Login, Doubt> {
        let text = text.trim();
        let (jdbc, text) = match text.get(..5) {
            Some(head) if head.eq_ignore_ascii_case("jdbc:") => (true, text.get(5..).unwrap_or_default()),
            _ => (false, text),
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| incomplete("it is not of the form of a URL"))?;
        let scheme = scheme.to_ascii_lowercase();
        let cluster = scheme == "mongodb+srv";
        let (protocol, tls) = protocol(&scheme)?;
        let (userinfo, rest) = split_userinfo(rest);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (hosts, rest) = rest.split_at(end);
        // PostgreSQL may name it among the options instead.
        let (host, port) = if hosts.is_empty() { (String::new(), None) } else { first_host(hosts)? };
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, password) = match userinfo.map(|info| info.split_once(':').unwrap_or((info, ""))) {
            Some((user, password)) => (Some(decoded(user)?), Some(decode(password, false))),
            None => (None, None),
        };
        let mut login = Login {
            protocol,
            host,
            port,
            user: user.filter(|user| !user.is_empty()),
            password: Secret::new(&password.unwrap_or_default()),
            database: Some(decoded(path.strip_prefix('/').unwrap_or(path))?).filter(|name| !name.is_empty()),
            tls,
            cluster,
            auth_source: None,
            mechanism: None,
        };
        for option in query.split('&') {
            login.take(option, jdbc)?;
        }
        // Mail goes over TLS from the first byte on at this port, whatever the scheme (RFC 8314).
        if protocol == Protocol::Smtp && login.port == Some(465) || login.tls == Tls::Demanded && !protocol.upgrades() {
            login.tls = Tls::AtOnce;
        }
        if login.host.is_empty() {
            return Err(incomplete("it names no host"));
        }
        if login.password.expose().is_empty() {
            return Err(incomplete("it holds no password"));
        }
        Ok(login)
    }

    /// Takes an option into account; those that do not matter for a login are passed over.
    fn take(&mut self, option: &str, jdbc: bool) -> Result<(), Doubt> {
        // Drivers of Java decode as forms do. In XML the ampersand before the option is written out.
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let name = name.strip_prefix("amp;").unwrap_or(name).to_ascii_lowercase();
        let value = decode(value, jdbc);
        let text = String::from_utf8_lossy(&value).into_owned();
        if text.is_empty() {
            return Ok(());
        }
        match name.as_str() {
            "user" | "username" => self.user = Some(text),
            "password" | "pwd" | "passwd" => self.password = Secret::new(&value),
            "host" if self.protocol == Protocol::Postgres => self.host = first_host(&text)?.0,
            "port" => self.port = Some(port(&text)?),
            "dbname" => self.database = Some(text),
            "authsource" => self.auth_source = Some(text),
            "authmechanism" => self.mechanism = Some(text),
            _ if is_about_tls(&name) => self.tls = wanted(self.tls, &text),
            _ => {}
        }
        Ok(())
    }
}

fn incomplete(why: &str) -> Doubt {
    Doubt::new(Cause::Incomplete, format!("the connection string cannot be tried: {why}"))
}

/// `postgresql+psycopg2` names a driver after the protocol, and `mysql:loadbalance` of JDBC a way to choose the host.
fn protocol(scheme: &str) -> Result<(Protocol, Tls), Doubt> {
    if scheme == "mongodb+srv" {
        return Ok((Protocol::Mongo, Tls::AtOnce));
    }
    let plain = scheme.split(['+', ':']).next().unwrap_or_default();
    let known = SCHEMES.iter().find(|(name, ..)| *name == plain).map(|(_, protocol, tls)| (*protocol, *tls));
    known.ok_or_else(|| Doubt::new(Cause::NoRequest, "there is no login for servers of this kind"))
}

/// User and password, and what comes after their `@`. A password that is not encoded may hold any of `@/?#`: if the part
/// before the first of `/?#` has no `@`, a later one ends the password, provided that a host follows.
fn split_userinfo(rest: &str) -> (Option<&str>, &str) {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = rest.get(..end).and_then(|authority| authority.rfind('@'));
    let later = || rest.rmatch_indices('@').map(|(at, _)| at).find(|at| is_before_host(&rest[at + 1..]));
    match at.or_else(later) {
        Some(at) => (rest.get(..at), rest.get(at + 1..).unwrap_or_default()),
        None => (None, rest),
    }
}

fn is_before_host(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).is_some_and(|hosts| first_host(hosts).is_ok())
}

/// The first of several hosts, without brackets, and its port.
fn first_host(hosts: &str) -> Result<(String, Option<u16>), Doubt> {
    let first = hosts.split(',').next().unwrap_or_default();
    let bracketed = first.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, rest) = match bracketed {
        Some((host, rest)) => (host, rest),
        None => first.split_at(first.find(':').unwrap_or(first.len())),
    };
    let port = match rest.strip_prefix(':') {
        Some("") => None,
        Some(number) => Some(port(number)?),
        None if rest.is_empty() => None,
        None => return Err(incomplete("it names no host")),
    };
    if !is_name(host) && literal(host).is_none() {
        return Err(incomplete("it names no host"));
    }
    Ok((host.to_owned(), port))
}

fn port(text: &str) -> Result<u16, Doubt> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| *number != 0 && digits);
    number.ok_or_else(|| incomplete("its port is not a number from 1 to 65535"))
}

/// `sslmode`, `ssl-mode`, `useSSL`, `requireSSL`, `ssl`, `tls` in lower case.
fn is_about_tls(name: &str) -> bool {
    matches!(name, "sslmode" | "ssl-mode" | "ssl_mode" | "usessl" | "requiressl" | "ssl" | "tls")
}

/// What an option says of TLS; it takes nothing away from a scheme that has TLS from the first byte on.
fn wanted(so_far: Tls, value: &str) -> Tls {
    if so_far == Tls::AtOnce {
        return so_far;
    }
    match value.to_ascii_lowercase().as_str() {
        "disable" | "disabled" | "false" | "0" | "off" | "no" | "none" => Tls::Never,
        "allow" | "prefer" | "preferred" => Tls::IfOffered,
        _ => Tls::Demanded,
    }
}

fn decoded(text: &str) -> Result<String, Doubt> {
    String::from_utf8(decode(text, false)).map_err(|_| incomplete("its user or database is not text"))
}

/// Percent-decoding. A percent sign without two digits after it stands for itself, as people write it.
fn decode(text: &str, plus_is_space: bool) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8);
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = if *byte == b'%' { digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))) } else { None };
        match pair {
            Some((high, low)) => {
                decoded.push((high << 4) | low);
                at += 2;
            }
            None if *byte == b'+' && plus_is_space => decoded.push(b' '),
            None => decoded.push(*byte),
        }
        at += 1;
    }
    decoded
}

#[cfg(test)]
mod tests;

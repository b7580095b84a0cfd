//! Deep checks (`--verify=deep`): does a login by a plain handshake still work?
//!
//! One attempt is made, it goes as far as the server's answer to the password, and nothing is read or written there.
//! A password goes over TLS, or to a server of the local network that the user allowed to ask.

mod amqp;
mod ber;
#[cfg(test)]
mod fake;
mod ldap;
mod login;
mod md5;
mod mongo;
mod mysql;
mod postgres;
mod redis;
mod scram;
mod smtp;
mod text;
mod url;

pub use login::{Login, Protocol, Tls};

use super::net::Dialer;
use crate::model::{Doubt, Verdict};

/// Tries a login, once.
pub fn check(login: &Login, dialer: &Dialer) -> Verdict {
    attempt(login, dialer).unwrap_or_else(Verdict::Unknown)
}

fn attempt(login: &Login, dialer: &Dialer) -> Result<Verdict, Doubt> {
    if login.cluster {
        return attempt(&mongo::cluster::server(login, dialer)?, dialer);
    }
    let mut wire = login.open(dialer)?;
    match login.protocol {
        Protocol::Postgres => postgres::converse(wire, login),
        Protocol::Mysql => mysql::converse(wire, login),
        Protocol::Redis => redis::converse(&mut wire, login),
        Protocol::Mongo => mongo::converse(&mut wire, login),
        Protocol::Amqp => {
            let loopback = wire.peer().ip().is_loopback();
            amqp::converse(&mut wire, login, loopback)
        }
        Protocol::Smtp => smtp::converse(wire, login),
        Protocol::Ldap => ldap::converse(wire, login),
    }
}

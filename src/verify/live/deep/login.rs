//! A login that is to be tried: where, as whom, and how much of TLS its owner asked for.

use super::super::net::{Dialer, Wire};
use crate::model::{Cause, Doubt, Secret};

/// What can be asked whether it lets somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// PostgreSQL, and what speaks as it does.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// Redis, and what speaks as it does.
    Redis,
    /// MongoDB.
    Mongo,
    /// AMQP 0-9-1: RabbitMQ.
    Amqp,
    /// Submission of mail.
    Smtp,
    /// Directories.
    Ldap,
}

/// What the one who wrote the login wants of TLS. Whatever that is, no password leaves the local network without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tls {
    /// None at all.
    Never,
    /// If the server has it: nothing was said.
    IfOffered,
    /// Once the server was asked for it, and not without.
    Demanded,
    /// From the first byte on.
    AtOnce,
}

/// A login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// What the server speaks.
    pub protocol: Protocol,
    /// Its name or address, without brackets.
    pub host: String,
    /// Its port; without one, the usual.
    pub port: Option<u16>,
    /// Who logs in.
    pub user: Option<String>,
    /// With which password.
    pub password: Secret,
    /// Into which database.
    pub database: Option<String>,
    /// What is wanted of TLS.
    pub tls: Tls,
    /// MongoDB: the host is the name of a cluster, whose servers stand in DNS.
    pub cluster: bool,
    /// MongoDB: the database that knows the user.
    pub auth_source: Option<String>,
    /// MongoDB: the mechanism that must be used.
    pub mechanism: Option<String>,
}

impl Protocol {
    /// The port where its servers usually are.
    pub const fn port(self, tls: Tls) -> u16 {
        let at_once = matches!(tls, Tls::AtOnce);
        match self {
            Protocol::Postgres => 5432,
            Protocol::Mysql => 3306,
            Protocol::Redis => 6379,
            Protocol::Mongo => 27017,
            Protocol::Amqp if at_once => 5671,
            Protocol::Amqp => 5672,
            Protocol::Smtp if at_once => 465,
            Protocol::Smtp => 587,
            Protocol::Ldap if at_once => 636,
            Protocol::Ldap => 389,
        }
    }

    /// True if a connection can begin in clear and go on over TLS.
    pub const fn upgrades(self) -> bool {
        matches!(self, Protocol::Postgres | Protocol::Mysql | Protocol::Smtp | Protocol::Ldap)
    }
}

impl Login {
    /// Its port, or the usual one.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| self.protocol.port(self.tls))
    }

    /// Connects, and turns to TLS where that comes first. What has no other way to TLS has it from the first byte on
    /// unless the server is in the local network.
    ///
    /// # Errors
    ///
    /// As [`Dialer::open`] and [`Wire::secure`].
    pub fn open(&self, dialer: &Dialer) -> Result<Wire, Doubt> {
        self.begin(dialer.open(&self.host, self.port())?)
    }

    fn begin(&self, wire: Wire) -> Result<Wire, Doubt> {
        if self.tls == Tls::AtOnce || !self.protocol.upgrades() && !wire.is_local() {
            return wire.secure(&self.host);
        }
        Ok(wire)
    }

    /// Whether to ask the server for TLS on this connection.
    pub(super) fn asks_for_tls(&self, wire: &Wire) -> bool {
        !(wire.is_secure() || self.tls == Tls::Never && wire.is_local())
    }

    /// What follows when a server has no TLS: going on in clear where that is allowed.
    ///
    /// # Errors
    ///
    /// [`Cause::Tls`] where it is not.
    pub(super) fn allows_clear_text(&self, wire: &Wire) -> Result<(), Doubt> {
        match self.tls {
            Tls::Demanded | Tls::AtOnce => {
                Err(Doubt::new(Cause::Tls, "the server has no TLS, which the login demands"))
            }
            _ if wire.is_local() => Ok(()),
            _ => Err(Doubt::new(Cause::Tls, "the server offers no TLS, and no login is tried in clear")),
        }
    }

    /// The user, where the protocol does not do without.
    pub(super) fn user(&self) -> Result<&str, Doubt> {
        let user = self.user.as_deref().filter(|user| !user.is_empty());
        user.ok_or_else(|| Doubt::new(Cause::Incomplete, "the login names no user"))
    }
}

#[cfg(test)]
mod tests;

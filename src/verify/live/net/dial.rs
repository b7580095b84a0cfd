//! From the name of a host to a connection, past the rule of which addresses may be asked.
//!
//! A name is looked up once, what it leads to is judged, and the connection goes to the very address that was judged: a
//! name that answers differently the next time (DNS rebinding) gains nothing.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;

use super::address::forbidden;
use super::literal::{is_name, literal};
use super::resolve::{Resolve, SystemResolver};
use super::wire::Wire;
use crate::model::{Cause, Doubt};

/// How connections are made.
#[derive(Clone, Debug)]
pub struct Dialer {
    /// Whether addresses outside of the public internet may be asked, too (`--verify-allow-private`).
    pub allow_private: bool,
    /// Whom TLS trusts.
    pub tls: Arc<ClientConfig>,
    /// How long it may take until an address takes up the connection.
    pub connect_timeout: Duration,
    /// How long everything may take that happens over one connection, from its making on.
    pub total_timeout: Duration,
    /// How many bytes the other side may send over one connection, those of TLS included.
    pub limit: u64,
    /// What looks up names.
    pub resolver: Arc<dyn Resolve>,
}

impl Dialer {
    /// A dialer of public addresses, with the machine's resolver: 5 s for a look-up and for a connection, 15 s for all
    /// that happens over it, 1 MiB of answers.
    pub fn new(tls: Arc<ClientConfig>) -> Self {
        let connect_timeout = Duration::from_secs(5);
        Dialer {
            allow_private: false,
            tls,
            connect_timeout,
            total_timeout: Duration::from_secs(15),
            limit: 1 << 20,
            resolver: Arc::new(SystemResolver { timeout: connect_timeout }),
        }
    }

    /// The addresses of a host that may be connected to, at least one. A host that is an address by itself, in whatever
    /// spelling, is not looked up.
    ///
    /// # Errors
    ///
    /// [`Cause::Blocked`] if the host is not of the form of a name or an address, or leads to addresses that are not
    /// asked; [`Cause::Dns`] if its name is not found.
    pub fn permitted(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Doubt> {
        let spelled = literal(host);
        let found = match spelled {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None if is_name(host) => self.look_up(host, port)?,
            // The text is from who knows where, so it is not repeated.
            None => return Err(Doubt::new(Cause::Blocked, "the host is neither a name nor an address")),
        };
        // A port of the resolver's own making leads nowhere.
        let found = || found.iter().map(|address| SocketAddr::new(address.ip(), port));
        let good: Vec<_> = found().filter(|address| self.allow_private || forbidden(address.ip()).is_none()).collect();
        if !good.is_empty() {
            return Ok(good);
        }
        let blocked = found().find_map(|address| forbidden(address.ip()).map(|why| (address.ip(), why)));
        let Some((ip, why)) = blocked else {
            return Err(Doubt::new(Cause::Dns, format!("{host} has no address")));
        };
        let subject = match spelled {
            Some(_) => format!("{ip} is"),
            None => format!("{host} resolves to {ip},"),
        };
        let text = format!("{subject} {}; --verify-allow-private asks it all the same", described(why));
        Err(Doubt::new(Cause::Blocked, text))
    }

    fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Doubt> {
        self.resolver.resolve(host, port).map_err(|error| {
            let text = match error.kind() {
                io::ErrorKind::TimedOut => format!("looking up {host} took too long"),
                _ => format!("the name {host} was not found"),
            };
            Doubt::new(Cause::Dns, text)
        })
    }

    /// Connects to a host: to the first of its permitted addresses that takes up the connection.
    ///
    /// # Errors
    ///
    /// As [`Dialer::permitted`], and [`Cause::Connect`] or [`Cause::Timeout`] if no address does.
    pub fn open(&self, host: &str, port: u16) -> Result<Wire, Doubt> {
        let addresses = self.permitted(host, port)?;
        let deadline = Instant::now() + self.total_timeout;
        let mut last = Doubt::new(Cause::Timeout, "no answer came in time");
        for address in addresses {
            let left = deadline.saturating_duration_since(Instant::now()).min(self.connect_timeout);
            if left.is_zero() {
                break;
            }
            let wire = TcpStream::connect_timeout(&address, left)
                .and_then(|socket| Wire::new(socket, address, Arc::clone(&self.tls), deadline, self.limit));
            match wire {
                Ok(wire) => return Ok(wire),
                Err(error) => last = error.into(),
            }
        }
        last.text = format!("{host}:{port}: {}", last.text);
        Err(last)
    }
}

/// The reason of [`forbidden`] with the noun that it wants.
fn described(why: &str) -> String {
    match why {
        "metadata service" => "the address of a cloud's metadata service".to_owned(),
        "this network" => "an address of \"this network\"".to_owned(),
        "unspecified" => "the unspecified address".to_owned(),
        _ => format!("a {why} address"),
    }
}

#[cfg(test)]
mod tests;

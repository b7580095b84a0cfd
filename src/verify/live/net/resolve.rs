//! Names to addresses, as the machine does it, but never for longer than it may take.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::dns;

/// Looks up names of hosts.
pub trait Resolve: Send + Sync + fmt::Debug {
    /// The addresses of `host`, each with `port`; none or an error if the name is not found.
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;

    /// The hosts and ports of a service such as `_mongodb._tcp.cluster0.example` (SRV records), the preferred first; an
    /// error of the kind `Unsupported` if there is no way to know.
    fn services(&self, _name: &str) -> io::Result<Vec<(String, u16)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The texts of a name (TXT records); errors as of [`Resolve::services`].
    fn texts(&self, _name: &str) -> io::Result<Vec<Vec<u8>>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Asks the machine's own resolver: hosts file, DNS, and whatever else it is set up for.
#[derive(Clone, Debug)]
pub struct SystemResolver {
    /// How long a look-up may take. One that takes longer goes on by itself until the machine gives it up.
    pub timeout: Duration,
}

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let (sender, receiver) = mpsc::channel();
        let host = host.to_owned();
        thread::Builder::new().name("resolver".to_owned()).spawn(move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect);
            // Nobody listens any more once the time is over.
            let _ = sender.send(found);
        })?;
        receiver.recv_timeout(self.timeout).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    fn services(&self, name: &str) -> io::Result<Vec<(String, u16)>> {
        dns::services(&dns::servers(), name, self.timeout)
    }

    fn texts(&self, name: &str) -> io::Result<Vec<Vec<u8>>> {
        dns::texts(&dns::servers(), name, self.timeout)
    }
}

//! A connection that cannot hold anybody: every read and write counts towards one deadline and one number of bytes.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::address;
use super::fault::Fault;
use super::literal::literal;
use crate::model::{Cause, Doubt};

/// A connection to an address that was checked, in clear or over TLS.
pub struct Wire {
    peer: SocketAddr,
    tls: Arc<ClientConfig>,
    stream: Stream,
}

enum Stream {
    Clear(Bounded),
    Secure(Box<StreamOwned<ClientConnection, Bounded>>),
}

/// A socket with what is left of its time and bytes.
struct Bounded {
    socket: TcpStream,
    deadline: Instant,
    limit: u64,
    left: u64,
}

impl Wire {
    /// Takes over a connected socket: until `deadline`, and for at most `limit` bytes from the other side.
    pub(super) fn new(
        socket: TcpStream,
        peer: SocketAddr,
        tls: Arc<ClientConfig>,
        deadline: Instant,
        limit: u64,
    ) -> io::Result<Wire> {
        socket.set_nodelay(true)?;
        Ok(Wire { peer, tls, stream: Stream::Clear(Bounded { socket, deadline, limit, left: limit }) })
    }

    /// The same connection after a TLS handshake with the server `host`, whose certificate must be for that name.
    ///
    /// # Errors
    ///
    /// [`Cause::Tls`] if no handshake comes about, and the causes of a broken connection.
    pub fn secure(self, host: &str) -> Result<Wire, Doubt> {
        let Stream::Clear(mut socket) = self.stream else { return Ok(self) };
        let name = match literal(host) {
            Some(ip) => ServerName::from(ip),
            None => {
                let name = host.strip_suffix('.').unwrap_or(host).to_owned();
                let wrong = |_| Doubt::new(Cause::Tls, "the host's name cannot stand in a certificate");
                ServerName::try_from(name).map_err(wrong)?
            }
        };
        let failed = |error: rustls::Error| Doubt::from(io::Error::new(ErrorKind::InvalidData, error));
        let mut connection = ClientConnection::new(Arc::clone(&self.tls), name).map_err(failed)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        let stream = Stream::Secure(Box::new(StreamOwned::new(connection, socket)));
        Ok(Wire { peer: self.peer, tls: self.tls, stream })
    }

    /// True over TLS.
    pub fn is_secure(&self) -> bool {
        matches!(self.stream, Stream::Secure(_))
    }

    /// True if the server is on this machine or in the network around it, so that nobody on the internet listens.
    pub fn is_local(&self) -> bool {
        address::is_local(self.peer.ip())
    }

    /// The address that is connected to.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }
}

impl Bounded {
    /// What is left until the deadline.
    fn remaining(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.remaining()?))?;
        if self.left == 0 && !buffer.is_empty() {
            return Err(io::Error::other(Fault::TooMuch(self.limit)));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.socket.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.remaining()?))?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Clear(socket) => socket.read(buffer),
            Stream::Secure(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Clear(socket) => socket.write(bytes),
            Stream::Secure(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Clear(socket) => socket.flush(),
            Stream::Secure(stream) => stream.flush(),
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("peer", &self.peer).field("secure", &self.is_secure()).finish_non_exhaustive()
    }
}

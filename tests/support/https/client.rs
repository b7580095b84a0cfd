//! The smallest client there is, to try the servers with: sends bytes over TLS, and gives back what comes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use super::authority::Authority;

/// An open connection.
pub struct Client {
    stream: StreamOwned<ClientConnection, TcpStream>,
}

impl Client {
    /// Connects, and takes the server for the one of this name.
    ///
    /// # Errors
    /// If TLS does not come about.
    pub fn connect(authority: &Authority, name: &str, address: SocketAddr) -> io::Result<Client> {
        Client::over(authority, name, TcpStream::connect(address)?)
    }

    /// The same over a connection that is there already.
    ///
    /// # Errors
    /// If TLS does not come about.
    pub fn over(authority: &Authority, name: &str, mut socket: TcpStream) -> io::Result<Client> {
        socket.set_read_timeout(Some(Duration::from_secs(20)))?;
        let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let mut tls = ClientConnection::new(Arc::clone(&authority.trust()), name).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket)?;
        }
        Ok(Client { stream: StreamOwned::new(tls, socket) })
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// If the server has gone.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())?;
        self.stream.flush()
    }

    /// Reads until `end` was there.
    ///
    /// # Errors
    /// If the server goes before.
    pub fn until(&mut self, end: &str) -> io::Result<String> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(end.as_bytes()) {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            bytes.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Reads to the end, but no more than `most` bytes.
    ///
    /// # Errors
    /// If the end comes without the goodbye of TLS.
    pub fn rest(mut self, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Read::by_ref(&mut self.stream).take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The first bytes of what comes, whatever comes of it then.
    pub fn some(mut self, most: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = Read::by_ref(&mut self.stream).take(most).read_to_end(&mut bytes);
        bytes
    }
}

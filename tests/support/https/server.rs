//! The server: accepts connections, each on a thread of its own, and keeps a log of what it was asked.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use super::authority::{Authority, Identity, LOOPBACK};
use super::connection;
use super::log::Log;
use super::message::{Answer, Request};
use super::streams::Stream;

/// How a server meets a new connection.
#[derive(Clone)]
pub enum Manner {
    /// TLS with this certificate, then HTTP.
    Tls(Identity),
    /// HTTP without TLS.
    Plain,
    /// Closes at once.
    HangUp,
    /// Accepts, and says nothing, ever.
    Silent,
    /// Answers the TLS handshake with an alert.
    Alert,
    /// Answers the TLS handshake with something that is no TLS.
    Garbage,
    /// Closes the connection in the middle of the TLS handshake.
    HalfHandshake,
}

type Handler = Arc<dyn Fn(&Request) -> Answer + Send + Sync>;

/// A server on loopback; stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    plain: bool,
    log: Arc<Log>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// A server as it should be, with a certificate for `localhost` and the addresses of loopback.
    pub fn start<A: Into<Answer>>(
        authority: &Authority,
        handler: impl Fn(&Request) -> A + Send + Sync + 'static,
    ) -> Server {
        Server::with(Manner::Tls(authority.identity(LOOPBACK)), handler)
    }

    /// A server without TLS.
    pub fn plain<A: Into<Answer>>(handler: impl Fn(&Request) -> A + Send + Sync + 'static) -> Server {
        Server::with(Manner::Plain, handler)
    }

    /// A server that never comes to answering a request.
    pub fn broken(manner: Manner) -> Server {
        Server::with(manner, |_| super::Reply::new(200))
    }

    /// A server of any manner.
    pub fn with<A: Into<Answer>>(manner: Manner, handler: impl Fn(&Request) -> A + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let (log, plain) = (Arc::<Log>::default(), matches!(manner, Manner::Plain));
        let handler: Handler = Arc::new(move |request| handler(request).into());
        let shared = Arc::clone(&log);
        let accepting = thread::spawn(move || accept(&listener, &manner, &handler, &shared));
        Server { address, plain, log, accepting: Some(accepting) }
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its root, `https://localhost:PORT`, or `http://…` without TLS.
    pub fn url(&self) -> String {
        format!("{}://localhost:{}", if self.plain { "http" } else { "https" }, self.port())
    }

    /// All requests so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.log.state().requests.clone()
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.log.state().requests.len()
    }

    /// How many connections were made, whatever came of them.
    pub fn connections(&self) -> usize {
        self.log.state().connections
    }

    /// Why TLS did not come about, for each connection where it did not.
    pub fn refusals(&self) -> Vec<String> {
        self.log.state().refusals.clone()
    }

    /// Bytes of answers that were sent; what the client read, and what is still on its way.
    pub fn sent(&self) -> u64 {
        self.log.state().sent
    }

    /// The greatest number of requests that were being answered at a time.
    pub fn most_at_once(&self) -> usize {
        self.log.state().most
    }

    /// Waits until there have been so many requests; `false` if there were not within a minute.
    pub fn wait_for(&self, requests: usize) -> bool {
        self.log.wait(Duration::from_secs(60), |state| state.requests.len() >= requests)
    }

    /// Waits until all requests are answered or given up; `false` if they are not within a minute.
    pub fn wait_idle(&self) -> bool {
        self.log.wait(Duration::from_secs(60), |state| state.now == 0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.log.stop();
        // Wakes up who accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, manner: &Manner, handler: &Handler, log: &Arc<Log>) {
    for stream in listener.incoming() {
        // Out of files, say: what waits is tried again.
        let Ok(stream) = stream else { continue };
        let Some(number) = log.open(&stream) else { return };
        let (manner, handler, log) = (manner.clone(), Arc::clone(handler), Arc::clone(log));
        thread::spawn(move || {
            let _closed = Closed(&log, number);
            // What a client does not take is seen in what it makes of it, and in the log.
            let _ = meet(stream, number, &manner, &log, handler.as_ref());
        });
    }
}

/// Closes a connection, even where a handler panics.
struct Closed<'a>(&'a Log, usize);

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.close(self.1);
    }
}

fn meet(
    mut stream: TcpStream,
    number: usize,
    manner: &Manner,
    log: &Log,
    handler: &(dyn Fn(&Request) -> Answer + Send + Sync),
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match manner {
        Manner::Tls(identity) => {
            let mut tls = ServerConnection::new(identity.config()).map_err(io::Error::other)?;
            while tls.is_handshaking() {
                if let Err(error) = tls.complete_io(&mut stream) {
                    log.state().refusals.push(error.to_string());
                    return Err(error);
                }
            }
            let name = tls.server_name().map(str::to_owned);
            let stream = Stream::Tls(Box::new(StreamOwned::new(tls, stream)));
            connection::serve(stream, number, name.as_deref(), log, handler)
        }
        Manner::Plain => {
            let mut first = [0];
            if stream.peek(&mut first)? == 1 && first == [22] {
                hello(&mut stream)?;
                return stream.write_all(&super::Reply::new(400).encode("GET"));
            }
            connection::serve(Stream::Plain(stream), number, None, log, handler)
        }
        Manner::HangUp => Ok(()),
        Manner::Silent => loop {
            log.pause(Duration::from_secs(60))?;
        },
        Manner::Alert => {
            hello(&mut stream)?;
            // RFC 8446, section 6: an alert of TLS 1.2's record version, fatal, handshake_failure.
            stream.write_all(&[21, 3, 3, 0, 2, 2, 40])
        }
        Manner::Garbage => {
            hello(&mut stream)?;
            stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\x00\xff\x1b[31m what is this?\r\n")
        }
        Manner::HalfHandshake => {
            hello(&mut stream)?;
            // A record's head that promises a ServerHello of 122 bytes, and a few of them.
            stream.write_all(&[22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3])
        }
    }
}

/// Reads a first record of TLS.
fn hello(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let length = u64::from(u16::from_be_bytes([head[3], head[4]]));
    io::copy(&mut stream.take(length), &mut io::sink()).map(drop)
}

//! A proxy on the way out: lets `CONNECT` through (RFC 9110, section 9.3.6), to where the test wants, and remembers what
//! it was asked for.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use data_encoding::BASE64;

use super::connection;
use super::log::Log;
use super::message::{Reply, Request};

/// What a proxy does with what it is asked for.
#[derive(Clone, Debug, Default)]
struct Rules {
    /// `user:password` that it wants.
    credentials: Option<String>,
    /// Where a target, `host:port`, is to be found; anything else is tried as it is.
    routes: BTreeMap<String, SocketAddr>,
}

/// A proxy on loopback; stops when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    log: Arc<Log>,
    accepting: Option<JoinHandle<()>>,
}

impl Proxy {
    /// A proxy for everybody.
    pub fn start() -> Proxy {
        Proxy::with(None, &[])
    }

    /// A proxy that wants credentials, `user:password`, if given, and finds targets, `host:port`, at these addresses.
    pub fn with(credentials: Option<&str>, routes: &[(&str, SocketAddr)]) -> Proxy {
        let routes = routes.iter().map(|(target, address)| ((*target).to_owned(), *address)).collect();
        let rules = Rules { credentials: credentials.map(str::to_owned), routes };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of loopback");
        let address = listener.local_addr().expect("an address");
        let log = Arc::<Log>::default();
        let shared = Arc::clone(&log);
        let accepting = thread::spawn(move || accept(&listener, &rules, &shared));
        Proxy { address, log, accepting: Some(accepting) }
    }

    /// `http://127.0.0.1:PORT`: for `HTTPS_PROXY`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same with credentials in it, percent-encoded by the caller where needed.
    pub fn url_as(&self, credentials: &str) -> String {
        format!("http://{credentials}@{}", self.address)
    }

    /// What it was asked for: the method is `CONNECT`, unless the client has it fetch things, and the target `host:port`.
    pub fn requests(&self) -> Vec<Request> {
        self.log.state().requests.clone()
    }

    /// The targets alone, each once, sorted.
    pub fn targets(&self) -> Vec<String> {
        let mut targets: Vec<String> = self.requests().into_iter().map(|request| request.target).collect();
        targets.sort();
        targets.dedup();
        targets
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.log.state().connections
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.log.stop();
        // Wakes up who accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, rules: &Rules, log: &Arc<Log>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let Some(number) = log.open(&stream) else { return };
        let (rules, log) = (rules.clone(), Arc::clone(log));
        thread::spawn(move || {
            // What a client does not take is seen in what it makes of it, and in the log.
            let _ = pass(stream, number, &rules, &log);
            log.close(number);
        });
    }
}

fn pass(stream: TcpStream, number: usize, rules: &Rules, log: &Log) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let Some(mut request) = connection::read(&mut stream)? else { return Ok(()) };
    request.connection = number;
    log.take(request.clone());
    log.done();
    let refuse = |client: &mut TcpStream, reply: Reply| client.write_all(&reply.encode("GET"));
    let wanted = rules.credentials.as_ref().map(|pair| format!("Basic {}", BASE64.encode(pair.as_bytes())));
    if wanted.is_some() && request.header("Proxy-Authorization") != wanted.as_deref() {
        let reply = Reply::new(407).header("Proxy-Authenticate", "Basic realm=\"tests\"");
        return refuse(stream.get_mut(), reply.header("Connection", "close"));
    }
    if request.method != "CONNECT" {
        return refuse(stream.get_mut(), Reply::new(400).header("Connection", "close"));
    }
    let connected = match rules.routes.get(&request.target) {
        Some(address) => TcpStream::connect(address),
        None => TcpStream::connect(&request.target),
    };
    let Ok(server) = connected else {
        return refuse(stream.get_mut(), Reply::new(502).header("Connection", "close"));
    };
    server.set_nodelay(true)?;
    stream.get_mut().write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut there, mut back) = (server.try_clone()?, stream.get_ref().try_clone()?);
    let returning = thread::spawn(move || {
        let done = io::copy(&mut { server }, &mut back);
        let _ = back.shutdown(Shutdown::Both);
        done
    });
    // What came along with the request is in the buffer, and goes first.
    let copied = io::copy(&mut stream, &mut there);
    let _ = there.shutdown(Shutdown::Both);
    let _ = returning.join();
    copied.map(drop)
}

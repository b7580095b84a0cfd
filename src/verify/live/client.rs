//! The HTTPS client: sends a message to the server that was decided on, and to no other address.
//!
//! Names are looked up once, every address is checked before it is connected to, and the connection goes to what was
//! checked. Redirects are not followed, bodies are read up to a limit, and nothing of a request stands in any error.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::{HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, NextTimeout, RustlsConnector, TcpConnector};
use ureq::{Agent, Body, Proxy};

use super::moment::{Moment, unix_of_http_date};
use super::net::{Dialer, Roots, literal};
use super::render::Message;
use super::reply::Reply;
use crate::model::{Cause, Doubt};

/// What a request says of who asks: the program, and nothing of the user's.
pub const USER_AGENT: &str = concat!("unspill/", env!("CARGO_PKG_VERSION"));
/// So much of a body is read unless told otherwise, in bytes.
const LARGEST_BODY: u64 = 256 * 1024;
/// Header fields may take so much, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;
/// Each connection has two buffers of this size, in bytes; all of a head must find room in one.
const BUFFER: usize = 2 * LARGEST_HEAD;
/// How long a name's addresses are remembered.
const NAMES_LAST: Duration = Duration::from_secs(60);

/// Sends messages.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    dialer: Arc<Dialer>,
    largest_body: u64,
}

/// Why there is no answer, and whether there might be one later.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The reason.
    pub doubt: Doubt,
    /// Whether it is worth another try.
    pub again: bool,
}

impl Client {
    /// A client that connects as `dialer` permits; a request may take so long in all. `connections` are kept open to
    /// each server.
    pub fn new(
        dialer: Arc<Dialer>,
        roots: &Roots,
        proxy: Option<Proxy>,
        timeout: Duration,
        connections: usize,
    ) -> Self {
        let certificates: Vec<_> =
            roots.certificates.iter().map(|one| Certificate::from_der(one.as_ref()).to_owned()).collect();
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let names = Names { dialer: Arc::clone(&dialer), proxy: proxy.clone(), known: Mutex::default() };
        let config = Config::builder()
            .tls_config(tls)
            .proxy(proxy)
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(USER_AGENT)
            .timeout_global(Some(timeout))
            .timeout_connect(Some(dialer.connect_timeout))
            .max_response_header_size(LARGEST_HEAD)
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            .max_idle_connections(usize::MAX)
            .max_idle_connections_per_host(connections)
            .build();
        let chain =
            ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default()).chain(RustlsConnector::default());
        Client { agent: Agent::with_parts(config, chain, names), dialer, largest_body: LARGEST_BODY }
    }

    /// The same client, which reads so much of a body, in bytes.
    pub fn reading(self, largest_body: u64) -> Self {
        Client { largest_body, ..self }
    }

    /// Sends a message, and reads the answer.
    ///
    /// # Errors
    /// Why there is none.
    pub fn send(&self, message: &Message) -> Result<Reply, Refusal> {
        let never = |doubt| Refusal { doubt, again: false };
        // A proxy connects to what it is told, so addresses that stand in the name are looked at here, too.
        if literal(&message.server.host).is_some() {
            self.dialer.permitted(&message.server.host, message.server.port).map_err(never)?;
        }
        let unfit = || never(Doubt::new(Cause::Incomplete, "it holds characters that cannot be sent"));
        let mut request = Request::builder()
            .method(Method::from_bytes(message.method.as_bytes()).map_err(|_| unfit())?)
            .uri(message.url.parse::<Uri>().map_err(|_| unfit())?);
        for (name, value) in &message.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
            // The client takes nothing but ASCII, and would complain of the answer.
            value.to_str().map_err(|_| unfit())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        let answer = if message.body.is_empty() && message.method != "POST" && message.method != "PUT" {
            self.agent.run(request.body(()).map_err(|_| unfit())?)
        } else {
            self.agent.run(request.body(message.body.as_bytes()).map_err(|_| unfit())?)
        };
        answer.and_then(|answer| read(answer, self.largest_body)).map_err(|error| refusal(error, &message.server.host))
    }

    /// Breaks off all requests that are under way.
    pub fn stop(&self) {
        self.agent.clone().shutdown();
    }
}

fn read(mut response: Response<Body>, largest: u64) -> Result<Reply, ureq::Error> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let mut body = Vec::new();
    response.body_mut().as_reader().take(largest + 1).read_to_end(&mut body).map_err(ureq::Error::from)?;
    let cut = body.len() as u64 > largest;
    body.truncate(largest as usize);
    Ok(Reply { status, headers, body: String::from_utf8_lossy(&body).into_owned(), cut })
}

/// How long a server wants to be left alone, by its `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
pub fn retry_after(reply: &Reply) -> Option<Duration> {
    let name = header::RETRY_AFTER.as_str();
    let (_, value) = reply.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let value = value.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => unix_of_http_date(value)?.saturating_sub(Moment::now().unix()),
    };
    Some(Duration::from_secs(seconds))
}

/// An error in our words: those of libraries may hold parts of what was sent.
fn refusal(error: ureq::Error, host: &str) -> Refusal {
    let told = |cause, text: String, again| Refusal { doubt: Doubt::new(cause, text), again };
    match error {
        ureq::Error::Other(inner) => match inner.downcast::<Forbidden>() {
            Ok(forbidden) => Refusal { again: forbidden.0.cause == Cause::Dns, doubt: forbidden.0 },
            Err(_) => told(Cause::Connect, format!("{host} could not be asked"), false),
        },
        ureq::Error::Timeout(_) => told(Cause::Timeout, format!("{host} did not answer in time"), true),
        ureq::Error::HostNotFound => told(Cause::Dns, format!("the name {host} was not found"), true),
        ureq::Error::Rustls(error) => {
            told(Cause::Tls, format!("{host}: {}", Doubt::from(std::io::Error::other(error)).text), false)
        }
        ureq::Error::Tls(_) => told(Cause::Tls, format!("{host}: no secure connection"), false),
        ureq::Error::Io(error) => {
            let doubt = Doubt::from(error);
            let again = matches!(doubt.cause, Cause::Connect | Cause::Timeout);
            told(doubt.cause, format!("{host}: {}", doubt.text), again)
        }
        ureq::Error::LargeResponseHeader(..) | ureq::Error::BodyExceedsLimit(_) => {
            told(Cause::UnexpectedBody, format!("{host} answered at too great length"), false)
        }
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => {
            told(Cause::UnexpectedBody, format!("{host} answered something that is not HTTP"), false)
        }
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            told(Cause::Connect, format!("the proxy did not connect to {host}"), false)
        }
        _ => told(Cause::Connect, format!("{host} could not be asked"), false),
    }
}

/// Why a name is not connected to.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Forbidden(Doubt);

/// When a name was looked up, and what may be connected to.
type Found = (Instant, Vec<SocketAddr>);

/// Looks names up; remembers what may be connected to.
struct Names {
    dialer: Arc<Dialer>,
    /// The user's own, which may be at any address.
    proxy: Option<Proxy>,
    known: Mutex<HashMap<(String, u16), Found>>,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

impl Names {
    fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Doubt> {
        let key = (host.to_owned(), port);
        let recent = |(when, all): &Found| (when.elapsed() < NAMES_LAST).then(|| all.clone());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).and_then(recent);
        if let Some(known) = known {
            return Ok(known);
        }
        let is_proxy = self.proxy.as_ref().is_some_and(|proxy| proxy.host() == host && proxy.port() == port);
        let found = if is_proxy {
            Dialer { allow_private: true, ..Dialer::clone(&self.dialer) }.permitted(host, port)?
        } else {
            self.dialer.permitted(host, port)?
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, (Instant::now(), found.clone()));
        Ok(found)
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let found = self.addresses(host, port).map_err(|doubt| ureq::Error::Other(Box::new(Forbidden(doubt))))?;
        let mut addresses = self.empty();
        for address in found.into_iter().take(16) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

//! What goes back and forth: a request as it came, and what a handler wants done about it.

use std::fmt;
use std::io;
use std::time::Duration;

use super::connection::Wire;

/// A request as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names as sent, and values without the white space about them; in their order.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The connection that it came over, counted from 0.
    pub connection: usize,
    /// The server that the client took this one for (SNI); `None` for plain HTTP and for addresses.
    pub server_name: Option<String>,
}

impl Request {
    /// The value of the first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// All of it in one text, to look for something in.
    pub fn all(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{} {}\n{headers}\n{}", self.method, self.target, self.text())
    }
}

/// What is done about a request.
pub enum Answer {
    /// A well-formed answer.
    Reply(Reply),
    /// Bytes as the closure writes them; the connection is closed behind them.
    Raw(RawAnswer),
}

type RawAnswer = Box<dyn FnOnce(&mut Wire<'_>) -> io::Result<()> + Send>;

impl Answer {
    /// Bytes as the closure writes them.
    pub fn raw(write: impl FnOnce(&mut Wire<'_>) -> io::Result<()> + Send + 'static) -> Answer {
        Answer::Raw(Box::new(write))
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Answer {
        Answer::Reply(reply)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Reply(reply) => reply.fmt(f),
            Answer::Raw(_) => f.write_str("raw bytes"),
        }
    }
}

/// An answer as HTTP wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Names and values as they are sent; bytes, so that they can be wrong.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub body: Vec<u8>,
    /// Whether the body goes out in chunks, of as many bytes.
    pub chunks: Option<usize>,
    /// How long to wait before it is sent.
    pub after: Duration,
}

impl Reply {
    /// An answer without headers and body.
    pub fn new(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Vec::new(), chunks: None, after: Duration::ZERO }
    }

    /// Changes the status.
    pub fn status(self, status: u16) -> Reply {
        Reply { status, ..self }
    }

    /// Adds a header.
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Reply {
        self.headers.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Gives it a body.
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Reply {
        body.as_ref().clone_into(&mut self.body);
        self
    }

    /// Gives it a body of JSON.
    pub fn json(self, body: impl AsRef<[u8]>) -> Reply {
        self.header("Content-Type", "application/json; charset=utf-8").body(body)
    }

    /// Sends the body in chunks of this many bytes.
    pub fn chunked(mut self, bytes: usize) -> Reply {
        self.chunks = Some(bytes.max(1));
        self
    }

    /// Sends it after a while.
    pub fn after(self, after: Duration) -> Reply {
        Reply { after, ..self }
    }

    /// All of it as it goes over the wire; without the body for an answer to `HEAD`.
    pub fn encode(&self, method: &str) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status)).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name, &b": "[..], value, b"\r\n"].concat());
        }
        match self.chunks {
            _ if self.status == 204 || self.status == 304 => bytes.extend(b"\r\n"),
            None => {
                bytes.extend(format!("Content-Length: {}\r\n\r\n", self.body.len()).as_bytes());
                bytes.extend(if method == "HEAD" { &[][..] } else { &self.body });
            }
            Some(size) => {
                bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(size).filter(|_| method != "HEAD") {
                    bytes.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
                }
                bytes.extend(if method == "HEAD" { &[][..] } else { b"0\r\n\r\n" });
            }
        }
        bytes
    }
}

/// The words behind a status, for those that stand here.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "As It Is",
    }
}

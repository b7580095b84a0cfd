//! One connection: HTTP/1.1 requests, one behind the other, for as long as both sides want.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::time::Duration;

use super::log::Log;
use super::message::{Answer, Request};
use super::streams::Stream;

/// Bytes that a request's head may have, and its body.
const MOST: u64 = 1 << 20;

/// What a raw answer writes to.
pub struct Wire<'a> {
    stream: &'a mut Stream,
    log: &'a Log,
}

impl Wire<'_> {
    /// Sends bytes at once.
    ///
    /// # Errors
    /// If the client has gone.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        for piece in bytes.as_ref().chunks(16 * 1024) {
            self.stream.write_all(piece)?;
            self.stream.flush()?;
            self.log.state().sent += piece.len() as u64;
        }
        Ok(())
    }

    /// Sends the same bytes until the client has gone.
    ///
    /// # Errors
    /// Always, in the end.
    pub fn send_forever(&mut self, bytes: &[u8]) -> io::Result<()> {
        loop {
            self.send(bytes)?;
        }
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// If the server stops meanwhile.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        self.log.pause(time)
    }

    /// Cuts the connection, without the goodbye of TLS.
    ///
    /// # Errors
    /// Always: it is the last that is done.
    pub fn cut(&mut self) -> io::Result<()> {
        self.stream.socket().shutdown(std::net::Shutdown::Both)?;
        Err(io::Error::other("cut"))
    }
}

/// Answers requests until either side has enough.
///
/// # Errors
/// If the other side goes in the middle of something, or sends what is no HTTP.
pub fn serve(
    stream: Stream,
    connection: usize,
    server_name: Option<&str>,
    log: &Log,
    handler: &(dyn Fn(&Request) -> Answer + Send + Sync),
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(mut request) = read(&mut stream)? {
        request.connection = connection;
        request.server_name = server_name.map(str::to_owned);
        log.take(request.clone());
        let done = Done(log);
        let mut wire = Wire { stream: stream.get_mut(), log };
        let more = match handler(&request) {
            Answer::Reply(reply) => {
                wire.pause(reply.after)?;
                // Whoever has the answer may ask again at once: that is not at the same time.
                drop(done);
                wire.send(reply.encode(&request.method))?;
                let closes = |value: &[u8]| value.eq_ignore_ascii_case(b"close");
                let told =
                    |(name, value): &(Vec<u8>, Vec<u8>)| name.eq_ignore_ascii_case(b"connection") && closes(value);
                !reply.headers.iter().any(told) && !request.header("Connection").is_some_and(|v| closes(v.as_bytes()))
            }
            Answer::Raw(write) => {
                write(&mut wire)?;
                drop(done);
                false
            }
        };
        if !more {
            break;
        }
    }
    stream.get_mut().finish();
    Ok(())
}

/// Says that a request is over, however that came.
struct Done<'a>(&'a Log);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.done();
    }
}

/// Reads one request; `None` where there is no more.
///
/// # Errors
/// If the other side goes in the middle of it, or it is no HTTP.
pub fn read<S: Read + Write>(stream: &mut BufReader<S>) -> io::Result<Option<Request>> {
    let Some(first) = line(stream)? else { return Ok(None) };
    let [method, target, version] = first.split(' ').collect::<Vec<_>>()[..] else {
        return Err(io::Error::other(format!("no request: {first:?}")));
    };
    if version != "HTTP/1.1" {
        return Err(io::Error::other(format!("{version} instead of HTTP/1.1")));
    }
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut request =
        Request { method, target, headers: Vec::new(), body: Vec::new(), connection: 0, server_name: None };
    while let Some(line) = line(stream)?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or_else(|| io::Error::other(format!("no header: {line:?}")))?;
        request.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    if request.header("Expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        stream.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        stream.get_mut().flush()?;
    }
    if request.header("Transfer-Encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let size = line(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let size = u64::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            fill(stream, size, &mut request.body)?;
            line(stream)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = request.header("Content-Length") {
        let length = length.parse().map_err(io::Error::other)?;
        fill(stream, length, &mut request.body)?;
    }
    Ok(Some(request))
}

/// A line without its end; `None` where there is nothing more.
fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    stream.take(MOST).read_until(b'\n', &mut bytes)?;
    match bytes.strip_suffix(b"\r\n") {
        Some(line) => Ok(Some(String::from_utf8_lossy(line).into_owned())),
        None if bytes.is_empty() => Ok(None),
        None => Err(io::Error::other("a line that does not end in CR and LF")),
    }
}

fn fill(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    match stream.take(length.min(MOST)).read_to_end(body)? as u64 == length {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

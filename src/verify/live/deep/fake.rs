//! For tests: a server that says what it was told to, and remembers what it heard.

use std::io::{self, Cursor, Read, Write};

use super::login::{Login, Protocol, Tls};
use crate::model::Secret;

/// A connection whose other side has said everything already.
#[derive(Debug)]
pub struct Fake {
    says: Cursor<Vec<u8>>,
    heard: Vec<u8>,
}

impl Fake {
    /// A server that says this, whatever it hears.
    pub fn saying(bytes: &[u8]) -> Self {
        Fake { says: Cursor::new(bytes.to_vec()), heard: Vec::new() }
    }

    /// What was sent to it.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    /// What was sent to it, as bytes.
    pub fn heard_bytes(&self) -> &[u8] {
        &self.heard
    }
}

impl Read for Fake {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Fake {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.heard.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The password of [`login`], with bytes that a sloppy writer stumbles over.
pub const PASSWORD: &[u8] = b"pa ss\r\nw";

/// A login of the user `app`.
pub fn login(protocol: Protocol) -> Login {
    Login {
        protocol,
        host: "db.example".to_owned(),
        port: None,
        user: Some("app".to_owned()),
        password: Secret::new(PASSWORD),
        database: Some("shop".to_owned()),
        tls: Tls::IfOffered,
        auth_source: None,
        mechanism: None,
    }
}

/// The password of [`login`], with bytes that a sloppy writer stumbles over.
pub const PASSWORD: &[u8] = b"pa ss\r\nw";

/// A login of the user `app`.
pub fn login(protocol: Protocol) -> Login {
    Login {
        protocol,
        host: "db.example".to_owned(),
        port: None,
        user: Some("app".to_owned()),
        password: Secret::new(PASSWORD),
        database: Some("shop".to_owned()),
        tls: Tls::IfOffered,
        auth_source: None,
        mechanism: None,
    }
}

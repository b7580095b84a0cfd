//! For tests: a server that says what it was told to, and remembers what it heard.

use std::io::{self, Cursor, Read, Write};

use super::login::{Login, Protocol, Tls};
use crate::model::Secret;

/// A connection whose other side has said everything already.
#[derive(Debug)]
pub struct Fake {
    says: Cursor<Vec<u8>>,
    /// What was sent to it.
    pub told: Vec<u8>,
}

impl Fake {
    /// A server that says this, whatever it hears.
    pub fn new(says: impl Into<Vec<u8>>) -> Self {
        Fake { says: Cursor::new(says.into()), told: Vec::new() }
    }

    /// What was sent to it, as text.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.told).into_owned()
    }
}

impl Read for Fake {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Fake {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.told.write(bytes)
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
        cluster: false,
        auth_source: None,
        mechanism: None,
    }
}

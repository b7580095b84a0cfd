//! For tests: the other side of a connection, in memory.

use std::io::{Cursor, Read, Result, Write};

/// Says what it was given to say, whatever it is told, and keeps that.
pub struct Fake {
    says: Cursor<Vec<u8>>,
    /// All that was written to it.
    pub told: Vec<u8>,
}

impl Fake {
    pub fn new(says: impl Into<Vec<u8>>) -> Self {
        Fake { says: Cursor::new(says.into()), told: Vec::new() }
    }
}

impl Read for Fake {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.says.read(buffer)
    }
}

impl Write for Fake {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.told.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

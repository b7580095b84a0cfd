//! Buffers for contents, used again: most objects are of the size of those before them.

/// So many are kept,
const KEPT: usize = 8;

/// and none that is larger than this, in bytes.
const LARGEST: usize = 4 << 20;

/// Buffers of one thread that are not in use.
#[derive(Default)]
pub(super) struct Buffers(Vec<Vec<u8>>);

impl Buffers {
    /// An empty buffer with room for so many bytes; `None` if there is no memory for it.
    pub fn take(&mut self, size: usize) -> Option<Vec<u8>> {
        match self.0.pop() {
            Some(buffer) if buffer.capacity() >= size => Some(buffer),
            // To make one larger would copy what is of no use.
            _ => {
                let mut buffer = Vec::new();
                buffer.try_reserve_exact(size).ok()?;
                Some(buffer)
            }
        }
    }

    /// Takes back a buffer.
    pub fn give_back(&mut self, mut buffer: Vec<u8>) {
        if self.0.len() < KEPT && buffer.capacity() <= LARGEST {
            buffer.clear();
            self.0.push(buffer);
        }
    }
}

//! A secret in memory: wiped when dropped, and shown to nobody by accident.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The bytes of a secret. `Debug` and `Display` show only its mask; [`Secret::expose`] is the one way to the bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes a copy of `bytes`.
    pub fn new(bytes: &[u8]) -> Self {
        Secret(bytes.to_vec())
    }

    /// The secret in clear. Each caller answers for where it goes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// What may be shown: see [`mask`].
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// Masks a secret: at most its first four characters, and only where at least 16 more stay hidden; then always
/// eight stars, so that its length does not show.
pub fn mask(secret: &[u8]) -> String {
    let text = String::from_utf8_lossy(secret);
    let visible = if text.chars().count() >= 20 { 4 } else { 0 };
    let mut masked: String = text.chars().take(visible).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    masked.push_str("********");
    masked
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.masked())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

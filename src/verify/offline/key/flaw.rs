//! Flaws: why a text that begins like a key is none.

/// What is wrong with a key; as a clause about "it", for reports.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Dots, stars or angle brackets stand where the key should.
    #[error("its body is left out")]
    Elided,
    /// Nothing stands between its markers.
    #[error("it has no body")]
    Empty,
    /// The body is something else than base64.
    #[error("its body is no base64")]
    NotBase64,
    /// The body's base64 has a length that no bytes encode to.
    #[error("its base64 has a character too many or too few")]
    Uneven,
    /// The body is shorter than it says, in bytes.
    #[error("its body is cut short: {there} of {wanted} bytes are there")]
    Truncated { wanted: usize, there: usize },
    /// More stands behind the key's end.
    #[error("its body goes on behind the end of the key")]
    Trailing,
    /// The body has another structure than its marker says.
    #[error("its body is no {0}")]
    Foreign(&'static str),
    /// It has a form that is not read here; it may be whole.
    #[error("its form is not known")]
    Unknown,
    /// The structure holds, and what it says cannot be.
    #[error("{0}")]
    Inconsistent(&'static str),
}

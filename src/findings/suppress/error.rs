//! What can be wrong with a file of things that are allowed.

use std::io;

/// Why an ignore file, allowlist or baseline cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {what}")]
pub struct SuppressError {
    /// The file; with `:` and the line, where there is one.
    pub place: String,
    /// What is wrong, as one clause.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What caused it.
    #[source]
    pub cause: Option<io::Error>,
}

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

impl SuppressError {
    /// A file that cannot be read.
    pub(crate) fn unreadable(place: String, cause: io::Error) -> Self {
        let hint = match cause.kind() {
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::InvalidData => "save it as UTF-8 text",
            _ => "make it readable",
        };
        SuppressError { place, what: "cannot be read".to_owned(), hint: Some(hint.to_owned()), cause: Some(cause) }
    }
}

//! A failure: what went wrong, and what to do about it.

use std::error::Error;

/// An error that ends in a hint.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// What is wrong, as one clause.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What caused it.
    #[source]
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure without hint or cause.
    pub fn new(what: impl Into<String>) -> Self {
        Failure { what: what.into(), hint: None, cause: None }
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what caused it.
    pub fn cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

//! What can be wrong with a configuration: where, what, and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::rules::lint::Complaint;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    /// Two files of equal right.
    #[error("both {} and {} are there", first.display(), second.display())]
    Ambiguous { first: PathBuf, second: PathBuf },
    /// The file has faults; at least one.
    #[error("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Invalid { faults: Vec<Complaint> },
    /// No rule is left.
    #[error("{}: no rule is left", path.display())]
    NoRules { path: PathBuf },
}

impl ConfigError {
    /// What to do about it, where the message does not say so by itself.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ConfigError::Unreadable { .. } => Some("check --config and UNSPILL_CONFIG"),
            ConfigError::Ambiguous { .. } => Some("keep one of them"),
            ConfigError::Invalid { .. } => None,
            ConfigError::NoRules { .. } => Some("add a [[rule]], or leave `[rules] builtin = false` out"),
        }
    }
}

//! What can be wrong with a configuration: where, what, and what to do about it.

use std::io;
use std::path::PathBuf;

use crate::rules::lint::Complaint;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// Two files of equal right.
    #[error("both {} and {} are there", first.display(), second.display())]
    Ambiguous { first: PathBuf, second: PathBuf },
    /// A file has faults: at least one. Each names its place and what to do, on lines of its own.
    #[error("the configuration cannot be used{}", faults.iter().map(|f| format!("\n{f}")).collect::<String>())]
    Invalid { faults: Vec<Complaint> },
    /// No rule is left.
    #[error("{}: no rule is left", path.display())]
    NoRules { path: PathBuf },
}

impl ConfigError {
    /// What to do about it, where the message does not say so by itself.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ConfigError::Unreadable { cause, .. } if cause.kind() == io::ErrorKind::InvalidData => {
                Some("save it as UTF-8, which is what TOML is written in")
            }
            ConfigError::Unreadable { .. } => Some("check the path that --config, UNSPILL_CONFIG or `extend` gives"),
            ConfigError::Ambiguous { .. } => Some("keep one of them"),
            ConfigError::Invalid { .. } => None,
            ConfigError::NoRules { path } if path.to_string_lossy().contains("gitleaks") => {
                Some("add a rule, or the default ones with `[extend] useDefault = true`")
            }
            ConfigError::NoRules { .. } => Some("add a [[rule]], or leave `[rules] builtin = false` out"),
        }
    }
}

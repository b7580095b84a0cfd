//! Outputs of a step: lines of the file that `GITHUB_OUTPUT` names. Each value stands between two lines that nobody can
//! guess, so that no value, whatever it holds, can end there and set another output.
//!
//! Format: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings>.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::commands::token;
use crate::cli::errors::Failure;

/// Adds outputs to the file.
///
/// # Errors
/// If it cannot be written.
pub fn append(path: &Path, outputs: &[(&str, String)]) -> anyhow::Result<()> {
    let failure = || Failure::new(format!("cannot write the outputs to {}", path.display()));
    let token = token().ok_or_else(|| failure().hint("the system has no random numbers"))?;
    let text: String = outputs.iter().map(|(name, value)| format!("{name}<<{token}\n{value}\n{token}\n")).collect();
    let file = File::options().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| failure().cause(error).into())
}

//! `unspill rules lint`: what is wrong with files of rules.

use std::path::PathBuf;

use crate::cli::{Outcome, output};
use crate::rules::lint::{Gravity, lint};

/// Runs it. Notes alone are no reason to fail.
pub fn run(files: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let mut text = String::new();
    for file in files {
        for complaint in lint(file, &super::read(file)?) {
            text.push_str(&format!("{complaint}\n"));
            if complaint.gravity < Gravity::Note {
                outcome = Outcome::Findings;
            }
        }
    }
    if text.is_empty() {
        text = format!("{}: nothing to complain about\n", output::count(files.len(), "file"));
    }
    output::print(&text)?;
    Ok(outcome)
}

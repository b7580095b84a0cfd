//! GitHub Actions: the event says what to scan, and results go where a workflow shows them: annotations at the lines,
//! a summary of the job, outputs for the steps that follow.
//!
//! None of it needs a token, so that all of it works for pull requests from forks. Secrets are masked everywhere.

mod annotate;
mod commands;
pub mod event;
mod outputs;
mod summary;

use std::path::PathBuf;

use commands::Commands;

use super::Done;
use super::environment::Environment;
use crate::cli::{Outcome, errors, output};

/// A step of a workflow.
pub struct Step {
    commands: Commands,
    links: summary::Links,
    annotations: bool,
    summary: Option<PathBuf>,
    outputs: Option<PathBuf>,
}

impl Step {
    /// The step that these variables are of. From here on what is printed is no command to the runner, whatever it says.
    pub fn begin(environment: &Environment, annotations: bool, summary: bool) -> Self {
        let file = |name: &str| environment.get(name).map(PathBuf::from);
        Step {
            commands: Commands::stop(),
            links: summary::Links::of(environment),
            annotations,
            summary: file("GITHUB_STEP_SUMMARY").filter(|_| summary),
            outputs: file("GITHUB_OUTPUT"),
        }
    }

    /// Tells what a scan came to, and hands its outputs over.
    ///
    /// # Errors
    /// If what GitHub is to read cannot be written.
    pub fn end(self, result: &anyhow::Result<Done<'_>>) -> anyhow::Result<()> {
        let Step { commands, links, annotations, summary, outputs } = self;
        commands.resume();
        let written = match result {
            Ok(done) => {
                if annotations {
                    output::print(&annotate::annotations(done))?;
                }
                summary.map_or(Ok(()), |path| summary::append(&path, done, &links))
            }
            Err(error) => output::print(&annotate::failure(&errors::plain(error))),
        };
        let exit_code = result.as_ref().map_or(Outcome::Failed, |done| done.outcome) as u8;
        let (findings, sarif) = match result {
            Ok(done) => (done.report.findings.len().to_string(), done.sarif.as_ref()),
            Err(_) => (String::new(), None),
        };
        let sarif = sarif.map(|path| path.display().to_string()).unwrap_or_default();
        let all = [("findings", findings), ("sarif", sarif), ("exit-code", exit_code.to_string())];
        written.and(outputs.map_or(Ok(()), |path| outputs::append(&path, &all)))
    }
}

//! GitHub Actions: the event says what to scan, and results go where a workflow shows them: annotations at the lines,
//! a summary of the job, outputs for the steps that follow, and, if that is asked for, a comment on the pull request.
//!
//! Only the comment needs a token, so that all else works for pull requests from forks. Secrets are masked everywhere.

mod annotate;
mod api;
mod commands;
mod comment;
pub mod event;
mod outputs;
mod page;
mod summary;

use std::path::{Path, PathBuf};

use annotate::Remark;
use commands::Commands;
use comment::Comment;

use super::Done;
use super::environment::Environment;
use crate::cli::{Outcome, errors, output};

/// What is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub annotations: bool,
    pub summary: bool,
    pub comment: bool,
}

/// A step of a workflow.
pub struct Step<'a> {
    commands: Commands,
    annotations: bool,
    summary: Option<PathBuf>,
    comment: Option<Comment<'a>>,
    outputs: Option<PathBuf>,
}

impl<'a> Step<'a> {
    /// The step that these variables are of, about this checkout. From here on what is printed is no command to the
    /// runner, whatever it says.
    pub fn begin(environment: &'a Environment, shown: Shown, folder: &Path) -> Self {
        let file = |name: &str| environment.get(name).map(PathBuf::from);
        Step {
            commands: Commands::stop(),
            annotations: shown.annotations,
            summary: file("GITHUB_STEP_SUMMARY").filter(|_| shown.summary),
            comment: shown.comment.then(|| Comment::new(environment, folder)),
            outputs: file("GITHUB_OUTPUT"),
        }
    }

    /// Tells what a scan came to, and hands its outputs over.
    ///
    /// # Errors
    /// If what GitHub is to read cannot be written.
    pub fn end(self, result: &anyhow::Result<Done<'_>>) -> anyhow::Result<()> {
        let Step { commands, annotations, summary, comment, outputs } = self;
        commands.resume();
        let written = match result {
            Ok(done) => {
                let mut remarks: Vec<Remark> = comment.and_then(|comment| comment.update(done)).into_iter().collect();
                let written = summary.map_or(Ok(None), |path| summary::append(&path, done));
                let written = written.map(|remark| remarks.extend(remark));
                let told = match annotations {
                    true => annotate::annotations(done, &remarks),
                    false => remarks.iter().map(Remark::annotation).collect(),
                };
                written.and(output::print(&told))
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

//! The job summary: Markdown that GitHub shows on the page of the run. A step may write 1 MiB of it, and loses all if it
//! writes more (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>).

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use super::super::Done;
use super::super::ranking::Loudness;
use super::annotate::Remark;
use super::page::page;
use crate::cli::errors::Failure;

/// Bytes that GitHub takes of a step.
const LARGEST: usize = 1 << 20;
/// Bytes that every page takes.
const LEAST: usize = 4 << 10;

/// Adds the summary to the file; a remark if it does not fit.
///
/// # Errors
/// If it cannot be written.
pub fn append(path: &Path, done: &Done<'_>) -> anyhow::Result<Option<Remark>> {
    // What the step has written before counts.
    let taken = fs::metadata(path).map_or(0, |found| usize::try_from(found.len()).unwrap_or(usize::MAX));
    let room = LARGEST.saturating_sub(taken);
    if room < LEAST {
        let what = "The summary of this step has no room left for the findings. The log has them.".to_owned();
        return Ok(Some(Remark { loudness: Loudness::Notice, title: "cut to fit", what }));
    }
    let file = File::options().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(page(done, room).as_bytes()));
    let failure = |error| Failure::new(format!("cannot write the summary to {}", path.display())).cause(error);
    written.map(|()| None).map_err(|error| failure(error).into())
}

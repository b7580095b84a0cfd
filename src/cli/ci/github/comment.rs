//! The comment on a pull request: one for each job and folder, kept up to date instead of repeated.
//!
//! It is found again by a marker that nobody sees, at its very beginning, and by who wrote it: a text that anybody may
//! write proves nothing, and with the job's token the comments of others could be written over. Whatever goes wrong is
//! told, and changes nothing of the outcome: the comment only shows it.

use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::super::Done;
use super::super::environment::Environment;
use super::super::ranking::Loudness;
use super::annotate::Remark;
use super::api::{Api, Trouble};
use super::event::{Pull, pull_request};
use super::page::page;

/// Bytes of a comment. GitHub takes 65,536 characters.
const LARGEST: usize = 65_000;

/// The comment of a job.
pub struct Comment<'a> {
    environment: &'a Environment,
    marker: String,
}

impl<'a> Comment<'a> {
    /// That of the job that these variables are of, about the checkout in `folder`.
    pub fn new(environment: &'a Environment, folder: &Path) -> Self {
        Comment { environment, marker: marker(environment, folder) }
    }

    /// Writes it, or brings it up to date; where there is nothing to tell and none was written, none is. What the user
    /// must know of it.
    pub fn update(&self, done: &Done<'_>) -> Option<Remark> {
        let remark = |loudness, what: String| Some(Remark { loudness, title: "no comment", what });
        let pull = match pull_request(self.environment) {
            Ok(Some(pull)) => pull,
            Ok(None) => {
                let event = self.environment.get("GITHUB_EVENT_NAME").unwrap_or("this kind");
                return remark(Loudness::Notice, format!("An event {event} is no pull request to comment on."));
            }
            Err(error) => return remark(Loudness::Warning, error.to_string()),
        };
        let trouble = self.write(pull, done).err()?;
        let what = format!("The pull request has no comment that is up to date: {}", trouble.what);
        match pull.is_foreign && trouble.is_about_rights {
            true => remark(
                Loudness::Notice,
                format!(
                    "{what} For pull requests from forks it never has it: annotations and summary have the findings."
                ),
            ),
            false => remark(Loudness::Warning, what),
        }
    }

    fn write(&self, pull: Pull, done: &Done<'_>) -> Result<(), Trouble> {
        let api = Api::of(self.environment)?;
        let known = api.find(pull.number, &self.marker)?;
        if known.is_none() && done.report.findings.is_empty() {
            return Ok(());
        }
        let body = format!("{}\n{}", self.marker, page(done, LARGEST - self.marker.len() - 1));
        match known {
            Some(known) if known.body.as_deref() == Some(&body) => Ok(()),
            Some(known) => api.change(known.id, &body),
            None => api.add(pull.number, &body),
        }
    }
}

/// What a comment begins with: the same for each run of a job, another for every other job and folder. It is a hash, for
/// the name of a workflow may hold anything.
fn marker(environment: &Environment, folder: &Path) -> String {
    let real = |path: &Path| path.canonicalize().ok();
    let workspace = environment.get("GITHUB_WORKSPACE").and_then(|path| real(Path::new(path)));
    let folder = real(folder).unwrap_or_default();
    let below = workspace.and_then(|workspace| folder.strip_prefix(workspace).ok().map(Path::to_owned));
    let folder = below.unwrap_or(folder);
    let mut hash = Sha256::new();
    for part in ["GITHUB_WORKFLOW", "GITHUB_JOB"] {
        hash.update(environment.get(part).unwrap_or_default());
        hash.update([0]);
    }
    hash.update(folder.as_os_str().as_encoded_bytes());
    let id = HEXLOWER.encode(hash.finalize().get(..8).unwrap_or_default());
    format!("<!-- unspill comment {id} -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(workflow: &str, job: &str, folder: &str) -> String {
        let variables = [("GITHUB_WORKFLOW", workflow), ("GITHUB_JOB", job), ("GITHUB_WORKSPACE", "/usr")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        marker(&Environment::of(variables), Path::new(folder))
    }

    #[test]
    fn each_job_and_folder_has_a_marker_of_its_own() {
        let one = of("CI", "scan", "/usr");
        assert_eq!(one, of("CI", "scan", "/usr/lib/.."));
        for other in [of("CI", "scan", "/usr/lib"), of("CI", "other", "/usr"), of("--> <b>", "scan", "/usr")] {
            assert_ne!(one, other);
            assert!(other.starts_with("<!-- unspill comment ") && other.len() == one.len(), "{other}");
        }
    }
}

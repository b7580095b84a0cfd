//! What only git itself can tell: where it looks for hooks, by the configuration of repository, user and system. It is
//! asked with the user's own git, which refuses a repository that somebody else owns, as it would when it runs hooks.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bstr::{BString, ByteSlice};

use super::super::errors::Failure;

/// Git, at one place.
pub struct Git {
    before: Vec<OsString>,
    folder: Option<PathBuf>,
    /// Whether what `GIT_DIR` and its kin name is out of the question.
    elsewhere: bool,
}

impl Git {
    /// At a folder that the user named, or the current one.
    pub fn at(folder: Option<&Path>) -> Git {
        Git { before: Vec::new(), folder: folder.map(Path::to_owned), elsewhere: folder.is_some() }
    }

    /// In this repository, in the folder that its hooks run in.
    pub fn inside(git_dir: &Path, work_tree: Option<&Path>) -> Git {
        let named = |option: &str, path: &Path| [option.into(), path.as_os_str().to_owned()];
        let mut before = named("--git-dir", git_dir).to_vec();
        before.extend(work_tree.into_iter().flat_map(|folder| named("--work-tree", folder)));
        Git { before, folder: Some(work_tree.unwrap_or(git_dir).to_owned()), elsewhere: true }
    }

    /// What it prints, without the line end; `None` if it says no.
    ///
    /// # Errors
    /// If there is no git.
    pub fn ask(&self, arguments: &[&str]) -> Result<Option<BString>, Failure> {
        let output = self.run(arguments.iter().map(OsStr::new))?;
        Ok(output.status.success().then(|| printed(output.stdout)))
    }

    /// The same where no is an error.
    ///
    /// # Errors
    /// With git's own words.
    pub fn tell<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<BString, Failure> {
        let output = self.run(arguments.iter().map(AsRef::as_ref))?;
        if output.status.success() {
            return Ok(printed(output.stdout));
        }
        let words = output.stderr.to_str_lossy();
        let words = words.trim().trim_start_matches("fatal: ").trim_start_matches("error: ");
        Err(Failure::new(format!("git says: {words}")))
    }

    fn run<'a>(&self, arguments: impl Iterator<Item = &'a OsStr>) -> Result<Output, Failure> {
        let mut git = Command::new("git");
        if self.elsewhere {
            for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"] {
                git.env_remove(name);
            }
        }
        if let Some(folder) = &self.folder {
            git.arg("-C").arg(folder);
        }
        git.args(&self.before).args(arguments).env("LC_ALL", "C");
        git.output().map_err(|error| {
            Failure::new("git cannot be run").hint("install git, or put it into the PATH").cause(error)
        })
    }
}

fn printed(mut bytes: Vec<u8>) -> BString {
    if bytes.ends_with(b"\n") {
        bytes.pop();
    }
    bytes.into()
}

/// A path as git prints it.
///
/// # Errors
/// On systems whose paths are no bytes, if it is no UTF-8.
pub fn path(printed: &BString) -> Result<PathBuf, Failure> {
    let path = printed.to_path().map_err(|_| Failure::new(format!("git names a path that is no text: {printed}")))?;
    Ok(path.to_owned())
}

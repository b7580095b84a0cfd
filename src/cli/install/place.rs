//! The folder in which git looks for the hooks of a repository, and whose folder that is.

use std::path::{Path, PathBuf};

use bstr::ByteSlice;

use super::super::errors::Failure;
use super::git::{self, Git};

/// Where the hooks of a repository are.
#[derive(Debug)]
pub struct Place {
    /// The folder; it need not be there yet.
    pub folder: PathBuf,
    /// The folder that hooks run in, which messages name paths from.
    pub base: PathBuf,
    /// True if the folder is part of what is committed, and shared with others.
    pub shared: bool,
    /// True if there is no work tree of its own.
    pub bare: bool,
    /// The folder of this repository alone, if `folder` is one that counts for others, too.
    pub own: Option<PathBuf>,
}

/// Finds where the hooks of the repository at `repo` are.
///
/// # Errors
/// If there is no repository, or its hooks are switched off.
pub fn of(repo: Option<&Path>) -> Result<Place, Failure> {
    let here = Git::at(repo);
    let git_dir = here.tell(&["rev-parse", "--absolute-git-dir"]);
    let git_dir = git_dir.map_err(|e| e.hint("name a repository, or go to one; --global is for all repositories"))?;
    let git_dir = git::path(&git_dir)?;
    let work_tree = here.ask(&["rev-parse", "--show-toplevel"])?;
    let work_tree = work_tree.filter(|path| !path.is_empty()).map(|path| git::path(&path)).transpose()?;
    let inside = Git::inside(&git_dir, work_tree.as_deref());
    let base = work_tree.clone().unwrap_or_else(|| git_dir.clone());
    let bare = here.tell(&["rev-parse", "--is-bare-repository"])? == "true";
    let common = base.join(git::path(&inside.tell(&["rev-parse", "--git-common-dir"])?)?);

    let set = inside.ask(&["config", "--show-scope", "--type=path", "--get", "core.hooksPath"])?.unwrap_or_default();
    let (scope, value) = set.split_once_str("\t").unwrap_or_default();
    let folder = base.join(git::path(&inside.tell(&["rev-parse", "--git-path", "hooks"])?)?);
    if !set.is_empty() && (value.is_empty() || (folder.exists() && !folder.is_dir())) {
        return Err(Failure::new(format!("hooks are switched off: core.hooksPath is `{}`", value.to_str_lossy()))
            .hint("to have them again: git config --unset core.hooksPath, with --global if it is set there"));
    }
    if work_tree.is_none() && !bare && Path::new(&*value.to_path_lossy()).is_relative() && !value.is_empty() {
        return Err(Failure::new("core.hooksPath is relative to the work tree, and this is not in one")
            .hint("run it in the work tree"));
    }
    let shared = work_tree.as_deref().is_some_and(|top| folder.starts_with(top)) && !folder.starts_with(&common);
    let own = matches!(scope, b"global" | b"system").then(|| common.join("hooks"));
    Ok(Place { folder, base, shared, bare, own })
}

impl Place {
    /// `path` as the user would write it.
    pub fn shown(&self, path: &Path) -> String {
        let here = std::env::current_dir().ok().and_then(|dir| dir.canonicalize().ok());
        let short = here.filter(|here| *here == self.base).and_then(|here| path.strip_prefix(here).ok());
        short.unwrap_or(path).display().to_string()
    }
}

//! Tracked files: what git keeps although its ignore files name it.
//!
//! A file that was added by force is not ignored by git, whatever `.gitignore` says of it; a committed `.env` is the
//! classic case. The walk knows patterns only, so afterwards the index tells which files it wrongly left out.

use std::fs;
use std::path::{Path, PathBuf};

use bstr::{BString, ByteSlice};
use gix::index::entry::Mode;

/// The files that the index of a repository names, so far as they lie below a folder.
#[derive(Debug)]
pub(super) struct Tracked {
    /// The folder, resolved.
    folder: PathBuf,
    /// Paths relative to it, as the index has them: sorted.
    paths: Vec<BString>,
}

impl Tracked {
    /// Reads the index of the repository that `folder` lies in; `None` if it lies in none.
    ///
    /// # Errors
    /// If there is an index that cannot be read: its path, and why.
    pub(super) fn below(folder: &Path) -> Result<Option<Self>, (PathBuf, String)> {
        let Ok(folder) = folder.canonicalize() else { return Ok(None) };
        if !folder.is_dir() {
            return Ok(None);
        }
        let Some((top, index)) = folder.ancestors().find_map(|top| Some((top, index_of(top)?))) else {
            return Ok(None);
        };
        let opened = gix::open_opts(top, gix::open::Options::isolated()).map_err(|error| error.to_string());
        let state = opened
            .and_then(|repository| repository.open_index().map_err(|error| error.to_string()))
            .map_err(|error| (index, error))?;
        let prefix = match folder.strip_prefix(top) {
            Ok(below) if !below.as_os_str().is_empty() => with_slash(below),
            _ => Vec::new(),
        };
        let files = state.entries().iter().filter(|entry| matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE));
        let below = files.filter_map(|entry| entry.path(&state).strip_prefix(&prefix[..]).map(BString::from));
        let mut paths: Vec<BString> = below.collect();
        // A file in a conflict stands there more than once.
        paths.dedup();
        Ok(Some(Tracked { folder, paths }))
    }

    /// The paths that are plain files on disk, below no link that leads elsewhere, for which `seen` is false.
    pub(super) fn unseen(&self, seen: impl Fn(&Path) -> bool) -> Vec<&Path> {
        let paths = self.paths.iter().filter_map(|path| path.to_path().ok());
        paths.filter(|path| !seen(path) && self.is_file(path)).collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        let whole = self.folder.join(path);
        let in_place = || whole.parent().is_some_and(|parent| parent.canonicalize().is_ok_and(|real| real == parent));
        fs::symlink_metadata(&whole).is_ok_and(|about| about.is_file()) && in_place()
    }
}

/// Where the index of the work tree at `top` is, if there is a repository with an index.
fn index_of(top: &Path) -> Option<PathBuf> {
    let git = top.join(".git");
    let folder = if fs::metadata(&git).ok()?.is_dir() {
        git
    } else {
        let pointer = fs::read_to_string(&git).ok()?;
        top.join(pointer.strip_prefix("gitdir:")?.trim())
    };
    let index = folder.join("index");
    (folder.join("HEAD").is_file() && index.is_file()).then_some(index)
}

/// The path as an index has it, with a slash at its end.
fn with_slash(path: &Path) -> Vec<u8> {
    let mut bytes = super::worktree::shown(path).to_vec();
    bytes.push(b'/');
    bytes
}

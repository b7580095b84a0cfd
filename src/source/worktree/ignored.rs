//! Whether a walk would leave files out because git ignores them.

use std::path::{Path, PathBuf};

use super::{Tracked, Worktree, WorktreeOptions};
use crate::source::plain::has_plain_ignore_files_above;

/// True if git ignores the file and does not track it, so that a walk of its repository passes over it.
pub fn is_ignored(file: &Path) -> bool {
    let Ok(file) = file.canonicalize() else { return false };
    let Some(top) = file.ancestors().find(|folder| folder.join(".git").exists()) else { return false };
    let Some((folder, name)) = file.parent().zip(file.file_name()) else { return false };
    if !has_plain_ignore_files_above(folder) {
        return false;
    }
    if let Ok(Some(tracked)) = Tracked::below(folder)
        && !tracked.unseen(|path| path != Path::new(name)).is_empty()
    {
        return false;
    }
    let roots = [top.to_owned()];
    let Some(mut walk) = Worktree::new(roots.to_vec(), WorktreeOptions::default()).walk(&roots, &Default::default())
    else {
        return false;
    };
    let target = file.clone();
    walk.threads(1).filter_entry(move |entry| target.starts_with(entry.path()));
    !walk.build().flatten().any(|entry| entry.path() == file)
}

/// Whether any file lies below `roots`, whatever git thinks of it: where a walk came upon none, git ignores all of them.
pub fn has_files(roots: &[PathBuf]) -> bool {
    let all = Worktree::new(roots.to_vec(), WorktreeOptions::default()).walk_all(roots);
    all.is_some_and(|walk| walk.build().flatten().any(|entry| entry.file_type().is_some_and(|kind| kind.is_file())))
}

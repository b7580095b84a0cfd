//! Plain ignore files: the only ones that are read.
//!
//! The walk reads ignore files before anyone can look at them, and a stranger's folder may hold a `.gitignore` that is a
//! link to `/dev/zero`, a named pipe, or a gigabyte long. git does not follow such links either (since 2.32). So each
//! folder is looked at before the walk enters it, and one whose ignore files are odd is walked as if it had none: more is
//! scanned than git would, never less.

use std::fs;
use std::path::Path;

/// The longest ignore file that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Whether the ignore files that the walk would read in a folder are plain files of moderate length, or not there.
pub(super) fn has_plain_ignore_files(folder: &Path) -> bool {
    let git = folder.join(".git");
    is_plain(&folder.join(".gitignore"))
        && match fs::symlink_metadata(&git) {
            Err(_) => true,
            Ok(about) if about.is_dir() => is_plain(&git.join("info/exclude")),
            Ok(about) => about.is_file() && about.len() <= LONGEST,
        }
}

/// The same for a folder and all folders that it lies in, whose ignore files hold for it too.
pub(super) fn has_plain_ignore_files_above(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().all(has_plain_ignore_files))
}

fn is_plain(path: &Path) -> bool {
    // What cannot be looked at cannot be read either.
    fs::symlink_metadata(path).map_or(true, |about| about.is_file() && about.len() <= LONGEST)
}

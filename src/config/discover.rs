//! Where the configuration is: named by the user, or found between what is scanned and the root of its repository.

use std::path::{Path, PathBuf};

use super::ConfigError;

/// Names of the files that are looked for.
pub const NAMES: [&str; 3] = ["unspill.toml", ".unspill.toml", ".gitleaks.toml"];

/// What is named to have no configuration at all, on every system: it is read as an empty one.
pub const NOTHING: &str = "/dev/null";

/// The folders in which files that belong to `start` (configuration, ignore files) are looked for, nearest first:
/// from `start` (its folder, if it is a file) up to the root of the repository, which is the first folder that holds a
/// `.git`. Without a repository that is the first folder alone. Folders at or below the current one are named
/// relative to it, as people know them.
pub fn folders(start: &Path) -> Vec<PathBuf> {
    let start = start.canonicalize().or_else(|_| std::path::absolute(start)).unwrap_or_else(|_| start.to_owned());
    let first = if start.is_file() { start.parent().unwrap_or(&start) } else { &start };
    let here = std::env::current_dir().unwrap_or_default();
    let mut folders = Vec::new();
    for folder in first.ancestors() {
        let relative = folder.strip_prefix(&here).ok().filter(|_| !here.as_os_str().is_empty());
        folders.push(relative.unwrap_or(folder).to_owned());
        if folder.join(".git").exists() {
            return folders;
        }
    }
    folders.truncate(1);
    folders
}

/// The configuration to use: `explicit` (`--config`), else `env` (`UNSPILL_CONFIG`), else the nearest `unspill.toml` or
/// `.unspill.toml` in the [`folders`] of `start`, else the nearest `.gitleaks.toml` there, else none.
///
/// # Errors
/// If a file that was named is not there, a folder has both `unspill.toml` and `.unspill.toml`, or what was found is a
/// link that leads out of the repository.
pub fn find(explicit: Option<&Path>, env: Option<&Path>, start: &Path) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(named) = explicit.or(env) {
        return match std::fs::metadata(named) {
            _ if named == Path::new(NOTHING) => Ok(Some(named.to_owned())),
            Ok(_) => Ok(Some(named.to_owned())),
            Err(cause) => Err(ConfigError::Unreadable { path: named.to_owned(), cause }),
        };
    }
    let folders = folders(start);
    let found = nearest(&folders)?;
    if let Some(path) = &found {
        stay_within(path, &folders).map_err(|cause| ConfigError::Unreadable { path: path.clone(), cause })?;
    }
    Ok(found)
}

fn nearest(folders: &[PathBuf]) -> Result<Option<PathBuf>, ConfigError> {
    let [plain, hidden, foreign] = NAMES;
    for folder in folders {
        let (plain, hidden) = (folder.join(plain), folder.join(hidden));
        match (plain.is_file(), hidden.is_file()) {
            (true, true) => return Err(ConfigError::Ambiguous { first: plain, second: hidden }),
            (true, false) => return Ok(Some(plain)),
            (false, true) => return Ok(Some(hidden)),
            (false, false) => {}
        }
    }
    Ok(folders.iter().map(|folder| folder.join(foreign)).find(|path| path.is_file()))
}

/// Refuses a file that was found in one of these `folders` and is a link that leads out of their repository: whoever wrote
/// that may have this program read, and complain about, only what is theirs.
///
/// # Errors
/// If it does.
pub fn stay_within(path: &Path, folders: &[PathBuf]) -> std::io::Result<()> {
    let Some(root) = folders.last().map(|root| if root.as_os_str().is_empty() { Path::new(".") } else { root }) else {
        return Ok(());
    };
    match (path.canonicalize(), root.canonicalize()) {
        (Ok(path), Ok(root)) if root.join(".git").exists() && !path.starts_with(&root) => {
            Err(std::io::Error::other("it is a link that leads out of the repository"))
        }
        _ => Ok(()),
    }
}

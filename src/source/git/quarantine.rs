//! Objects that are not in the repository yet: while git asks its hooks about a push, it keeps what came in a folder
//! aside, and says in their environment where that is and where the rest is. See git(1), `GIT_OBJECT_DIRECTORY` and
//! `GIT_ALTERNATE_OBJECT_DIRECTORIES`, and git-receive-pack(1), "Quarantine environment".

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;

use bstr::{BString, ByteSlice};

use crate::source::SourceError;

/// Between two folders of a list.
const SEPARATOR: u8 = if cfg!(windows) { b';' } else { b':' };

/// The folders of objects that the environment names: the one that git writes to, and those that it reads as well. Git
/// passes over those of the latter that are not there.
///
/// # Errors
/// If the first one is not there.
pub(super) fn folders() -> Result<Vec<PathBuf>, SourceError> {
    let given = |name| env::var_os(name).filter(|value| !value.is_empty());
    let mut folders = Vec::new();
    if let Some(own) = given("GIT_OBJECT_DIRECTORY").map(PathBuf::from) {
        if !own.is_dir() {
            let what = format!("GIT_OBJECT_DIRECTORY names {}, which is no folder", own.display());
            return Err(SourceError::new(what).hint("run this from git's hook, or unset the variable"));
        }
        folders.push(own);
    }
    let others = given("GIT_ALTERNATE_OBJECT_DIRECTORIES").map(|list| split(&list)).unwrap_or_default();
    folders.extend(others.into_iter().filter(|folder| folder.is_dir()));
    Ok(folders)
}

/// Folders one after another; one that begins with `"` is quoted as in C.
fn split(list: &OsStr) -> Vec<PathBuf> {
    let mut rest = list.as_encoded_bytes();
    let mut folders = Vec::new();
    while !rest.is_empty() {
        let unquoted = if rest.starts_with(b"\"") { gix::quote::ansi_c::undo(rest.as_bstr()).ok() } else { None };
        let (folder, length): (BString, usize) = match unquoted {
            Some((folder, length)) => (folder.into_owned(), length),
            None => {
                let length = memchr::memchr(SEPARATOR, rest).unwrap_or(rest.len());
                (rest.get(..length).unwrap_or_default().into(), length)
            }
        };
        rest = rest.get(length..).unwrap_or_default();
        rest = rest.strip_prefix(&[SEPARATOR]).unwrap_or(rest);
        if let Ok(folder) = folder.to_path()
            && !folder.as_os_str().is_empty()
        {
            folders.push(folder.to_owned());
        }
    }
    folders
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn lists_of_folders_are_those_that_git_writes() {
        let folders = |list: &str| split(list.as_ref()).iter().map(|f| f.display().to_string()).collect::<Vec<_>>();
        assert_eq!(folders("/a/objects:/b c/objects"), ["/a/objects", "/b c/objects"]);
        assert_eq!(folders(r#""/a:b/\"objects":/c"#), ["/a:b/\"objects", "/c"]);
        assert_eq!(folders(":/a::"), ["/a"]);
        assert_eq!(folders(r#""/never ends"#), ["\"/never ends"]);
        assert!(folders("").is_empty());
    }
}

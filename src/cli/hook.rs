//! What a hook is about: what it was told by its flags, or by the environment that pre-commit and prek make.

use std::env;
use std::path::Path;

use super::git::PartArgs;
use crate::report::text::{Hook, Stopped};

/// What is to be scanned, and what a finding stops. Where no flag says which part of the repository, it is the range
/// that `PRE_COMMIT_FROM_REF` and `PRE_COMMIT_TO_REF` name; for a branch that is pushed for the first time and shares
/// nothing with its remote, that branch; and else what is staged. Where no commit is being made, which git would tell of by
/// `GIT_INDEX_FILE`, and nothing is staged, all files are meant: `pre-commit run --all-files`, as in CI, of which a hook
/// that is handed no file names is not told otherwise.
pub fn part(part: PartArgs) -> (PartArgs, Stopped) {
    if part.staged {
        return (part, Stopped::Commit);
    }
    if part.is_partial() {
        return (part, Stopped::Push);
    }
    let told = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match (told("PRE_COMMIT_FROM_REF"), told("PRE_COMMIT_TO_REF"), told("PRE_COMMIT_LOCAL_BRANCH")) {
        (Some(from), Some(to), _) => (PartArgs { range: Some(format!("{from}..{to}")), ..part }, Stopped::Push),
        (_, _, Some(branch)) => (PartArgs { reference: Some(branch), ..part }, Stopped::Push),
        _ if told("PRE_COMMIT").is_some() && told("GIT_INDEX_FILE").is_none() => {
            (PartArgs { staged: true, or_all: true, ..part }, Stopped::Run)
        }
        _ => (PartArgs { staged: true, ..part }, Stopped::Commit),
    }
}

/// The hook with this id, which is empty where none was told.
pub fn hook(stopped: Stopped, id: String) -> Hook {
    // Git says from which folder it was called; pre-commit and prek, run by hand, go to the root and say nothing.
    let at_root = match env::var_os("GIT_PREFIX") {
        Some(prefix) => prefix.is_empty(),
        None => env::var_os("PRE_COMMIT").is_none() && Path::new(".git").exists(),
    };
    Hook { stopped, id: Some(id).filter(|id| !id.is_empty()), at_root }
}

/// The part of a message's file that becomes the message: what stands behind the scissors line, as of `git commit -v`,
/// is the change and no part of it.
pub fn message(file: &[u8]) -> &[u8] {
    use bstr::ByteSlice;
    let mut end = 0;
    for line in file.lines_with_terminator() {
        // The first character is whichever the user has comments begin with.
        if line.trim_end().ends_with(b" ------------------------ >8 ------------------------") {
            break;
        }
        end += line.len();
    }
    file.get(..end).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn the_change_below_the_scissors_is_no_message() {
        let text = b"Title\n# comment\n# ------------------------ >8 ------------------------\ndiff\n";
        assert_eq!(message(text), b"Title\n# comment\n");
        assert_eq!(message(b"Title"), b"Title");
    }
}

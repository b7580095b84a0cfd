//! Hooks for all repositories of a user: one folder that `core.hooksPath` names in the user's configuration.
//!
//! Git then passes over the hooks that a repository has of its own. So the folder has a hook of every kind, each of
//! which runs the repository's own. Left out are two that change what git does by being there. A repository that sets
//! `core.hooksPath` itself, as husky does, goes its own way.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::{env, iter};

use bstr::ByteSlice;

use super::super::errors::Failure;
use super::block::{Lines, Then};
use super::change::{self, Done};
use super::git::{self, Git};
use super::hook::Hook;

/// All hooks of githooks(5) but `push-to-checkout`, which takes over from git where it is, and `fsmonitor-watchman`,
/// which is no hook of a folder.
const ALL: [&str; 26] = [
    "applypatch-msg",
    "commit-msg",
    "p4-changelist",
    "p4-post-changelist",
    "p4-pre-submit",
    "p4-prepare-changelist",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-receive",
    "post-rewrite",
    "post-update",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-rebase",
    "pre-receive",
    "prepare-commit-msg",
    "proc-receive",
    "reference-transaction",
    "sendemail-validate",
    "update",
];

/// The folder that `core.hooksPath` names for all repositories of the user.
pub enum Folder {
    /// None, or this one of ours.
    Ours(PathBuf),
    /// One that the user has already.
    Theirs(PathBuf),
}

/// Finds it.
///
/// # Errors
/// If it is not one folder for all.
pub fn folder() -> Result<Folder, Failure> {
    let ours = ours()?;
    let Some(set) = set()? else { return Ok(Folder::Ours(ours)) };
    if set == ours {
        return Ok(Folder::Ours(ours));
    }
    if set.is_relative() || (set.exists() && !set.is_dir()) {
        return Err(Failure::new(format!("core.hooksPath is `{}`, which is not one folder for all", set.display()))
            .hint("see `git config --global --get core.hooksPath`; --unset takes it away"));
    }
    Ok(Folder::Theirs(set))
}

/// What the user's configuration says.
fn set() -> Result<Option<PathBuf>, Failure> {
    let set = Git::at(None).ask(&["config", "--global", "--type=path", "--get", "core.hooksPath"])?;
    set.map(|set| git::path(&set)).transpose()
}

/// Our folder, there or not.
///
/// # Errors
/// If the user has no home.
pub fn ours() -> Result<PathBuf, Failure> {
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".config"));
    let config = config.or_else(home).ok_or_else(|| Failure::new("there is no home folder").hint("set HOME"))?;
    Ok(config.join("unspill").join("hooks"))
}

/// Writes the folder with the checks of `hooks`, and has git look there.
///
/// # Errors
/// If it cannot be written, or git does not take it.
pub fn install(folder: &Path, hooks: &[Hook], program: Option<&str>) -> Result<Vec<(Hook, Done)>, Failure> {
    let mut done = Vec::new();
    for name in ALL {
        let path = folder.join(name);
        let wanted = Hook::ALL.into_iter().find(|hook| hook.file_name() == name);
        let asked = wanted.filter(|hook| hooks.contains(hook));
        let check = asked.or(wanted.filter(|hook| checks(&path, *hook)));
        let became = change::install(&path, &Lines { name, check, program, then: Then::Own })?;
        done.extend(asked.map(|hook| (hook, became)));
    }
    let set: [&OsStr; 4] = ["config".as_ref(), "--global".as_ref(), "core.hooksPath".as_ref(), folder.as_ref()];
    Git::at(None).tell(&set)?;
    Ok(done)
}

/// Takes the checks of `hooks` out; with the last one goes the folder, and git looks where it did before.
///
/// # Errors
/// If it cannot be written, or git does not take it.
pub fn uninstall(folder: &Path, hooks: &[Hook]) -> Result<Vec<(Hook, Done)>, Failure> {
    let had: Vec<Hook> = Hook::ALL.into_iter().filter(|hook| checks(&folder.join(hook.file_name()), *hook)).collect();
    let out: Vec<Hook> = had.iter().copied().filter(|hook| hooks.contains(hook)).collect();
    let lines = |hook: Hook| Lines { name: hook.file_name(), check: None, program: None, then: Then::Own };
    if out.len() < had.len() {
        let take =
            |hook: Hook| change::install(&folder.join(hook.file_name()), &lines(hook)).map(|_| (hook, Done::Taken));
        return out.into_iter().map(take).collect();
    }
    let mut left = false;
    for name in ALL {
        left |= change::uninstall(&folder.join(name))? == Done::Taken;
    }
    // What somebody wrote into one of them still counts.
    if !left {
        if set()?.is_some_and(|set| set == folder) {
            Git::at(None).tell(&["config", "--global", "--unset", "core.hooksPath"])?;
        }
        // Folders that hold something else stay.
        let _ = iter::successors(Some(folder), |folder| folder.parent()).take(2).try_for_each(fs::remove_dir);
    }
    Ok(out.into_iter().map(|hook| (hook, Done::Deleted)).collect())
}

/// Whether the hook at `path` runs the check of `hook`.
pub fn checks(path: &Path, hook: Hook) -> bool {
    let run = format!("\"$unspill_program\" {} ", hook.arguments());
    fs::read(path).is_ok_and(|content| content.contains_str(run))
}

//! `unspill install` and `unspill uninstall`: has git run unspill before a commit or push, next to whatever runs there.
//!
//! [`place`] finds the folder, [`file`] looks at what stands there, [`block`] puts lines in and takes them out again,
//! [`manager`] knows whose files are not to be touched, and [`global`] is for all repositories at once.

mod block;
mod change;
mod file;
mod git;
mod global;
mod hook;
mod manager;
mod place;
mod shell;

use std::env;
use std::path::PathBuf;

use block::{Lines, Then};
use change::Done;
use global::Folder;
use hook::Hook;
use manager::Manager;
use place::Place;

use super::errors::Failure;
use super::{Outcome, output};

/// Have git run unspill before a commit or a push
///
/// Adds a few lines to the hook, or makes one. What is there runs as before. `unspill uninstall` takes the lines out
/// again. If unspill cannot be found later, commits are stopped, with a message that says how to go on.
#[derive(Debug, clap::Args)]
pub struct InstallArgs {
    /// The repository [default: the one about the current folder]
    #[arg(value_name = "REPO", conflicts_with = "global")]
    repo: Option<PathBuf>,
    /// Which hook; may be repeated [default: pre-commit]
    #[arg(long, value_enum, value_name = "HOOK")]
    hook: Vec<Hook>,
    /// For all repositories of yours, by core.hooksPath; the hooks that they have run as before
    #[arg(long)]
    global: bool,
}

/// Take out what `unspill install` put in
#[derive(Debug, clap::Args)]
pub struct UninstallArgs {
    /// The repository [default: the one about the current folder]
    #[arg(value_name = "REPO", conflicts_with = "global")]
    repo: Option<PathBuf>,
    /// Out of which hook; may be repeated [default: out of all]
    #[arg(long, value_enum, value_name = "HOOK")]
    hook: Vec<Hook>,
    /// What was put in for all repositories
    #[arg(long)]
    global: bool,
}

/// Runs `install`.
pub fn install(args: InstallArgs) -> anyhow::Result<Outcome> {
    let hooks = if args.hook.is_empty() { vec![Hook::PreCommit] } else { args.hook };
    let program = env::current_exe().ok().and_then(|path| Some(path.to_str()?.to_owned()));
    if args.global {
        return install_globally(&hooks, program.as_deref());
    }
    let mut place = place::of(args.repo.as_deref())?;
    if let Some(own) = place.own.take() {
        if place.folder != global::ours()? {
            return Err(Failure::new(format!("the hooks of all your repositories are in {}", place.folder.display()))
                .hint("to add to those: unspill install --global; for this repository alone, have git look into a folder of its own first: git config core.hooksPath .git/hooks").into());
        }
        let (known, open): (Vec<Hook>, Vec<Hook>) =
            hooks.iter().partition(|hook| global::checks(&place.folder.join(hook.file_name()), **hook));
        for hook in known {
            output::print(&format!("{} is installed for all your repositories already.\n", hook.file_name()))?;
        }
        place.folder = own;
        return install_in(&place, &open, program.as_deref());
    }
    install_in(&place, &hooks, program.as_deref())
}

fn install_in(place: &Place, hooks: &[Hook], program: Option<&str>) -> anyhow::Result<Outcome> {
    // What is shared must not name a path of this machine.
    let program = program.filter(|_| !place.shared);
    for hook in hooks.iter().copied() {
        let path = place.folder.join(hook.file_name());
        if let Some(manager) = Manager::of_folder(&place.folder) {
            return Err(change::managed(&path, manager, Some(hook)).into());
        }
        let lines = Lines { name: hook.file_name(), check: Some(hook), program, then: Then::GoOn };
        let done = change::install(&path, &lines)?;
        output::print(&told(&done, hook, &place.shown(&path)))?;
        if place.shared && done != Done::Already {
            output::print("  It is part of the work tree: commit it to share it.\n")?;
        }
        if place.bare && hook != Hook::PrePush {
            output::print("  This repository is bare: it counts for commits in work trees that belong to it.\n")?;
        }
    }
    Ok(Outcome::Clean)
}

fn install_globally(hooks: &[Hook], program: Option<&str>) -> anyhow::Result<Outcome> {
    match global::folder()? {
        Folder::Ours(folder) => {
            for (hook, done) in global::install(&folder, hooks, program)? {
                output::print(&told(&done, hook, &folder.join(hook.file_name()).display().to_string()))?;
            }
            output::print("  It counts for all your repositories; the hooks that they have run after it.\n")?;
        }
        Folder::Theirs(folder) => {
            for hook in hooks.iter().copied() {
                let path = folder.join(hook.file_name());
                let lines = Lines { name: hook.file_name(), check: Some(hook), program, then: Then::GoOn };
                output::print(&told(&change::install(&path, &lines)?, hook, &path.display().to_string()))?;
            }
            output::print("  core.hooksPath names this folder for all your repositories.\n")?;
        }
    }
    Ok(Outcome::Clean)
}

/// Runs `uninstall`.
pub fn uninstall(args: UninstallArgs) -> anyhow::Result<Outcome> {
    let hooks = if args.hook.is_empty() { Hook::ALL.to_vec() } else { args.hook };
    let mut any = false;
    let mut tell = |done: &Done, hook: Hook, path: &str| {
        any |= *done != Done::Nothing;
        output::print(&told(done, hook, path))
    };
    let folder = match args.global {
        true => global::folder()?,
        false => {
            let place = place::of(args.repo.as_deref())?;
            // What counts for all repositories is taken out for all of them only.
            let folder = place.own.clone().unwrap_or_else(|| place.folder.clone());
            for hook in hooks {
                let path = folder.join(hook.file_name());
                for path in [file::moved(&path), path] {
                    tell(&change::uninstall(&path)?, hook, &place.shown(&path))?;
                }
            }
            if !any {
                output::print(&format!("There is nothing of unspill in {}.\n", place.shown(&folder)))?;
            }
            return Ok(Outcome::Clean);
        }
    };
    let (Folder::Ours(folder) | Folder::Theirs(folder), ours) = (&folder, matches!(folder, Folder::Ours(_)));
    let done = match ours {
        true => global::uninstall(folder, &hooks)?,
        false => {
            let one = |hook: Hook| change::uninstall(&folder.join(hook.file_name())).map(|done| (hook, done));
            hooks.into_iter().map(one).collect::<Result<_, _>>()?
        }
    };
    for (hook, done) in &done {
        tell(done, *hook, &folder.join(hook.file_name()).display().to_string())?;
    }
    if !any {
        output::print(&format!("There is nothing of unspill in {}.\n", folder.display()))?;
    }
    Ok(Outcome::Clean)
}

/// What became of a hook, in words.
fn told(done: &Done, hook: Hook, path: &str) -> String {
    let runs = format!("it runs `unspill {}` before each {}", hook.arguments(), hook.stops());
    match done {
        Done::Made => format!("Made {path}: {runs}.\n"),
        Done::Extended => format!("Extended {path}: {runs}, and then what it did.\n"),
        Done::Kept(what) => format!(
            "Made {path}: {runs}.\n  What was there is {what}: it is kept as {}{}, and runs after it.\n",
            hook.file_name(),
            block::KEPT
        ),
        Done::Renewed => format!("Renewed {path}: {runs}.\n"),
        Done::Already => format!("Already in {path}: {runs}.\n"),
        Done::Taken => format!("Taken out of {path}; the rest is as it was.\n"),
        Done::Deleted => format!("Deleted {path}, which had nothing else in it.\n"),
        Done::Restored => format!("Restored {path} from {}{}.\n", hook.file_name(), block::KEPT),
        Done::Nothing => String::new(),
    }
}

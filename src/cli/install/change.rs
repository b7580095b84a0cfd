//! One hook: our lines put in, and taken out.

use std::fs;
use std::path::Path;

use super::super::errors::Failure;
use super::block::{self, Lines, Then, Torn};
use super::file::{self, Standing};
use super::hook::Hook;
use super::manager::Manager;
use super::shell;

/// What became of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// There was none; now there is.
    Made,
    /// The lines stand in front of what was there.
    Extended,
    /// What was there, in words, is kept beside, and run by the new one.
    Kept(&'static str),
    /// Other lines of ours were there.
    Renewed,
    /// The very same lines were there.
    Already,
    /// The lines are out, and something else is left.
    Taken,
    /// The file is gone.
    Deleted,
    /// What was kept beside is back.
    Restored,
    /// There were none of ours.
    Nothing,
}

/// Has the hook at `path` run `lines`, too.
///
/// # Errors
/// If that would break what is there, with what to do instead.
pub fn install(path: &Path, lines: &Lines<'_>) -> Result<Done, Failure> {
    let (content, done) = match file::look(path)? {
        Standing::Nothing => (lines.file(), Done::Made),
        Standing::Managed(manager) => return Err(managed(path, manager, lines.check)),
        Standing::Closed(what) => {
            let kept = file::kept(path);
            if file::is_there(&kept) {
                return Err(Failure::new(format!("{} is {what}, so it must be kept beside", path.display()))
                    .hint(format!("{} is in the way: see what it is, and move it", kept.display())));
            }
            file::rename(path, &kept)?;
            let content = Lines { then: Then::Kept, ..*lines }.file();
            if let Err(error) = file::write(path, &content) {
                file::rename(&kept, path)?;
                return Err(error);
            }
            return Ok(Done::Kept(what));
        }
        Standing::Script(old) => {
            if cfg!(unix) && shell::has_windows_line_ends(&old) {
                return Err(Failure::new(format!("{} has Windows line ends, and cannot be run here", path.display()))
                    .hint("give it Unix line ends first"));
            }
            let found = block::find(&old).map_err(|Torn| torn(path))?;
            let is_kept = found.as_ref().is_some_and(|block| block.made) && file::is_there(&file::kept(path));
            let then = if is_kept && lines.then == Then::GoOn { Then::Kept } else { lines.then };
            let new = Lines { then, ..*lines }.insert(&old).map_err(|Torn| torn(path))?;
            match found {
                Some(_) if new == old => return Ok(Done::Already),
                Some(_) => (new, Done::Renewed),
                None => (new, Done::Extended),
            }
        }
    };
    file::write(path, &content)?;
    Ok(done)
}

/// Takes our lines out of the hook at `path`, and leaves it as it was without them.
///
/// # Errors
/// If it cannot be read or written.
pub fn uninstall(path: &Path) -> Result<Done, Failure> {
    // Nothing of ours is ever written through a link.
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(Done::Nothing);
    }
    let content = fs::read(path);
    let content = content.map_err(|e| Failure::new(format!("cannot read {}", path.display())).cause(e))?;
    let Some(found) = block::find(&content).map_err(|Torn| torn(path))? else { return Ok(Done::Nothing) };
    match block::remove(&content, &found) {
        Some(rest) => file::write(path, &rest).map(|()| Done::Taken),
        None if file::is_there(&file::kept(path)) => file::rename(&file::kept(path), path).map(|()| Done::Restored),
        None => file::delete(path).map(|()| Done::Deleted),
    }
}

/// That a program writes this hook, and how to have it run ours.
pub fn managed(path: &Path, manager: Manager, hook: Option<Hook>) -> Failure {
    let name = manager.name();
    let what = format!("{} is {name}'s, which writes it anew: nothing was changed", path.display());
    match hook {
        Some(hook) => Failure::new(what).hint(manager.advice(hook)),
        None => Failure::new(what),
    }
}

fn torn(path: &Path) -> Failure {
    Failure::new(format!("{} has one mark of unspill without the other", path.display()))
        .hint("take out the lines about unspill by hand")
}

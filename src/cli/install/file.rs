//! A hook's file: what stands there, and how it is replaced without a moment in which half of it is there.

use std::fs::{self, Metadata, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::super::errors::Failure;
use super::block::KEPT;
use super::manager::Manager;
use super::shell;

/// What stands at a hook's path.
#[derive(Debug)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// A shell script.
    Script(Vec<u8>),
    /// Something that no line can be put into: what it is, in words.
    Closed(&'static str),
    /// A file that a program keeps writing anew.
    Managed(Manager),
}

/// Looks at what stands at `path`.
///
/// # Errors
/// If it cannot be read, or git would pass over it.
pub fn look(path: &Path) -> Result<Standing, Failure> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Standing::Nothing),
        other => other.map_err(|error| unreadable(path, error))?,
    };
    if metadata.is_dir() {
        return Err(Failure::new(format!("{} is a folder", path.display())).hint("a hook is a file: move it away"));
    }
    let content =
        fs::read(path).map_err(|error| match metadata.is_symlink() && error.kind() == ErrorKind::NotFound {
            true => Failure::new(format!("{} is a link to something that is not there", path.display()))
                .hint("mend it, or take it away, and install then"),
            false => unreadable(path, error),
        })?;
    if let Some(manager) = Manager::of_hook(&content) {
        return Ok(Standing::Managed(manager));
    }
    if !fs::metadata(path).is_ok_and(|metadata| can_run(&metadata)) {
        return Err(Failure::new(format!(
            "{} is there, but git passes over it: it may not be executed",
            path.display()
        ))
        .hint(format!("have it run with `chmod +x {0}`, or take it away, and install then", path.display())));
    }
    Ok(match metadata.is_symlink() {
        true => Standing::Closed("a link"),
        false if shell::is_script(&content) => Standing::Script(content),
        false => Standing::Closed("no shell script"),
    })
}

/// Puts `content` in the place of `path`, which stays as readable and executable as it was; a new file can be executed.
///
/// # Errors
/// If it cannot be written; then all is as it was.
pub fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(path).ok().map(|metadata| metadata.permissions());
    let written = fs::create_dir_all(folder).and_then(|()| replace(path, folder, permissions, content));
    written.map_err(|error| Failure::new(format!("cannot write {}", path.display())).cause(error))
}

fn replace(path: &Path, folder: &Path, permissions: Option<Permissions>, content: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unspill-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes away from this, as from any new file.
        builder.permissions(Permissions::from_mode(0o777));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Moves a file or link.
///
/// # Errors
/// If it cannot be moved.
pub fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::rename(from, to).map_err(|error| Failure::new(format!("cannot rename {}", from.display())).cause(error))
}

/// Deletes a file.
///
/// # Errors
/// If it cannot be deleted.
pub fn delete(path: &Path) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|error| Failure::new(format!("cannot delete {}", path.display())).cause(error))
}

/// Where a hook goes that is kept beside ours.
pub fn kept(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(KEPT);
    path.with_file_name(name)
}

/// Where pre-commit and prek move a hook that was there before theirs, which runs it first.
pub fn moved(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".legacy");
    path.with_file_name(name)
}

/// Whether something stands at `path`, be it a link to nothing.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn unreadable(path: &Path, error: io::Error) -> Failure {
    Failure::new(format!("cannot read {}", path.display())).cause(error)
}

#[cfg(unix)]
fn can_run(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn can_run(_: &Metadata) -> bool {
    true
}

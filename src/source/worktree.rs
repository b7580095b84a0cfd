//! The worktree: files and folders as they lie on disk.
//!
//! Walked by several threads at once, each of which reads and scans what it comes upon. What git would ignore is left
//! out; what stands in a hidden file is not, for that is where credentials live. Afterwards the index tells which files
//! the walk took for ignored although git tracks them.

mod ignored;
mod visitor;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bstr::{BString, ByteVec};
use ignore::{DirEntry, WalkBuilder};

use super::archive::Limits;
use super::plain::{has_plain_ignore_files, has_plain_ignore_files_above};
use super::tracked::Tracked;
use super::{Home, Sink, Source, SourceError};
use crate::model::Scope;
pub use ignored::{has_files, is_ignored};
use visitor::{Seen, Visitor, Visitors};

/// How to walk.
#[derive(Clone, Debug, Default)]
pub struct WorktreeOptions {
    /// Follow symbolic links, except into a folder that the link itself lies in.
    pub follow: bool,
    /// Scan what git would ignore too. The `.git` folder is left out all the same.
    pub no_ignore: bool,
    /// Pass over files that are larger, in bytes. `None`: no limit.
    pub max_file_size: Option<u64>,
    /// Bounds of archives.
    pub archives: Limits,
    /// Number of threads; `None` for as many as the machine has cores.
    pub jobs: Option<usize>,
    /// Files to leave out, such as the report that is being written.
    pub exclude: Vec<PathBuf>,
}

/// Files and folders to scan.
#[derive(Clone, Debug)]
pub struct Worktree {
    roots: Vec<PathBuf>,
    options: WorktreeOptions,
}

impl Worktree {
    /// A source of all files under `roots`. A root that is itself a file is scanned even if git would ignore it,
    /// and read to its end if it is a pipe or a device.
    pub fn new(roots: Vec<PathBuf>, options: WorktreeOptions) -> Self {
        let mut seen = BTreeSet::new();
        let roots = roots.into_iter().filter(|root| seen.insert(root.clone())).collect();
        Worktree { roots, options }
    }

    /// A walk of some folders that leaves out what git would ignore. Folders whose ignore files are odd are put into
    /// `odd` and not entered.
    fn walk(&self, roots: &[PathBuf], odd: &Arc<Mutex<Vec<PathBuf>>>) -> Option<WalkBuilder> {
        let (mut walk, excluded) = self.any_walk(roots)?;
        walk.parents(true).git_global(true).git_ignore(true).git_exclude(true).require_git(true);
        let odd = Arc::clone(odd);
        walk.filter_entry(move |entry| {
            if entry.file_name() == ".git" || is_among(&excluded, entry) {
                return false;
            }
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let enter = !is_folder || has_plain_ignore_files(entry.path());
            if !enter {
                odd.lock().unwrap_or_else(PoisonError::into_inner).push(entry.path().to_owned());
            }
            enter
        });
        Some(walk)
    }

    /// A walk of some folders that leaves nothing out.
    fn walk_all(&self, roots: &[PathBuf]) -> Option<WalkBuilder> {
        let (mut walk, excluded) = self.any_walk(roots)?;
        walk.filter_entry(move |entry| entry.file_name() != ".git" && !is_among(&excluded, entry));
        Some(walk)
    }

    /// What both have in common, and the files to leave out.
    fn any_walk(&self, roots: &[PathBuf]) -> Option<(WalkBuilder, Vec<PathBuf>)> {
        let (first, rest) = roots.split_first()?;
        let mut walk = WalkBuilder::new(as_path(first));
        for root in rest {
            walk.add(as_path(root));
        }
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        walk.standard_filters(false)
            .follow_links(self.options.follow)
            .threads(self.options.jobs.unwrap_or_else(cores).max(1));
        Some((walk, self.excluded()))
    }

    fn excluded(&self) -> Vec<PathBuf> {
        self.options.exclude.iter().filter_map(|path| resolve(path)).collect()
    }
}

impl Source for Worktree {
    fn scope(&self) -> Scope {
        let base = std::env::current_dir().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        Scope::Folder { roots: self.roots.iter().map(|root| shown(root).to_string()).collect(), base }
    }

    fn home(&self) -> Home {
        Home::of(&self.roots)
    }

    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        for root in &self.roots {
            if let Err(error) = std::fs::metadata(root) {
                // The reason is the cause in other words, so there is no cause to tell.
                return Err(SourceError::new(format!("cannot read `{}`: {}", root.display(), reason(&error)))
                    .hint("name a file or folder that exists"));
            }
        }
        // In a walk such files are passed over, but one that is named is meant: `<(a command)>`, or `/dev/stdin`.
        let is_stream = |root: &PathBuf| std::fs::metadata(root).is_ok_and(|about| !about.is_file() && !about.is_dir());
        let (streams, roots): (Vec<PathBuf>, Vec<PathBuf>) = self.roots.iter().cloned().partition(is_stream);
        let seen = Seen::default();
        let mut visitors = Visitors { sink, options: &self.options, seen: &seen };
        let (plain, mut odd): (Vec<PathBuf>, Vec<PathBuf>) =
            roots.into_iter().partition(|root| !self.options.no_ignore && has_plain_ignore_files_above(root));
        let found = Arc::default();
        let tracked = std::thread::scope(|threads| {
            let tracked = threads.spawn(|| plain.iter().map(|root| Tracked::below(root)).collect::<Vec<_>>());
            if let Some(walk) = self.walk(&plain, &found) {
                walk.build_parallel().visit(&mut visitors);
            }
            tracked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        odd.append(&mut found.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(walk) = self.walk_all(&odd) {
            walk.build_parallel().visit(&mut visitors);
        }
        let mut visitor = Visitor::new(sink, &self.options, &seen);
        let excluded = self.excluded();
        for (root, tracked) in plain.iter().zip(tracked) {
            visitor.tracked(root, tracked, &excluded);
        }
        for stream in streams {
            visitor.stream(&stream);
        }
        Ok(())
    }
}

/// The walker takes `-` for standard input.
fn as_path(root: &Path) -> PathBuf {
    if root == Path::new("-") { Path::new("./-").to_owned() } else { root.to_owned() }
}

/// A path as the user would write it from the current folder, with `/` between its parts.
pub(super) fn shown(path: &Path) -> BString {
    let stripped = path.strip_prefix(".").unwrap_or(path);
    let path = if stripped.as_os_str().is_empty() { path } else { stripped };
    let bytes = Vec::from_path_lossy(path).into_owned();
    BString::from(if cfg!(windows) {
        bytes.into_iter().map(|b| if b == b'\\' { b'/' } else { b }).collect()
    } else {
        bytes
    })
}

/// The absolute path of a file that need not exist yet.
fn resolve(path: &Path) -> Option<PathBuf> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(parent.canonicalize().ok()?.join(path.file_name()?))
}

/// Whether an entry is one of some resolved paths. Names are compared first: resolving asks the system.
fn is_among(excluded: &[PathBuf], entry: &DirEntry) -> bool {
    excluded.iter().any(|path| path.file_name() == Some(entry.file_name()))
        && resolve(entry.path()).is_some_and(|path| excluded.contains(&path))
}

/// What went wrong, without the number of the system's error.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

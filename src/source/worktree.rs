//! The worktree: files and folders as they lie on disk.
//!
//! Walked by several threads at once, each of which reads and scans what it comes upon. What git would ignore is left
//! out; what stands in a hidden file is not, for that is where credentials live.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use bstr::{BString, ByteVec};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::archive::{self, Limits};
use super::pieces::PieceBuffer;
use super::sniff::{Kind, sniff};
use super::{Sink, Source, SourceError, Worker};
use crate::model::{Origin, Problem, Scope, SkipReason};

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
    /// A source of all files under `roots`. A root that is itself a file is scanned even if git would ignore it.
    pub fn new(roots: Vec<PathBuf>, options: WorktreeOptions) -> Self {
        let mut seen = BTreeSet::new();
        let roots = roots.into_iter().filter(|root| seen.insert(root.clone())).collect();
        Worktree { roots, options }
    }

    fn walk(&self) -> Option<WalkBuilder> {
        let (first, rest) = self.roots.split_first()?;
        let mut walk = WalkBuilder::new(as_path(first));
        for root in rest {
            walk.add(as_path(root));
        }
        let ignore = !self.options.no_ignore;
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        walk.hidden(false)
            .ignore(false)
            .parents(ignore)
            .git_global(ignore)
            .git_ignore(ignore)
            .git_exclude(ignore)
            .require_git(true)
            .follow_links(self.options.follow)
            .threads(self.options.jobs.unwrap_or_else(cores).max(1));
        let excluded: Vec<PathBuf> = self.options.exclude.iter().filter_map(|path| resolve(path)).collect();
        walk.filter_entry(move |entry| entry.file_name() != ".git" && !is_among(&excluded, entry));
        Some(walk)
    }
}

impl Source for Worktree {
    fn scope(&self) -> Scope {
        let base = std::env::current_dir().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        Scope::Folder { roots: self.roots.iter().map(|root| shown(root).to_string()).collect(), base }
    }

    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        for root in &self.roots {
            if let Err(error) = std::fs::metadata(root) {
                return Err(SourceError::new(format!("cannot read `{}`: {}", root.display(), reason(&error)))
                    .hint("name a file or folder that exists")
                    .cause(error));
            }
        }
        if let Some(walk) = self.walk() {
            walk.build_parallel().visit(&mut Visitors { sink, options: &self.options });
        }
        Ok(())
    }
}

/// Makes the visitor of each thread.
struct Visitors<'a> {
    sink: &'a dyn Sink,
    options: &'a WorktreeOptions,
}

impl<'a> ParallelVisitorBuilder<'a> for Visitors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor { worker: self.sink.worker(), options: self.options, buffer: PieceBuffer::default() })
    }
}

/// What one thread does with each entry it comes upon.
struct Visitor<'a> {
    worker: Box<dyn Worker + 'a>,
    options: &'a WorktreeOptions,
    buffer: PieceBuffer,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => self.failed(&error, None),
        }
        WalkState::Continue
    }
}

impl Visitor<'_> {
    fn entry(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let origin = Origin::File { path: shown(entry.path()) };
        if kind.is_symlink() {
            self.worker.skipped(&origin, SkipReason::Symlink);
        } else if !kind.is_file() {
            // Opening a named pipe would wait for its other end.
            self.worker.skipped(&origin, SkipReason::Special);
        } else if let Err(error) = self.file(entry.path(), &origin) {
            self.problem(origin.to_string(), &error);
        }
    }

    fn file(&mut self, path: &Path, origin: &Origin) -> io::Result<()> {
        let mut file = File::open(path)?;
        let about = file.metadata()?;
        if !about.is_file() {
            self.worker.skipped(origin, SkipReason::Special);
            return Ok(());
        }
        if self.options.max_file_size.is_some_and(|limit| about.len() > limit) {
            self.worker.skipped(origin, SkipReason::TooLarge);
            return Ok(());
        }
        self.buffer.clear();
        self.buffer.fill_file(&mut file, about.len());
        match sniff(self.buffer.filled()) {
            Kind::Text(text) => return self.buffer.hand_over(&mut file, &mut *self.worker, origin, text),
            Kind::Archive(kind) if self.buffer.ended() => {
                archive::expand(self.buffer.filled(), kind, origin, &self.options.archives, &mut *self.worker);
            }
            Kind::Archive(kind) => {
                file.rewind()?;
                archive::expand_file(file, kind, origin, &self.options.archives, &mut *self.worker);
            }
            Kind::Binary => self.worker.skipped(origin, SkipReason::Binary),
        }
        self.buffer.outcome()
    }

    /// Unwraps what the walk has to say: the path, and what stood in the way.
    fn failed(&mut self, error: &ignore::Error, path: Option<&Path>) {
        match error {
            ignore::Error::WithPath { path, err } => self.failed(err, Some(path)),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => self.failed(err, path),
            // The folder that the link leads to is scanned under its own name.
            ignore::Error::Loop { child, .. } => {
                self.worker.skipped(&Origin::File { path: shown(child) }, SkipReason::Symlink);
            }
            ignore::Error::Io(error) => self.problem(path.map(|p| shown(p).to_string()).unwrap_or_default(), error),
            // The rest is about patterns in ignore files. One that cannot be understood ignores nothing, as in git.
            _ => {}
        }
    }

    fn problem(&mut self, place: String, error: &io::Error) {
        let hint = match error.kind() {
            io::ErrorKind::PermissionDenied => Some("run as a user who may read it, or leave it out".to_owned()),
            _ => None,
        };
        self.worker.problem(Problem { place, what: format!("cannot be read: {}", reason(error)), hint });
    }
}

/// What went wrong, without the number of the system's error.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// The walker takes `-` for standard input.
fn as_path(root: &Path) -> PathBuf {
    if root == Path::new("-") { Path::new("./-").to_owned() } else { root.to_owned() }
}

/// A path as the user would write it from the current folder, with `/` between its parts.
fn shown(path: &Path) -> BString {
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

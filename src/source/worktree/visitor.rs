//! The visitor: what each thread of a walk does with the files that it comes upon.
//!
//! A file costs four calls of the system (open, ask for its size, read, close) and no memory but for its path: it is read
//! into a buffer that the thread keeps. Files are not mapped into memory, for one that shrinks while it is read would end
//! the program.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};

use super::{WorktreeOptions, reason, resolve, shown};
use crate::model::{Origin, Problem, SkipReason};
use crate::source::pieces::PieceBuffer;
use crate::source::sniff::{Kind, sniff};
use crate::source::tracked::Tracked;
use crate::source::{Sink, Worker, archive, stdin};

/// Paths that the walk came upon, as hashes: a tree has many.
#[derive(Default)]
pub(super) struct Seen {
    hasher: RandomState,
    paths: Mutex<HashSet<u64>>,
}

/// Makes the visitor of each thread.
pub(super) struct Visitors<'a> {
    pub(super) sink: &'a dyn Sink,
    pub(super) options: &'a WorktreeOptions,
    pub(super) seen: &'a Seen,
}

impl<'a> ParallelVisitorBuilder<'a> for Visitors<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor::new(self.sink, self.options, self.seen))
    }
}

/// What one thread does with each entry it comes upon.
pub(super) struct Visitor<'a> {
    worker: Box<dyn Worker + 'a>,
    options: &'a WorktreeOptions,
    buffer: PieceBuffer,
    seen: &'a Seen,
    seen_here: Vec<u64>,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.seen.paths.lock().unwrap_or_else(PoisonError::into_inner).extend(self.seen_here.drain(..));
    }
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

impl<'a> Visitor<'a> {
    pub(super) fn new(sink: &'a dyn Sink, options: &'a WorktreeOptions, seen: &'a Seen) -> Self {
        let (worker, buffer) = (sink.worker(), PieceBuffer::default());
        Visitor { worker, options, buffer, seen, seen_here: Vec::new() }
    }

    fn entry(&mut self, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let path = shown(entry.path());
        self.seen_here.push(self.seen.hasher.hash_one(&path));
        let origin = Origin::File { path };
        if kind.is_symlink() {
            self.worker.skipped(&origin, SkipReason::Symlink);
        } else if !kind.is_file() {
            // Opening a named pipe would wait for its other end.
            self.worker.skipped(&origin, SkipReason::Special);
        } else if let Err(error) = self.file(entry.path(), &origin) {
            self.problem(origin.to_string(), &error);
        }
    }

    /// Scans files of the index that the walk took for ignored.
    pub(super) fn tracked(
        &mut self,
        root: &Path,
        tracked: Result<Option<Tracked>, (PathBuf, String)>,
        excluded: &[PathBuf],
    ) {
        let tracked = match tracked {
            Ok(Some(tracked)) => tracked,
            Ok(None) => return,
            Err((index, error)) => {
                let what = format!("cannot be read, so files that are both tracked and ignored are missing: {error}");
                let hint = Some("scan with --no-ignore".to_owned());
                return self.worker.problem(Problem { place: shown(&index).to_string(), what, hint });
            }
        };
        let seen = self.seen;
        let was_seen = |path: &Path| {
            let hash = seen.hasher.hash_one(shown(&root.join(path)));
            seen.paths.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash)
        };
        for path in tracked.unseen(was_seen) {
            let path = root.join(path);
            let origin = Origin::File { path: shown(&path) };
            if resolve(&path).is_some_and(|path| excluded.contains(&path)) {
                continue;
            }
            if let Err(error) = self.file(&path, &origin) {
                self.problem(origin.to_string(), &error);
            }
        }
    }

    /// Scans a pipe or a device to its end.
    pub(super) fn stream(&mut self, path: &Path) {
        let origin = Origin::File { path: shown(path) };
        match File::open(path) {
            Ok(mut stream) => stdin::scan(&mut stream, &origin, &self.options.archives, &mut *self.worker),
            Err(error) => self.problem(origin.to_string(), &error),
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

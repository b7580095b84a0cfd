//! Sources: where bytes come from. Each hands its blobs to a [`Sink`], from as many threads as it likes.
//!
//! A source knows nothing of rules or findings. What it cannot read it reports as a problem; what it passes over on
//! purpose it counts as skipped; nothing is dropped silently.

pub mod archive;
pub mod git;
mod hand_over;
mod home;
pub mod pieces;
mod plain;
pub mod sniff;
pub mod stdin;
mod tally;
mod tracked;
pub mod worktree;

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use bstr::{BStr, BString};
use gix::ObjectId;

pub use crate::model::Copied;
/// Why a source cannot be scanned at all.
pub use crate::model::Failure as SourceError;
use crate::model::{Blob, Commit, Origin, Problem, Scope, SkipReason};

pub use hand_over::hand_over;
pub use home::Home;
pub use tally::Tally;

/// Something to scan.
pub trait Source: Sync {
    /// What this is, for reports.
    fn scope(&self) -> Scope;

    /// Hands every blob to workers of `sink`, once.
    ///
    /// # Errors
    /// Only what makes the whole scan pointless (no such repository or revision). A part that cannot be read is given
    /// to [`Worker::problem`], and the scan goes on.
    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError>;

    /// Where the files that it shows lie in their repository.
    fn home(&self) -> Home {
        Home::default()
    }

    /// Finds out where the objects in `wanted` stand, and all files whose name is telling: for sources whose blobs come
    /// as [`Origin::Object`].
    ///
    /// # Errors
    /// If the history cannot be walked.
    fn attribute(&self, wanted: &[ObjectId], is_telling: Option<NameTest<'_>>) -> Result<Attribution, SourceError> {
        let _ = (wanted, is_telling);
        Ok(Attribution::default())
    }
}

/// Where blobs go. Each thread asks for a worker of its own.
pub trait Sink: Sync {
    /// A worker for the calling thread. Its results count once it is dropped.
    fn worker(&self) -> Box<dyn Worker + '_>;

    /// Tells how many items there are in all, as soon as that is known.
    fn expect_items(&self, total: u64);
}

/// Takes the blobs of one thread. A pool of threads may make its workers in one place and use them in another.
pub trait Worker: Send {
    /// Scans a blob.
    fn blob(&mut self, blob: &Blob<'_>);

    /// Scans a blob that others are derived from, and answers with what scanning those can lean on. By itself as
    /// [`Worker::blob`].
    fn base(&mut self, blob: &Blob<'_>) -> Carried {
        self.blob(blob);
        Carried::default()
    }

    /// Scans a blob of which parts are copies of one that was scanned: with the same outcome as [`Worker::blob`], and
    /// less work. `base` and its length are of that one; `copies` are sorted by `to` and do not overlap there.
    fn derived(&mut self, blob: &Blob<'_>, base: &Carried, base_length: usize, copies: &[Copied]) -> Carried {
        let _ = (base, base_length, copies);
        self.base(blob)
    }

    /// Counts something that is passed over on purpose.
    fn skipped(&mut self, origin: &Origin, reason: SkipReason);

    /// Reports something that could not be read.
    fn problem(&mut self, problem: Problem);

    /// Counts `n` commits as looked at.
    fn commits(&mut self, n: u64);

    /// What all that this worker was given has come to so far. By itself nothing is known of that.
    fn tally(&self) -> Tally {
        Tally::default()
    }

    /// Counts what was scanned in an earlier run, and came to this. By itself it is disregarded.
    fn recall(&mut self, tally: &Tally) {
        let _ = tally;
    }

    /// The farthest that any rule looks from a literal, in bytes: blobs that are handed over in pieces must overlap by
    /// twice as much.
    fn reach(&self) -> usize;
}

/// What a worker knows of a blob that it has scanned; empty if it knows nothing. Workers of one sink understand each
/// other's.
#[derive(Clone, Default)]
pub struct Carried(pub Option<Arc<dyn Any + Send + Sync>>);

/// Where an object stands in a history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// The path.
    pub path: BString,
    /// The earliest commit that has the object at the path; `None` if no commit reaches it.
    pub commit: Option<Arc<Commit>>,
    /// Whether HEAD has the object at the path.
    pub at_head: bool,
    /// True if no ref reaches it.
    pub unreachable: bool,
}

/// Tells by the last part of its path whether a file is to be looked at, whatever is in it.
pub type NameTest<'a> = &'a (dyn Fn(&BStr) -> bool + Sync);

/// Where objects stand: at least one sighting for each object asked for, sorted.
pub type Attribution = HashMap<ObjectId, Vec<Sighting>>;

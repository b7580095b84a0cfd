//! What to read of a repository.

use super::updates::Push;
use crate::source::archive::Limits;

/// Options of a [`Git`](super::Git) source.
#[derive(Clone, Debug)]
pub struct GitOptions {
    /// Which part of the repository.
    pub mode: Mode,
    /// Follow only the first parent of merges.
    pub first_parent: bool,
    /// Take in objects that no ref reaches; only where the whole history is read.
    pub unreachable: bool,
    /// Take in the messages of commits and annotated tags.
    pub messages: bool,
    /// How far archives among the blobs are looked into.
    pub archives: Limits,
    /// Pass over blobs of more bytes than this.
    pub max_blob_size: Option<u64>,
    /// Threads to use; by default as many as the machine runs at once.
    pub jobs: Option<usize>,
}

impl Default for GitOptions {
    fn default() -> Self {
        GitOptions {
            mode: Mode::default(),
            first_parent: false,
            unreachable: true,
            messages: true,
            archives: Limits::default(),
            max_blob_size: None,
            jobs: None,
        }
    }
}

/// Which part of a repository to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The history: of all refs, or of the one revision `reference` (`--ref`); all of it, or what commits since a
    /// date (`--since`, in any form that git reads) brought.
    History { reference: Option<String>, since: Option<String> },
    /// What the next commit would change: the index against HEAD.
    Staged,
    /// The same; and where nothing is staged, every file of the index, in full.
    StagedOrAll,
    /// The commits of `A..B`, or of `A...B`: those on B since it left A.
    Range(String),
    /// What a push adds to what the receiving side has. Every commit of it counts, whatever `first_parent` says.
    Push(Push),
}

impl Default for Mode {
    /// The whole history of all refs.
    fn default() -> Self {
        Mode::History { reference: None, since: None }
    }
}

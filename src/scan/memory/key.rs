//! The key of a cache: program, rules and settings, as far as they decide what is found. A cache of another key is of no
//! use.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use super::super::ScanOptions;
use super::file::Hash;
use crate::engine::Engine;
use crate::source::git::{Git, GitOptions};

/// A digest of the program's sources, made by the build.
const BUILD: &str = env!("UNSPILL_BUILD");

/// The key of a run.
pub fn of(engine: &Engine, git: &Git, options: &ScanOptions) -> Hash {
    let mut hasher = Hasher(Sha256::new());
    let GitOptions { mode, first_parent, unreachable, messages, archives, max_blob_size, jobs: _ } = git.options();
    let history = (mode, first_parent, unreachable, messages, archives, max_blob_size);
    // Suppressions come after what is remembered, or are part of the state; hashes of lines are made anew.
    let ScanOptions { min_confidence, allow_comments, line_hashes: _, suppressions: _, note_unused: _ } = options;
    let scan = (min_confidence, allow_comments);
    // Writing into a hasher cannot fail.
    let _ = write!(hasher, "{BUILD}\n{:?}\n{history:?}\n{scan:?}\n{:?}", git.object_hash(), engine.rules().rules());
    hasher.0.finalize().into()
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

//! The state of a repository: a digest of all that a scan of its history depends on, and that costs little to look at.
//!
//! Packs go in by name, size, time of change and their own checksums; loose objects by id, size and time of change; refs,
//! HEAD and the edge of a shallow clone by what they point to. Contents are not read: nothing here notices a bit that
//! flips on the disk.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

use gix::ObjectId;
use gix::odb::loose;
use sha2::{Digest, Sha256};

use super::losses::Losses;
use super::repository::Repository;
use super::tips;

/// The digest; `None` if something could not be read: then the next run may see more. `extra` goes in, too.
pub(super) fn digest(repository: &Repository, extra: &[ObjectId]) -> Option<[u8; 32]> {
    let mut state = State(Sha256::new());
    let local = repository.local();
    state.text(&repository.root.display().to_string());
    state.number(u64::from(repository.partial));
    state.ids(&repository.shallow);
    state.ids(extra);
    let losses = Losses::default();
    state.ids(&tips::ref_ids(repository, &losses).into_iter().collect::<Vec<_>>());
    state.ids(&local.head_id().ok().map(gix::Id::detach).into_iter().collect::<Vec<_>>());
    if !losses.are_settled() || !repository.packs.broken.is_empty() {
        return None;
    }
    state.number(repository.packs.bundles.len() as u64);
    for bundle in &repository.packs.bundles {
        for path in [bundle.pack.path(), bundle.index.path()] {
            state.file(path)?;
        }
        state.ids(&[bundle.pack.checksum(), bundle.index.index_checksum(), bundle.index.pack_checksum()]);
    }
    for folder in &repository.folders {
        let mut ids: Vec<ObjectId> =
            loose::Store::at(folder, local.object_hash()).iter().collect::<Result<_, _>>().ok()?;
        ids.sort_unstable();
        state.ids(&ids);
        for id in ids {
            let hex = id.to_string();
            let (first, rest) = hex.split_at_checked(2)?;
            state.about(&fs::metadata(folder.join(first).join(rest)).ok()?)?;
        }
    }
    Some(state.0.finalize().into())
}

struct State(Sha256);

impl State {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text);
    }

    fn ids(&mut self, ids: &[ObjectId]) {
        self.number(ids.len() as u64);
        for id in ids {
            self.number(id.as_bytes().len() as u64);
            self.0.update(id.as_bytes());
        }
    }

    fn file(&mut self, path: &Path) -> Option<()> {
        self.text(&path.display().to_string());
        self.about(&fs::metadata(path).ok()?)
    }

    /// Size and time of change.
    fn about(&mut self, about: &Metadata) -> Option<()> {
        self.number(about.len());
        let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.number(changed.as_secs());
        self.number(u64::from(changed.subsec_nanos()));
        Some(())
    }
}

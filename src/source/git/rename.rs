//! Where an added file came from: a file that the same change removed.
//!
//! The same blob is a rename for sure. Otherwise the most similar file of at least half the same text counts, as it
//! does for git. How many are compared is bounded, by rules that depend on the change alone.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};
use gix::ObjectId;
use gix::objs::Kind;

use super::lines;
use super::objects::{Bytes, Objects};
use super::trees::Leaf;

/// Percent of text that must be the same.
const SIMILAR: usize = 50;
/// Larger files than this, in bytes, are not compared.
const LARGEST: u64 = 1 << 20;
/// Comparisons in one change, and the bounds of those for one file of it.
const COMPARISONS: usize = 200_000;
const PER_FILE: (usize, usize) = (4, 50);
/// Bytes of removed files to keep at hand.
const KEPT: usize = 32 << 20;

/// What an added file was before.
pub(super) enum Source {
    /// The same.
    Identical,
    /// Something similar: its bytes.
    Similar(Bytes),
}

/// The files that a change removed.
pub(super) struct Removed<'a> {
    objects: &'a Objects,
    files: Vec<(BString, ObjectId, u64)>,
    per_file: usize,
    kept: HashMap<ObjectId, Bytes>,
    kept_bytes: usize,
}

impl<'a> Removed<'a> {
    /// The files `removed` by a change that adds `added` files.
    pub fn new(objects: &'a Objects, removed: &[(BString, Leaf)], added: usize) -> Self {
        let size = |leaf: &Leaf| objects.header(&leaf.id).map_or(u64::MAX, |(_, size)| size);
        let removed = if added == 0 { &[] } else { removed };
        Removed {
            objects,
            files: removed.iter().map(|(path, leaf)| (path.clone(), leaf.id, size(leaf))).collect(),
            per_file: (COMPARISONS / added.max(1)).clamp(PER_FILE.0, PER_FILE.1),
            kept: HashMap::new(),
            kept_bytes: 0,
        }
    }

    /// Finds what the file that was added at `path` came from.
    pub fn source(&mut self, path: &BStr, id: ObjectId, bytes: &[u8]) -> Option<Source> {
        if self.files.iter().any(|(_, removed, _)| *removed == id) {
            return Some(Source::Identical);
        }
        let length = bytes.len() as u64;
        if length > LARGEST {
            return None;
        }
        // Less than half as long, or more than twice: cannot be half the same.
        let mut candidates: Vec<_> =
            self.files.iter().filter(|(_, _, size)| size / 2 <= length && length / 2 <= *size).collect();
        candidates
            .sort_by_key(|(other, _, size)| (file_name(other.as_ref()) != file_name(path), size.abs_diff(length)));
        let ids: Vec<ObjectId> = candidates.iter().take(self.per_file).map(|(_, id, _)| *id).collect();
        let mut best: Option<(usize, Bytes)> = None;
        for id in ids {
            let Some(old) = self.read(id) else { continue };
            let share = lines::similarity(&old, bytes);
            if share >= SIMILAR && best.as_ref().is_none_or(|(most, _)| share > *most) {
                best = Some((share, old));
            }
        }
        best.map(|(_, old)| Source::Similar(old))
    }

    fn read(&mut self, id: ObjectId) -> Option<Bytes> {
        if let Some(bytes) = self.kept.get(&id) {
            return Some(Bytes::clone(bytes));
        }
        // A file that is gone and cannot be read costs no more than this comparison.
        let bytes = self.objects.read_kind(&id, Kind::Blob).ok()?;
        if self.kept_bytes > KEPT {
            self.kept.clear();
            self.kept_bytes = 0;
        }
        self.kept_bytes += bytes.len();
        self.kept.insert(id, Bytes::clone(&bytes));
        Some(bytes)
    }
}

fn file_name(path: &BStr) -> &[u8] {
    path.rfind_byte(b'/').map_or(path, |at| &path[at + 1..])
}

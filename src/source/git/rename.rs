//! Where an added file came from: a file that the same change removed.
//!
//! The same blob is a rename for sure. Otherwise the most similar file of at least half the same text counts, as it
//! does for git. Each removed file explains one added file at most: where a file is renamed and copied at once, the copy
//! is new. How many are compared is bounded, by rules that depend on the change alone.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use bstr::{BStr, BString, ByteSlice};
use gix::ObjectId;
use gix::objs::Kind;
use gix::objs::tree::EntryKind;

use super::change::Difference;
use super::lines;
use super::objects::{Bytes, Objects};

/// Percent of text that must be the same.
const SIMILAR: usize = 50;
/// Larger files than this, in bytes, are not compared.
const LARGEST: u64 = 1 << 20;
/// Comparisons in one change, and the bounds of those for one file of it.
const COMPARISONS: usize = 200_000;
const PER_FILE: (usize, usize) = (4, 50);
/// Bytes of removed files to keep at hand.
const KEPT: usize = 32 << 20;

/// What the added files of a change were before, by path and id.
#[derive(Debug, Default)]
pub(super) struct Renames(HashMap<(BString, ObjectId), ObjectId>);

/// A file that the change added or removed.
struct Moved<'a> {
    path: &'a BString,
    id: ObjectId,
}

impl Renames {
    /// Finds them.
    pub fn of(change: &Difference, objects: &Objects) -> Renames {
        let added = change.changed.iter().filter(|(_, (new, old))| old.is_none() && new.kind != EntryKind::Commit);
        let mut added: Vec<Moved<'_>> = added.map(|((path, id), _)| Moved { path, id: *id }).collect();
        let mut removed: Vec<_> = change.removed.iter().map(|(path, leaf)| Moved { path, id: leaf.id }).collect();
        let mut renames = Renames::default();
        if added.is_empty() || removed.is_empty() {
            return renames;
        }
        renames.identical(&mut added, &mut removed, |file| (file.id, file_name(file.path.as_ref())));
        renames.identical(&mut added, &mut removed, |file| file.id);
        renames.similar(&added, &removed, objects);
        renames
    }

    /// The blob that the one that was added at a path came from.
    pub fn source(&self, added: &(BString, ObjectId)) -> Option<ObjectId> {
        self.0.get(added).copied()
    }

    /// Takes out pairs for which `key` is the same: the first with the first.
    fn identical<'a, K: Hash + Eq>(
        &mut self,
        added: &mut Vec<Moved<'a>>,
        removed: &mut Vec<Moved<'a>>,
        key: impl Fn(&Moved<'a>) -> K,
    ) {
        let mut taken: HashMap<K, (usize, usize)> = HashMap::new();
        for old in removed.iter() {
            taken.entry(key(old)).or_default().0 += 1;
        }
        added.retain(|new| match taken.get_mut(&key(new)) {
            Some((all, taken)) if *taken < *all => {
                *taken += 1;
                self.0.insert((new.path.clone(), new.id), new.id);
                false
            }
            _ => true,
        });
        removed.retain(|old| match taken.get_mut(&key(old)) {
            Some((_, taken)) if *taken > 0 => {
                *taken -= 1;
                false
            }
            _ => true,
        });
    }

    /// Pairs what has most in common, then what has most of the rest.
    fn similar(&mut self, added: &[Moved<'_>], removed: &[Moved<'_>], objects: &Objects) {
        let mut pairs = Similar::new(removed, added.len(), objects).pairs(added);
        pairs.sort_unstable();
        let mut taken = HashSet::new();
        for (.., old, new) in pairs {
            let (Some(old_file), Some(new)) = (removed.get(old), added.get(new)) else { continue };
            let key = (new.path.clone(), new.id);
            if !taken.contains(&old) && !self.0.contains_key(&key) {
                taken.insert(old);
                self.0.insert(key, old_file.id);
            }
        }
    }
}

/// How much a removed and an added file, by their numbers, have in common, and whether their names differ: sorted, the
/// best comes first.
type Pair = (Reverse<usize>, bool, usize, usize);

/// Compares what was added with what was removed.
struct Similar<'a> {
    objects: &'a Objects,
    /// With their sizes.
    removed: Vec<(&'a Moved<'a>, u64)>,
    per_file: usize,
    kept: HashMap<ObjectId, Bytes>,
    kept_bytes: usize,
}

impl<'a> Similar<'a> {
    fn new(removed: &'a [Moved<'a>], added: usize, objects: &'a Objects) -> Self {
        let size = |id: &ObjectId| objects.header(id).map_or(u64::MAX, |(_, size)| size);
        let removed = if added == 0 { &[] } else { removed };
        Similar {
            objects,
            removed: removed.iter().map(|file| (file, size(&file.id))).collect(),
            per_file: (COMPARISONS / added.max(1)).clamp(PER_FILE.0, PER_FILE.1),
            kept: HashMap::new(),
            kept_bytes: 0,
        }
    }

    /// All that have enough in common.
    fn pairs(&mut self, added: &[Moved<'_>]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (i, new) in added.iter().enumerate() {
            let length = match self.objects.header(&new.id) {
                Ok((Kind::Blob, length)) if length <= LARGEST => length,
                _ => continue,
            };
            // Less than half as long, or more than twice: cannot be half the same.
            let fits = |size: u64| size / 2 <= length && length / 2 <= size;
            let name = file_name(new.path.as_ref());
            let mut candidates: Vec<_> = self.removed.iter().enumerate().filter(|(_, (_, size))| fits(*size)).collect();
            candidates.sort_by_key(|(_, (old, size))| (file_name(old.path.as_ref()) != name, size.abs_diff(length)));
            let candidates: Vec<_> = candidates.iter().take(self.per_file).map(|(j, (old, _))| (*j, *old)).collect();
            // What cannot be read counts as new, and is told of when its turn comes.
            let Some(bytes) =
                (!candidates.is_empty()).then(|| self.objects.read_kind(&new.id, Kind::Blob).ok()).flatten()
            else {
                continue;
            };
            for (j, old) in candidates {
                let Some(old_bytes) = self.read(old.id) else { continue };
                let share = lines::similarity(&old_bytes, &bytes);
                if share >= SIMILAR {
                    pairs.push((Reverse(share), file_name(old.path.as_ref()) != name, j, i));
                }
            }
        }
        pairs
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

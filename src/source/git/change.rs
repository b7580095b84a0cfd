//! A change: what a commit, or the index, has that what came before it has not.
//!
//! A commit may come after several others. Then a line counts as added only if it is in none of them: what a merge takes
//! over from either side was added there, and what is left is what somebody slipped in while merging.

use std::collections::BTreeMap;
use std::ops::Range;

use bstr::{BStr, BString};
use gix::ObjectId;
use gix::objs::Kind;
use gix::objs::tree::EntryKind;

use super::lines;
use super::losses::Losses;
use super::objects::{Bytes, Objects};
use super::options::GitOptions;
use super::rename::Renames;
use super::trees::{Leaf, Trees};
use crate::model::{Origin, SkipReason};
use crate::source::Worker;
use crate::source::hand_over::hand_over;

/// What differs between a state and one that came before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Difference {
    /// What stands at changed paths now, and what stood there before. The id is part of the key, since a tree that is
    /// made to deceive may have two entries of one name.
    pub changed: BTreeMap<(BString, ObjectId), (Leaf, Option<Leaf>)>,
    /// What stood at paths that are gone.
    pub removed: Vec<(BString, Leaf)>,
}

impl Difference {
    /// What differs between two trees; `None` is an empty one.
    pub fn between(trees: &mut Trees<'_>, old: Option<ObjectId>, new: Option<ObjectId>) -> Difference {
        let mut difference = Difference::default();
        trees.diff(old, new, &mut |change| difference.add(change.path, change.old, change.new));
        difference
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.removed.is_empty()
    }

    /// Takes in one path.
    pub fn add(&mut self, path: &BStr, old: Option<Leaf>, new: Option<Leaf>) {
        // A pointer to a commit has no text that a line could be the same as.
        let old = old.filter(|old| old.kind != EntryKind::Commit);
        match (old, new) {
            (old, Some(new)) => {
                let key = (path.to_owned(), new.id);
                // Of two entries of one name and id, that of a file counts.
                if new.kind != EntryKind::Commit || !self.changed.contains_key(&key) {
                    self.changed.insert(key, (new, old));
                }
            }
            (Some(old), None) => self.removed.push((path.to_owned(), old)),
            (None, None) => {}
        }
    }
}

/// A changed state against one that came before it: what differs, and what was only renamed.
pub(super) struct Side {
    difference: Difference,
    renames: Renames,
}

impl Side {
    /// Looks for what was renamed.
    pub fn new(difference: Difference, objects: &Objects) -> Side {
        let renames = Renames::of(&difference, objects);
        Side { difference, renames }
    }

    /// The blob that a changed one came from.
    fn source(&self, key: &(BString, ObjectId)) -> Option<ObjectId> {
        let (_, old) = self.difference.changed.get(key)?;
        old.map_or_else(|| self.renames.source(key), |old| Some(old.id))
    }
}

/// Hands over what changes, each blob whole, and with the ranges of bytes that count.
pub(super) struct Handing<'a> {
    objects: &'a Objects,
    losses: &'a Losses,
    options: &'a GitOptions,
    /// The changed state against each of those that came before it.
    sides: &'a [Side],
}

impl<'a> Handing<'a> {
    pub fn new(objects: &'a Objects, losses: &'a Losses, options: &'a GitOptions, sides: &'a [Side]) -> Self {
        Handing { objects, losses, options, sides }
    }

    /// The paths that differ from all that came before.
    pub fn paths(&self) -> Vec<(&'a BString, Leaf)> {
        let Some((first, others)) = self.sides.split_first() else { return Vec::new() };
        let in_all = |key: &(BString, ObjectId)| others.iter().all(|side| side.difference.changed.contains_key(key));
        let changed = first.difference.changed.iter().filter(|(key, _)| in_all(key));
        changed.map(|((path, _), (new, _))| (path, *new)).collect()
    }

    /// Hands over what stands at a path.
    pub fn path(&self, worker: &mut dyn Worker, path: &BString, new: Leaf, origin: Origin) {
        let most = self.options.max_blob_size;
        let Some(bytes) = read(worker, self.objects, self.losses, most, new, &origin) else { return };
        match self.added(path, new, &bytes) {
            None => hand_over(worker, &bytes, &origin, None, &self.options.archives),
            Some(ranges) if ranges.is_empty() => {}
            Some(ranges) => hand_over(worker, &bytes, &origin, Some(&ranges), &self.options.archives),
        }
    }

    /// The ranges of bytes that are in none of the states before; `None` for all of them.
    fn added(&self, path: &BString, new: Leaf, bytes: &[u8]) -> Option<Vec<Range<usize>>> {
        let mut added: Option<Vec<Range<usize>>> = None;
        for side in self.sides {
            let Some(old) = side.source(&(path.clone(), new.id)) else { continue };
            if old == new.id {
                return Some(Vec::new());
            }
            let ranges = match self.objects.read_kind(&old, Kind::Blob) {
                Ok(old) => lines::added(&old, bytes),
                // All lines count, then: too much rather than too little.
                Err(why) => {
                    self.losses.object(old, why);
                    continue;
                }
            };
            added = Some(match added {
                Some(so_far) => lines::intersect(&so_far, &ranges),
                None => ranges,
            });
        }
        added
    }
}

/// Reads a leaf, unless it is passed over: a submodule, too large, or not to be read.
pub(super) fn read(
    worker: &mut dyn Worker,
    objects: &Objects,
    losses: &Losses,
    max_blob_size: Option<u64>,
    leaf: Leaf,
    origin: &Origin,
) -> Option<Bytes> {
    if leaf.kind == EntryKind::Commit {
        worker.skipped(origin, SkipReason::Submodule);
        return None;
    }
    let read = objects.header(&leaf.id).and_then(|(_, size)| {
        if max_blob_size.is_some_and(|most| size > most) {
            return Ok(None);
        }
        objects.read_kind(&leaf.id, Kind::Blob).map(Some)
    });
    match read {
        Ok(Some(bytes)) => Some(bytes),
        Ok(None) => {
            worker.skipped(origin, SkipReason::TooLarge);
            None
        }
        Err(why) => {
            losses.object(leaf.id, why);
            None
        }
    }
}

//! What the next commit would change: the index against HEAD, never the files of the work tree.

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BString, ByteSlice};
use gix::ObjectId;
use gix::index::entry::{Flags, Mode, Stage};
use gix::objs::tree::EntryKind;

use super::change::{self, Difference, Handing};
use super::chunks::in_parallel;
use super::losses::Losses;
use super::options::GitOptions;
use super::repository::Repository;
use super::trees::{Leaf, Trees};
use crate::model::Origin;
use crate::source::hand_over::hand_over;
use crate::source::{Sink, SourceError, Worker};

/// Files that one thread takes in a row.
const RUN: usize = 64;

/// Hands over what is staged.
///
/// # Errors
/// If the index or HEAD cannot be read.
pub(super) fn scan(
    repository: &Repository,
    options: &GitOptions,
    losses: &Losses,
    sink: &dyn Sink,
) -> Result<(), SourceError> {
    let objects = repository.objects();
    let mut trees = Trees::new(&objects, losses);
    let index = Index::read(repository, &mut trees)?;
    let head = head_tree(repository)?;
    let sides = [index.against(head, &mut trees)];
    let paths = Handing::new(&objects, losses, options, &sides).paths();
    sink.expect_items((paths.len() + index.unmerged.len()) as u64);
    in_parallel(&paths, RUN, repository.jobs, |chunks| {
        let objects = repository.objects();
        let mut worker = sink.worker();
        let mut handing = Handing::new(&objects, losses, options, &sides);
        while let Some(run) = chunks.take() {
            for (path, new) in run {
                let origin = Origin::Staged { path: (*path).clone() };
                handing.path(&mut *worker, path, *new, origin);
            }
        }
    });
    let mut worker: Box<dyn Worker + '_> = sink.worker();
    for (path, leaf) in index.unmerged {
        let origin = Origin::Staged { path };
        let most = options.max_blob_size;
        if let Some(bytes) = change::read(&mut *worker, &objects, losses, most, leaf, &origin) {
            hand_over(&mut *worker, &bytes, &origin, None, &options.archives);
        }
    }
    Ok(())
}

/// The tree of HEAD, unless there is no commit yet.
fn head_tree(repository: &Repository) -> Result<Option<ObjectId>, SourceError> {
    let local = repository.local();
    let unborn = local.head().is_ok_and(|head| head.is_unborn());
    if unborn {
        return Ok(None);
    }
    let tree = local.head_tree_id().map(|id| Some(id.detach()));
    tree.map_err(|error| SourceError::new("HEAD cannot be read").hint("see `git fsck`").cause(error))
}

/// What is in the index.
struct Index {
    leaves: BTreeMap<BString, Leaf>,
    /// The sides of conflicts that are not resolved: all of them, at all of their stages.
    unmerged: Vec<(BString, Leaf)>,
    /// Paths that are added in intent only: there is nothing yet to look at.
    intended: BTreeSet<BString>,
}

impl Index {
    fn read(repository: &Repository, trees: &mut Trees<'_>) -> Result<Index, SourceError> {
        let local = repository.local();
        let found = local.try_index().map_err(|error| {
            let what = format!("the index cannot be read: {}", error.probable_cause());
            SourceError::new(what).hint("build it anew: rm .git/index && git reset").cause(error)
        })?;
        let mut index = Index { leaves: BTreeMap::new(), unmerged: Vec::new(), intended: BTreeSet::new() };
        let Some(file) = found else { return Ok(index) };
        for entry in file.entries() {
            let path = entry.path(&file).to_owned();
            let Some(kind) = kind(entry.mode) else {
                index.expand(path, entry.id, trees);
                continue;
            };
            let leaf = Leaf { id: entry.id, kind };
            if entry.stage() != Stage::Unconflicted {
                index.unmerged.push((path, leaf));
            } else if entry.flags.contains(Flags::INTENT_TO_ADD) {
                index.intended.insert(path);
            } else {
                index.leaves.insert(path, leaf);
            }
        }
        // One blob may be two sides of a conflict.
        index.unmerged.dedup();
        Ok(index)
    }

    /// Takes in a folder of a sparse index, which is listed as one entry.
    fn expand(&mut self, mut folder: BString, tree: ObjectId, trees: &mut Trees<'_>) {
        if !folder.ends_with(b"/") {
            folder.push(b'/');
        }
        trees.diff(None, Some(tree), &mut |change| {
            if let Some(leaf) = change.new {
                let mut path = folder.clone();
                path.extend_from_slice(change.path.as_bytes());
                self.leaves.insert(path, leaf);
            }
        });
    }

    /// What the index has that a tree has not.
    fn against(&self, head: Option<ObjectId>, trees: &mut Trees<'_>) -> Difference {
        let mut before: BTreeMap<BString, Leaf> = BTreeMap::new();
        trees.diff(None, head, &mut |change| {
            if let Some(leaf) = change.new {
                before.insert(change.path.to_owned(), leaf);
            }
        });
        let mut difference = Difference::default();
        for (path, new) in &self.leaves {
            let old = before.remove(path);
            if old != Some(*new) {
                difference.add(path.as_ref(), old, Some(*new));
            }
        }
        before.retain(|path, _| {
            !self.intended.contains(path) && self.unmerged.binary_search_by(|(other, _)| other.cmp(path)).is_err()
        });
        for (path, old) in before {
            difference.add(path.as_ref(), Some(old), None);
        }
        difference
    }
}

/// The kind of an entry of the index; `None` for a folder.
fn kind(mode: Mode) -> Option<EntryKind> {
    match mode {
        Mode::DIR => None,
        Mode::SYMLINK => Some(EntryKind::Link),
        Mode::COMMIT => Some(EntryKind::Commit),
        Mode::FILE_EXECUTABLE => Some(EntryKind::BlobExecutable),
        _ => Some(EntryKind::Blob),
    }
}

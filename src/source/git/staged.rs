//! What the next commit would change: the index against HEAD, never the files of the work tree. If that commit is to be a
//! merge, against every one of its parents: what one of them has is nothing that the merge adds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;

use bstr::{BString, ByteSlice};
use gix::ObjectId;
use gix::index::entry::{Flags, Mode as EntryMode, Stage};
use gix::objs::tree::EntryKind;

use super::change::{self, Difference, Handing, Side};
use super::chunks::in_parallel;
use super::losses::Losses;
use super::options::{GitOptions, Mode};
use super::repository::Repository;
use super::trees::{Leaf, Trees};
use crate::model::Origin;
use crate::source::hand_over::hand_over;
use crate::source::{Sink, SourceError, Worker};

/// Files that one thread takes in a row.
const RUN: usize = 64;
/// Bytes of MERGE_HEAD that are read: far more parents than a merge has.
const MOST_HEADS: u64 = 64 << 10;

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
    let mut staged = index.against(head, &mut trees);
    let mut merged = merged_trees(repository);
    if options.mode == Mode::StagedOrAll && staged.is_empty() && index.unmerged.is_empty() {
        staged = index.against(None, &mut trees);
        merged.clear();
    }
    let mut sides = vec![staged];
    sides.extend(merged.into_iter().map(|tree| index.against(Some(tree), &mut trees)));
    let sides: Vec<_> = sides.into_iter().map(|side| Side::new(side, &objects)).collect();
    let paths = Handing::new(&objects, losses, options, &sides).paths();
    sink.expect_items((paths.len() + index.unmerged.len()) as u64);
    in_parallel(&paths, RUN, repository.jobs, |chunks| {
        let objects = repository.objects();
        let mut worker = sink.worker();
        let handing = Handing::new(&objects, losses, options, &sides);
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

/// The trees of what is being merged into HEAD; what of it cannot be read is left out, so that more counts rather than less.
fn merged_trees(repository: &Repository) -> Vec<ObjectId> {
    let local = repository.local();
    let mut heads = Vec::new();
    if let Ok(file) = File::open(local.git_dir().join("MERGE_HEAD")) {
        let _ = file.take(MOST_HEADS).read_to_end(&mut heads);
    }
    let ids = heads.lines().filter_map(|line| ObjectId::from_hex(line.trim()).ok());
    ids.filter_map(|id| Some(local.find_commit(id).ok()?.tree_id().ok()?.detach())).collect()
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
        let Some(file) = found else {
            if local.workdir().is_none() {
                return Err(SourceError::new("nothing can be staged in a bare repository: it has no index")
                    .hint("leave out --staged to scan its history"));
            }
            return Ok(index);
        };
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
fn kind(mode: EntryMode) -> Option<EntryKind> {
    match mode {
        EntryMode::DIR => None,
        EntryMode::SYMLINK => Some(EntryKind::Link),
        EntryMode::COMMIT => Some(EntryKind::Commit),
        EntryMode::FILE_EXECUTABLE => Some(EntryKind::BlobExecutable),
        _ => Some(EntryKind::Blob),
    }
}

//! A whole history: every blob once, whatever commits hold it.
//!
//! Objects are listed from the object database rather than from commits: that is the order in which they are cheapest
//! to read, and it brings up what no ref reaches as well. Where a blob stands is looked up afterwards, for those few
//! that matter (see `attribution`). As objects go by, it is checked that all that they name is there (see `check`);
//! packed trees are read for that only where the repository itself says that it is not complete.

use std::sync::Arc;

use bstr::BString;
use gix::objs::{Kind, TagRefIter};
use gix::{ObjectId, hashtable, oid};

use super::check::{Check, Expected};
use super::chunks::{Chunks, in_parallel};
use super::commits::{Commits, Header};
use super::inventory::Inventory;
use super::known::{Learnt, Memory};
use super::losses::Losses;
use super::message;
use super::objects::{Objects, Unread};
use super::options::GitOptions;
use super::pack::{self, Visitor, scan_blob, walk};
use super::reach::{Extent, reachable};
use super::repository::Repository;
use super::tips::Tips;
use super::trees::{Trees, is_own};
use crate::model::{Blob, Origin, SkipReason};
use crate::source::{Carried, Sink, Tally, Worker};

/// Neighbours that one thread reads in a row.
const RUN: usize = 1024;

/// Objects that one thread takes in a row where only a few are read.
const REVISITED: usize = 4;

/// Bytes of bases that are kept for what builds on them, by all threads together.
const HELD: usize = 256 << 20;

/// Hands over the blobs and messages of a history; `extent`: of this part of it, or of all that there is. What `memory`
/// knows is only counted. Answers with the commits that it came by, if all that there is was asked for.
pub(super) fn scan(
    repository: &Repository,
    options: &GitOptions,
    extent: Option<&Extent>,
    memory: Option<&Memory>,
    losses: &Losses,
    sink: &dyn Sink,
) -> Option<Commits> {
    let objects = repository.objects();
    let hash = repository.local().object_hash();
    let mut inventory = Inventory::of(repository, losses);
    let wanted = extent.map(|extent| reachable(extent, repository, &objects, losses));
    if let Some(wanted) = &wanted {
        let missing = wanted.iter().filter(|id| !inventory.contains(id));
        missing.for_each(|id| losses.object(*id, Unread::Missing));
        inventory.loose.retain(|id| wanted.contains(id));
    }
    // Whole packs are complete, but for clones that say that they are not.
    let trees_too = extent.is_none() && (repository.partial || !repository.shallow.is_empty());
    let packs = inventory.packs(
        |id| objects.header(id).ok().map(|(kind, _)| kind),
        |id, kind| {
            (trees_too || kind != Some(Kind::Tree))
                && wanted.as_ref().is_none_or(|wanted| wanted.contains(id))
                && !(kind == Some(Kind::Blob) && memory.is_some_and(|memory| memory.knows(id)))
        },
    );
    drop(wanted);
    let check = extent.is_none().then(|| {
        // That all refs point to something is part of what there must be.
        let tips = Tips::of_refs(repository, &objects, losses);
        Check::new(&inventory, tips)
    });
    let packed: u64 = packs.iter().map(|pack| pack.forest.count(|kind| kind != Some(Kind::Tree))).sum();
    sink.expect_items(packed + inventory.loose.len() as u64);
    let reader = || Reader {
        repository,
        options,
        objects: repository.objects(),
        losses,
        expected: check.as_ref().map(Expected::new),
        worker: sink.worker(),
        commits: Commits::new(hash),
        memory,
        learnt: Learnt::default(),
    };
    let mut parts = walk(&packs, repository.jobs, HELD, reader);
    drop(packs);
    parts.extend(in_parallel(&inventory.loose, RUN, repository.jobs, |chunks| reader().run(chunks)));
    if let Some(memory) = memory {
        sink.worker().recall(&memory.counted());
    }
    if let Some(check) = check {
        check.report(repository, &objects, losses);
    }
    let mut commits = Commits::new(hash);
    parts.into_iter().for_each(|part| commits.append(part));
    commits.sort();
    extent.is_none().then_some(commits)
}

/// Hands over these objects once more, whatever reaches them.
pub(super) fn revisit(
    repository: &Repository,
    options: &GitOptions,
    wanted: &[ObjectId],
    losses: &Losses,
    sink: &dyn Sink,
) {
    let hash = repository.local().object_hash();
    in_parallel(wanted, REVISITED, repository.jobs, |chunks| {
        let mut reader = Reader {
            repository,
            options,
            objects: repository.objects(),
            losses,
            expected: None,
            worker: sink.worker(),
            commits: Commits::new(hash),
            memory: None,
            learnt: Learnt::default(),
        };
        while let Some(run) = chunks.take() {
            for id in run {
                if let Err(why) = reader.once_more(id) {
                    losses.object(*id, why);
                }
            }
        }
    });
}

/// Names the submodules of HEAD: they are passed over. Each folder is looked into once, even if there are copies of it.
pub(super) fn submodules(repository: &Repository, losses: &Losses, sink: &dyn Sink) {
    let objects = repository.objects();
    let Ok(head) = repository.local().head_commit().map(|commit| commit.id) else { return };
    let Ok(bytes) = objects.read_kind(&head, Kind::Commit) else { return };
    let Ok(Header { tree, .. }) = Header::of(head.kind(), &bytes) else { return };
    let commit = message::facts(head, Kind::Commit, &bytes);
    let mut worker = sink.worker();
    let mut trees = Trees::new(&objects, losses);
    let mut seen = hashtable::HashSet::default();
    let mut waiting = vec![(tree, BString::default())];
    while let Some((tree, folder)) = waiting.pop() {
        if !seen.insert(tree) {
            continue;
        }
        let bytes = trees.read(tree);
        for entry in trees.entries(tree, &bytes).filter(|entry| entry.mode.is_tree() || !is_own(entry)) {
            let mut path = folder.clone();
            path.extend_from_slice(entry.filename);
            if entry.mode.is_tree() {
                path.push(b'/');
                waiting.push((entry.oid.to_owned(), path));
            } else {
                let origin = Origin::Committed { commit: Arc::clone(&commit), path };
                worker.skipped(&origin, SkipReason::Submodule);
            }
        }
    }
}

/// What one thread needs.
struct Reader<'a> {
    repository: &'a Repository,
    options: &'a GitOptions,
    objects: Objects,
    losses: &'a Losses,
    expected: Option<Expected<'a>>,
    worker: Box<dyn Worker + 'a>,
    commits: Commits,
    memory: Option<&'a Memory>,
    learnt: Learnt,
}

impl Reader<'_> {
    /// Reads loose objects; answers with the commits among them.
    fn run(mut self, chunks: &Chunks<'_, ObjectId>) -> Commits {
        while let Some(run) = chunks.take() {
            for id in run {
                if let Err(why) = self.loose(id) {
                    self.losses.object(*id, why);
                }
            }
        }
        self.finish()
    }

    fn loose(&mut self, id: &oid) -> Result<(), Unread> {
        let (kind, size) = self.objects.header(id)?;
        if kind == Kind::Blob && self.memory.is_some_and(|memory| memory.knows(id)) {
            return Ok(());
        }
        if !self.passes_over(id, kind, size) && (kind != Kind::Tree || self.expected.is_some()) {
            let bytes = self.objects.read_kind(id, kind)?;
            self.show(&pack::Object { id, kind, bytes: &bytes, leaned_on: false, derivation: None })?;
        }
        Ok(())
    }

    fn once_more(&mut self, id: &oid) -> Result<(), Unread> {
        let (kind, bytes) = self.objects.read(id)?;
        self.show(&pack::Object { id, kind, bytes: &bytes, leaned_on: false, derivation: None }).map(drop)
    }

    fn show(&mut self, object: &pack::Object<'_>) -> Result<Option<Carried>, Unread> {
        let (id, bytes) = (object.id.to_owned(), object.bytes);
        match object.kind {
            Kind::Blob => {
                let before = self.worker.tally();
                let carried = scan_blob(&mut *self.worker, object, &self.options.archives);
                self.learn(id, before);
                return Ok(carried);
            }
            Kind::Tree => {
                let copies = object.derivation.as_ref().map(|from| from.copies).unwrap_or_default();
                if let Some(expected) = &mut self.expected {
                    expected.tree(bytes, id.kind(), copies)?;
                }
                return Ok(Some(Carried::default()));
            }
            Kind::Commit => {
                self.worker.commits(1);
                let header = Header::of(id.kind(), bytes)?;
                self.expect(&header.tree);
                if !self.repository.is_grafted(&id) {
                    header.parents.iter().for_each(|parent| self.expect(parent));
                }
                if self.expected.is_some() {
                    self.commits.push(id, &header);
                }
                self.message(id, object.kind, bytes);
            }
            Kind::Tag => {
                if let Ok(target) = TagRefIter::from_bytes(bytes, id.kind()).target_id() {
                    self.expect(&target);
                }
                self.message(id, object.kind, bytes);
            }
        }
        Ok(None)
    }

    fn message(&mut self, id: ObjectId, kind: Kind, bytes: &[u8]) {
        if self.options.messages && !self.memory.is_some_and(|memory| memory.knows(&id)) {
            let before = self.worker.tally();
            let commit = message::facts(id, kind, bytes);
            self.worker.blob(&Blob::whole(message::message(bytes), Origin::Message { commit }));
            self.learn(id, before);
        }
    }

    /// Remembers what scanning an object came to; `before` is what had come in before.
    fn learn(&mut self, id: ObjectId, before: Tally) {
        if self.memory.is_some() {
            self.learnt.take(id, self.worker.tally() - before);
        }
    }

    /// Notes an object that is named by another one and is not there.
    fn expect(&mut self, id: &oid) {
        if let Some(expected) = &mut self.expected {
            expected.object(id);
        }
    }
}

impl Visitor for Reader<'_> {
    type Outcome = Commits;

    fn passes_over(&mut self, id: &oid, kind: Kind, size: u64) -> bool {
        let passes_over = kind == Kind::Blob && self.options.max_blob_size.is_some_and(|most| size > most);
        if passes_over {
            self.worker.skipped(&Origin::Object { id: id.to_owned() }, SkipReason::TooLarge);
        }
        passes_over
    }

    fn object(&mut self, object: &pack::Object<'_>) -> Option<Carried> {
        self.show(object).unwrap_or_else(|why| {
            self.losses.object(object.id.to_owned(), why);
            None
        })
    }

    fn outside(&mut self, id: &oid) -> Result<Vec<u8>, Unread> {
        self.objects.read(id).map(|(_, bytes)| bytes.to_vec())
    }

    fn lost(&mut self, id: &oid, why: Unread) {
        self.losses.object(id.to_owned(), why);
    }

    /// The commits that came by.
    fn finish(self) -> Commits {
        if let Some(memory) = self.memory {
            memory.learn(self.learnt);
        }
        self.commits
    }
}

//! A push: what it adds to what the receiving side has.
//!
//! That is what the new tips of its refs reach and no tip that the other side is known to have. Each commit counts once,
//! whatever refs reach it, with what it adds to its parents, so that a secret that a later commit of the same push takes
//! out again is found all the same. What an old tip that is not here would have excluded is scanned: rather too much
//! than too little.

use gix::ObjectId;
use gix::hashtable;
use gix::objs::Kind;

use super::change::{self, Difference};
use super::losses::Losses;
use super::message;
use super::objects::Objects;
use super::options::GitOptions;
use super::range;
use super::repository::Repository;
use super::since::Since;
use super::tips::{self, Tips};
use super::trees::{Leaf, Trees};
use super::updates::{Push, Receiver};
use crate::model::{Blob, Origin};
use crate::source::hand_over::hand_over;
use crate::source::{Sink, SourceError, Worker};
use gix::objs::tree::EntryKind;

/// Hands over what a push adds.
///
/// # Errors
/// If it is not a push of this repository.
pub(super) fn scan(
    push: &Push,
    repository: &Repository,
    options: &GitOptions,
    losses: &Losses,
    sink: &dyn Sink,
) -> Result<(), SourceError> {
    check(push, repository)?;
    let objects = repository.objects();
    let new = Tips::of(push.tips(), &objects, losses);
    let known = known(push, repository, &objects);
    // All that is sent is here: a shallow clone sends nothing of what it lacks.
    let since = Since { repository, objects: &objects, first_parent: false, losses };
    let commits = since.walk(&known.commits, &new.commits);
    range::commits(&commits, repository, options, losses, sink);
    let mut worker = sink.worker();
    if options.messages {
        tags(&without(&new.tags, &known.tags), &objects, &mut *worker);
    }
    let mut leaves: Vec<Leaf> =
        without(&new.blobs, &known.blobs).into_iter().map(|id| Leaf { id, kind: EntryKind::Blob }).collect();
    let mut trees = Trees::new(&objects, losses);
    for tree in without(&new.trees, &known.trees) {
        leaves.extend(Difference::between(&mut trees, None, Some(tree)).changed.into_values().map(|(leaf, _)| leaf));
    }
    let mut seen = hashtable::HashSet::default();
    for leaf in leaves.into_iter().filter(|leaf| seen.insert(leaf.id)) {
        let origin = Origin::Object { id: leaf.id };
        if let Some(bytes) = change::read(&mut *worker, &objects, losses, options.max_blob_size, leaf, &origin) {
            hand_over(&mut *worker, &bytes, &origin, None, &options.archives);
        }
    }
    Ok(())
}

/// Where what came without any commit stands: refs may point to trees and blobs.
pub(super) fn without_commits(push: &Push, objects: &Objects, losses: &Losses) -> Tips {
    Tips { commits: Vec::new(), ..Tips::of(push.tips(), objects, losses) }
}

/// Ids of another length name nothing here, and would look like objects that are missing.
fn check(push: &Push, repository: &Repository) -> Result<(), SourceError> {
    let hash = repository.local().object_hash();
    let ids = push.updates.iter().flat_map(|update| [update.old, update.new]).flatten();
    match ids.map(|id| id.kind()).find(|kind| *kind != hash) {
        Some(other) => {
            let what =
                format!("the push is of a repository that names objects by {other}, and this one does by {hash}");
            Err(SourceError::new(what).hint("run this where git runs the hook, or name that repository"))
        }
        None => Ok(()),
    }
}

/// What the receiving side is known to have. What of it is not here excludes nothing, and is no loss: it is not what is
/// to be scanned.
fn known(push: &Push, repository: &Repository, objects: &Objects) -> Tips {
    let losses = Losses::default();
    let mut ids: Vec<ObjectId> = push.updates.iter().filter_map(|update| update.old).collect();
    match &push.receiver {
        Receiver::Here => ids.extend(tips::ref_ids(repository, &losses)),
        Receiver::Remote(Some(name)) => ids.extend(tips::tracking_ids(name, repository)),
        Receiver::Remote(None) => {}
    }
    Tips::of(ids, objects, &losses)
}

fn without(new: &[ObjectId], known: &[ObjectId]) -> Vec<ObjectId> {
    let known: hashtable::HashSet<ObjectId> = known.iter().copied().collect();
    new.iter().filter(|id| !known.contains(*id)).copied().collect()
}

/// Hands over the messages of annotated tags. One that cannot be read was noted when it was followed.
fn tags(tags: &[ObjectId], objects: &Objects, worker: &mut dyn Worker) {
    for &id in tags {
        if let Ok(bytes) = objects.read_kind(&id, Kind::Tag) {
            let commit = message::facts(id, Kind::Tag, &bytes);
            worker.blob(&Blob::whole(message::message(&bytes), Origin::Message { commit }));
        }
    }
}

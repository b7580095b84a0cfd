//! Where a history begins: what the refs point to.

use std::collections::{BTreeSet, HashSet};
use std::fs;

use gix::ObjectId;
use gix::objs::{Kind, TagRefIter};

use super::losses::Losses;
use super::objects::{Objects, Unread};
use super::repository::Repository;
use crate::source::SourceError;

/// What refs point to, by kind. Tags are followed, and listed themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Tips {
    pub commits: Vec<ObjectId>,
    pub tags: Vec<ObjectId>,
    pub trees: Vec<ObjectId>,
    pub blobs: Vec<ObjectId>,
}

impl Tips {
    /// What all refs point to: see [`ref_ids`].
    pub fn of_refs(repository: &Repository, objects: &Objects, losses: &Losses) -> Tips {
        Tips::of(ref_ids(repository, losses).into_iter().collect(), objects, losses)
    }

    /// What one revision points to.
    ///
    /// # Errors
    /// If there is no such revision.
    pub fn of_revision(
        name: &str,
        repository: &Repository,
        objects: &Objects,
        losses: &Losses,
    ) -> Result<Tips, SourceError> {
        Ok(Tips::of(vec![resolve(name, repository)?], objects, losses))
    }

    /// Sorts objects by kind, and follows tags.
    pub fn of(mut waiting: Vec<ObjectId>, objects: &Objects, losses: &Losses) -> Tips {
        let mut tips = Tips::default();
        let mut seen = HashSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            match objects.header(&id) {
                Ok((Kind::Commit, _)) => tips.commits.push(id),
                Ok((Kind::Tree, _)) => tips.trees.push(id),
                Ok((Kind::Blob, _)) => tips.blobs.push(id),
                Ok((Kind::Tag, _)) => {
                    tips.tags.push(id);
                    match target(id, objects) {
                        Ok(target) => waiting.push(target),
                        Err(why) => losses.object(id, why),
                    }
                }
                Err(why) => losses.object(id, why),
            }
        }
        tips
    }
}

/// What all refs point to: those of this work tree and the HEADs of all others included.
pub(super) fn ref_ids(repository: &Repository, losses: &Losses) -> BTreeSet<ObjectId> {
    let local = repository.local();
    let mut ids: BTreeSet<ObjectId> = detached_heads(&local).into_iter().collect();
    let lost = |error: gix::Error| losses.other("refs", format!("cannot be read: {}", error.probable_cause()), None);
    match local.references().as_ref().map(|refs| refs.all()) {
        Ok(Ok(refs)) => {
            for reference in refs {
                match reference {
                    // One that names another ref points to nothing of its own.
                    Ok(reference) => ids.extend(reference.try_id().map(gix::Id::detach)),
                    Err(error) => lost(error),
                }
            }
        }
        Ok(Err(error)) => lost(error),
        Err(error) => losses.other("refs", format!("cannot be read: {}", error.probable_cause()), None),
    }
    ids
}

/// What the remote-tracking refs of a remote point to, as far as they can be read. They stand where git has them unless
/// told otherwise; another remote may have a name that begins like this one's.
pub(super) fn tracking_ids(remote: &str, repository: &Repository) -> BTreeSet<ObjectId> {
    let folder = |remote: &[u8]| [b"refs/remotes/", remote, b"/"].concat();
    let (local, own) = (repository.local(), folder(remote.as_bytes()));
    let longer: Vec<_> = local.remote_names().iter().map(|name| folder(name)).filter(|other| *other > own).collect();
    let Ok(refs) = local.references() else { return BTreeSet::new() };
    let is_own = |name: &[u8]| name.starts_with(&own) && !longer.iter().any(|other| name.starts_with(other));
    let refs = refs.all().into_iter().flatten().flatten();
    refs.filter(|found| is_own(found.name().as_bstr()))
        .filter_map(|found| found.try_id().map(gix::Id::detach))
        .collect()
}

/// What an annotated tag points to.
pub(super) fn target(tag: ObjectId, objects: &Objects) -> Result<ObjectId, Unread> {
    let bytes = objects.read_kind(&tag, Kind::Tag)?;
    let target = TagRefIter::from_bytes(&bytes, tag.kind()).target_id();
    target.map_err(|_| Unread::Broken("not a well-formed tag".to_owned()))
}

/// Finds the object that a revision names.
///
/// # Errors
/// If there is none.
pub(super) fn resolve(name: &str, repository: &Repository) -> Result<ObjectId, SourceError> {
    // A whole id names its object before any ref, as in git; the library would not look where the environment says.
    if let Ok(id) = ObjectId::from_hex(name.as_bytes())
        && id.kind() == repository.local().object_hash()
        && repository.objects().header(&id).is_ok()
    {
        return Ok(id);
    }
    let local = repository.local();
    // The lifetime of what is found ends with `local`.
    let found = local.rev_parse_single(name).map(gix::Id::detach);
    found.map_err(|error| {
        let hint = if !repository.shallow.is_empty() {
            "this is a shallow clone: git fetch --deepen=N, or --unshallow, brings in more of its history"
        } else {
            "see the names that there are with `git branch --all` and `git tag`, or fetch it first"
        };
        let failure = SourceError::new(format!("there is no revision `{name}`")).hint(hint);
        // Where a way leads to nothing, the library names its own function first, and then what is wrong.
        match error.to_string().starts_with("delegate.") {
            true => failure.cause(error.probable_cause().to_string()),
            false => failure.cause(error),
        }
    })
}

/// The HEADs of the main work tree and of all linked ones, where they are not on a branch.
fn detached_heads(local: &gix::Repository) -> Vec<ObjectId> {
    let common = local.common_dir();
    let linked = fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten().map(|entry| entry.path());
    linked
        .chain([common.to_owned()])
        .filter_map(|folder| fs::read(folder.join("HEAD")).ok())
        .filter_map(|text| ObjectId::from_hex(text.trim_ascii()).ok())
        .collect()
}

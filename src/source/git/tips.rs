//! Where a history begins: what the refs point to.

use std::collections::HashSet;
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
    /// What all refs point to: those of this work tree and the HEADs of all others included.
    pub fn of_refs(repository: &Repository, objects: &Objects, losses: &Losses) -> Tips {
        let mut ids = HashSet::new();
        let local = repository.local();
        if let Ok(head) = local.head_id() {
            ids.insert(head.detach());
        }
        match local.references() {
            Ok(references) => match references.all() {
                Ok(all) => {
                    for reference in all {
                        match reference {
                            Ok(reference) => ids.extend(reference.try_id().map(|id| id.detach())),
                            Err(error) => {
                                losses.other("refs", format!("a ref cannot be read: {}", error.probable_cause()), None)
                            }
                        }
                    }
                }
                Err(error) => losses.other("refs", format!("cannot be listed: {}", error.probable_cause()), None),
            },
            Err(error) => losses.other("refs", format!("cannot be listed: {}", error.probable_cause()), None),
        }
        ids.extend(detached_heads(&local));
        let mut ids: Vec<ObjectId> = ids.into_iter().collect();
        ids.sort();
        let mut tips = Tips::default();
        for id in ids {
            tips.add(id, objects, losses);
        }
        tips
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
        let mut tips = Tips::default();
        tips.add(resolve(name, repository)?, objects, losses);
        Ok(tips)
    }

    fn add(&mut self, id: ObjectId, objects: &Objects, losses: &Losses) {
        let mut id = id;
        let mut buffer = Vec::new();
        loop {
            match objects.header(&id) {
                Ok((Kind::Commit, _)) => self.commits.push(id),
                Ok((Kind::Tree, _)) => self.trees.push(id),
                Ok((Kind::Blob, _)) => self.blobs.push(id),
                Ok((Kind::Tag, _)) => {
                    if self.tags.contains(&id) {
                        return;
                    }
                    self.tags.push(id);
                    match objects.read_kind(&id, Kind::Tag, &mut buffer) {
                        Ok(bytes) => match TagRefIter::from_bytes(bytes, id.kind()).target_id() {
                            Ok(target) => {
                                id = target;
                                continue;
                            }
                            Err(_) => losses.object(id, Unread::Broken("not a well-formed tag".to_owned())),
                        },
                        Err(why) => losses.object(id, why),
                    }
                }
                Err(why) => losses.object(id, why),
            }
            return;
        }
    }
}

/// Finds the object that a revision names.
///
/// # Errors
/// If there is none.
pub(super) fn resolve(name: &str, repository: &Repository) -> Result<ObjectId, SourceError> {
    let local = repository.local();
    // The lifetime of what is found ends with `local`.
    let found = local.rev_parse_single(name).map(gix::Id::detach);
    found.map_err(|error| {
        let hint = if !repository.shallow.is_empty() {
            "this is a shallow clone: git fetch --deepen=N, or --unshallow, brings in more of its history"
        } else {
            "see the names that there are with `git branch --all` and `git tag`, or fetch it first"
        };
        SourceError::new(format!("there is no revision `{name}`")).hint(hint).cause(error)
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

//! Which commits one history has that another has not.
//!
//! Both are walked at once, newest first, so that the walk ends soon after the histories meet. Dates may lie: a commit
//! that seems new may turn out to be old, and then so do all that it descends from. The walk goes on for a while past
//! the point where it seems done; where that is not enough, a commit too many is read, never one too few.

use std::collections::BinaryHeap;

use gix::{ObjectId, hashtable};

use super::commits::Header;
use super::graph;
use super::losses::Losses;
use super::objects::Objects;
use super::repository::Repository;

/// Commits to look at past the point where the walk seems done.
const PATIENCE: usize = 256;

/// What is needed to walk.
pub(super) struct Since<'a> {
    pub repository: &'a Repository,
    pub objects: &'a Objects,
    pub first_parent: bool,
    pub losses: &'a Losses,
}

/// The walk so far.
#[derive(Default)]
struct Walk {
    seen: hashtable::HashMap<ObjectId, Seen>,
    /// By committer date, newest first.
    waiting: BinaryHeap<(i64, ObjectId)>,
    /// How many of those that wait are not known to be in the other history.
    open: usize,
}

struct Seen {
    time: i64,
    parents: Vec<ObjectId>,
    /// True for what the other history has.
    known: bool,
    /// True for what had its turn as not known.
    found: bool,
}

impl Since<'_> {
    /// The commits that any of `to` descends from (itself included) and none of `from` does, newest first.
    pub fn walk(&self, from: &[ObjectId], to: &[ObjectId]) -> Vec<ObjectId> {
        let mut walk = Walk::default();
        from.iter().for_each(|id| self.meet(*id, true, &mut walk));
        to.iter().for_each(|id| self.meet(*id, false, &mut walk));
        let mut found = Vec::new();
        let mut patience = PATIENCE;
        while let Some((_, id)) = walk.waiting.pop() {
            let Some(commit) = walk.seen.get_mut(&id) else { continue };
            let (known, parents) = (commit.known, commit.parents.clone());
            if !known {
                commit.found = true;
                walk.open -= 1;
                found.push(id);
            }
            if walk.open > 0 || !known {
                patience = PATIENCE;
            } else {
                patience -= 1;
            }
            if patience == 0 {
                break;
            }
            for parent in parents {
                self.meet(parent, known, &mut walk);
            }
        }
        found.retain(|id| walk.seen.get(id).is_some_and(|commit| !commit.known));
        found
    }

    /// Comes by a commit from a child, or from the beginning.
    fn meet(&self, id: ObjectId, known: bool, walk: &mut Walk) {
        if let Some(commit) = walk.seen.get_mut(&id) {
            // Old after all: its parents are to be told, even if it had its turn.
            if known && !commit.known {
                commit.known = true;
                walk.open -= usize::from(!commit.found);
                walk.waiting.push((commit.time, id));
            }
            return;
        }
        match graph::read(id, self.objects) {
            Ok(Header { mut parents, time, .. }) => {
                if self.repository.is_grafted(&id) {
                    parents.clear();
                }
                if self.first_parent && !known {
                    parents.truncate(1);
                }
                walk.open += usize::from(!known);
                walk.waiting.push((time, id));
                walk.seen.insert(id, Seen { time, parents, known, found: false });
            }
            Err(why) => self.losses.object(id, why),
        }
    }
}

//! The graph of commits: who is whose parent, and which came first.
//!
//! It is read from the commits themselves. The commit-graph file would be faster, but a hostile one could leave
//! commits out.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gix::objs::{CommitRefIter, Kind};
use gix::{ObjectId, hashtable};

use super::losses::Losses;
use super::objects::{Objects, Unread};
use super::repository::Repository;

/// Commits, each known by its number.
#[derive(Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    numbers: hashtable::HashMap<ObjectId, u32>,
}

/// A commit.
pub(super) struct Node {
    pub id: ObjectId,
    pub tree: ObjectId,
    /// Numbers of the parents, as far as they could be read.
    pub parents: Vec<u32>,
    /// Committer date, seconds since 1970.
    pub time: i64,
}

impl Graph {
    /// Takes in commits and all that they descend from. Of a shallow clone's outermost commits, and with
    /// `first_parent`, not all parents are followed.
    pub fn grow(
        &mut self,
        tips: &[ObjectId],
        first_parent: bool,
        repository: &Repository,
        objects: &Objects,
        losses: &Losses,
    ) {
        let first_new = self.nodes.len();
        let mut parents_of: Vec<Vec<ObjectId>> = Vec::new();
        let mut waiting: Vec<ObjectId> = tips.to_vec();
        while let Some(id) = waiting.pop() {
            if self.numbers.contains_key(&id) {
                continue;
            }
            let (node, mut parents) = match read(id, objects) {
                Ok(commit) => commit,
                Err(why) => {
                    losses.object(id, why);
                    continue;
                }
            };
            if repository.is_grafted(&id) {
                parents.clear();
            }
            if first_parent {
                parents.truncate(1);
            }
            self.numbers.insert(id, self.nodes.len() as u32);
            self.nodes.push(node);
            waiting.extend(&parents);
            parents_of.push(parents);
        }
        for (node, parents) in self.nodes.iter_mut().skip(first_new).zip(parents_of) {
            node.parents = parents.iter().filter_map(|id| self.numbers.get(id).copied()).collect();
        }
    }

    /// All numbers, parents before children; where that leaves a choice, by date and then by id.
    pub fn oldest_first(&self) -> Vec<u32> {
        let mut missing: Vec<u32> = self.nodes.iter().map(|node| node.parents.len() as u32).collect();
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (number, node) in self.nodes.iter().enumerate() {
            for &parent in &node.parents {
                children[parent as usize].push(number as u32);
            }
        }
        let key = |number: u32| {
            let node = &self.nodes[number as usize];
            Reverse((node.time, node.id, number))
        };
        let mut ready: BinaryHeap<_> =
            (0..self.nodes.len() as u32).filter(|&n| missing[n as usize] == 0).map(key).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(Reverse((_, _, number))) = ready.pop() {
            order.push(number);
            for &child in &children[number as usize] {
                missing[child as usize] -= 1;
                if missing[child as usize] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order
    }
}

/// Reads a commit and the ids of its parents.
pub(super) fn read(id: ObjectId, objects: &Objects) -> Result<(Node, Vec<ObjectId>), Unread> {
    parse(id, &objects.read_kind(&id, Kind::Commit)?)
}

/// A commit and the ids of its parents, from its bytes.
pub(super) fn parse(id: ObjectId, bytes: &[u8]) -> Result<(Node, Vec<ObjectId>), Unread> {
    let tree = tree_of(id, bytes)?;
    let commit = CommitRefIter::from_bytes(bytes, id.kind());
    let time = commit.committer().map_or(0, |committer| committer.seconds());
    let parents = commit.parent_ids().collect();
    Ok((Node { id, tree, parents: Vec::new(), time }, parents))
}

/// The tree of a commit, from its bytes.
pub(super) fn tree_of(id: ObjectId, bytes: &[u8]) -> Result<ObjectId, Unread> {
    CommitRefIter::from_bytes(bytes, id.kind())
        .tree_id()
        .map_err(|_| Unread::Broken("not a well-formed commit".to_owned()))
}

//! The graph of commits: who is whose parent, and which came first.
//!
//! It is made from what the scan saw of each commit as it went by, or else read from the commits themselves. The
//! commit-graph file could spare that reading, but a hostile one could leave commits out.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gix::objs::Kind;
use gix::{ObjectId, hashtable};

use super::commits::{Commits, Header};
use super::losses::Losses;
use super::objects::{Objects, Unread};
use super::repository::Repository;

/// Commits, each known by its number.
#[derive(Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    numbers: hashtable::HashMap<ObjectId, u32>,
    /// Numbers of the parents of all nodes, those of a node side by side.
    parents: Vec<u32>,
}

/// A commit.
pub(super) struct Node {
    pub id: ObjectId,
    pub tree: ObjectId,
    /// Committer date, seconds since 1970.
    pub time: i64,
    /// Where its parents begin among those of all, and end.
    first: u32,
    end: u32,
}

impl Graph {
    /// The graph of these commits.
    pub fn of(commits: &Commits, repository: &Repository) -> Graph {
        let mut graph = Graph::default();
        graph.nodes.reserve_exact(commits.len());
        graph.numbers.reserve(commits.len());
        let mut parents = Vec::with_capacity(commits.len());
        for (id, mut header) in commits.iter() {
            if repository.is_grafted(&id) {
                header.parents.clear();
            }
            graph.add(id, header, &mut parents);
        }
        graph.link(0, &parents);
        graph
    }

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
        let mut parents: Vec<ObjectId> = Vec::new();
        let mut waiting: Vec<ObjectId> = tips.to_vec();
        while let Some(id) = waiting.pop() {
            if self.numbers.contains_key(&id) {
                continue;
            }
            match read(id, objects) {
                Ok(mut header) => {
                    if repository.is_grafted(&id) {
                        header.parents.clear();
                    }
                    if first_parent {
                        header.parents.truncate(1);
                    }
                    waiting.extend(&header.parents);
                    self.add(id, header, &mut parents);
                }
                Err(why) => losses.object(id, why),
            }
        }
        self.link(first_new, &parents);
    }

    /// Adds a node, and its parents to those of all new ones; these are not numbers yet.
    fn add(&mut self, id: ObjectId, header: Header, parents: &mut Vec<ObjectId>) {
        let first = parents.len() as u32;
        parents.extend(header.parents);
        self.numbers.insert(id, self.nodes.len() as u32);
        self.nodes.push(Node { id, tree: header.tree, time: header.time, first, end: parents.len() as u32 });
    }

    /// Finds the parents of new nodes, as far as they are there.
    fn link(&mut self, first_new: usize, ids: &[ObjectId]) {
        for node in self.nodes.iter_mut().skip(first_new) {
            let ids = ids.get(node.first as usize..node.end as usize).unwrap_or_default();
            node.first = self.parents.len() as u32;
            self.parents.extend(ids.iter().filter_map(|id| self.numbers.get(id)));
            node.end = self.parents.len() as u32;
        }
    }

    /// Numbers of the parents of a node, as far as they could be read.
    pub fn parents(&self, node: &Node) -> &[u32] {
        self.parents.get(node.first as usize..node.end as usize).unwrap_or_default()
    }

    /// For each commit, whether one of these descends from it or is it.
    pub fn reached(&self, tips: &[ObjectId]) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        let mut waiting: Vec<u32> = tips.iter().filter_map(|tip| self.numbers.get(tip).copied()).collect();
        while let Some(number) = waiting.pop() {
            if !std::mem::replace(&mut reached[number as usize], true) {
                waiting.extend_from_slice(self.parents(&self.nodes[number as usize]));
            }
        }
        reached
    }

    /// All numbers, parents before children; where that leaves a choice, by date and then by id.
    pub fn oldest_first(&self) -> Vec<u32> {
        let count = self.nodes.len();
        let mut missing: Vec<u32> = self.nodes.iter().map(|node| node.end - node.first).collect();
        // The children of all nodes, those of a node side by side; the next one's begin where they end.
        let mut first = vec![0u32; count + 1];
        self.parents.iter().for_each(|parent| first[*parent as usize + 1] += 1);
        for number in 0..count {
            first[number + 1] += first[number];
        }
        let mut children = vec![0; self.parents.len()];
        let mut free = first.clone();
        for (number, node) in (0..).zip(&self.nodes) {
            for &parent in self.parents(node) {
                children[free[parent as usize] as usize] = number;
                free[parent as usize] += 1;
            }
        }
        let key = |number: u32| {
            let node = &self.nodes[number as usize];
            // So much of an id is as good as all of it.
            let id = node.id.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
            Reverse((node.time, id, number))
        };
        let mut ready: BinaryHeap<_> = (0..count as u32).filter(|&n| missing[n as usize] == 0).map(key).collect();
        let mut order = Vec::with_capacity(count);
        while let Some(Reverse((_, _, number))) = ready.pop() {
            order.push(number);
            for &child in &children[first[number as usize] as usize..first[number as usize + 1] as usize] {
                missing[child as usize] -= 1;
                if missing[child as usize] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order
    }
}

/// Reads what a commit says of others.
pub(super) fn read(id: ObjectId, objects: &Objects) -> Result<Header, Unread> {
    Header::of(id.kind(), &objects.read_kind(&id, Kind::Commit)?)
}

//! Which objects a history reaches: for histories of less than everything there is.

use gix::{ObjectId, hashtable};

use super::graph::Graph;
use super::losses::Losses;
use super::message;
use super::objects::Objects;
use super::repository::Repository;
use super::tips::Tips;
use super::trees::{Trees, is_own};
use gix::objs::Kind;

/// The tips of a history, and what bounds it.
pub(super) struct Extent {
    pub tips: Tips,
    pub first_parent: bool,
    /// Only what commits since this time brought; seconds since 1970.
    pub since: Option<i64>,
}

/// All commits, annotated tags and blobs that the extent reaches: for `since`, those that its commits brought.
pub(super) fn reachable(
    extent: &Extent,
    repository: &Repository,
    objects: &Objects,
    losses: &Losses,
) -> hashtable::HashSet<ObjectId> {
    let mut graph = Graph::default();
    graph.grow(&extent.tips.commits, extent.first_parent, repository, objects, losses);
    let is_in = |time: i64| extent.since.is_none_or(|since| time >= since);
    let mut walk = Walk { trees: Trees::new(objects, losses), seen: Default::default(), found: Default::default() };
    for parent in graph.nodes.iter().filter(|n| is_in(n.time)).flat_map(|n| graph.parents(n)) {
        let parent = &graph.nodes[*parent as usize];
        if !is_in(parent.time) {
            walk.tree(parent.tree);
        }
    }
    // So far came what was there before; it is seen, but not asked for.
    walk.found.clear();
    for node in graph.nodes.iter().filter(|n| is_in(n.time)) {
        walk.found.insert(node.id);
        walk.tree(node.tree);
    }
    for &tag in &extent.tips.tags {
        let is_in = match objects.read_kind(&tag, Kind::Tag) {
            Ok(bytes) => is_in(message::facts(tag, Kind::Tag, &bytes).seconds),
            Err(_) => false,
        };
        if is_in {
            walk.found.insert(tag);
        }
    }
    if extent.since.is_none() {
        extent.tips.trees.iter().for_each(|&tree| walk.tree(tree));
        walk.found.extend(&extent.tips.blobs);
    }
    walk.found
}

struct Walk<'a> {
    trees: Trees<'a>,
    seen: hashtable::HashSet<ObjectId>,
    found: hashtable::HashSet<ObjectId>,
}

impl Walk<'_> {
    /// Looks into a tree and all trees below it that were not seen before; a loop, so that no depth is too deep.
    fn tree(&mut self, root: ObjectId) {
        let mut waiting = vec![root];
        while let Some(id) = waiting.pop() {
            if !self.seen.insert(id) {
                continue;
            }
            let bytes = self.trees.read(id);
            for entry in self.trees.entries(id, &bytes).filter(is_own) {
                let child = entry.oid.to_owned();
                if entry.mode.is_tree() {
                    waiting.push(child);
                } else if self.seen.insert(child) {
                    self.found.insert(child);
                }
            }
        }
    }
}

/// Reads the date of `--since` in any form that git reads.
pub(super) fn parse_since(text: &str) -> Option<i64> {
    let now = gix::date::Time::now_local_or_utc().to_zoned().ok();
    gix::date::parse(text, now).ok().map(|time| time.seconds)
}

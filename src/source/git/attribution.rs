//! Where blobs stand in a history: at which paths, since which commit, and whether HEAD still has them there.
//!
//! Each commit's tree is compared to its parents', which reads few trees, since equal ones are never looked into. A
//! commit *brings* a blob to a path if it has it there and no parent of it does; of several that do (removed, and added
//! once more), the oldest counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use bstr::BString;
use gix::objs::Kind;
use gix::{ObjectId, hashtable};

use super::chunks::in_parallel;
use super::graph::Graph;
use super::losses::Losses;
use super::message;
use super::reach::Extent;
use super::repository::Repository;
use super::trees::Trees;
use crate::model::Commit;
use crate::source::{Attribution, Sighting};

/// Commits that one thread takes in a row: neighbours share most of their trees.
const RUN: usize = 1024;

/// Blobs at paths, and the place in the order of commits of the first that brought them.
type Brought = BTreeMap<(ObjectId, BString), usize>;

/// Finds out where the blobs of `wanted` stand, within `extent` and, for what that does not reach, in `unreachable`
/// commits.
pub(super) fn attribute(
    wanted: &[ObjectId],
    extent: &Extent,
    unreachable: &[ObjectId],
    repository: &Repository,
    losses: &Losses,
) -> Attribution {
    let search = Search { wanted: wanted.iter().copied().collect(), repository, losses };
    let objects = repository.objects();
    let mut trees = Trees::new(&objects, losses);
    let mut graph = Graph::default();
    graph.grow(&extent.tips.commits, extent.first_parent, repository, &objects, losses);
    let mut attribution = Attribution::new();

    let head = repository.local().head_tree_id().ok().map(|id| id.detach());
    let order = graph.oldest_first();
    for ((id, path), place) in search.brought(&graph, &order) {
        let at_head = head.is_some_and(|tree| trees.lookup(tree, path.as_ref()).is_some_and(|leaf| leaf.id == id));
        let commit = search.commit(&graph, order.get(place));
        attribution.entry(id).or_default().push(Sighting { path, commit, at_head, unreachable: false });
    }
    search.tips_without_commits(extent, &mut trees, &mut attribution);

    if wanted.iter().any(|id| !attribution.contains_key(id)) {
        let reachable = graph.nodes.len() as u32;
        graph.grow(unreachable, false, repository, &objects, losses);
        let order: Vec<u32> = graph.oldest_first().into_iter().filter(|number| *number >= reachable).collect();
        for ((id, path), place) in search.brought(&graph, &order) {
            let sightings = attribution.entry(id).or_default();
            // What a ref reaches as well is not worth a word about what none does.
            if sightings.iter().all(|sighting| sighting.unreachable) {
                let commit = search.commit(&graph, order.get(place));
                sightings.push(Sighting { path, commit, at_head: false, unreachable: true });
            }
        }
    }
    for id in wanted {
        let nowhere = || vec![Sighting { path: BString::default(), commit: None, at_head: false, unreachable: true }];
        attribution.entry(*id).or_insert_with(nowhere).sort();
    }
    attribution
}

struct Search<'a> {
    wanted: hashtable::HashSet<ObjectId>,
    repository: &'a Repository,
    losses: &'a Losses,
}

impl Search<'_> {
    /// The first commits, of those that `order` lists, to bring wanted blobs to their paths.
    fn brought(&self, graph: &Graph, order: &[u32]) -> Brought {
        // Newest first, for packs hold the newest trees whole and older ones as what differs from them.
        let places: Vec<usize> = (0..order.len()).rev().collect();
        let parts = in_parallel(&places, RUN, self.repository.jobs, |chunks| {
            let objects = self.repository.objects();
            let mut trees = Trees::new(&objects, self.losses);
            let mut brought = Brought::new();
            while let Some(run) = chunks.take() {
                for &place in run {
                    if let Some(&number) = order.get(place) {
                        self.by_commit(graph, number, place, &mut trees, &mut brought);
                    }
                }
            }
            brought
        });
        let mut all = Brought::new();
        for (key, place) in parts.into_iter().flatten() {
            all.entry(key).and_modify(|first| *first = place.min(*first)).or_insert(place);
        }
        all
    }

    fn by_commit(&self, graph: &Graph, number: u32, place: usize, trees: &mut Trees<'_>, brought: &mut Brought) {
        let node = &graph.nodes[number as usize];
        let mut parents = node.parents.iter().map(|parent| graph.nodes[*parent as usize].tree);
        let mut found: Vec<(ObjectId, BString)> = Vec::new();
        trees.diff(parents.next(), Some(node.tree), &mut |change| {
            if let Some(new) = change.new
                && self.wanted.contains(&new.id)
                && change.old.is_none_or(|old| old.id != new.id)
            {
                found.push((new.id, change.path.to_owned()));
            }
        });
        for parent in parents {
            found.retain(|(id, path)| trees.lookup(parent, path.as_ref()).is_none_or(|leaf| leaf.id != *id));
        }
        for key in found {
            brought.entry(key).and_modify(|first| *first = place.min(*first)).or_insert(place);
        }
    }

    fn commit(&self, graph: &Graph, number: Option<&u32>) -> Option<Arc<Commit>> {
        let id = graph.nodes.get(*number? as usize)?.id;
        let objects = self.repository.objects();
        let bytes = objects.read_kind(&id, Kind::Commit).ok()?;
        Some(message::facts(id, Kind::Commit, &bytes))
    }

    /// Refs may point to blobs and trees, without any commit.
    fn tips_without_commits(&self, extent: &Extent, trees: &mut Trees<'_>, attribution: &mut Attribution) {
        let mut add = |id: ObjectId, path: BString| {
            let sightings = attribution.entry(id).or_default();
            if sightings.iter().all(|sighting| sighting.path != path) {
                sightings.push(Sighting { path, commit: None, at_head: false, unreachable: false });
            }
        };
        for blob in extent.tips.blobs.iter().filter(|blob| self.wanted.contains(*blob)) {
            add(*blob, BString::default());
        }
        for tree in &extent.tips.trees {
            trees.diff(None, Some(*tree), &mut |change| {
                if let Some(new) = change.new.filter(|new| self.wanted.contains(&new.id)) {
                    add(new.id, change.path.to_owned());
                }
            });
        }
    }
}

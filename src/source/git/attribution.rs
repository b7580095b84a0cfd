//! Where blobs stand in a history: at which paths, since which commit, and whether HEAD still has them there.
//!
//! Each commit's tree is compared to its parents', all by their skeletons (see `skeleton`). A commit *brings* a blob to a
//! path if it has it there and no parent of it does; of several that do (removed, and added once more), the oldest
//! counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bstr::BString;
use gix::ObjectId;
use gix::objs::Kind;

use super::chunks::in_parallel;
use super::commits::Commits;
use super::compare::Comparison;
use super::graph::Graph;
use super::inventory::Inventory;
use super::losses::Losses;
use super::message;
use super::objects::Objects;
use super::reach::Extent;
use super::repository::Repository;
use super::skeleton::Skeletons;
use super::trees::{Leaf, Trees};
use super::wanted::Wanted;
use crate::model::Commit;
use crate::source::{Attribution, Sighting};

/// Commits that one thread takes in a row: neighbours share most of their trees.
const RUN: usize = 1024;

/// Blobs and the names that make up their paths, all by number, and the place in the order of commits of the first that
/// brought them.
type Brought = BTreeMap<(u32, Vec<u32>), usize>;

/// Finds out where the blobs of `wanted` stand, within `extent` and, for what that does not reach, in all commits that
/// there are, if these are known. A file that is looked for by its name counts where a commit of the extent brought it.
pub(super) fn attribute(
    wanted: &Wanted<'_>,
    extent: &Extent,
    commits: Option<&Commits>,
    repository: &Repository,
    losses: &Losses,
) -> Attribution {
    let objects = repository.objects();
    let mut graph = commits.map(|commits| Graph::of(commits, repository)).unwrap_or_default();
    graph.grow(&extent.tips.commits, extent.first_parent, repository, &objects, losses);
    let reached = graph.reached(&extent.tips.commits);
    let is_reached = |number: &u32| reached.get(*number as usize).is_some_and(|reached| *reached);
    let (reachable, unreachable): (Vec<u32>, Vec<u32>) = graph.oldest_first().into_iter().partition(is_reached);

    let inventory = Inventory::of(repository, losses);
    let roots: Vec<Option<u32>> = graph.nodes.iter().map(|node| inventory.number(&node.tree)).collect();
    let head = repository.local().head_tree_id().ok().and_then(|id| inventory.number(&id));
    let needed = roots.iter().chain([&head]).copied().flatten();
    let skeletons = Skeletons::of(repository, &inventory, wanted, needed, losses);
    drop(inventory);
    let search = Search { graph: &graph, roots: &roots, skeletons: &skeletons, jobs: repository.jobs };
    let mut facts = Facts { graph: &graph, objects: &objects, known: HashMap::new() };
    let mut attribution = Attribution::new();
    let mut comparison = Comparison::new(&skeletons);
    for ((blob, path), place) in search.brought(&reachable) {
        let Some(id) = wanted.blob(blob) else { continue };
        if !wanted.has(&id) && !search.is_since(extent.since, reachable.get(place)) {
            continue;
        }
        let at_head = head.is_some_and(|head| comparison.has(head, &path, blob));
        let path = skeletons.names.path(&path);
        let commit = facts.commit(reachable.get(place));
        attribution.entry(id).or_default().push(Sighting { path, commit, at_head, unreachable: false });
    }
    tips_without_commits(wanted, extent, &mut Trees::new(&objects, losses), &mut attribution);

    if wanted.asks_for_names() || wanted.asked().iter().any(|id| !attribution.contains_key(id)) {
        for ((blob, path), place) in search.brought(&unreachable) {
            let Some(id) = wanted.blob(blob) else { continue };
            let sightings = attribution.entry(id).or_default();
            // What a ref reaches as well is not worth a word about what none does.
            if sightings.iter().all(|sighting| sighting.unreachable) {
                let commit = facts.commit(unreachable.get(place));
                let path = skeletons.names.path(&path);
                sightings.push(Sighting { path, commit, at_head: false, unreachable: true });
            }
        }
    }
    for id in wanted.asked() {
        let nowhere = || vec![Sighting { path: BString::default(), commit: None, at_head: false, unreachable: true }];
        attribution.entry(*id).or_insert_with(nowhere);
    }
    attribution.values_mut().for_each(|sightings| sightings.sort());
    attribution
}

struct Search<'a> {
    graph: &'a Graph,
    /// The numbers of the trees of all commits.
    roots: &'a [Option<u32>],
    skeletons: &'a Skeletons,
    jobs: usize,
}

impl Search<'_> {
    /// Whether a commit is no older than `since`; seconds since 1970.
    fn is_since(&self, since: Option<i64>, number: Option<&u32>) -> bool {
        let node = number.and_then(|number| self.graph.nodes.get(*number as usize));
        since.is_none_or(|since| node.is_some_and(|node| node.time >= since))
    }

    /// The first commits, of those that `order` lists, to bring wanted blobs to their paths.
    fn brought(&self, order: &[u32]) -> Brought {
        let places: Vec<usize> = (0..order.len()).collect();
        let parts = in_parallel(&places, RUN, self.jobs, |chunks| {
            let mut comparison = Comparison::new(self.skeletons);
            let mut brought = Brought::new();
            while let Some(run) = chunks.take() {
                for &place in run {
                    if let Some(&number) = order.get(place) {
                        self.by_commit(number, place, &mut comparison, &mut brought);
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

    fn by_commit(&self, number: u32, place: usize, comparison: &mut Comparison<'_>, brought: &mut Brought) {
        let root = |number: u32| self.roots.get(number as usize).copied().flatten();
        let (Some(node), Some(tree)) = (self.graph.nodes.get(number as usize), root(number)) else { return };
        let mut parents = self.graph.parents(node).iter().map(|parent| root(*parent));
        let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
        comparison.brought(parents.next().flatten(), tree, &mut |path, blob| found.push((blob, path.to_owned())));
        for parent in parents.flatten() {
            found.retain(|(blob, path)| !comparison.has(parent, path, *blob));
        }
        for key in found {
            brought.entry(key).and_modify(|first| *first = place.min(*first)).or_insert(place);
        }
    }
}

/// The facts of commits, each read once.
struct Facts<'a> {
    graph: &'a Graph,
    objects: &'a Objects,
    known: HashMap<u32, Option<Arc<Commit>>>,
}

impl Facts<'_> {
    fn commit(&mut self, number: Option<&u32>) -> Option<Arc<Commit>> {
        let number = *number?;
        let read = || {
            let id = self.graph.nodes.get(number as usize)?.id;
            let bytes = self.objects.read_kind(&id, Kind::Commit).ok()?;
            Some(message::facts(id, Kind::Commit, &bytes))
        };
        self.known.entry(number).or_insert_with(read).clone()
    }
}

/// Refs may point to blobs and trees, without any commit.
fn tips_without_commits(wanted: &Wanted<'_>, extent: &Extent, trees: &mut Trees<'_>, attribution: &mut Attribution) {
    let mut add = |id: ObjectId, path: BString| {
        let sightings = attribution.entry(id).or_default();
        if sightings.iter().all(|sighting| sighting.path != path) {
            sightings.push(Sighting { path, commit: None, at_head: false, unreachable: false });
        }
    };
    for blob in extent.tips.blobs.iter().filter(|blob| wanted.has(blob)) {
        add(*blob, BString::default());
    }
    for tree in &extent.tips.trees {
        trees.diff(None, Some(*tree), &mut |change| {
            let is_named = |leaf: &Leaf| leaf.is_file() && wanted.has_name(change.path);
            if let Some(new) = change.new.filter(|new| wanted.has(&new.id) || is_named(new)) {
                add(new.id, change.path.to_owned());
            }
        });
    }
}

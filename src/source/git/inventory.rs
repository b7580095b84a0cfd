//! All objects that are there, each once, in the order in which they are cheapest to read.
//!
//! In a pack, that is along the deltas: after an object come those that are stored as what differs from it, so that it
//! is still at hand when they are read. On the way it shows which packs cannot be read at all; looking objects up one by
//! one would just not find what is in them.

use gix::objs::Kind;
use gix::odb::loose;
use gix::odb::pack::Bundle;
use gix::odb::pack::data::entry::Header;
use gix::{ObjectId, hashtable};

use super::losses::Losses;
use super::repository::Repository;

/// No entry of a pack.
const NONE: u32 = u32::MAX;

/// An object that is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub id: ObjectId,
    /// What it is, where that was seen without reading it.
    pub kind: Option<Kind>,
}

/// All objects.
#[derive(Default)]
pub(super) struct Inventory {
    pub items: Vec<Item>,
    pub ids: hashtable::HashSet<ObjectId>,
}

impl Inventory {
    /// Lists the objects of a repository, and of those that it borrows from.
    pub fn of(repository: &Repository, losses: &Losses) -> Inventory {
        let mut inventory = Inventory::default();
        for bundle in &repository.packs.bundles {
            order(bundle).into_iter().for_each(|item| inventory.add(item));
        }
        for (pack, why) in &repository.packs.broken {
            let hint = "see `git fsck`; `git index-pack` makes a new index";
            losses.other(pack.display().to_string(), format!("the pack cannot be read: {why}"), Some(hint));
        }
        let hash = repository.local().object_hash();
        for folder in &repository.folders {
            for id in loose::Store::at(folder, hash).iter() {
                match id {
                    Ok(id) => inventory.add(Item { id, kind: None }),
                    Err(error) => {
                        let what = format!("loose objects cannot be listed: {error}");
                        losses.other(folder.display().to_string(), what, None);
                    }
                }
            }
        }
        inventory
    }

    fn add(&mut self, item: Item) {
        if self.ids.insert(item.id) {
            self.items.push(item);
        }
    }
}

/// The objects of a pack, each behind the one that it is stored as a difference from.
fn order(bundle: &Bundle) -> Vec<Item> {
    let mut entries: Vec<(u64, ObjectId)> = bundle.index.iter().map(|entry| (entry.pack_offset, entry.oid)).collect();
    entries.sort_unstable();
    let at = |offset: u64| entries.binary_search_by_key(&offset, |(offset, _)| *offset).ok().map(|at| at as u32);
    let mut kinds: Vec<Option<Kind>> = vec![None; entries.len()];
    // A forest, as lists of siblings.
    let (mut first_child, mut next_sibling) = (vec![NONE; entries.len()], vec![NONE; entries.len()]);
    let mut roots = Vec::new();
    for number in (0..entries.len()).rev() {
        let base = match bundle.pack.entry(entries[number].0) {
            Ok(entry) => match &entry.header {
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(*base_distance).and_then(at),
                Header::RefDelta { base_id } => {
                    bundle.index.lookup(base_id).and_then(|found| at(bundle.index.pack_offset_at_index(found)))
                }
                whole => {
                    kinds[number] = whole.as_kind();
                    None
                }
            },
            // Whoever reads it will be told.
            Err(_) => None,
        };
        match base {
            Some(base) => {
                next_sibling[number] = first_child[base as usize];
                first_child[base as usize] = number as u32;
            }
            None => roots.push(number as u32),
        }
    }
    let mut items = Vec::with_capacity(entries.len());
    let mut done = vec![false; entries.len()];
    // Roots were found from the end, so that the first of them is taken first.
    let mut waiting = roots;
    while let Some(number) = waiting.pop() {
        let number = number as usize;
        done[number] = true;
        items.push(Item { id: entries[number].1, kind: kinds[number] });
        let from = waiting.len();
        let mut child = first_child[number];
        while child != NONE {
            kinds[child as usize] = kinds[number];
            waiting.push(child);
            child = next_sibling[child as usize];
        }
        waiting[from..].reverse();
    }
    // Deltas that build on each other in a circle have no root. Reading them will fail, and so be reported.
    let lost = done.iter().zip(&entries).filter(|(done, _)| !**done);
    items.extend(lost.map(|(_, (_, id))| Item { id: *id, kind: None }));
    items
}

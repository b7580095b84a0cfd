//! All objects that are there: in which packs, and which are loose.
//!
//! An object may be stored several times. What is in a pack is read there, in the first one that has it: packs come in a
//! fixed order. On the way it shows which packs cannot be read at all; looking objects up one by one would just not
//! find what is in them.

use std::cmp::Ordering;

use gix::objs::Kind;
use gix::odb::loose;
use gix::odb::pack::index;
use gix::{ObjectId, hashtable, oid};

use super::losses::Losses;
use super::pack::{Entries, Forest, Pack};
use super::packs::Packs;
use super::repository::Repository;

/// All objects.
pub(super) struct Inventory<'r> {
    packs: &'r Packs,
    /// The first pack that has an object; only where there are several.
    homes: Option<hashtable::HashMap<ObjectId, u32>>,
    /// Objects in no pack, sorted.
    pub loose: Vec<ObjectId>,
}

impl<'r> Inventory<'r> {
    /// Lists the objects of a repository, and of those that it borrows from.
    pub fn of(repository: &'r Repository, losses: &Losses) -> Self {
        let packs = &*repository.packs;
        for (pack, why) in &packs.broken {
            let hint = "see `git fsck`; `git index-pack` makes a new index";
            losses.other(pack.display().to_string(), format!("the pack cannot be read: {why}"), Some(hint));
        }
        for bundle in &packs.bundles {
            // Both halves end with the checksum of the pack: that also shows whether its end is there.
            if bundle.pack.checksum() != bundle.index.pack_checksum() {
                let hint = "see `git fsck`; `git index-pack` makes a new index";
                losses.other(bundle.pack.path().display().to_string(), "the pack is not as its index says", Some(hint));
            }
        }
        let homes = (packs.bundles.len() > 1).then(|| {
            let mut homes = hashtable::HashMap::default();
            for (number, bundle) in (0..).zip(&packs.bundles) {
                (0..bundle.index.num_objects()).for_each(|position| {
                    homes.entry(bundle.index.oid_at_index(position).to_owned()).or_insert(number);
                });
            }
            homes
        });
        let mut inventory = Inventory { packs, homes, loose: Vec::new() };
        inventory.loose = inventory.list_loose(repository, losses);
        inventory
    }

    fn list_loose(&self, repository: &Repository, losses: &Losses) -> Vec<ObjectId> {
        let hash = repository.local().object_hash();
        let mut ids = Vec::new();
        for folder in &repository.folders {
            for id in loose::Store::at(folder, hash).iter() {
                match id {
                    Ok(id) if self.home(&id).is_some() => {}
                    Ok(id) => ids.push(id),
                    Err(error) => {
                        let what = format!("loose objects cannot be listed: {error}");
                        losses.other(folder.display().to_string(), what, None);
                    }
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The number of the first pack that has the object.
    fn home(&self, id: &oid) -> Option<u32> {
        match &self.homes {
            Some(homes) => homes.get(id).copied(),
            None => self.packs.bundles.first().and_then(|bundle| lookup(&bundle.index, id)).map(|_| 0),
        }
    }

    /// Whether the object is there.
    pub fn contains(&self, id: &oid) -> bool {
        self.home(id).is_some() || self.loose.binary_search_by(|loose| loose.as_ref().cmp(id)).is_ok()
    }

    /// How many objects have a number: the upper bound of [`Inventory::number`].
    pub fn count(&self) -> usize {
        self.before(self.packs.bundles.len()) + self.loose.len()
    }

    /// The number of an object that is there. Objects of packs come first, by pack and id; then those that are loose.
    pub fn number(&self, id: &oid) -> Option<u32> {
        let packed = |pack: usize| Some(self.before(pack) + lookup(&self.packs.bundles.get(pack)?.index, id)? as usize);
        let packed = match &self.homes {
            Some(homes) => homes.get(&id.to_owned()).and_then(|pack| packed(*pack as usize)),
            None => packed(0),
        };
        let number = packed.or_else(|| {
            let loose = self.loose.binary_search_by(|loose| loose.as_ref().cmp(id)).ok()?;
            Some(self.before(self.packs.bundles.len()) + loose)
        });
        number.and_then(|number| u32::try_from(number).ok())
    }

    /// The object that has a number.
    pub fn id(&self, number: u32) -> Option<ObjectId> {
        let mut number = number as usize;
        for bundle in &self.packs.bundles {
            let count = bundle.index.num_objects() as usize;
            if number < count {
                return Some(bundle.index.oid_at_index(number as u32).to_owned());
            }
            number -= count;
        }
        self.loose.get(number).copied()
    }

    /// How many objects there are in the packs before this one.
    fn before(&self, pack: usize) -> usize {
        self.packs.bundles.iter().take(pack).map(|bundle| bundle.index.num_objects() as usize).sum()
    }

    /// The packs, each with what is `wanted` of it and in no earlier one; if the kind of an object cannot be told, it
    /// cannot be read either. `outside` tells the kind of bases that are in another pack or loose.
    pub fn packs(
        &self,
        outside: impl Fn(&oid) -> Option<Kind>,
        wanted: impl Fn(&oid, Option<Kind>) -> bool,
    ) -> Vec<Pack<'r>> {
        let mut packs = Vec::with_capacity(self.packs.bundles.len());
        for (number, bundle) in (0..).zip(&self.packs.bundles) {
            let entries = Entries::of(bundle);
            let is_home = |id: &oid| self.homes.is_none() || self.home(id) == Some(number);
            let forest = Forest::of(&entries, &outside, |id, kind| wanted(id, kind) && is_home(id));
            packs.push(Pack { entries, forest });
        }
        packs
    }
}

/// Finds an object in an index. Ids are evenly spread, so that an id nearly tells where it stands: about five looks are
/// enough, and these next to each other, where halving takes twenty all over the index.
fn lookup(index: &index::File, id: &oid) -> Option<u32> {
    /// So many steps lead to nearly every id; from one to the next of an uneven index it may be far.
    const STEPS: usize = 64;
    let key = |id: &oid| id.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
    let last = index.num_objects().checked_sub(1)?;
    let wanted = key(id);
    let apart = u64::MAX / u64::from(index.num_objects());
    let mut place = u32::try_from(wanted / apart).unwrap_or(last).min(last);
    for _ in 0..2 {
        let here = key(index.oid_at_index(place));
        let far = u32::try_from(wanted.abs_diff(here) / apart).unwrap_or(last);
        place = if here < wanted { place.saturating_add(far).min(last) } else { place.saturating_sub(far) };
    }
    let mut before = None;
    for _ in 0..STEPS {
        let found = index.oid_at_index(place);
        let order = key(found).cmp(&wanted).then_with(|| found.cmp(id));
        let (turned, next) = match order {
            Ordering::Equal => return Some(place),
            Ordering::Less => (Ordering::Greater, place.checked_add(1).filter(|next| *next <= last)),
            Ordering::Greater => (Ordering::Less, place.checked_sub(1)),
        };
        // Between two neighbours, or past an end.
        if before == Some(turned) {
            return None;
        }
        (before, place) = (Some(order), next?);
    }
    index.lookup(id)
}

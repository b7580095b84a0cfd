//! Whether all that objects name is there.
//!
//! What objects name comes in floods, and nearly always it came before. A small table turns away what went by a moment
//! ago; the rest is gathered, sorted and looked up in one go, so that neighbours in an index are asked for one after the
//! other. Of a tree that derives from another only the entries are looked at that are not copies of the other's.

use std::sync::Mutex;

use gix::objs::TreeRefIter;
use gix::{ObjectId, hash, oid};
use memchr::memchr;

use super::inventory::Inventory;
use super::losses::Losses;
use super::objects::{Objects, Unread};
use super::reach::{Extent, reachable};
use super::repository::Repository;
use super::tips::Tips;
use super::trees::is_own;
use crate::source::Copied;

/// So many ids are looked up in one go.
const BATCH: usize = 1 << 14;

/// What is there, and what was found to be missing.
pub(super) struct Check<'a> {
    inventory: &'a Inventory<'a>,
    missing: Mutex<Vec<ObjectId>>,
    tips: Tips,
}

impl<'a> Check<'a> {
    /// Holds against `inventory` what objects name; `tips` are what refs point to.
    pub fn new(inventory: &'a Inventory<'a>, tips: Tips) -> Self {
        Check { inventory, missing: Mutex::default(), tips }
    }

    /// What no ref reaches may rightly have lost parts (`git gc` takes them one by one): only what a ref reaches is
    /// missed. To find that out takes a walk, but hardly ever is one needed; and a partial clone lacks objects in any case.
    pub fn report(self, repository: &Repository, objects: &Objects, losses: &Losses) {
        let missing = self.missing.into_inner().unwrap_or_default();
        if missing.is_empty() {
            return;
        }
        if repository.partial {
            return missing.into_iter().for_each(|id| losses.object(id, Unread::Missing));
        }
        let extent = Extent { tips: self.tips, first_parent: false, since: None };
        let reached = reachable(&extent, repository, objects, losses);
        // Missing trees, commits and tags were noted by the walk.
        for id in missing.into_iter().filter(|id| reached.contains(id)) {
            losses.object(id, Unread::Missing);
        }
    }
}

/// What the objects that one thread comes by name. All of it is checked once this is dropped.
pub(super) struct Expected<'a> {
    check: &'a Check<'a>,
    recent: Recent,
    waiting: Vec<ObjectId>,
}

impl<'a> Expected<'a> {
    /// Nothing yet.
    pub fn new(check: &'a Check<'a>) -> Self {
        Expected { check, recent: Recent::default(), waiting: Vec::new() }
    }

    /// Notes an object that another one names.
    pub fn object(&mut self, id: &oid) {
        if !self.recent.saw(id) {
            self.waiting.push(id.to_owned());
            if self.waiting.len() >= BATCH {
                self.look_up();
            }
        }
    }

    /// Notes what a tree names, save where it is copied from a tree that was here before.
    ///
    /// # Errors
    /// If it is not a tree.
    pub fn tree(&mut self, bytes: &[u8], hash: hash::Kind, copies: &[Copied]) -> Result<(), Unread> {
        let broken = || Unread::Broken("not a well-formed tree".to_owned());
        let mut copies = copies.iter().peekable();
        let mut start = 0;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            // Mode, space, name, NUL, and the id.
            let length = memchr(0, rest).ok_or_else(broken)? + 1 + hash.len_in_bytes();
            let entry = rest.get(..length).ok_or_else(broken)?;
            let end = start + length;
            while copies.next_if(|copy| copy.to + copy.length <= start).is_some() {}
            if !copies.peek().is_some_and(|copy| copy.to <= start && end <= copy.to + copy.length) {
                let entry = TreeRefIter::from_bytes(entry, hash).next().and_then(Result::ok).ok_or_else(broken)?;
                if is_own(&entry) {
                    self.object(entry.oid);
                }
            }
            start = end;
        }
        Ok(())
    }

    fn look_up(&mut self) {
        self.waiting.sort_unstable();
        self.waiting.dedup();
        let inventory = self.check.inventory;
        self.waiting.retain(|id| !inventory.contains(id) && !id.is_empty_tree());
        if let Ok(mut missing) = self.check.missing.lock() {
            missing.append(&mut self.waiting);
        }
        self.waiting.clear();
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.look_up();
    }
}

/// Ids that went by a moment ago: neighbouring trees name mostly the same objects, and this table, unlike the set of
/// all objects, fits into the processor's cache.
struct Recent(Box<[u64]>);

impl Default for Recent {
    fn default() -> Self {
        Recent(vec![0; 1 << 14].into())
    }
}

impl Recent {
    /// Whether the id (its first eight bytes, to be exact) is in the table; from now on it is.
    fn saw(&mut self, id: &oid) -> bool {
        let Some(first) = id.as_bytes().first_chunk() else { return false };
        let key = u64::from_le_bytes(*first);
        let slot = key as usize & (self.0.len() - 1);
        match self.0.get_mut(slot) {
            Some(known) if *known == key => true,
            Some(known) => {
                *known = key;
                false
            }
            None => false,
        }
    }
}

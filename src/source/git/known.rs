//! Known objects: what an earlier run has scanned without finding anything, so that this one only counts them.
//!
//! An object's id stands for its content, so that what scanning it came to holds for as long as rules, program and
//! settings stay the same. What came to more than counts (a finding, a problem) is not known: it is scanned anew.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use gix::{ObjectId, oid};

use crate::source::Tally;

/// An object, and the counts that scanning it came to. There are as many as objects, so they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The object.
    pub id: ObjectId,
    bytes: u32,
    items: u32,
    below_threshold: u16,
    binary: u16,
}

impl Counted {
    /// `None` if there is more to the object than counts, or they are larger than those of any usual object.
    pub fn new(id: ObjectId, tally: &Tally) -> Option<Self> {
        let Tally { items, bytes, below_threshold, binary, .. } = *tally;
        Some(Counted {
            id,
            bytes: u32::try_from(bytes).ok().filter(|_| tally.is_plain())?,
            items: items.try_into().ok()?,
            below_threshold: below_threshold.try_into().ok()?,
            binary: binary.try_into().ok()?,
        })
    }

    /// The counts.
    pub fn tally(&self) -> Tally {
        Tally {
            items: self.items.into(),
            bytes: self.bytes.into(),
            below_threshold: self.below_threshold.into(),
            binary: self.binary.into(),
            ..Tally::default()
        }
    }
}

/// Objects and what scanning them came to, for look-ups from any thread.
#[derive(Debug, Default)]
pub struct Known {
    /// Sorted by id.
    objects: Vec<Counted>,
    /// Where the ids with these two first bytes begin; one more for the end.
    first: Vec<u32>,
}

impl Known {
    /// `objects` in any order.
    pub fn new(mut objects: Vec<Counted>) -> Self {
        sort(&mut objects);
        let mut first = vec![0; (1 << 16) + 1];
        for object in &objects {
            first[slot(&object.id) + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        Known { objects, first }
    }

    /// The number of an object.
    fn find(&self, id: &oid) -> Option<usize> {
        let slot = slot(id);
        let start = *self.first.get(slot)? as usize;
        let end = *self.first.get(slot + 1)? as usize;
        let found = self.objects.get(start..end)?.binary_search_by(|known| known.id.as_ref().cmp(id)).ok()?;
        Some(start + found)
    }
}

/// Sorts by id, and drops doubles.
fn sort(objects: &mut Vec<Counted>) {
    if !objects.is_sorted_by(|a, b| a.id < b.id) {
        objects.sort_unstable_by_key(|object| object.id);
        objects.dedup_by_key(|object| object.id);
    }
}

/// The first two bytes of an id.
fn slot(id: &oid) -> usize {
    id.as_bytes().first_chunk().map_or(0, |bytes| usize::from(u16::from_be_bytes(*bytes)))
}

/// What one run knows from before, and what it learns.
#[derive(Debug)]
pub(super) struct Memory {
    known: Known,
    /// Which of the known objects were come by.
    met: Vec<AtomicBool>,
    learnt: Mutex<Learnt>,
}

/// What one thread learns.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    plain: Vec<Counted>,
    troubled: Vec<ObjectId>,
}

impl Learnt {
    /// Takes note of what scanning an object came to.
    pub fn take(&mut self, id: ObjectId, tally: Tally) {
        self.plain.extend(Counted::new(id, &tally));
        if tally.problems > 0 {
            self.troubled.push(id);
        }
    }
}

impl Memory {
    /// Nothing learnt yet.
    pub fn new(known: Known) -> Self {
        let met = known.objects.iter().map(|_| AtomicBool::new(false)).collect();
        Memory { known, met, learnt: Mutex::default() }
    }

    /// Whether an object is known. From now on it counts as there.
    pub fn knows(&self, id: &oid) -> bool {
        let number = self.known.find(id);
        if let Some(met) = number.and_then(|number| self.met.get(number)) {
            met.store(true, Relaxed);
        }
        number.is_some()
    }

    /// What the known objects that are there came to, all together.
    pub fn counted(&self) -> Tally {
        let mut sum = Tally::default();
        self.present().for_each(|object| sum += object.tally());
        sum
    }

    /// The known objects that are there.
    fn present(&self) -> impl Iterator<Item = Counted> + '_ {
        self.known.objects.iter().zip(&self.met).filter(|(_, met)| met.load(Relaxed)).map(|(object, _)| *object)
    }

    /// Takes in what a thread has learnt.
    pub fn learn(&self, learnt: Learnt) {
        let mut all = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        all.plain.extend(learnt.plain);
        all.troubled.extend(learnt.troubled);
    }

    /// Hands out all that was learnt.
    pub fn lessons(&self) -> Lessons {
        let learnt = std::mem::take(&mut *self.learnt.lock().unwrap_or_else(PoisonError::into_inner));
        let Learnt { mut plain, mut troubled } = learnt;
        plain.extend(self.present());
        sort(&mut plain);
        troubled.sort_unstable();
        troubled.dedup();
        Lessons { plain, troubled, recalled: self.present().count() as u64 }
    }
}

/// What a run has learnt.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// All objects that are there and came to nothing but counts: known before or not. Sorted.
    pub plain: Vec<Counted>,
    /// Objects that came with problems, sorted.
    pub troubled: Vec<ObjectId>,
    /// How many of `plain` were known before.
    pub recalled: u64,
}

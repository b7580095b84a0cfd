//! Known objects: what an earlier run has scanned without finding anything, so that this one only counts them.
//!
//! An object's id stands for its content, so that what scanning it came to holds for as long as rules, program and
//! settings stay the same. What came to more than counts (a finding, a problem) is not known: it is scanned anew.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use gix::{ObjectId, oid};

use crate::source::Tally;

/// Objects and what scanning them came to, for look-ups from any thread.
#[derive(Debug, Default)]
pub struct Known {
    /// Sorted.
    ids: Vec<ObjectId>,
    tallies: Vec<Tally>,
    /// Where the ids with these two first bytes begin; one more for the end.
    first: Vec<u32>,
}

impl Known {
    /// `objects` in any order.
    pub fn new(mut objects: Vec<(ObjectId, Tally)>) -> Self {
        if !objects.is_sorted_by(|a, b| a.0 < b.0) {
            objects.sort_unstable_by_key(|(id, _)| *id);
            objects.dedup_by_key(|(id, _)| *id);
        }
        let (ids, tallies): (Vec<ObjectId>, Vec<Tally>) = objects.into_iter().unzip();
        let mut first = vec![0; (1 << 16) + 1];
        for id in &ids {
            first[slot(id) + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        Known { ids, tallies, first }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The number of an object.
    fn find(&self, id: &oid) -> Option<usize> {
        let slot = slot(id);
        let start = *self.first.get(slot)? as usize;
        let end = *self.first.get(slot + 1)? as usize;
        let found = self.ids.get(start..end)?.binary_search_by(|known| known.as_ref().cmp(id)).ok()?;
        Some(start + found)
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
    plain: Vec<(ObjectId, Tally)>,
    troubled: Vec<ObjectId>,
}

impl Learnt {
    /// Takes note of what scanning an object came to.
    pub fn take(&mut self, id: ObjectId, tally: Tally) {
        if tally.is_plain() {
            self.plain.push((id, tally));
        } else if tally.problems > 0 {
            self.troubled.push(id);
        }
    }
}

impl Memory {
    /// Nothing learnt yet.
    pub fn new(known: Known) -> Self {
        let met = known.ids.iter().map(|_| AtomicBool::new(false)).collect();
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
        self.present().for_each(|(_, tally)| sum += tally);
        sum
    }

    /// The known objects that are there.
    fn present(&self) -> impl Iterator<Item = (ObjectId, Tally)> + '_ {
        let all = self.known.ids.iter().zip(&self.known.tallies).zip(&self.met);
        all.filter(|(_, met)| met.load(Relaxed)).map(|((id, tally), _)| (*id, *tally))
    }

    /// Takes in what a thread has learnt.
    pub fn learn(&self, learnt: Learnt) {
        let mut all = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        all.plain.extend(learnt.plain);
        all.troubled.extend(learnt.troubled);
    }

    /// Sums up: see [`Lessons`].
    pub fn lessons(&self) -> Lessons {
        let all = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        let mut plain: Vec<(ObjectId, Tally)> = self.present().collect();
        let recalled = plain.len() as u64;
        let fresh = all.plain.len() as u64;
        plain.extend(&all.plain);
        plain.sort_unstable_by_key(|(id, _)| *id);
        plain.dedup_by_key(|(id, _)| *id);
        let mut troubled = all.troubled.clone();
        troubled.sort_unstable();
        troubled.dedup();
        Lessons { plain, troubled, recalled, fresh }
    }
}

/// What a run has learnt.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// All objects that are there and came to nothing but counts: known before or not. Sorted.
    pub plain: Vec<(ObjectId, Tally)>,
    /// Objects that came with problems, sorted.
    pub troubled: Vec<ObjectId>,
    /// How many of `plain` were known before.
    pub recalled: u64,
    /// How many of `plain` were not.
    pub fresh: u64,
}

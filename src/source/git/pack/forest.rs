//! Which entries of a pack build on which, and which are worth a visit.
//!
//! The children of all entries lie in one array, those of an entry side by side: numbers only, four bytes each. An entry
//! weighs as much as there are wanted objects in its subtree, itself included; what weighs nothing is cut off, and siblings
//! are sorted by weight, so that the heaviest comes last.

use std::ops::Range;

use gix::objs::Kind;
use gix::oid;

use super::entries::{Base, Entries};

/// No entry.
const NONE: u32 = u32::MAX;

/// The delta trees of one pack.
pub(in super::super) struct Forest {
    /// What each entry is, as far as that can be told.
    kinds: Vec<Option<Kind>>,
    wanted: Vec<bool>,
    weights: Vec<u32>,
    /// Where the children of an entry begin in `children`; those of the next end them.
    first: Vec<u32>,
    children: Vec<u32>,
    roots: Vec<u32>,
    circular: Vec<u32>,
}

impl Forest {
    /// Finds out how entries build on each other. `outside` tells the kind of an object that is not in the pack, for
    /// deltas whose base is elsewhere; `wanted` whether a visitor should see the object.
    pub fn of(
        entries: &Entries<'_>,
        outside: impl Fn(&oid) -> Option<Kind>,
        mut wanted: impl FnMut(&oid, Option<Kind>) -> bool,
    ) -> Forest {
        let count = entries.len();
        let mut kinds = vec![None; count as usize];
        let mut bases = vec![NONE; count as usize];
        let mut roots = Vec::new();
        for number in 0..count {
            // What has no base that can be found is a root as well. That is noticed when it is to be read.
            let (kind, base) = match entries.header(number) {
                None => (None, None),
                Some(entry) => match entries.base(&entry) {
                    Base::Whole => (entry.header.as_kind(), None),
                    Base::Entry(base) => (None, Some(base)),
                    Base::Outside(id) => (outside(&id), None),
                    Base::Nowhere => (None, None),
                },
            };
            match base {
                Some(base) => bases[number as usize] = base,
                None => {
                    kinds[number as usize] = kind;
                    roots.push(number);
                }
            }
        }
        let (first, children) = by_base(&bases);
        let mut forest = Forest {
            kinds,
            wanted: vec![false; count as usize],
            weights: vec![0; count as usize],
            first,
            children,
            roots,
            circular: Vec::new(),
        };
        let order = forest.order();
        for &number in &order {
            for child in forest.children_of(number) {
                let child = forest.child(child) as usize;
                forest.kinds[child] = forest.kinds[number as usize];
            }
        }
        for number in 0..count {
            forest.wanted[number as usize] =
                !entries.repeats(number) && wanted(entries.id(number), forest.kinds[number as usize]);
        }
        // Deltas that build on each other in a circle cannot be reached from a root.
        if order.len() < count as usize {
            let mut reached = vec![false; count as usize];
            order.iter().for_each(|number| reached[*number as usize] = true);
            forest.circular =
                (0..count).filter(|number| !reached[*number as usize] && forest.is_wanted(*number)).collect();
        }
        for &number in order.iter().rev() {
            let of_children: u32 = forest.children_of(number).map(|child| forest.weight(forest.child(child))).sum();
            forest.weights[number as usize] = of_children + u32::from(forest.is_wanted(number));
        }
        forest.prune();
        forest
    }

    /// All entries that a root leads to, each behind its base.
    fn order(&self) -> Vec<u32> {
        let mut order = self.roots.clone();
        let mut next = 0;
        while let Some(&number) = order.get(next) {
            order.extend_from_slice(self.slice(self.children_of(number)));
            next += 1;
        }
        order
    }

    /// Cuts off what weighs nothing, and sorts siblings.
    fn prune(&mut self) {
        let mut kept = 0;
        for number in 0..self.kinds.len() {
            let from = kept;
            for child in self.first[number] as usize..self.first[number + 1] as usize {
                let child = self.children[child];
                if self.weights[child as usize] > 0 {
                    self.children[kept] = child;
                    kept += 1;
                }
            }
            self.first[number] = from as u32;
            self.children[from..kept].sort_unstable_by_key(|child| (self.weights[*child as usize], *child));
        }
        if let Some(end) = self.first.last_mut() {
            *end = kept as u32;
        }
        self.children.truncate(kept);
        self.children.shrink_to_fit();
        self.roots.retain(|root| self.weights[*root as usize] > 0);
    }

    /// Entries to begin at.
    pub fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// Wanted entries that no root leads to.
    pub fn circular(&self) -> &[u32] {
        &self.circular
    }

    /// The places of an entry's children, for [`Forest::child`]. The heaviest comes last.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn children_of(&self, number: u32) -> Range<u32> {
        self.first[number as usize]..self.first[number as usize + 1]
    }

    /// The entry at one of the places that [`Forest::children_of`] gave.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn child(&self, place: u32) -> u32 {
        self.children[place as usize]
    }

    fn slice(&self, places: Range<u32>) -> &[u32] {
        &self.children[places.start as usize..places.end as usize]
    }

    /// How many wanted objects there are in the subtree of an entry, itself included.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn weight(&self, number: u32) -> u32 {
        self.weights[number as usize]
    }

    /// How many wanted objects there are of certain kinds.
    pub fn count(&self, kind: impl Fn(Option<Kind>) -> bool) -> u64 {
        self.wanted.iter().zip(&self.kinds).filter(|(wanted, of)| **wanted && kind(**of)).count() as u64
    }

    /// Whether a visitor should see the object.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn is_wanted(&self, number: u32) -> bool {
        self.wanted[number as usize]
    }

    /// What the object is.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn kind(&self, number: u32) -> Option<Kind> {
        self.kinds[number as usize]
    }
}

/// The children of every entry, side by side, and where those of each begin.
fn by_base(bases: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0u32; bases.len() + 1];
    for &base in bases.iter().filter(|base| **base != NONE) {
        first[base as usize + 1] += 1;
    }
    for number in 0..bases.len() {
        first[number + 1] += first[number];
    }
    let mut children = vec![0; first[bases.len()] as usize];
    let mut free = first.clone();
    for (child, &base) in bases.iter().enumerate().filter(|(_, base)| **base != NONE) {
        let place = &mut free[base as usize];
        children[*place as usize] = child as u32;
        *place += 1;
    }
    (first, children)
}

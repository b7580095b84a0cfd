//! The skeletons of all trees: which subtrees and which of the blobs that are looked for each of them has, in memory.
//!
//! One walk over the packs traces the outline of every tree (see `outline`); each is made once. Then any number of trees
//! can be compared without reading one. What the walk does not come by (loose trees, and those that are only in a
//! second pack in one piece) is read afterwards, as far as something leads to it.
//!
//! # Memory
//!
//! A tree is kept as what differs from the one that its delta builds on: 32 bytes, and 8 for each new subtree; every
//! sixteenth in a row is kept in full. Besides there are 4 bytes for each object of whatever kind. In all that is 80
//! bytes or so for each tree.

use std::sync::Arc;

use gix::objs::{Kind, TreeRefIter};
use gix::{hash, oid};

use super::inventory::Inventory;
use super::losses::Losses;
use super::names::{Named, Namer, Names};
use super::objects::{Objects, Unread};
use super::outline::{Edge, Malformed, Outline};
use super::pack::{self, Visitor, walk};
use super::repository::Repository;
use super::wanted::Wanted;
use crate::source::Carried;

/// After so many trees that build on each other one is kept in full.
const LONGEST_CHAIN: u8 = 16;

/// Bytes of bases that are kept for what builds on them, by all threads together.
const HELD: usize = 64 << 20;

/// No tree.
const NONE: u32 = u32::MAX;

/// A tree, as what it has and another one has not.
#[derive(Clone, Copy)]
struct Record {
    number: u32,
    /// The tree that its first and last few edges are from, or [`NONE`].
    base: u32,
    prefix: u32,
    suffix: u32,
    /// The edges between them.
    start: usize,
    length: u32,
}

/// Records of trees.
#[derive(Default)]
struct Records {
    trees: Vec<Record>,
    edges: Vec<Edge>,
}

impl Records {
    /// Keeps a tree; `base` is one that was kept before, if this one may lean on it. Answers whether it does.
    fn keep(&mut self, number: u32, outline: &Outline, base: Option<(u32, &Outline)>) -> bool {
        let edges = outline.edges();
        let all = edges.len();
        let start = self.edges.len();
        let (mut prefix, mut suffix) = (0, 0);
        if let Some((_, base)) = base {
            let least = all.min(base.edges().len());
            prefix = outline.edges().zip(base.edges()).take_while(|(a, b)| a == b).count();
            let backwards = outline.edges().rev().zip(base.edges().rev());
            suffix = backwards.take(least - prefix).take_while(|(a, b)| a == b).count();
        }
        let leans = prefix + suffix > 2;
        if !leans {
            (prefix, suffix) = (0, 0);
        }
        self.edges.extend(edges.take(all - suffix).skip(prefix));
        let base = base.filter(|_| leans).map_or(NONE, |(base, _)| base);
        let length = (all - prefix - suffix) as u32;
        self.trees.push(Record { number, base, prefix: prefix as u32, suffix: suffix as u32, start, length });
        leans
    }
}

/// The skeletons of trees. Trees are known by the numbers that an [`Inventory`] gives them.
pub(super) struct Skeletons {
    /// The record of each object that is a tree, or [`NONE`].
    of: Vec<u32>,
    records: Records,
    pub names: Named,
}

/// What all threads need to trace outlines.
struct Tracing<'a> {
    inventory: &'a Inventory<'a>,
    wanted: &'a Wanted<'a>,
    losses: &'a Losses,
    names: Names,
    hash: hash::Kind,
}

impl Skeletons {
    /// Traces all trees that are there, and sees to it that no tree is missing that `roots` lead to.
    pub fn of(
        repository: &Repository,
        inventory: &Inventory<'_>,
        wanted: &Wanted<'_>,
        roots: impl Iterator<Item = u32>,
        losses: &Losses,
    ) -> Skeletons {
        let objects = repository.objects();
        let hash = repository.local().object_hash();
        let tracing = Tracing { inventory, wanted, losses, names: Names::default(), hash };
        let packs =
            inventory.packs(|id| objects.header(id).ok().map(|(kind, _)| kind), |_, kind| kind == Some(Kind::Tree));
        let parts = walk(&packs, repository.jobs, HELD, || Tracer::new(&tracing, repository.objects()));
        drop(packs);

        let mut of = vec![NONE; inventory.count()];
        let mut records = Records::default();
        for mut part in parts {
            let (trees, edges) = (records.trees.len(), records.edges.len());
            for (place, record) in (trees as u32..).zip(&mut part.trees) {
                record.start += edges;
                if let Some(of) = of.get_mut(record.number as usize) {
                    *of = place;
                }
            }
            records.trees.append(&mut part.trees);
            records.edges.append(&mut part.edges);
        }
        let mut tracer = Tracer::new(&tracing, objects);
        tracer.records = records;
        roots.for_each(|root| tracer.complete(&mut of, root));
        let mut next = 0;
        while let Some(&edge) = tracer.records.edges.get(next) {
            if Named::is_tree(edge.name) {
                tracer.complete(&mut of, edge.child);
            }
            next += 1;
        }
        let records = std::mem::take(&mut tracer.records);
        drop(tracer);
        Skeletons { of, records, names: Named::of(tracing.names) }
    }

    /// Lists the edges of a tree.
    pub fn edges(&self, tree: u32, edges: &mut Vec<Edge>) {
        edges.clear();
        let mut chain = [None; LONGEST_CHAIN as usize + 1];
        let mut waiting = 0;
        let mut next = tree;
        while let Some(record) = self.of.get(next as usize).and_then(|place| self.records.trees.get(*place as usize)) {
            let Some(place) = chain.get_mut(waiting) else { break };
            *place = Some(record);
            waiting += 1;
            next = record.base;
        }
        for record in chain.iter().take(waiting).rev().flatten() {
            let own = self.records.edges.get(record.start..record.start + record.length as usize).unwrap_or_default();
            let suffix = edges.len().saturating_sub(record.suffix as usize);
            let prefix = suffix.min(record.prefix as usize);
            edges.splice(prefix..suffix, own.iter().copied());
        }
    }
}

/// Traces outlines on one thread.
struct Tracer<'a> {
    tracing: &'a Tracing<'a>,
    namer: Namer<'a>,
    objects: Objects,
    records: Records,
    /// For outlines that nothing leans on.
    spare: Outline,
}

/// What is known of a tree to those that derive from it.
struct Traced {
    number: u32,
    /// How many it leans on, one by way of the other.
    chain: u8,
    outline: Outline,
}

impl<'a> Tracer<'a> {
    fn new(tracing: &'a Tracing<'a>, objects: Objects) -> Self {
        let namer = Namer::new(&tracing.names);
        Tracer { tracing, namer, objects, records: Records::default(), spare: Outline::default() }
    }

    /// Traces a tree; answers with its outline, and whether nothing is wrong with it.
    fn trace(&mut self, id: &oid, bytes: &[u8], base: Option<(&Outline, &[crate::source::Copied])>) -> (Outline, bool) {
        let Tracing { inventory, wanted, losses, hash, .. } = *self.tracing;
        let mut outline = std::mem::take(&mut self.spare);
        let namer = &mut self.namer;
        let traced = outline.trace(bytes, hash, base, |entry| {
            // Nearly all entries are files, of no interest.
            if entry.starts_with(b"100") && !wanted.may_be_for(entry, hash) {
                return Ok(None);
            }
            let entry = TreeRefIter::from_bytes(entry, hash).next().and_then(Result::ok).ok_or(Malformed)?;
            let is_tree = entry.mode.is_tree();
            let child = if is_tree { inventory.number(entry.oid) } else { wanted.number(&entry) };
            Ok(child.and_then(|child| Some(Edge { name: namer.number(entry.filename, is_tree)?, child })))
        });
        if traced.is_err() {
            losses.object(id.to_owned(), Unread::Broken("not a well-formed tree".to_owned()));
        }
        (outline, traced.is_ok())
    }

    /// Reads a tree that has no record yet.
    fn complete(&mut self, of: &mut [u32], number: u32) {
        let Some(place) = of.get_mut(number as usize).filter(|place| **place == NONE) else { return };
        let Some(id) = self.tracing.inventory.id(number) else { return };
        let outline = match self.objects.read_kind(&id, Kind::Tree) {
            Ok(bytes) => self.trace(&id, &bytes, None).0,
            Err(why) => {
                self.tracing.losses.object(id, why);
                Outline::default()
            }
        };
        *place = self.records.trees.len() as u32;
        self.records.keep(number, &outline, None);
        self.spare = outline;
    }
}

impl Visitor for Tracer<'_> {
    type Outcome = Records;

    fn passes_over(&mut self, _: &oid, _: Kind, _: u64) -> bool {
        false
    }

    fn object(&mut self, object: &pack::Object<'_>) -> Option<Carried> {
        let number = self.tracing.inventory.number(object.id)?;
        let from = object.derivation.as_ref();
        let base = from.and_then(|from| from.carried.0.as_ref()?.downcast_ref::<Traced>());
        let copies = from.map(|from| from.copies).unwrap_or_default();
        let (outline, is_whole) = self.trace(object.id, object.bytes, base.map(|base| (&base.outline, copies)));
        let near = base.filter(|base| base.chain + 1 < LONGEST_CHAIN);
        let leans = self.records.keep(number, &outline, near.map(|base| (base.number, &base.outline)));
        if !object.leaned_on || !is_whole {
            self.spare = outline;
            return None;
        }
        let chain = near.filter(|_| leans).map_or(0, |base| base.chain + 1);
        Some(Carried(Some(Arc::new(Traced { number, chain, outline }))))
    }

    fn outside(&mut self, id: &oid) -> Result<Vec<u8>, Unread> {
        self.objects.read(id).map(|(_, bytes)| bytes.to_vec())
    }

    /// It is tried again if something leads to it.
    fn lost(&mut self, _: &oid, _: Unread) {}

    fn finish(self) -> Records {
        self.records
    }
}

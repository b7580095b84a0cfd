//! Walking the delta trees depth first, on several threads.
//!
//! There is no recursion: a chain may be thousands deep. What a thread will come back to stands on a stack of its own, and
//! that is also what it gives away from, the oldest first: there the largest subtrees are left.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use gix::objs::Kind;
use gix::odb::pack::data::Entry;
use gix::odb::pack::data::entry::Header;

use super::buffers::Buffers;
use super::delta::Delta;
use super::inflate::{Inflater, plausible};
use super::share::{Share, Work};
use super::{Derivation, Object, Pack, Visitor};
use crate::source::git::objects::Unread;
use crate::source::git::repository::LARGEST_OBJECT;
use crate::source::{Carried, Copied};

/// A buffer for deltas is not kept if it grew larger than this, in bytes.
const LARGEST_DELTA_BUFFER: usize = 4 << 20;

/// An object, and those of its children that are still to be made.
struct Branch {
    /// Number of the pack.
    pack: usize,
    base: Arc<Vec<u8>>,
    /// What the visitor knows of the base.
    carried: Option<Carried>,
    /// Places of children in the forest.
    children: Range<u32>,
}

/// Shows every wanted object of these packs to the visitor of one of `jobs` threads, and answers with what is left of them.
pub(in super::super) fn walk<V, F>(packs: &[Pack<'_>], jobs: usize, visitor: F) -> Vec<V::Outcome>
where
    V: Visitor,
    F: Fn() -> V + Sync,
{
    let roots: Vec<(usize, u32)> = packs
        .iter()
        .enumerate()
        .flat_map(|(number, pack)| pack.forest.roots().iter().map(move |root| (number, *root)))
        .collect();
    let weight: u64 = roots.iter().map(|(pack, root)| u64::from(packs[*pack].forest.weight(*root))).sum();
    let threads = jobs.min(usize::try_from(weight).unwrap_or(jobs)).max(1);
    let share = Share::new(roots.len(), threads);
    let work = |first: bool| {
        let _presence = share.presence();
        let mut walker = Walker {
            packs,
            roots: &roots,
            share: &share,
            visitor: visitor(),
            stack: Vec::new(),
            inflater: Inflater::default(),
            buffers: Buffers::default(),
            delta: Vec::new(),
            copies: Vec::new(),
        };
        if first {
            walker.report_circles();
        }
        walker.run();
        walker.visitor.finish()
    };
    if threads == 1 {
        return vec![work(true)];
    }
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread == 0))).collect();
        running.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// One thread.
struct Walker<'a, V> {
    packs: &'a [Pack<'a>],
    /// Numbers of pack and entry.
    roots: &'a [(usize, u32)],
    share: &'a Share<Branch>,
    visitor: V,
    stack: Vec<Branch>,
    inflater: Inflater,
    buffers: Buffers,
    /// The delta that is being applied.
    delta: Vec<u8>,
    copies: Vec<Copied>,
}

impl<V: Visitor> Walker<'_, V> {
    fn run(&mut self) {
        while let Some(work) = self.share.take() {
            match work {
                Work::Given(branch) => {
                    self.stack.push(branch);
                    self.descend();
                }
                Work::Roots(range) => {
                    for &(pack, root) in self.roots.get(range).unwrap_or_default() {
                        match self.root(pack, root) {
                            Ok(branch) => self.stack.extend(branch),
                            Err(why) => self.lost(pack, root, why),
                        }
                        self.descend();
                    }
                }
            }
        }
    }

    /// Deltas that build on each other in a circle belong to no tree.
    fn report_circles(&mut self) {
        for Pack { entries, forest } in self.packs {
            for &number in forest.circular() {
                self.visitor.lost(entries.id(number), broken("its delta builds on itself, by way of others"));
            }
        }
    }

    /// Works off the stack.
    fn descend(&mut self) {
        while let Some(mut branch) = self.stack.pop() {
            if self.share.is_hungry() {
                self.feed(&mut branch);
            }
            let Some(place) = branch.children.next() else { continue };
            let pack = branch.pack;
            let number = self.packs[pack].forest.child(place);
            let made = self.derived(pack, number, &branch.base, branch.carried.as_ref());
            if branch.children.is_empty() {
                // The last: nothing needs the base any more, and it goes before anything larger is built.
                if let Ok(bytes) = Arc::try_unwrap(branch.base) {
                    self.buffers.give_back(bytes);
                }
            } else {
                self.stack.push(branch);
            }
            match made {
                Ok(next) => self.stack.extend(next),
                Err(why) => self.lost(pack, number, why),
            }
        }
    }

    /// Gives away a part of what there is to do, if there is any to give: what will be come back to last, or a part of the
    /// branch in hand.
    fn feed(&mut self, branch: &mut Branch) {
        if !self.stack.is_empty() {
            self.share.give(self.stack.remove(0));
            return;
        }
        if branch.children.len() < 2 {
            return;
        }
        let forest = &self.packs[branch.pack].forest;
        let weight = |place: u32| u64::from(forest.weight(forest.child(place)));
        let all: u64 = branch.children.clone().map(weight).sum();
        let (mut split, mut given) = (branch.children.end, 0);
        while split > branch.children.start + 1 && given * 2 < all {
            split -= 1;
            given += weight(split);
        }
        self.share.give(Branch {
            pack: branch.pack,
            base: Arc::clone(&branch.base),
            carried: branch.carried.clone(),
            children: split..branch.children.end,
        });
        branch.children.end = split;
    }

    /// Makes an object without a base in the pack, and shows it.
    fn root(&mut self, pack: usize, number: u32) -> Result<Option<Branch>, Unread> {
        let entries = &self.packs[pack].entries;
        let entry = entries.header(number).ok_or_else(|| broken("its header is corrupt"))?;
        match &entry.header {
            Header::OfsDelta { .. } => Err(broken("the base of its delta is not in the pack")),
            Header::RefDelta { base_id } => {
                let base = self.visitor.outside(base_id)?;
                self.derived(pack, number, &base, None)
            }
            _ => {
                let skipped = self.passes_over(pack, number, entry.decompressed_size);
                if skipped && self.is_leaf(pack, number) {
                    return Ok(None);
                }
                let input = entries.compressed(number, &entry).unwrap_or_default();
                let size = plausible(input, entry.decompressed_size).map_err(broken)?;
                let mut bytes = self.buffers.take(size).ok_or_else(|| broken("there is not enough memory for it"))?;
                self.inflater.inflate(input, size, &mut bytes).map_err(broken)?;
                Ok(self.show(pack, number, bytes, skipped, None))
            }
        }
    }

    /// Makes an object out of its base, and shows it.
    fn derived(
        &mut self,
        pack: usize,
        number: u32,
        base: &[u8],
        carried: Option<&Carried>,
    ) -> Result<Option<Branch>, Unread> {
        let entries = &self.packs[pack].entries;
        let entry = entries.header(number).ok_or_else(|| broken("its header is corrupt"))?;
        let input = entries.compressed(number, &entry).unwrap_or_default();
        let mut instructions = std::mem::take(&mut self.delta);
        let made = self.apply(pack, number, &entry, input, &mut instructions, base);
        if instructions.capacity() <= LARGEST_DELTA_BUFFER {
            self.delta = instructions;
        }
        let Some((bytes, skipped)) = made? else { return Ok(None) };
        let copies = std::mem::take(&mut self.copies);
        let derivation = carried.map(|carried| Derivation { carried, base_length: base.len(), copies: &copies });
        let branch = self.show(pack, number, bytes, skipped, derivation);
        self.copies = copies;
        Ok(branch)
    }

    /// The object, and whether it is passed over; nothing if it is and is no base either.
    fn apply(
        &mut self,
        pack: usize,
        number: u32,
        entry: &Entry,
        input: &[u8],
        instructions: &mut Vec<u8>,
        base: &[u8],
    ) -> Result<Option<(Vec<u8>, bool)>, Unread> {
        let size = plausible(input, entry.decompressed_size).map_err(broken)?;
        self.inflater.inflate(input, size, instructions).map_err(broken)?;
        let delta = Delta::parse(instructions).ok_or_else(|| broken("its delta is corrupt"))?;
        let skipped = self.passes_over(pack, number, delta.result_size);
        if skipped && self.is_leaf(pack, number) {
            return Ok(None);
        }
        if delta.result_size > LARGEST_OBJECT {
            return Err(broken("it is larger than 2 GiB"));
        }
        let size = delta.result_size as usize;
        let mut bytes = self.buffers.take(size).ok_or_else(|| broken("there is not enough memory for it"))?;
        delta.apply(base, &mut bytes, &mut self.copies).ok_or_else(|| broken("its delta is corrupt"))?;
        Ok(Some((bytes, skipped)))
    }

    /// Shows an object to the visitor; answers with the branch that begins there.
    fn show(
        &mut self,
        pack: usize,
        number: u32,
        bytes: Vec<u8>,
        skipped: bool,
        derivation: Option<Derivation<'_>>,
    ) -> Option<Branch> {
        let Pack { entries, forest } = &self.packs[pack];
        let children = forest.children_of(number);
        let carried = match self.kind(pack, number) {
            Some(kind) if !skipped && forest.is_wanted(number) => {
                let leaned_on = !children.is_empty();
                self.visitor.object(&Object { id: entries.id(number), kind, bytes: &bytes, leaned_on, derivation })
            }
            _ => None,
        };
        if children.is_empty() {
            self.buffers.give_back(bytes);
            return None;
        }
        Some(Branch { pack, base: Arc::new(bytes), carried, children })
    }

    fn passes_over(&mut self, pack: usize, number: u32, size: u64) -> bool {
        let Pack { entries, forest } = &self.packs[pack];
        match forest.kind(number) {
            Some(kind) if forest.is_wanted(number) => self.visitor.passes_over(entries.id(number), kind, size),
            _ => false,
        }
    }

    fn kind(&self, pack: usize, number: u32) -> Option<Kind> {
        self.packs[pack].forest.kind(number)
    }

    fn is_leaf(&self, pack: usize, number: u32) -> bool {
        self.packs[pack].forest.children_of(number).is_empty()
    }

    /// Notes that an object cannot be made, and with it nothing that builds on it.
    fn lost(&mut self, pack: usize, number: u32, why: Unread) {
        let Pack { entries, forest } = &self.packs[pack];
        let why = match why {
            Unread::Missing => "the base of its delta is missing".to_owned(),
            Unread::Broken(why) => why,
        };
        let name = entries.path().file_name().unwrap_or_default().display();
        let mut what = format!("{why} (at byte {} of {name})", entries.offset(number));
        let others = forest.weight(number).saturating_sub(u32::from(forest.is_wanted(number)));
        if others > 0 {
            what.push_str(&format!(", and {others} objects that build on it are lost with it"));
        }
        self.visitor.lost(entries.id(number), Unread::Broken(what));
    }
}

fn broken(why: &str) -> Unread {
    Unread::Broken(why.to_owned())
}

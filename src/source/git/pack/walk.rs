//! Walking the delta trees depth first, on several threads.
//!
//! There is no recursion: a chain may be thousands deep. What a thread will come back to stands on a stack of its own, and
//! that is also what it gives away from, the oldest first: there the largest subtrees are left.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use gix::objs::Kind;
use gix::odb::pack::data::Entry;

use super::buffers::Buffers;
use super::delta::Delta;
use super::entries::Base;
use super::inflate::{Inflater, plausible};
use super::share::{Share, Work};
use super::{Derivation, Object, Pack, Visitor};
use crate::source::git::objects::Unread;
use crate::source::git::repository::LARGEST_OBJECT;
use crate::source::{Carried, Copied};

/// A buffer for deltas is not kept if it grew larger than this, in bytes.
const LARGEST_DELTA_BUFFER: usize = 4 << 20;

const BAD_DELTA: &str = "its delta is corrupt";
const NO_MEMORY: &str = "there is not enough memory for it";

/// An object, and those of its children that are still to be made.
struct Branch {
    /// Number of the pack.
    pack: usize,
    /// Number of the object in it.
    number: u32,
    /// All of it, unless it had to make room: then it is made anew.
    base: Option<Arc<Vec<u8>>>,
    /// What the visitor knows of the base.
    carried: Option<Carried>,
    /// Places of children in the forest.
    children: Range<u32>,
}

/// Shows every wanted object of these packs to the visitor of one of `jobs` threads, and answers with what is left of them.
/// `held` bytes of bases may all threads together keep for later.
pub(in super::super) fn walk<V, F>(packs: &[Pack<'_>], jobs: usize, held: usize, visitor: F) -> Vec<V::Outcome>
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
            held: 0,
            most_held: held / threads,
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
    /// Bytes of bases on the stack, and how many there may be.
    held: usize,
    most_held: usize,
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
                    self.push(branch);
                    self.descend();
                }
                Work::Roots(range) => {
                    for &(pack, root) in self.roots.get(range).unwrap_or_default() {
                        match self.root(pack, root) {
                            Ok(Some(branch)) => self.push(branch),
                            Ok(None) => {}
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
        while let Some(mut branch) = self.pop() {
            if self.share.is_hungry() {
                self.feed(&mut branch);
            }
            let pack = branch.pack;
            let base = match branch.base.take().map_or_else(|| self.remake(pack, branch.number).map(Arc::new), Ok) {
                Ok(base) => base,
                Err(why) => {
                    let forest = &self.packs[pack].forest;
                    branch.children.for_each(|place| self.lost(pack, forest.child(place), why.clone()));
                    continue;
                }
            };
            let Some(place) = branch.children.next() else { continue };
            let number = self.packs[pack].forest.child(place);
            let made = self.derived(pack, number, &base, branch.carried.as_ref());
            if branch.children.is_empty() {
                // The last: nothing needs the base any more, and it goes before anything larger is built.
                if let Ok(bytes) = Arc::try_unwrap(base) {
                    self.buffers.give_back(bytes);
                }
            } else {
                branch.base = Some(base);
                self.push(branch);
            }
            match made {
                Ok(Some(next)) => self.push(next),
                Ok(None) => {}
                Err(why) => self.lost(pack, number, why),
            }
        }
    }

    fn push(&mut self, branch: Branch) {
        self.held += branch.base.as_ref().map_or(0, |base| base.len());
        self.stack.push(branch);
        // What is come back to last goes first; what is about to be used stays.
        let last = self.stack.len() - 1;
        for branch in &mut self.stack[..last] {
            if self.held <= self.most_held {
                break;
            }
            self.held -= branch.base.take().map_or(0, |base| base.len());
        }
    }

    fn pop(&mut self) -> Option<Branch> {
        let branch = self.stack.pop()?;
        self.held -= branch.base.as_ref().map_or(0, |base| base.len());
        Some(branch)
    }

    /// Gives away a part of what there is to do, if there is any to give: what will be come back to last, or a part of the
    /// branch in hand.
    fn feed(&mut self, branch: &mut Branch) {
        if !self.stack.is_empty() {
            let oldest = self.stack.remove(0);
            self.held -= oldest.base.as_ref().map_or(0, |base| base.len());
            self.share.give(oldest);
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
            number: branch.number,
            base: branch.base.clone(),
            carried: branch.carried.clone(),
            children: split..branch.children.end,
        });
        branch.children.end = split;
    }

    /// Makes an object without a base in the pack, and shows it.
    fn root(&mut self, pack: usize, number: u32) -> Result<Option<Branch>, Unread> {
        let entries = &self.packs[pack].entries;
        let entry = entries.header(number).ok_or_else(|| broken("its header is corrupt"))?;
        if let Base::Outside(id) = entries.base(&entry) {
            let base = self.visitor.outside(&id)?;
            return self.derived(pack, number, &base, None);
        }
        let skipped = self.passes_over(pack, number, entry.decompressed_size);
        if skipped && self.is_leaf(pack, number) {
            return Ok(None);
        }
        let bytes = self.whole(pack, number, &entry)?;
        Ok(self.show(pack, number, bytes, skipped, None))
    }

    /// Makes an object out of its base, and shows it.
    fn derived(
        &mut self,
        pack: usize,
        number: u32,
        base: &[u8],
        carried: Option<&Carried>,
    ) -> Result<Option<Branch>, Unread> {
        let size = self.inflate_delta(pack, number)?;
        let skipped = self.passes_over(pack, number, size);
        if skipped && self.is_leaf(pack, number) {
            return Ok(None);
        }
        let bytes = self.apply(base)?;
        let copies = std::mem::take(&mut self.copies);
        let derivation = carried.map(|carried| Derivation { carried, base_length: base.len(), copies: &copies });
        let branch = self.show(pack, number, bytes, skipped, derivation);
        self.copies = copies;
        Ok(branch)
    }

    /// Makes an object that was shown before, along its chain.
    fn remake(&mut self, pack: usize, number: u32) -> Result<Vec<u8>, Unread> {
        let entries = &self.packs[pack].entries;
        let mut chain = vec![number];
        let mut bytes = loop {
            let number = chain.last().copied().unwrap_or(number);
            let entry = entries.header(number).ok_or_else(|| broken("its header is corrupt"))?;
            match entries.base(&entry) {
                Base::Entry(base) => chain.push(base),
                Base::Outside(id) => break self.visitor.outside(&id)?,
                Base::Whole | Base::Nowhere => {
                    chain.pop();
                    break self.whole(pack, number, &entry)?;
                }
            }
        };
        for number in chain.into_iter().rev() {
            self.inflate_delta(pack, number)?;
            let derived = self.apply(&bytes)?;
            self.buffers.give_back(std::mem::replace(&mut bytes, derived));
        }
        Ok(bytes)
    }

    /// Inflates an object that is stored as it is.
    fn whole(&mut self, pack: usize, number: u32, entry: &Entry) -> Result<Vec<u8>, Unread> {
        if entry.header.is_delta() {
            return Err(broken("the base of its delta is not in the pack"));
        }
        let input = self.packs[pack].entries.compressed(number, entry).unwrap_or_default();
        let size = plausible(input, entry.decompressed_size).map_err(broken)?;
        let mut bytes = self.buffers.take(size).ok_or_else(|| broken(NO_MEMORY))?;
        self.inflater.inflate(input, size, &mut bytes).map_err(broken)?;
        Ok(bytes)
    }

    /// Inflates a delta for [`Walker::apply`]; answers with the size of what comes out of it.
    fn inflate_delta(&mut self, pack: usize, number: u32) -> Result<u64, Unread> {
        let entries = &self.packs[pack].entries;
        let entry = entries.header(number).ok_or_else(|| broken("its header is corrupt"))?;
        let input = entries.compressed(number, &entry).unwrap_or_default();
        let size = plausible(input, entry.decompressed_size).map_err(broken)?;
        if self.delta.capacity() > LARGEST_DELTA_BUFFER {
            self.delta = Vec::new();
        }
        self.inflater.inflate(input, size, &mut self.delta).map_err(broken)?;
        Ok(Delta::parse(&self.delta).ok_or_else(|| broken(BAD_DELTA))?.result_size)
    }

    /// Applies the delta in hand.
    fn apply(&mut self, base: &[u8]) -> Result<Vec<u8>, Unread> {
        let delta = Delta::parse(&self.delta).ok_or_else(|| broken(BAD_DELTA))?;
        if delta.result_size > LARGEST_OBJECT {
            return Err(broken("it is larger than 2 GiB"));
        }
        let mut bytes = self.buffers.take(delta.result_size as usize).ok_or_else(|| broken(NO_MEMORY))?;
        delta.apply(base, &mut bytes, &mut self.copies).ok_or_else(|| broken(BAD_DELTA))?;
        Ok(bytes)
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
        Some(Branch { pack, number, base: Some(Arc::new(bytes)), carried, children })
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

//! The pack walk: every object of a pack from the bases outwards, each inflated once.
//!
//! A pack stores most objects as what differs from another one, so that it is a forest: whole objects are the roots,
//! deltas their descendants. Walked depth first, a base is at hand whenever something that builds on it is made, and the
//! instructions of a delta tell which parts of the result are copies. Whoever scans the result can then lean on what was
//! found in the base ([`Derivation`]).
//!
//! ```text
//!  entries            forest              branches             visitor
//!  sorted by offset ─▶ base ─▶ children ─▶ depth first, on ───▶ blobs, commits …
//!  (header only)      (numbers, no bytes)  several threads
//! ```
//!
//! Only what leads to a wanted object is inflated: trees without one (those of the git kind, as a rule) stay compressed.
//!
//! # Memory
//!
//! A pack is mapped. For each of its entries about 25 bytes are kept, whatever is wanted. As for contents: each thread
//! holds the bases that it will come back to. Children are taken in the order of the size of their subtrees, and the
//! last takes the place of its base. A base is hence kept only beneath a child that is not the last, whose subtree is at
//! most half as large as that of the base: one thread holds at most log2(n) bases of a pack of n objects, however
//! long its chains are. If they come to more than a bound (256 MiB for all threads), the oldest are dropped, and made anew
//! when they are needed. Beside them each thread has one base, one delta and its result in the making, none larger than
//! 2 GiB, and a few buffers for reuse ([`buffers`]). A branch that a thread gives away ([`share`]) takes its base along, and
//! at most one is given for each idle thread. No entry may claim more than its compressed form can hold.

mod blobs;
mod buffers;
pub(super) mod delta;
mod entries;
mod forest;
mod inflate;
mod share;
#[cfg(test)]
mod tests;
mod walk;

use gix::objs::Kind;
use gix::oid;

use super::objects::Unread;
use crate::source::{Carried, Copied};

pub(super) use blobs::scan as scan_blob;
pub(super) use entries::Entries;
pub(super) use forest::Forest;
pub(super) use walk::walk;

/// A pack, and which of its objects are wanted.
pub(super) struct Pack<'p> {
    /// Its entries.
    pub entries: Entries<'p>,
    /// How they build on each other.
    pub forest: Forest,
}

/// An object that the walk came by.
pub(super) struct Object<'a> {
    /// Its id, as the pack's index has it.
    pub id: &'a oid,
    /// What it is.
    pub kind: Kind,
    /// All of it.
    pub bytes: &'a [u8],
    /// True if others are derived from it.
    pub leaned_on: bool,
    /// How it came from an object of which the visitor knows something.
    pub derivation: Option<Derivation<'a>>,
}

/// What an object has from another one.
pub(super) struct Derivation<'a> {
    /// What the visitor said of the base.
    pub carried: &'a Carried,
    /// Length of the base in bytes.
    pub base_length: usize,
    /// Copies of parts of the base, sorted and without overlap by where they are now.
    pub copies: &'a [Copied],
}

/// Takes the objects of one thread.
pub(super) trait Visitor {
    /// What is left of a visitor when all is done.
    type Outcome: Send;

    /// Whether an object of this kind and size (in bytes) is passed over on purpose, which is then counted. It may not
    /// even be made.
    fn passes_over(&mut self, id: &oid, kind: Kind, size: u64) -> bool;

    /// Takes an object; answers with what is known of it to those that derive from it, or `None`: then they come as if
    /// they derived from nothing.
    fn object(&mut self, object: &Object<'_>) -> Option<Carried>;

    /// Reads an object that is not in the pack.
    ///
    /// # Errors
    /// If it cannot be read.
    fn outside(&mut self, id: &oid) -> Result<Vec<u8>, Unread>;

    /// Takes note of an object that cannot be read.
    fn lost(&mut self, id: &oid, why: Unread);

    /// Ends the visit.
    fn finish(self) -> Self::Outcome;
}

//! Trees, and what differs between two of them.
//!
//! Both are walked at once in git's order of names; equal ids are never looked into. In a tree that breaks that order,
//! an entry may come out as removed and added, but nothing new is ever missed.

use std::cmp::Ordering;

use bstr::{BStr, BString};
use gix::objs::tree::{EntryKind, EntryRef, name_order};
use gix::objs::{Kind, TreeRefIter};
use gix::{ObjectId, hashtable};

use super::losses::Losses;
use super::objects::{Bytes, Objects, Unread};

/// Deeper nesting than this is refused, as git does (`core.maxTreeDepth`, there 2048).
pub(super) const DEEPEST: usize = 512;
/// A diff of more entries than this is given up: a few small trees can name each other into billions of paths.
pub(super) const MOST_ENTRIES: u64 = 10_000_000;
/// Bytes of trees that are kept at hand: at most twice as many.
const KEPT: usize = 16 << 20;

/// What is wrong with a tree whose entries cannot be made out.
const MALFORMED: &str = "not a well-formed tree";

/// What a tree has at a path, trees aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub id: ObjectId,
    pub kind: EntryKind,
}

impl Leaf {
    /// Whether it is a file, and no link or submodule.
    pub fn is_file(&self) -> bool {
        matches!(self.kind, EntryKind::Blob | EntryKind::BlobExecutable)
    }
}

/// A path that differs between two trees. At least one of the two is there, and they are not equal.
pub(super) struct Change<'a> {
    pub path: &'a BStr,
    pub old: Option<Leaf>,
    pub new: Option<Leaf>,
}

/// Reads trees for one thread, and keeps those that it read last.
pub(super) struct Trees<'a> {
    pub objects: &'a Objects,
    losses: &'a Losses,
    young: hashtable::HashMap<ObjectId, Bytes>,
    old: hashtable::HashMap<ObjectId, Bytes>,
    young_bytes: usize,
}

impl<'a> Trees<'a> {
    pub fn new(objects: &'a Objects, losses: &'a Losses) -> Self {
        Trees { objects, losses, young: Default::default(), old: Default::default(), young_bytes: 0 }
    }

    /// The bytes of a tree; empty, and noted as lost, if it cannot be read.
    pub fn read(&mut self, id: ObjectId) -> Bytes {
        if let Some(bytes) = self.young.get(&id) {
            return Bytes::clone(bytes);
        }
        let bytes = match self.old.remove(&id) {
            Some(bytes) => bytes,
            None => match self.objects.read_kind(&id, Kind::Tree) {
                Ok(bytes) => bytes,
                Err(why) => {
                    self.losses.object(id, why);
                    Bytes::default()
                }
            },
        };
        self.young_bytes += bytes.len() + size_of::<ObjectId>();
        if self.young_bytes > KEPT {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = bytes.len();
        }
        self.young.insert(id, Bytes::clone(&bytes));
        bytes
    }

    /// The entries of a tree that was read. What follows a broken one is lost, and noted as such.
    pub fn entries<'b>(&self, id: ObjectId, bytes: &'b [u8]) -> impl Iterator<Item = EntryRef<'b>> + use<'b, 'a> {
        let losses = self.losses;
        TreeRefIter::from_bytes(bytes, id.kind())
            .map_while(move |entry| entry.inspect_err(|_| losses.object(id, Unread::Broken(MALFORMED.to_owned()))).ok())
    }

    /// Shows every path at which two trees differ; `None` is an empty tree.
    pub fn diff(&mut self, old: Option<ObjectId>, new: Option<ObjectId>, visit: &mut dyn FnMut(Change<'_>)) {
        let mut diff = Diff { trees: self, path: BString::default(), entries: 0, visit };
        diff.both(old, new, 0);
    }

    /// What the tree has at a path.
    pub fn lookup(&mut self, root: ObjectId, path: &BStr) -> Option<Leaf> {
        let mut id = root;
        let mut parts = path.split(|b| *b == b'/').peekable();
        while let Some(part) = parts.next() {
            let bytes = self.read(id);
            let is_last = parts.peek().is_none();
            let entry = self.entries(id, &bytes).find(|e| e.filename == part && e.mode.is_tree() != is_last)?;
            if is_last {
                return Some(leaf(&entry));
            }
            id = entry.oid.to_owned();
        }
        None
    }
}

fn leaf(entry: &EntryRef<'_>) -> Leaf {
    Leaf { id: entry.oid.to_owned(), kind: entry.mode.kind() }
}

struct Diff<'d, 'a> {
    trees: &'d mut Trees<'a>,
    path: BString,
    entries: u64,
    visit: &'d mut dyn FnMut(Change<'_>),
}

impl Diff<'_, '_> {
    fn both(&mut self, old: Option<ObjectId>, new: Option<ObjectId>, depth: usize) {
        if old == new {
            return;
        }
        if depth > DEEPEST || self.entries > MOST_ENTRIES {
            let id = new.or(old).unwrap_or_else(|| ObjectId::null(gix::hash::Kind::Sha1));
            self.trees.losses.object(id, Unread::Broken("part of a tree that is too deep or too large".to_owned()));
            return;
        }
        let old_bytes = old.map(|id| (id, self.trees.read(id)));
        let new_bytes = new.map(|id| (id, self.trees.read(id)));
        let losses = self.trees.losses;
        let mut olds = Rest::of(&old_bytes, losses);
        let mut news = Rest::of(&new_bytes, losses);
        // Collected first, for looking into subtrees may throw these bytes out of the cache.
        let mut pairs: Vec<(Option<EntryRef<'_>>, Option<EntryRef<'_>>)> = Vec::new();
        Rest::skip_common(&mut olds, &mut news);
        loop {
            self.entries += 1;
            let (o, n) = (olds.peek(), news.peek());
            let order = match (&o, &n) {
                (Some(o), Some(n)) => name_order(o.filename, o.mode.is_tree(), n.filename, n.mode.is_tree()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let o = o.filter(|_| order.is_le()).inspect(|entry| olds.skip(entry));
            let n = n.filter(|_| order.is_ge()).inspect(|entry| news.skip(entry));
            if let (Some(o), Some(n)) = (&o, &n)
                && o.oid == n.oid
                && o.mode == n.mode
            {
                continue;
            }
            pairs.push((o, n));
            Rest::skip_common(&mut olds, &mut news);
        }
        for (o, n) in pairs {
            self.pair(o, n, depth);
        }
    }

    fn pair(&mut self, old: Option<EntryRef<'_>>, new: Option<EntryRef<'_>>, depth: usize) {
        let Some(any) = new.or(old) else { return };
        let length = self.path.len();
        if length > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(any.filename);
        let tree = |e: Option<EntryRef<'_>>| e.filter(|e| e.mode.is_tree()).map(|e| e.oid.to_owned());
        let other = |e: Option<EntryRef<'_>>| e.filter(|e| !e.mode.is_tree()).map(|e| leaf(&e));
        if any.mode.is_tree() {
            self.both(tree(old), tree(new), depth + 1);
        }
        let (old, new) = (other(old), other(new));
        if old.is_some() || new.is_some() {
            (self.visit)(Change { path: BStr::new(&self.path), old, new });
        }
        self.path.truncate(length);
    }
}

/// The entries of a tree that are still to come, in its raw form: for each, its mode in octal digits, a space, its name,
/// a NUL byte and its id.
struct Rest<'b> {
    bytes: &'b [u8],
    tree: ObjectId,
    losses: &'b Losses,
}

impl<'b> Rest<'b> {
    fn of(tree: &'b Option<(ObjectId, Bytes)>, losses: &'b Losses) -> Rest<'b> {
        match tree {
            Some((tree, bytes)) => Rest { bytes, tree: *tree, losses },
            None => Rest { bytes: &[], tree: ObjectId::null(gix::hash::Kind::Sha1), losses },
        }
    }

    /// The next entry. What follows a broken one is lost, and noted as such.
    fn peek(&mut self) -> Option<EntryRef<'b>> {
        let entry = TreeRefIter::from_bytes(self.bytes, self.tree.kind()).next()?;
        if entry.is_err() {
            self.losses.object(self.tree, Unread::Broken(MALFORMED.to_owned()));
            self.bytes = &[];
        }
        entry.ok()
    }

    /// Goes past an entry that was the next.
    fn skip(&mut self, entry: &EntryRef<'_>) {
        let name = memchr::memchr(b' ', self.bytes).map_or(0, |space| space + 1);
        let length = name + entry.filename.len() + 1 + entry.oid.as_bytes().len();
        self.bytes = self.bytes.get(length..).unwrap_or_default();
    }

    /// Goes past most of the entries that two trees have in common from here on. Trees that follow each other differ in
    /// an entry or two of hundreds, and comparing bytes is so much cheaper than making out entries.
    fn skip_common(a: &mut Rest<'_>, b: &mut Rest<'_>) {
        const STEP: usize = 64;
        let steps = a.bytes.chunks_exact(STEP).zip(b.bytes.chunks_exact(STEP));
        let same = steps.take_while(|(a, b)| a == b).count() * STEP;
        let id = a.tree.as_bytes().len();
        let mut whole = 0;
        while let Some(nul) = a.bytes.get(whole..same).and_then(|rest| memchr::memchr(0, rest)) {
            let end = whole + nul + 1 + id;
            if end > same {
                break;
            }
            whole = end;
        }
        a.bytes = a.bytes.get(whole..).unwrap_or_default();
        b.bytes = b.bytes.get(whole..).unwrap_or_default();
    }
}

/// Whether an entry of a tree points to an object of this repository: a submodule's does not.
pub(super) fn is_own(entry: &EntryRef<'_>) -> bool {
    !entry.mode.is_commit()
}

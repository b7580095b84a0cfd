//! What a commit brings: its tree compared to another one, by their skeletons alone.
//!
//! Both are walked at once, in git's order of names; equal subtrees are never looked into.

use std::cmp::Ordering;
use std::rc::Rc;

use super::names::Named;
use super::outline::Edge;
use super::skeleton::Skeletons;
use super::trees::{DEEPEST, MOST_ENTRIES};

/// So many lists of edges are kept at hand.
const RECENT: usize = 1 << 10;

/// Compares trees for one thread.
pub(super) struct Comparison<'s> {
    skeletons: &'s Skeletons,
    /// Names from the root down to where the walk is.
    path: Vec<u32>,
    entries: u64,
    /// Lists of edges that were made a moment ago, each at a place that depends on the tree.
    recent: Vec<Option<(u32, Rc<Vec<Edge>>)>>,
}

impl<'s> Comparison<'s> {
    /// Compares by these.
    pub fn new(skeletons: &'s Skeletons) -> Self {
        Comparison { skeletons, path: Vec::new(), entries: 0, recent: vec![None; RECENT] }
    }

    /// Shows all wanted blobs that `new` has at paths where `old` has another one or nothing: the names that make up the
    /// path, and the number of the blob.
    pub fn brought(&mut self, old: Option<u32>, new: u32, visit: &mut dyn FnMut(&[u32], u32)) {
        self.path.clear();
        self.entries = 0;
        self.both(old, new, visit);
    }

    fn both(&mut self, old: Option<u32>, new: u32, visit: &mut dyn FnMut(&[u32], u32)) {
        // Trees like that were reported by the scan, or hold nothing that could not be found elsewhere.
        if old == Some(new) || self.path.len() > DEEPEST || self.entries > MOST_ENTRIES {
            return;
        }
        let (olds, news) = (self.list(old), self.list(Some(new)));
        let (mut o, mut n) = (olds.iter().peekable(), news.iter().peekable());
        while let Some(&&new) = n.peek() {
            self.entries += 1;
            let order = o.peek().map_or(Ordering::Greater, |old| self.skeletons.names.order(old.name, new.name));
            if order.is_lt() {
                o.next();
                continue;
            }
            n.next();
            let old = o.next_if(|_| order.is_eq()).map(|old| old.child);
            if old == Some(new.child) {
                continue;
            }
            self.path.push(new.name);
            if Named::is_tree(new.name) {
                self.both(old, new.child, visit);
            } else {
                visit(&self.path, new.child);
            }
            self.path.pop();
        }
    }

    /// Whether a tree has a wanted blob at a path.
    pub fn has(&mut self, root: u32, path: &[u32], blob: u32) -> bool {
        let mut child = Some(root);
        for &name in path {
            let edges = self.list(child);
            child = edges.iter().find(|edge| edge.name == name).map(|edge| edge.child);
            if child.is_none() {
                return false;
            }
        }
        child == Some(blob)
    }

    /// The edges of a tree; `None` is an empty one.
    fn list(&mut self, tree: Option<u32>) -> Rc<Vec<Edge>> {
        let Some(tree) = tree else { return Rc::default() };
        let mut place = self.recent.get_mut(tree as usize % RECENT);
        if let Some(Some((known, edges))) = &place
            && *known == tree
        {
            return Rc::clone(edges);
        }
        let old = place.as_mut().and_then(|place| place.take()).and_then(|(_, edges)| Rc::try_unwrap(edges).ok());
        let mut edges = old.unwrap_or_default();
        self.skeletons.edges(tree, &mut edges);
        let edges = Rc::new(edges);
        if let Some(place) = place {
            *place = Some((tree, Rc::clone(&edges)));
        }
        edges
    }
}

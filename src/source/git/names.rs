//! Names of entries, as numbers.
//!
//! A history has millions of entries and few names. A number is even for the name of a tree, and odd for that of
//! anything else.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bstr::{BStr, BString};
use gix::objs::tree::name_order;

/// Gives names their numbers.
#[derive(Default)]
pub(super) struct Names(Mutex<Numbered>);

/// Names and numbers, either way.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<Arc<[u8]>, u32>,
    names: Vec<Arc<[u8]>>,
}

/// The part of one thread: what it knows it does not ask for again.
pub(super) struct Namer<'n> {
    names: &'n Names,
    known: HashMap<Arc<[u8]>, u32>,
}

impl<'n> Namer<'n> {
    /// One that knows nothing yet.
    pub fn new(names: &'n Names) -> Self {
        Namer { names, known: HashMap::new() }
    }

    /// The number of a name; `None` if there are more than numbers.
    pub fn number(&mut self, name: &[u8], is_tree: bool) -> Option<u32> {
        let number = match self.known.get(name) {
            Some(number) => *number,
            None => {
                let mut all = self.names.0.lock().unwrap_or_else(PoisonError::into_inner);
                let Numbered { numbers, names } = &mut *all;
                let (name, number) = match numbers.get_key_value(name) {
                    Some((name, number)) => (Arc::clone(name), *number),
                    None => {
                        let number = u32::try_from(names.len()).ok().filter(|number| number >> 31 == 0)?;
                        let name: Arc<[u8]> = name.into();
                        numbers.insert(Arc::clone(&name), number);
                        names.push(Arc::clone(&name));
                        (name, number)
                    }
                };
                self.known.insert(name, number);
                number
            }
        };
        Some((number << 1) | u32::from(!is_tree))
    }
}

/// All names, by number.
pub(super) struct Named(Vec<Arc<[u8]>>);

impl Named {
    /// The names that have numbers by now.
    pub fn of(names: Names) -> Self {
        Named(names.0.into_inner().unwrap_or_else(PoisonError::into_inner).names)
    }

    /// Whether the number is that of a tree's name.
    pub fn is_tree(number: u32) -> bool {
        number & 1 == 0
    }

    /// The name; empty if there is none of this number.
    pub fn name(&self, number: u32) -> &BStr {
        self.0.get((number >> 1) as usize).map_or(BStr::new(b""), |name| BStr::new(&**name))
    }

    /// Which of two comes first in a tree.
    pub fn order(&self, a: u32, b: u32) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        name_order(self.name(a), Named::is_tree(a), self.name(b), Named::is_tree(b))
    }

    /// Names one below the other, as a path.
    pub fn path(&self, numbers: &[u32]) -> BString {
        let mut path = BString::default();
        for &number in numbers {
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(self.name(number));
        }
        path
    }
}

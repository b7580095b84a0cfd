//! Objects of packs that were decoded a moment ago, for the deltas that build on them.
//!
//! A table with one place for each hash of an offset: what comes takes the place of what was there. Objects are read
//! along their deltas or from commit to commit, so that nothing cleverer finds much more.

use std::rc::Rc;

use gix::objs::Kind;

const PLACES: usize = 1 << 12;

/// A cache of at most so many bytes.
pub(super) struct PackCache {
    places: Vec<Option<Entry>>,
    held: usize,
    limit: usize,
    /// The place to clear next where room is needed.
    hand: usize,
}

struct Entry {
    pack: usize,
    offset: u64,
    kind: Kind,
    bytes: Rc<Vec<u8>>,
}

impl PackCache {
    /// A cache of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        PackCache { places: (0..PLACES).map(|_| None).collect(), held: 0, limit, hand: 0 }
    }

    /// The object at an offset of a pack, if it is at hand.
    pub fn get(&self, pack: usize, offset: u64) -> Option<(Kind, Rc<Vec<u8>>)> {
        let entry = self.places.get(place(pack, offset))?.as_ref()?;
        (entry.pack == pack && entry.offset == offset).then(|| (entry.kind, Rc::clone(&entry.bytes)))
    }

    /// Keeps an object at hand, unless it is too large.
    pub fn put(&mut self, pack: usize, offset: u64, kind: Kind, bytes: &Rc<Vec<u8>>) {
        if bytes.len() > self.limit / 4 {
            return;
        }
        let place = place(pack, offset);
        self.clear(place);
        while self.held + bytes.len() > self.limit {
            self.clear(self.hand);
            self.hand = (self.hand + 1) % PLACES;
        }
        if let Some(place) = self.places.get_mut(place) {
            self.held += bytes.len();
            *place = Some(Entry { pack, offset, kind, bytes: Rc::clone(bytes) });
        }
    }

    fn clear(&mut self, place: usize) {
        if let Some(old) = self.places.get_mut(place).and_then(Option::take) {
            self.held -= old.bytes.len();
        }
    }
}

/// Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
fn place(pack: usize, offset: u64) -> usize {
    let hash = (offset ^ (pack as u64) << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> 40) as usize & (PLACES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_back_what_it_holds_and_never_holds_more_than_its_limit() {
        let mut cache = PackCache::new(1000);
        for offset in 0..100 {
            let bytes = Rc::new(vec![offset as u8; 100]);
            cache.put(0, offset, Kind::Blob, &bytes);
            assert_eq!(cache.get(0, offset), Some((Kind::Blob, bytes)));
            let held: usize = cache.places.iter().flatten().map(|e| e.bytes.len()).sum();
            assert_eq!(held, cache.held);
            assert!(held <= 1000);
        }
        assert_eq!(cache.get(1, 99), None);
        cache.put(0, 7000, Kind::Blob, &Rc::new(vec![0; 251]));
        assert_eq!(cache.get(0, 7000), None, "too large to keep");
    }
}

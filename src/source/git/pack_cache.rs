//! Objects of packs that were decoded a moment ago, for the deltas that build on them.
//!
//! A table with one place for each hash of an offset: what comes takes the place of what was there. Objects are read in
//! the order of their packs, in which a delta stands close to its base, so that nothing cleverer finds more.

use gix::objs::Kind;
use gix::odb::pack::cache::DecodeEntry;

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
    pack: u32,
    offset: u64,
    kind: Kind,
    compressed: usize,
    data: Vec<u8>,
}

impl PackCache {
    /// A cache of at most `limit` bytes.
    pub fn new(limit: usize) -> Self {
        PackCache { places: (0..PLACES).map(|_| None).collect(), held: 0, limit, hand: 0 }
    }

    fn place(&mut self, pack: u32, offset: u64) -> &mut Option<Entry> {
        let hash = (offset ^ u64::from(pack) << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        &mut self.places[hash as usize >> 20 & (PLACES - 1)]
    }

    fn make_room(&mut self, bytes: usize) {
        while self.held + bytes > self.limit {
            if let Some(old) = self.places[self.hand].take() {
                self.held -= old.data.len();
            }
            self.hand = (self.hand + 1) % PLACES;
        }
    }
}

impl DecodeEntry for PackCache {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, compressed: usize) {
        if data.len() > self.limit / 4 {
            return;
        }
        self.make_room(data.len());
        let place = self.place(pack, offset);
        let old = place.take();
        let freed = old.as_ref().map_or(0, |e| e.data.len());
        let mut bytes = old.map(|e| e.data).unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(data);
        *place = Some(Entry { pack, offset, kind, compressed, data: bytes });
        self.held = self.held - freed + data.len();
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let entry = self.place(pack, offset).as_ref().filter(|e| e.pack == pack && e.offset == offset)?;
        out.clear();
        out.extend_from_slice(&entry.data);
        Some((entry.kind, entry.compressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_back_what_it_holds_and_never_holds_more_than_its_limit() {
        let mut cache = PackCache::new(1000);
        let mut out = Vec::new();
        for offset in 0..100 {
            cache.put(0, offset, &[offset as u8; 100], Kind::Blob, 7);
            assert_eq!(cache.get(0, offset, &mut out), Some((Kind::Blob, 7)));
            assert_eq!(out, [offset as u8; 100]);
            let held: usize = cache.places.iter().flatten().map(|e| e.data.len()).sum();
            assert_eq!(held, cache.held);
            assert!(held <= 1000);
        }
        assert_eq!(cache.get(1, 99, &mut out), None);
        cache.put(0, 7000, &[0; 251], Kind::Blob, 7);
        assert_eq!(cache.get(0, 7000, &mut out), None, "too large to keep");
    }
}

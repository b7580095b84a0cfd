//! The entries of a pack, numbered in the order in which they lie in it.
//!
//! The index of a pack is sorted by id; sorted by offset, each entry ends where the next begins, and a base can be found
//! by where it stands. Numbers take half the room of offsets and a fifth of that of ids.

use std::path::Path;

use gix::odb::pack::Bundle;
use gix::odb::pack::data::Entry;
use gix::odb::pack::data::entry::Header;
use gix::{ObjectId, oid};

/// What an entry builds on.
pub(in super::super) enum Base {
    /// Nothing: it is stored as it is.
    Whole,
    /// Another entry.
    Entry(u32),
    /// An object that is not in the pack.
    Outside(ObjectId),
    /// Something in the pack where there is no entry.
    Nowhere,
}

/// The entries of one pack.
pub(in super::super) struct Entries<'p> {
    bundle: &'p Bundle,
    /// Where each entry begins, ascending.
    offsets: Vec<u64>,
    /// Its position in the index.
    positions: Vec<u32>,
}

impl<'p> Entries<'p> {
    /// Sorts the entries of a pack.
    pub fn of(bundle: &'p Bundle) -> Self {
        let index = &bundle.index;
        let mut sorted: Vec<(u64, u32)> =
            (0..index.num_objects()).map(|position| (index.pack_offset_at_index(position), position)).collect();
        sorted.sort_unstable();
        let (offsets, positions) = sorted.into_iter().unzip();
        Entries { bundle, offsets, positions }
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.positions.len() as u32
    }

    /// The id of an entry.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn id(&self, number: u32) -> &'p oid {
        self.bundle.index.oid_at_index(self.positions[number as usize])
    }

    /// Whether the index has another entry with this id before this one, which should not be.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn repeats(&self, number: u32) -> bool {
        let position = self.positions[number as usize];
        position > 0 && self.bundle.index.oid_at_index(position - 1) == self.bundle.index.oid_at_index(position)
    }

    /// Where an entry begins.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn offset(&self, number: u32) -> u64 {
        self.offsets[number as usize]
    }

    /// The entry that begins at this offset.
    pub fn at(&self, offset: u64) -> Option<u32> {
        self.offsets.binary_search(&offset).ok().map(|number| number as u32)
    }

    /// The entry with this id.
    pub fn find(&self, id: &oid) -> Option<u32> {
        let index = &self.bundle.index;
        self.at(index.pack_offset_at_index(index.lookup(id)?))
    }

    /// The header of an entry; `None` if there is no well-formed one.
    ///
    /// # Panics
    /// If there is no such entry.
    pub fn header(&self, number: u32) -> Option<Entry> {
        let offset = self.offset(number);
        let pack = &self.bundle.pack;
        let end = pack.pack_end() as u64;
        let bytes = if offset < end { pack.entry_slice(offset..end)? } else { return None };
        Entry::from_bytes(bytes, offset, pack.object_hash()).ok()
    }

    /// What the entry with this header builds on.
    pub fn base(&self, header: &Entry) -> Base {
        match &header.header {
            Header::OfsDelta { base_distance } => {
                let base = header.checked_base_pack_offset(*base_distance).and_then(|offset| self.at(offset));
                base.map_or(Base::Nowhere, Base::Entry)
            }
            Header::RefDelta { base_id } => self.find(base_id).map_or(Base::Outside(*base_id), Base::Entry),
            _ => Base::Whole,
        }
    }

    /// The compressed bytes that follow a header, and perhaps some more.
    pub fn compressed(&self, number: u32, header: &Entry) -> Option<&'p [u8]> {
        let here = self.offset(number);
        let later = self.offsets.get(number as usize + 1..).unwrap_or_default();
        // Two ids may name the same entry.
        let next = later.iter().copied().find(|offset| *offset > here);
        let end = self.bundle.pack.pack_end() as u64;
        let end = next.map_or(end, |next| next.min(end));
        if header.data_offset > end {
            return None;
        }
        self.bundle.pack.entry_slice(header.data_offset..end)
    }

    /// The file of the pack.
    pub fn path(&self) -> &Path {
        self.bundle.pack.path()
    }
}

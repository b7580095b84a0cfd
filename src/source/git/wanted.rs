//! What is looked for in a history: blobs by their ids, and files by their names.

use std::sync::{Mutex, PoisonError};

use bstr::{BStr, ByteSlice};
use gix::objs::tree::{EntryKind, EntryRef};
use gix::{ObjectId, hash, hashtable};

use crate::source::NameTest;

/// Bits of an id that the filter looks at.
const FILTER_BITS: u32 = 18;

/// Which blobs are looked for: each has a number.
pub(super) struct Wanted<'a> {
    blobs: &'a [ObjectId],
    numbers: hashtable::HashMap<ObjectId, u32>,
    /// A bit for each value of some bits of an id, to turn away most ids at the first look.
    filter: Box<[u64]>,
    is_telling: Option<NameTest<'a>>,
    named: Mutex<Named>,
}

/// Blobs that came up by their names, numbered after those that were asked for.
#[derive(Default)]
struct Named {
    numbers: hashtable::HashMap<ObjectId, u32>,
    blobs: Vec<ObjectId>,
}

impl<'a> Wanted<'a> {
    /// Looks for these blobs, and for files whose name is telling.
    pub fn new(blobs: &'a [ObjectId], is_telling: Option<NameTest<'a>>) -> Self {
        let mut numbers = hashtable::HashMap::default();
        let mut filter: Box<[u64]> = vec![0; 1 << (FILTER_BITS - 6)].into();
        for (number, blob) in (0..).zip(blobs) {
            numbers.insert(*blob, number);
            let (word, bit) = place(blob.as_bytes());
            if let Some(word) = filter.get_mut(word) {
                *word |= bit;
            }
        }
        Wanted { blobs, numbers, filter, is_telling, named: Mutex::default() }
    }

    /// The blobs that were asked for by their ids.
    pub fn asked(&self) -> &[ObjectId] {
        self.blobs
    }

    /// Whether files are looked for by their names.
    pub fn asks_for_names(&self) -> bool {
        self.is_telling.is_some()
    }

    /// Whether this blob was asked for by its id.
    pub fn has(&self, blob: &ObjectId) -> bool {
        self.numbers.contains_key(blob)
    }

    /// Whether a file is looked for that has this name, or a path that ends in it.
    pub fn has_name(&self, path: &BStr) -> bool {
        let name = path.rfind_byte(b'/').map_or(path, |slash| BStr::new(path.get(slash + 1..).unwrap_or_default()));
        self.is_telling.is_some_and(|is_telling| is_telling(name))
    }

    /// Whether an entry of a tree (mode, space, name, NUL and id) that is a file may be looked for.
    pub fn may_be_for(&self, entry: &[u8], hash: hash::Kind) -> bool {
        let (front, id) = entry.split_at(entry.len().saturating_sub(hash.len_in_bytes()));
        let (word, bit) = place(id);
        if self.filter.get(word).is_some_and(|word| word & bit != 0) {
            return true;
        }
        let name = || front.strip_suffix(b"\0")?.splitn(2, |byte| *byte == b' ').nth(1);
        self.is_telling.is_some_and(|is_telling| name().is_some_and(|name| is_telling(BStr::new(name))))
    }

    /// The number of the blob that an entry leads to, if it is looked for.
    pub fn number(&self, entry: &EntryRef<'_>) -> Option<u32> {
        let id = entry.oid.to_owned();
        if let Some(number) = self.numbers.get(&id) {
            return Some(*number);
        }
        let is_file = matches!(entry.mode.kind(), EntryKind::Blob | EntryKind::BlobExecutable);
        if !is_file || !self.has_name(entry.filename) {
            return None;
        }
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        let Named { numbers, blobs } = &mut *named;
        if let Some(number) = numbers.get(&id) {
            return Some(*number);
        }
        let number = u32::try_from(self.blobs.len() + blobs.len()).ok()?;
        numbers.insert(id, number);
        blobs.push(id);
        Some(number)
    }

    /// The blob of a number.
    pub fn blob(&self, number: u32) -> Option<ObjectId> {
        let number = number as usize;
        self.blobs.get(number).copied().or_else(|| {
            let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
            named.blobs.get(number.checked_sub(self.blobs.len())?).copied()
        })
    }
}

/// Where the filter has the bit of an id.
fn place(id: &[u8]) -> (usize, u64) {
    let bits = id.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)) & ((1 << FILTER_BITS) - 1);
    ((bits >> 6) as usize, 1 << (bits & 63))
}

//! Packs, read so that no base of a delta is inflated twice while it is at hand.
//!
//! The library's own reader keeps only what was asked for; bases, which are whole and hence the largest part of the work,
//! it inflates for each delta again. Here all that comes up on the way is kept. What is broken answers with nothing:
//! then the library is asked, and says what is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use gix::objs::Kind;
use gix::odb::pack::Bundle;
use gix::odb::pack::data::Entry;
use gix::odb::pack::data::entry::Header;
use gix::{hash, oid};
use libdeflater::Decompressor;

use super::pack::delta::Delta;
use super::pack_cache::PackCache;
use super::repository::LARGEST_OBJECT;

/// Longer chains of deltas are not followed: git itself makes none longer than 4095.
const LONGEST_CHAIN: usize = 10_000;

/// All packs of a repository and of those that it borrows from.
pub(super) struct Packs {
    pub bundles: Vec<Bundle>,
    /// Packs that cannot be read, by their index, and why.
    pub broken: Vec<(PathBuf, String)>,
}

impl Packs {
    /// Opens all packs in these folders of objects.
    pub fn open(folders: &[PathBuf], hash: hash::Kind) -> Packs {
        let mut packs = Packs { bundles: Vec::new(), broken: Vec::new() };
        for index in folders.iter().flat_map(|folder| indices(&folder.join("pack"))) {
            match Bundle::at(&index, hash) {
                Ok(bundle) => packs.bundles.push(bundle),
                Err(error) => packs.broken.push((index, error.probable_cause().to_string())),
            }
        }
        packs
    }
}

/// The packs in a folder, whichever half of them is there: as paths of their indices, sorted.
fn indices(folder: &Path) -> Vec<PathBuf> {
    let is_half = |path: &PathBuf| path.extension().is_some_and(|e| e == "pack" || e == "idx");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut indices: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(is_half).map(|path| path.with_extension("idx")).collect();
    indices.sort();
    indices.dedup();
    indices
}

/// Reads objects of packs for one thread.
pub(super) struct PackReader {
    packs: Arc<Packs>,
    inflater: Decompressor,
    cache: PackCache,
    /// Where the last object was found: the next one is likely there, too.
    last: usize,
}

impl PackReader {
    /// A reader that keeps at most `cache` bytes of objects at hand.
    pub fn new(packs: Arc<Packs>, cache: usize) -> Self {
        PackReader { packs, inflater: Decompressor::new(), cache: PackCache::new(cache), last: 0 }
    }

    /// Reads an object; `None` if it is in no pack, or broken.
    pub fn read(&mut self, id: &oid) -> Option<(Kind, Rc<Vec<u8>>)> {
        let count = self.packs.bundles.len();
        for pack in (0..count).map(|n| (self.last + n) % count) {
            let index = &self.packs.bundles.get(pack)?.index;
            if let Some(entry) = index.lookup(id) {
                self.last = pack;
                return self.object(pack, index.pack_offset_at_index(entry));
            }
        }
        None
    }

    fn object(&mut self, pack: usize, offset: u64) -> Option<(Kind, Rc<Vec<u8>>)> {
        let PackReader { packs, inflater, cache, .. } = self;
        let bundle = packs.bundles.get(pack)?;
        let mut chain: Vec<(u64, Entry)> = Vec::new();
        let mut offset = offset;
        let (kind, mut bytes) = loop {
            if let Some(found) = cache.get(pack, offset) {
                break found;
            }
            let entry = bundle.pack.entry(offset).ok()?;
            let base = match &entry.header {
                Header::OfsDelta { base_distance } => entry.checked_base_pack_offset(*base_distance)?,
                Header::RefDelta { base_id } => bundle.index.pack_offset_at_index(bundle.index.lookup(base_id)?),
                whole => {
                    let kind = whole.as_kind()?;
                    let bytes = Rc::new(inflate(inflater, bundle, &entry)?);
                    cache.put(pack, offset, kind, &bytes);
                    break (kind, bytes);
                }
            };
            chain.push((offset, entry));
            if chain.len() > LONGEST_CHAIN {
                return None;
            }
            offset = base;
        };
        for (offset, entry) in chain.into_iter().rev() {
            let delta = inflate(inflater, bundle, &entry)?;
            bytes = Rc::new(applied(&bytes, &delta)?);
            cache.put(pack, offset, kind, &bytes);
        }
        Some((kind, bytes))
    }
}

/// Makes the object that `delta` describes; `None` if it is broken.
fn applied(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let delta = Delta::parse(delta).filter(|delta| delta.result_size <= LARGEST_OBJECT)?;
    let mut result = Vec::with_capacity(usize::try_from(delta.result_size).ok()?);
    delta.apply(base, &mut result, &mut Vec::new())?;
    Some(result)
}

/// Inflates an entry: an object, or a delta.
fn inflate(inflater: &mut Decompressor, bundle: &Bundle, entry: &Entry) -> Option<Vec<u8>> {
    if entry.decompressed_size > LARGEST_OBJECT {
        return None;
    }
    let end = bundle.pack.pack_end() as u64;
    let input = bundle.pack.entry_slice(entry.data_offset..end.max(entry.data_offset))?;
    let mut bytes = vec![0; usize::try_from(entry.decompressed_size).ok()?];
    let length = inflater.zlib_decompress(input, &mut bytes).ok()?;
    (length == bytes.len()).then_some(bytes)
}

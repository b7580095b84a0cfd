//! Packs written byte by byte, right or wrong as a test wants them, with an index that goes along.
//!
//! Formats: gitformat-pack(5).

use std::fs;
use std::io::Write;
use std::path::Path;

use gix::ObjectId;
use gix::objs::Kind;

/// How an entry is stored.
pub enum Stored<'a> {
    /// As it is.
    Whole,
    /// As a delta to the entry with this number.
    Offset(usize),
    /// As a delta to the object with this id.
    Reference(&'a ObjectId),
}

/// An entry to be.
pub struct Entry<'a> {
    /// The id that the index has for it.
    pub id: ObjectId,
    pub stored: Stored<'a>,
    /// Object or delta, not compressed.
    pub content: &'a [u8],
    /// The size to claim, if not the true one.
    pub claims: Option<u64>,
}

pub fn id_of(blob: &[u8]) -> ObjectId {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, Kind::Blob, blob).expect("a hash")
}

/// A delta that copies all of a base and appends at most 127 bytes.
pub fn append(base: &[u8], appended: &[u8]) -> Vec<u8> {
    let mut delta = size(base.len() as u64, 7, 0);
    delta.extend(size((base.len() + appended.len()) as u64, 7, 0));
    let length = base.len() as u32;
    assert!(length < 1 << 24 && length > 0 && length != 0x1_0000);
    delta.push(0x80 | 0x70);
    delta.extend_from_slice(&length.to_le_bytes()[..3]);
    delta.push(appended.len() as u8);
    delta.extend_from_slice(appended);
    delta
}

/// A size, with so many of its bits in the first byte, beside `flags`.
fn size(mut size: u64, first: u32, flags: u8) -> Vec<u8> {
    let mut bytes = vec![flags | (size & ((1 << first) - 1)) as u8];
    size >>= first;
    while size > 0 {
        *bytes.last_mut().expect("a byte") |= 0x80;
        bytes.push((size & 0x7f) as u8);
        size >>= 7;
    }
    bytes
}

/// Writes a pack and its index (version 2) into a folder of packs.
pub fn write(folder: &Path, name: &str, entries: &[Entry<'_>]) {
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend((entries.len() as u32).to_be_bytes());
    let mut offsets: Vec<usize> = Vec::new();
    for entry in entries {
        let here = pack.len();
        offsets.push(here);
        let kind = match entry.stored {
            Stored::Whole => 3,
            Stored::Offset(_) => 6,
            Stored::Reference(_) => 7,
        };
        pack.extend(size(entry.claims.unwrap_or(entry.content.len() as u64), 4, kind << 4));
        match entry.stored {
            Stored::Whole => {}
            Stored::Reference(id) => pack.extend_from_slice(id.as_bytes()),
            Stored::Offset(base) => {
                let mut distance = here - offsets[base];
                let mut bytes = vec![(distance & 0x7f) as u8];
                while distance > 0x7f {
                    distance = (distance >> 7) - 1;
                    bytes.push(0x80 | (distance & 0x7f) as u8);
                }
                pack.extend(bytes.iter().rev());
            }
        }
        let mut encoder = flate2::write::ZlibEncoder::new(pack, flate2::Compression::default());
        encoder.write_all(entry.content).expect("memory");
        pack = encoder.finish().expect("memory");
    }
    let checksum = sha1(&pack);
    pack.extend_from_slice(checksum.as_bytes());
    let mut sorted: Vec<(ObjectId, usize)> = entries.iter().map(|entry| entry.id).zip(offsets).collect();
    sorted.sort();
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..=255 {
        let up_to = sorted.iter().filter(|(id, _)| id.as_bytes()[0] <= first).count();
        index.extend((up_to as u32).to_be_bytes());
    }
    sorted.iter().for_each(|(id, _)| index.extend_from_slice(id.as_bytes()));
    sorted.iter().for_each(|_| index.extend([0; 4]));
    sorted.iter().for_each(|(_, offset)| index.extend((*offset as u32).to_be_bytes()));
    index.extend_from_slice(checksum.as_bytes());
    let own = sha1(&index);
    index.extend_from_slice(own.as_bytes());
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(format!("pack-{name}.pack")), pack).expect("a file");
    fs::write(folder.join(format!("pack-{name}.idx")), index).expect("a file");
}

fn sha1(bytes: &[u8]) -> ObjectId {
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(bytes);
    hasher.try_finalize().expect("no collision")
}

//! The file of a cache: a head that says what it is for, and two sections with a checksum each.
//!
//! ```text
//! magic      16   "unspill cache 1\n"
//! key        32   program, rules and settings
//! state      32   the repository when it was scanned
//! lengths   8+8   of outcome and objects, least significant byte first
//! checksums 32+32 SHA-256 of outcome and of objects
//! checksum   32   SHA-256 of all above
//! outcome         what the run came to
//! objects         what scanning each object came to
//! magic      16   "\nunspill cache.\n"
//! ```
//!
//! Where nothing is new, the objects, which are nearly all of it, are not even read. A file that neither begins nor ends
//! as one of these is not touched: somebody named the wrong one.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::{Failure, is_exposed};

const MAGIC: &[u8; 16] = b"unspill cache 1\n";
const END: &[u8; 16] = b"\nunspill cache.\n";
/// The head without its own checksum.
const SIGNED: usize = 16 + 32 + 32 + 8 + 8 + 32 + 32;
const HEAD: usize = SIGNED + 32;
/// No cache is larger than this, in bytes: that would be fifty million objects.
const LARGEST: u64 = 2 << 30;

/// A SHA-256.
pub type Hash = [u8; 32];

/// What a cache is called where something is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// A length or a checksum does not fit.
    Damaged,
    /// It is of another version, or of other rules or settings.
    Foreign,
    /// Others than its owner may read or write it, so that it may be anybody's.
    Exposed,
}

/// A cache that can be used.
#[derive(Debug)]
pub struct Saved {
    /// The repository when it was scanned, if that could be told.
    pub state: Hash,
    /// What the run came to.
    pub outcome: Vec<u8>,
    file: File,
    objects: u64,
    checksum: Hash,
}

/// Opens a cache. `None` if there is none.
///
/// # Errors
/// If there is a file that is no cache, or it cannot be read; within, if it is one that is of no use.
pub fn open(path: &Path, key: &Hash) -> Result<Option<Result<Saved, Unusable>>, Failure> {
    let failure = |cause: io::Error| Failure::new(format!("cannot read the cache {}", path.display())).cause(cause);
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failure(error)),
    };
    let foreign = || {
        Failure::new(format!("{} is no cache of unspill", path.display()))
            .hint("give --cache a file that is not there yet")
    };
    if !about.is_file() {
        return Err(foreign());
    }
    let mut file = File::open(path).map_err(failure)?;
    // Of the file that is open, should another one have taken its place.
    let about = file.metadata().map_err(failure)?;
    if about.len() == 0 {
        return Ok(None);
    }
    if !is_cache(&mut file, about.len()).map_err(failure)? {
        return Err(foreign());
    }
    if is_exposed(&about) {
        return Ok(Some(Err(Unusable::Exposed)));
    }
    read(file, about.len(), key).map(Some).map_err(failure)
}

/// Whether a file begins or ends as a cache does: also one that was cut off, or changed in one place.
fn is_cache(file: &mut File, length: u64) -> io::Result<bool> {
    let mut start = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut start)?;
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(END.len() as u64)))?;
    file.take(END.len() as u64).read_to_end(&mut end)?;
    file.rewind()?;
    Ok(MAGIC.starts_with(&start) || end == END)
}

fn read(mut file: File, length: u64, key: &Hash) -> io::Result<Result<Saved, Unusable>> {
    let damaged = Ok(Err(Unusable::Damaged));
    let mut head = Vec::new();
    (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
    let Some((signed, checksum)) = head.split_at_checked(SIGNED).filter(|(_, rest)| rest.len() == 32) else {
        return damaged;
    };
    if hash(&[signed]) != checksum || !signed.starts_with(MAGIC) {
        return damaged;
    }
    let part = |from: usize| signed.get(from..from + 32).and_then(|part| Hash::try_from(part).ok()).unwrap_or_default();
    let number = |from: usize| {
        let bytes = signed.get(from..from + 8).and_then(|part| part.try_into().ok()).unwrap_or_default();
        u64::from_le_bytes(bytes)
    };
    if part(16) != *key {
        return Ok(Err(Unusable::Foreign));
    }
    let (outcome, objects) = (number(80), number(88));
    let whole = (HEAD as u64 + END.len() as u64).checked_add(outcome).and_then(|sum| sum.checked_add(objects));
    if length > LARGEST || whole != Some(length) {
        return damaged;
    }
    let mut bytes = Vec::new();
    (&mut file).take(outcome).read_to_end(&mut bytes)?;
    if hash(&[&bytes]) != part(96) {
        return damaged;
    }
    Ok(Ok(Saved { state: part(48), outcome: bytes, file, objects, checksum: part(128) }))
}

impl Saved {
    /// Reads what scanning each object came to; `None` if that is damaged.
    pub fn objects(mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.file).take(self.objects).read_to_end(&mut bytes).ok()?;
        let mut end = Vec::new();
        self.file.read_to_end(&mut end).ok()?;
        (hash(&[&bytes]) == self.checksum && end == END).then_some(bytes)
    }
}

/// Writes a cache aside and moves it into place, so that it is there as a whole or as it was. Only its owner may read it.
///
/// # Errors
/// Those of the file system.
pub fn write(path: &Path, key: &Hash, state: &Hash, outcome: &[u8], objects: &[u8]) -> io::Result<()> {
    let mut head = Vec::with_capacity(HEAD);
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(key);
    head.extend_from_slice(state);
    head.extend_from_slice(&(outcome.len() as u64).to_le_bytes());
    head.extend_from_slice(&(objects.len() as u64).to_le_bytes());
    head.extend_from_slice(&hash(&[outcome]));
    head.extend_from_slice(&hash(&[objects]));
    let checksum = hash(&[&head]);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".unspill-cache-").tempfile_in(folder)?;
    for part in [&head[..], &checksum, outcome, objects, END] {
        file.write_all(part)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The SHA-256 of `parts`, one behind the other.
pub fn hash(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

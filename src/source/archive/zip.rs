//! Zip: members in the order of the table of contents, or as they stand in the file if that table is lost.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use bstr::BString;
use zip::read::read_zipfile_from_stream;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::meter::{Gauge, Tap, Unpacked};
use super::{Expansion, stream};
use crate::model::{Origin, SkipReason};

/// The most that a table of contents may take, in bytes. The library holds it in memory, several times larger.
const DIRECTORY: u64 = 32 * 1024 * 1024;

/// What can be read anywhere.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Scans the members.
pub(super) fn expand(expansion: &mut Expansion<'_>, file: &mut dyn ReadSeek, origin: &Arc<Origin>, depth: u32) {
    let gauge = Gauge::until(DIRECTORY);
    let mut archive = match ZipArchive::new(Tap { inner: &mut *file, gauge: &gauge }) {
        Ok(archive) => archive,
        Err(error) => {
            expansion.damaged(origin, &what(&error));
            return salvage(expansion, file, origin, depth);
        }
    };
    gauge.until.set(u64::MAX);
    if archive.has_duplicate_names() {
        let what = "has members of the same name, of which only the last was read".to_owned();
        expansion.problem(origin, what, Some("look at it with `unzip -l`"));
    }
    let mut encrypted = 0u64;
    for index in 0..archive.len() {
        if expansion.meter.halted() {
            break;
        }
        encrypted += u64::from(member(expansion, &mut archive, index, origin, depth));
    }
    if encrypted > 0 {
        let what = format!("has {encrypted} encrypted member{}", if encrypted == 1 { "" } else { "s" });
        expansion.problem(origin, what, Some("unpack it with its password and scan the folder"));
    }
}

/// Scans one member; true if it is encrypted.
fn member<R: Read + Seek>(
    expansion: &mut Expansion<'_>,
    archive: &mut ZipArchive<R>,
    index: usize,
    origin: &Arc<Origin>,
    depth: u32,
) -> bool {
    let Ok(entry) = archive.by_index_data(index) else { return false };
    let path = path(entry.name_raw(), entry.name());
    let (folder, link, encrypted) = (entry.is_dir(), entry.is_symlink(), entry.encrypted());
    let (method, packed) = (entry.compression(), Cell::new(entry.compressed_size()));
    let member = Origin::Member { archive: Arc::clone(origin), path };
    if folder {
        return false;
    }
    if link {
        expansion.worker.skipped(&member, SkipReason::Symlink);
        return false;
    }
    if encrypted {
        return true;
    }
    let meter = expansion.meter;
    // The library's own xz decoder would take any amount of memory that a member asks for.
    let is_xz = method == CompressionMethod::XZ;
    match if is_xz { archive.by_index_raw(index) } else { archive.by_index(index) } {
        Ok(file) if is_xz => {
            expansion.member(&mut Unpacked::new(stream::xz(file), meter, &packed), member, depth + 1);
        }
        Ok(file) => {
            expansion.member(&mut Unpacked::new(file, meter, &packed), member, depth + 1);
        }
        Err(error) => expansion.damaged(&member, &what(&error)),
    }
    false
}

/// Scans the members of a zip that ends too soon, one after the other, as far as their headers are sound.
fn salvage(expansion: &mut Expansion<'_>, mut file: &mut dyn ReadSeek, origin: &Arc<Origin>, depth: u32) {
    if file.rewind().is_err() {
        return;
    }
    while !expansion.meter.halted() && !is_xz_next(file) {
        let Ok(Some(entry)) = read_zipfile_from_stream(&mut file) else { return };
        let member = Origin::Member { archive: Arc::clone(origin), path: path(entry.name_raw(), entry.name()) };
        let packed = Cell::new(entry.compressed_size());
        if entry.is_file() {
            expansion.member(&mut Unpacked::new(entry, expansion.meter, &packed), member, depth + 1);
        }
    }
}

/// Whether the next member is packed by xz, which [`salvage`] cannot give a limit of memory.
fn is_xz_next(file: &mut dyn ReadSeek) -> bool {
    let mut header = [0; 10];
    let read = file.stream_position().and_then(|at| {
        let outcome = file.read_exact(&mut header);
        file.seek(SeekFrom::Start(at))?;
        outcome
    });
    // APPNOTE 4.4.5: method 95, two bytes from the ninth of the header on.
    read.is_ok() && header[8..] == [95, 0]
}

/// A member's path. Programs on Unix often write UTF-8 without saying so; the library takes it for the code page of DOS.
fn path(raw: &[u8], decoded: Result<Cow<'_, str>, ZipError>) -> BString {
    match (std::str::from_utf8(raw), decoded) {
        (Err(_), Ok(decoded)) => BString::from(&*decoded),
        _ => BString::from(raw),
    }
}

fn what(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

//! Zip: members in the order of the table of contents.

use std::cell::Cell;
use std::io::{Read, Seek};
use std::sync::Arc;

use bstr::BString;
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
    let mut archive = match ZipArchive::new(Tap { inner: file, gauge: &gauge }) {
        Ok(archive) => archive,
        Err(error) => return expansion.damaged(origin, &what(&error)),
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
    // Programs on Unix often write UTF-8 without saying so; the library would take it for the code page of DOS.
    let path = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => BString::from(name),
        Err(_) => entry.name().map_or_else(|_| BString::from(entry.name_raw()), |name| BString::from(&*name)),
    };
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

fn what(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

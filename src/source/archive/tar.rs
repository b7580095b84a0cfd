//! Tar: members one after the other, read as they come.

use std::io::Read;
use std::sync::Arc;

use bstr::BString;

use super::meter::{Gauge, Tap};
use super::{Expansion, Flow};
use crate::model::{Origin, SkipReason};

/// The most that the headers of one member may take (long names, pax records), in bytes.
const HEADERS: u64 = 1024 * 1024;

/// Length of a block, in bytes.
const BLOCK: usize = 512;

/// Whether bytes begin with the header of a member: a block with a true checksum. POSIX archives have a magic of their
/// own besides, but those of older programs do not.
pub(super) fn is_header(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    // Most inputs are turned away here, before anything is added up.
    let digits: Vec<u8> = block[148..156].iter().copied().filter(|b| !matches!(b, b' ' | 0)).collect();
    let Some(stated) = std::str::from_utf8(&digits).ok().and_then(|text| u32::from_str_radix(text, 8).ok()) else {
        return false;
    };
    let sum: u32 =
        block.iter().enumerate().map(|(i, &b)| u32::from(if (148..156).contains(&i) { b' ' } else { b })).sum();
    stated == sum
}

/// Scans the members.
pub(super) fn expand(expansion: &mut Expansion<'_>, input: &mut dyn Read, origin: &Arc<Origin>, depth: u32) -> Flow {
    let gauge = Gauge::until(HEADERS);
    let mut archive = tar::Archive::new(Tap { inner: input, gauge: &gauge });
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => {
            expansion.failed(origin, &error);
            return Flow::On;
        }
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                expansion.failed(origin, &error);
                break;
            }
        };
        let stored = entry.header().entry_size().unwrap_or(0);
        let kind = entry.header().entry_type();
        let size = if kind.is_gnu_sparse() { stored } else { stored.max(entry.size()) };
        gauge.until.set(gauge.read.get().saturating_add(size).saturating_add(HEADERS));
        let member =
            Origin::Member { archive: Arc::clone(origin), path: BString::from(entry.path_bytes().into_owned()) };
        if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            if expansion.member(&mut entry, member, depth + 1) == Flow::Broken {
                break;
            }
        } else if kind.is_symlink() {
            expansion.worker.skipped(&member, SkipReason::Symlink);
        } else if kind.is_character_special() || kind.is_block_special() || kind.is_fifo() {
            expansion.worker.skipped(&member, SkipReason::Special);
        }
        // Folders, hard links (their bytes stand under another name) and headers about the archive hold nothing.
        if expansion.meter.halted() {
            break;
        }
    }
    if gauge.failed.get() { Flow::Broken } else { Flow::On }
}

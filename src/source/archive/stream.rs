//! Compressed streams: gzip, bzip2, xz and zstd, of a tar or of a single file.
//!
//! A compressed tar is one archive, not two: its members stand directly in it (`a.tar.gz!dir/file`). A single file has
//! the name of the stream without its ending (`x.log.gz!x.log`).

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use bstr::{BString, ByteSlice};

use super::meter::{Gauge, Tap, Unpacked};
use super::{Expansion, Flow, Kind, tar};
use crate::model::Origin;
use crate::source::sniff;

/// The most memory that an xz stream may ask for, in KiB: four times what the highest preset needs.
const XZ_MEMORY: u32 = 256 * 1024;

/// The largest window of a zstd stream, as a power of two: the same amount.
const ZSTD_WINDOW_LOG: u32 = 28;

/// Endings of names, and what stands in their place once the stream is unpacked.
const ENDINGS: [(&str, &str); 14] = [
    (".tgz", ".tar"),
    (".taz", ".tar"),
    (".tbz2", ".tar"),
    (".tbz", ".tar"),
    (".txz", ".tar"),
    (".tzst", ".tar"),
    (".svgz", ".svg"),
    (".gz", ""),
    (".gzip", ""),
    (".bz2", ""),
    (".bz", ""),
    (".xz", ""),
    (".zst", ""),
    (".zstd", ""),
];

/// Scans what a stream unpacks to.
pub(super) fn expand(
    expansion: &mut Expansion<'_>,
    kind: Kind,
    input: &mut dyn Read,
    origin: &Arc<Origin>,
    depth: u32,
) -> Flow {
    let gauge = Gauge::until(u64::MAX);
    let meter = expansion.meter;
    match decoder(kind, Tap { inner: input, gauge: &gauge }) {
        Ok(decoder) => {
            let mut reader = Unpacked::new(decoder, meter, &gauge.read);
            unpacked(expansion, &mut reader, origin, depth);
        }
        Err(error) => expansion.failed(origin, &error),
    }
    if gauge.failed.get() { Flow::Broken } else { Flow::On }
}

/// What comes out of a stream: a tar, or the one file.
fn unpacked(expansion: &mut Expansion<'_>, reader: &mut dyn Read, origin: &Arc<Origin>, depth: u32) {
    let path = inner_name(&origin.file_name());
    let member = Origin::Member { archive: Arc::clone(origin), path };
    let kind = expansion.begin(reader);
    if kind == sniff::Kind::Archive(Kind::Tar) {
        let head = expansion.buffer.filled().to_vec();
        tar::expand(expansion, &mut head.chain(reader), origin, depth);
    } else if expansion.count_member(&member) {
        expansion.content(kind, reader, member, depth + 1);
    }
}

fn decoder<'a>(kind: Kind, input: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let input = BufReader::new(input);
    Ok(match kind {
        Kind::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
        Kind::Xz => Box::new(xz(input)),
        Kind::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG)?;
            Box::new(decoder)
        }
        _ => Box::new(flate2::bufread::MultiGzDecoder::new(input)),
    })
}

/// An xz decoder that asks for no more than a bounded amount of memory.
pub(super) fn xz(input: impl Read) -> impl Read {
    lzma_rust2::XzReader::new_mem_limit(input, true, XZ_MEMORY)
}

/// The name of what a stream of the given name unpacks to; the same name if its ending tells nothing.
fn inner_name(name: &BString) -> BString {
    let lower = name.to_ascii_lowercase();
    let found = ENDINGS.iter().find(|(ending, _)| lower.len() > ending.len() && lower.ends_with_str(ending));
    let Some((ending, instead)) = found else { return name.clone() };
    let mut inner = BString::from(&name[..name.len() - ending.len()]);
    inner.extend_from_slice(instead.as_bytes());
    inner
}

//! Archives: their members as blobs.
//!
//! Zip and its kin (jar, whl, apk, docx, nupkg …), tar, and streams packed by gzip, bzip2, xz or zstd, in each other to
//! a depth. Everything happens in memory: members are read as streams and scanned in pieces, and only a zip that lies in
//! another archive is held whole, for its table of contents stands at its end. What a member is called is only a name:
//! nothing is ever written, so `../` and links do no harm.
//!
//! Archives come from strangers. [`Limits`] bound what one may cost; passing a bound, damage and encryption are reported
//! as problems, and whatever else can be read is still scanned.

mod limits;
mod meter;
mod stream;
mod tar;
mod zip;

use std::io::{self, BufReader, Cursor, Read, Seek};
use std::sync::Arc;

pub use limits::Limits;
use meter::{Exceeded, Meter};

use super::Worker;
use super::pieces::PieceBuffer;
use super::sniff::{self, HEAD};
use crate::model::{Origin, Problem, SkipReason, Text};

/// Kinds of archives and of compressed streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Zip,
    Tar,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Kind {
    /// The kind of what begins with `head`. Formats: APPNOTE 4.3 (zip), POSIX pax (tar), RFC 1952 (gzip), the xz file
    /// format 2.1.1, RFC 8878 (zstd).
    pub fn by_magic(head: &[u8]) -> Option<Kind> {
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
            // Deflate is the only method there is.
            [0x1F, 0x8B, 8, ..] => Some(Kind::Gzip),
            // A block (the digits of pi) or the end of an empty stream (those of its root).
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Some(Kind::Bzip2),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Kind::Xz),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Kind::Zstd),
            _ => tar::is_header(head).then_some(Kind::Tar),
        }
    }
}

/// Scans the members of an archive that lies in memory. `origin` is that of the archive.
pub fn expand(bytes: &[u8], kind: Kind, origin: &Origin, limits: &Limits, worker: &mut dyn Worker) {
    expand_file(Cursor::new(bytes), kind, origin, limits, worker);
}

/// Scans the members of an archive that can be read anywhere, from where it stands.
pub fn expand_file(file: impl Read + Seek, kind: Kind, origin: &Origin, limits: &Limits, worker: &mut dyn Worker) {
    if limits.depth == 0 {
        return worker.skipped(origin, SkipReason::Binary);
    }
    let meter = Meter::new(limits);
    let mut expansion = Expansion::new(&meter, worker);
    let mut file = BufReader::new(file);
    let origin = Arc::new(origin.clone());
    if kind == Kind::Zip {
        zip::expand(&mut expansion, &mut file, &origin, 0);
    } else {
        expansion.archive(kind, &mut file, &origin, 0);
    }
}

/// Scans the members of an archive that can only be read once. A zip is held in memory, up to
/// [`Limits::member_bytes`].
pub fn expand_stream(input: &mut dyn Read, kind: Kind, origin: &Origin, limits: &Limits, worker: &mut dyn Worker) {
    if limits.depth == 0 {
        return worker.skipped(origin, SkipReason::Binary);
    }
    let meter = Meter::new(limits);
    Expansion::new(&meter, worker).archive(kind, &mut BufReader::new(input), &Arc::new(origin.clone()), 0);
}

/// Whether what was read from can be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    On,
    /// It failed, and that has been reported.
    Broken,
}

/// The members of one outermost archive on their way to a worker.
struct Expansion<'a> {
    meter: &'a Meter,
    worker: &'a mut dyn Worker,
    buffer: PieceBuffer,
}

impl<'a> Expansion<'a> {
    fn new(meter: &'a Meter, worker: &'a mut dyn Worker) -> Self {
        Expansion { meter, worker, buffer: PieceBuffer::default() }
    }

    /// Scans an archive that lies in `depth` others.
    fn archive(&mut self, kind: Kind, input: &mut dyn Read, origin: &Arc<Origin>, depth: u32) -> Flow {
        if depth >= self.meter.limits.depth {
            let what = format!("is nested deeper than {} archives, so it was not read", self.meter.limits.depth);
            self.problem(origin, what, Some("unpack it and scan the folder"));
            return Flow::On;
        }
        match kind {
            Kind::Zip => self.held_zip(input, origin, depth),
            Kind::Tar => tar::expand(self, input, origin, depth),
            Kind::Gzip | Kind::Bzip2 | Kind::Xz | Kind::Zstd => stream::expand(self, kind, input, origin, depth),
        }
    }

    /// Reads a zip whole, then its members.
    fn held_zip(&mut self, input: &mut dyn Read, origin: &Arc<Origin>, depth: u32) -> Flow {
        let most = self.meter.limits.member_bytes;
        let mut bytes = Vec::new();
        if let Err(error) = input.take(most.saturating_add(1)).read_to_end(&mut bytes) {
            self.failed(origin, &error);
            return Flow::Broken;
        }
        if bytes.len() as u64 > most {
            self.too_large(origin);
        } else {
            zip::expand(self, &mut Cursor::new(bytes), origin, depth);
        }
        Flow::On
    }

    /// Scans a member; `depth` is the number of archives about it.
    fn member(&mut self, reader: &mut dyn Read, origin: Origin, depth: u32) -> Flow {
        if !self.count_member(&origin) {
            return Flow::Broken;
        }
        let kind = self.begin(reader);
        self.content(kind, reader, origin, depth)
    }

    /// Counts a member; false, and everything halts, if it is one too many.
    fn count_member(&mut self, origin: &Origin) -> bool {
        let within = self.meter.member();
        if !within && !self.meter.halted() {
            self.meter.halt();
            let what = format!("has more than {} members; the rest was not read", grouped(self.meter.limits.members));
            self.problem(origin.outermost(), what, Some("unpack it and scan the folder"));
        }
        within
    }

    /// Reads the beginning of a member into the buffer and tells what it is.
    fn begin(&mut self, reader: &mut dyn Read) -> sniff::Kind {
        self.buffer.clear();
        self.buffer.fill(reader, HEAD);
        sniff::sniff(self.buffer.filled())
    }

    /// Scans a member whose beginning is in the buffer.
    fn content(&mut self, kind: sniff::Kind, reader: &mut dyn Read, origin: Origin, depth: u32) -> Flow {
        let outcome = match kind {
            sniff::Kind::Text(text) => self.text(text, reader, &origin),
            _ => self.buffer.outcome(),
        };
        if let Err(error) = outcome {
            self.failed(&origin, &error);
            return Flow::Broken;
        }
        match kind {
            sniff::Kind::Text(_) => Flow::On,
            sniff::Kind::Binary => {
                self.worker.skipped(&origin, SkipReason::Binary);
                Flow::On
            }
            sniff::Kind::Archive(kind) => {
                let head = self.buffer.filled().to_vec();
                self.archive(kind, &mut head.chain(reader), &Arc::new(origin), depth)
            }
        }
    }

    /// Scans a text as far as the size of a member may go.
    fn text(&mut self, text: Text, reader: &mut dyn Read, origin: &Origin) -> io::Result<()> {
        let begun = self.buffer.filled().len() as u64;
        let mut reader = reader.take(self.meter.limits.member_bytes.saturating_add(1).saturating_sub(begun));
        self.buffer.hand_over(&mut reader, self.worker, origin, text)?;
        if reader.limit() == 0 {
            self.too_large(origin);
        }
        Ok(())
    }

    fn too_large(&mut self, origin: &Origin) {
        let what = format!("is larger than {} bytes; the rest was not read", grouped(self.meter.limits.member_bytes));
        self.problem(origin, what, Some("unpack it and scan the folder"));
    }

    /// Reports why reading `origin` failed: a bound, or damage.
    fn failed(&mut self, origin: &Origin, error: &io::Error) {
        let hint = Some("unpack it and scan the folder");
        let limits = &self.meter.limits;
        match self.meter.take_exceeded() {
            Some(Exceeded::Total) => {
                let what = format!("unpacks to more than {} bytes; the rest was not read", grouped(limits.total_bytes));
                self.problem(origin.outermost(), what, hint);
            }
            Some(Exceeded::Ratio) => {
                let ratio = grouped(limits.ratio);
                self.problem(
                    origin,
                    format!("grows more than {ratio} times by unpacking; the rest was not read"),
                    hint,
                );
            }
            None if self.meter.halted() => {}
            None => self.damaged(origin, error),
        }
    }

    fn damaged(&mut self, origin: &Origin, error: &dyn std::fmt::Display) {
        self.problem(
            origin,
            format!("cannot be unpacked to its end: {error}"),
            Some("it is damaged or of an unknown form; `--archive-depth 0` leaves archives unopened"),
        );
    }

    fn problem(&mut self, origin: &Origin, what: String, hint: Option<&str>) {
        self.worker.problem(Problem { place: origin.to_string(), what, hint: hint.map(str::to_owned) });
    }
}

/// A number with a comma between each three digits.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

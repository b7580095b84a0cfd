//! The meter: what keeps a trap from unpacking without end.
//!
//! Every byte that comes out of a decoder passes through [`Unpacked`], which counts it against the bounds of the whole
//! expansion; every archive reads its own input through a [`Tap`], which tells how much was read and whether it was the
//! input that failed or the archive in it.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

use super::Limits;

/// A bound that was passed while reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exceeded {
    /// [`Limits::total_bytes`].
    Total,
    /// [`Limits::ratio`].
    Ratio,
}

/// What one outermost archive has used up.
#[derive(Debug)]
pub(super) struct Meter {
    pub(super) limits: Limits,
    members: Cell<u64>,
    total: Cell<u64>,
    exceeded: Cell<Option<Exceeded>>,
    halted: Cell<bool>,
}

impl Meter {
    pub(super) fn new(limits: &Limits) -> Self {
        Meter {
            limits: limits.clone(),
            members: Cell::new(0),
            total: Cell::new(0),
            exceeded: Cell::new(None),
            halted: Cell::new(false),
        }
    }

    /// Counts a member; false if it is one too many.
    pub(super) fn member(&self) -> bool {
        self.members.set(self.members.get() + 1);
        self.members.get() <= self.limits.members
    }

    /// No more is to be read of the outermost archive.
    pub(super) fn halted(&self) -> bool {
        self.halted.get()
    }

    pub(super) fn halt(&self) {
        self.halted.set(true);
    }

    /// The bound that made the last read fail, if it was one; asked once.
    pub(super) fn take_exceeded(&self) -> Option<Exceeded> {
        self.exceeded.take()
    }

    /// Counts `n` bytes more of a stream that has given `out` bytes for `packed`.
    fn charge(&self, n: u64, out: u64, packed: u64) -> io::Result<()> {
        self.total.set(self.total.get().saturating_add(n));
        let exceeded = if self.total.get() > self.limits.total_bytes {
            self.halt();
            Exceeded::Total
        } else if out > Limits::RATIO_FROM && out > self.limits.ratio.saturating_mul(packed) {
            Exceeded::Ratio
        } else {
            return Ok(());
        };
        self.exceeded.set(Some(exceeded));
        Err(io::Error::other("a bound was passed"))
    }
}

/// What comes out of a decoder.
pub(super) struct Unpacked<'a, R> {
    inner: R,
    meter: &'a Meter,
    /// Size of the packed form, as far as it was read.
    packed: &'a Cell<u64>,
    out: u64,
}

impl<'a, R> Unpacked<'a, R> {
    pub(super) fn new(inner: R, meter: &'a Meter, packed: &'a Cell<u64>) -> Self {
        Unpacked { inner, meter, packed, out: 0 }
    }
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.out += n as u64;
        self.meter.charge(n as u64, self.out, self.packed.get())?;
        Ok(n)
    }
}

/// What a [`Tap`] tells of its input.
#[derive(Debug)]
pub(super) struct Gauge {
    /// Bytes that were read.
    pub(super) read: Cell<u64>,
    /// True once reading the input has failed.
    pub(super) failed: Cell<bool>,
    /// Reading fails from so many bytes on: bounds what a table of contents or the header of a member may take, which
    /// libraries hold in memory.
    pub(super) until: Cell<u64>,
}

impl Gauge {
    pub(super) fn until(until: u64) -> Self {
        Gauge { read: Cell::new(0), failed: Cell::new(false), until: Cell::new(until) }
    }
}

/// The input of an archive.
pub(super) struct Tap<'a, R> {
    pub(super) inner: R,
    pub(super) gauge: &'a Gauge,
}

impl<R: Read> Read for Tap<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.gauge.read.get() >= self.gauge.until.get() && !into.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its table of contents or a header is too large"));
        }
        let n = self.inner.read(into).inspect_err(|error| {
            self.gauge.failed.set(self.gauge.failed.get() || error.kind() != io::ErrorKind::Interrupted);
        })?;
        self.gauge.read.set(self.gauge.read.get() + n as u64);
        Ok(n)
    }
}

impl<R: Seek> Seek for Tap<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

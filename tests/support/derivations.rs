//! A sink that keeps blobs whole and checks what it is told about how they came from each other.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use gix::ObjectId;
use gix::objs::Kind;
use unspill::model::{Blob, Origin, Problem, SkipReason};
use unspill::source::{Carried, Copied, Sink, Source, Worker};

/// What was handed over.
#[derive(Debug, Default)]
pub struct Seen {
    /// Blobs of the history, with how often they came and their bytes (if they are kept).
    pub blobs: BTreeMap<ObjectId, (u64, Vec<u8>)>,
    pub messages: u64,
    pub commits: u64,
    /// Blobs that came as derived from another.
    pub derived: u64,
    /// Bytes in copies.
    pub copied: u64,
    pub skipped: BTreeMap<ObjectId, SkipReason>,
    pub problems: Vec<Problem>,
    pub expected: u64,
}

impl Seen {
    /// Runs a source.
    pub fn of(source: &dyn Source) -> Seen {
        Seen::with(source, true, true)
    }

    /// Runs a source. Bytes are kept or not, and held against the id or not.
    pub fn with(source: &dyn Source, keep: bool, hash: bool) -> Seen {
        let watcher = Watcher { keep, hash, seen: Mutex::default(), expected: AtomicU64::new(0) };
        source.run(&watcher).expect("the source can be scanned");
        let mut seen = watcher.seen.into_inner().expect("no panic");
        seen.expected = watcher.expected.into_inner();
        seen.problems.sort();
        seen
    }

    /// Problems in words.
    pub fn complaints(&self) -> String {
        self.problems.iter().map(|p| format!("{}: {}\n", p.place, p.what)).collect()
    }
}

struct Watcher {
    keep: bool,
    hash: bool,
    seen: Mutex<Seen>,
    expected: AtomicU64,
}

impl Sink for Watcher {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Eye { watcher: self, seen: Seen::default() })
    }

    fn expect_items(&self, total: u64) {
        self.expected.store(total, Ordering::Relaxed);
    }
}

struct Eye<'a> {
    watcher: &'a Watcher,
    seen: Seen,
}

impl Worker for Eye<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        match &blob.origin {
            Origin::Message { .. } => self.seen.messages += 1,
            Origin::Object { id } => {
                if self.watcher.hash {
                    let hash = gix::objs::compute_hash(id.kind(), Kind::Blob, blob.bytes).expect("a hash");
                    assert_eq!(hash, *id, "other bytes than the id says");
                }
                let bytes = if self.watcher.keep { blob.bytes.to_vec() } else { Vec::new() };
                self.seen.blobs.entry(*id).or_insert((0, bytes)).0 += 1;
            }
            _ => {}
        }
    }

    fn base(&mut self, blob: &Blob<'_>) -> Carried {
        self.blob(blob);
        Carried(Some(Arc::new(blob.bytes.to_vec())))
    }

    fn derived(&mut self, blob: &Blob<'_>, base: &Carried, base_length: usize, copies: &[Copied]) -> Carried {
        let base = base.0.as_ref().expect("what base() gave");
        let base = base.downcast_ref::<Vec<u8>>().expect("what base() gave");
        assert_eq!(base.len(), base_length);
        let mut end = 0;
        for (number, copy) in copies.iter().enumerate() {
            assert!(copy.length > 0 && copy.to >= end, "{copies:?}");
            end = copy.to + copy.length;
            assert_eq!(base[copy.from..copy.from + copy.length], blob.bytes[copy.to..end], "{copy:?}");
            if let Some(next) = copies.get(number + 1) {
                assert!(next.to > end || next.from != copy.from + copy.length, "not merged: {copy:?} {next:?}");
            }
            self.seen.copied += copy.length as u64;
        }
        assert!(end <= blob.bytes.len());
        self.seen.derived += 1;
        self.base(blob)
    }

    fn skipped(&mut self, origin: &Origin, reason: SkipReason) {
        if let Origin::Object { id } = origin {
            assert_eq!(self.seen.skipped.insert(*id, reason), None, "skipped twice");
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.seen.problems.push(problem);
    }

    fn commits(&mut self, n: u64) {
        self.seen.commits += n;
    }

    fn reach(&self) -> usize {
        256
    }
}

impl Drop for Eye<'_> {
    fn drop(&mut self) {
        let Ok(mut all) = self.watcher.seen.lock() else { return };
        for (id, (times, bytes)) in std::mem::take(&mut self.seen.blobs) {
            all.blobs.entry(id).or_insert((0, bytes)).0 += times;
        }
        all.skipped.append(&mut self.seen.skipped);
        all.problems.append(&mut self.seen.problems);
        all.messages += self.seen.messages;
        all.commits += self.seen.commits;
        all.derived += self.seen.derived;
        all.copied += self.seen.copied;
    }
}

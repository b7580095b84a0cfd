//! Counters that the scan advances and a progress bar reads, from any thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How far a scan is.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    items: AtomicU64,
    total: AtomicU64,
    findings: AtomicU64,
}

impl Progress {
    /// Counts one more item (file, blob, commit) of `bytes` bytes as done.
    pub fn advance(&self, bytes: u64) {
        self.items.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// Counts `n` more matches.
    pub fn found(&self, n: u64) {
        self.findings.fetch_add(n, Relaxed);
    }

    /// Sets how many items there are in all, once that is known; 0 for not known.
    pub fn set_total(&self, items: u64) {
        self.total.store(items, Relaxed);
    }

    /// Bytes scanned so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Items scanned so far.
    pub fn items(&self) -> u64 {
        self.items.load(Relaxed)
    }

    /// Items in all, 0 for not known.
    pub fn total(&self) -> u64 {
        self.total.load(Relaxed)
    }

    /// Matches so far, before grouping and suppression.
    pub fn findings(&self) -> u64 {
        self.findings.load(Relaxed)
    }
}

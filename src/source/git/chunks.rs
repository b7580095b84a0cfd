//! Work for several threads: a list, taken in runs of neighbours, so that each thread has use of what it read last.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Hands out runs of a list until it is used up.
pub(super) struct Chunks<'a, T> {
    items: &'a [T],
    size: usize,
    next: AtomicUsize,
}

impl<'a, T> Chunks<'a, T> {
    /// The next run for the calling thread.
    pub fn take(&self) -> Option<&'a [T]> {
        let start = self.next.fetch_add(self.size, Ordering::Relaxed);
        self.items.get(start..(start + self.size).min(self.items.len())).filter(|run| !run.is_empty())
    }
}

/// Runs `body` on up to `jobs` threads, which share the runs of `size` items between them, and collects the results.
pub(super) fn in_parallel<T, R, F>(items: &[T], size: usize, jobs: usize, body: F) -> Vec<R>
where
    T: Sync,
    R: Send,
    F: Fn(&Chunks<'_, T>) -> R + Sync,
{
    let chunks = Chunks { items, size: size.max(1), next: AtomicUsize::new(0) };
    let threads = jobs.min(items.len().div_ceil(chunks.size));
    if threads <= 1 {
        return vec![body(&chunks)];
    }
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| body(&chunks))).collect();
        running.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

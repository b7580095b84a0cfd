//! Sharing work between threads: roots first, then what busy threads give away.
//!
//! A forest may be one huge tree. So a thread that finds no root left waits, and is counted as hungry; the others look at
//! that number before each object, and hand a branch of their own tree to whoever waits. It is over when all wait.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many neighbouring roots are taken at once: they lie near each other in the pack.
const RUN: usize = 16;

/// What several threads share.
pub(super) struct Share<T> {
    roots: usize,
    next: AtomicUsize,
    threads: usize,
    /// Threads that wait, less the branches that wait for them.
    hungry: AtomicUsize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    given: Vec<T>,
    waiting: usize,
    over: bool,
}

/// Something to do.
pub(super) enum Work<T> {
    /// Roots, by their numbers.
    Roots(Range<usize>),
    /// What another thread gave away.
    Given(T),
}

impl<T> Share<T> {
    /// So many roots for so many threads.
    pub fn new(roots: usize, threads: usize) -> Self {
        let state = Mutex::new(State { given: Vec::new(), waiting: 0, over: false });
        Share { roots, next: AtomicUsize::new(0), threads, hungry: AtomicUsize::new(0), state, changed: Condvar::new() }
    }

    /// Something for the calling thread, which has to be done with what it had; `None` if all is done.
    pub fn take(&self) -> Option<Work<T>> {
        let from = self.next.fetch_add(RUN, Ordering::Relaxed);
        if from < self.roots {
            return Some(Work::Roots(from..(from + RUN).min(self.roots)));
        }
        let mut state = self.lock();
        state.waiting += 1;
        loop {
            if let Some(given) = state.given.pop() {
                state.waiting -= 1;
                self.count(&state);
                return Some(Work::Given(given));
            }
            if state.over || state.waiting == self.threads {
                state.over = true;
                self.changed.notify_all();
                return None;
            }
            self.count(&state);
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a thread waits for work. Cheap.
    pub fn is_hungry(&self) -> bool {
        self.hungry.load(Ordering::Relaxed) > 0
    }

    /// Gives work away.
    pub fn give(&self, work: T) {
        let mut state = self.lock();
        state.given.push(work);
        self.count(&state);
        self.changed.notify_one();
    }

    /// To be held by each thread while it works: if it panics, the others do not wait for it.
    pub fn presence(&self) -> Presence<'_, T> {
        Presence(self)
    }

    fn count(&self, state: &State<T>) {
        self.hungry.store(state.waiting.saturating_sub(state.given.len()), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Share::presence`].
pub(super) struct Presence<'a, T>(&'a Share<T>);

impl<T> Drop for Presence<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().over = true;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::thread;

    use super::*;

    #[test]
    fn all_is_done_once_whoever_does_it() {
        // Work is a range of numbers; whoever has one gives half of it to the hungry.
        let share = Share::new(3, 4);
        let done = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while let Some(work) = share.take() {
                        let mut ranges: Vec<Range<usize>> = match work {
                            Work::Roots(roots) => roots.map(|root| root * 1000..root * 1000 + 1000).collect(),
                            Work::Given(range) => vec![range],
                        };
                        while let Some(mut range) = ranges.pop() {
                            if share.is_hungry() && range.len() > 1 {
                                let middle = range.start + range.len() / 2;
                                share.give(middle..range.end);
                                range.end = middle;
                            }
                            done.lock().unwrap().extend(range.next());
                            if !range.is_empty() {
                                ranges.push(range);
                            }
                        }
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..3000).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        let share: Share<()> = Share::new(0, 2);
        thread::scope(|scope| {
            let waits = scope.spawn(|| share.take().is_none());
            let panics = scope.spawn(|| {
                let _presence = share.presence();
                panic!("on purpose");
            });
            assert!(panics.join().is_err());
            assert!(waits.join().unwrap());
        });
    }
}

//! How long it takes to come by every object of a history, without looking for anything.
//!
//! `cargo bench --bench walk -- REPOSITORY [JOBS]` walks a repository with a worker that only counts: what this takes is the
//! floor under every audit. Without a repository there is nothing to do. Prints counts, wall time, and where the system
//! tells them (Linux) CPU time and peak memory.

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use unspill::model::{Blob, Origin, Problem, SkipReason};
use unspill::source::git::{Git, GitOptions};
use unspill::source::{Carried, Copied, Sink, Source, Worker};

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    blobs: u64,
    bytes: u64,
    messages: u64,
    bases: u64,
    derived: u64,
    copied: u64,
    copies: u64,
    skipped: u64,
    problems: u64,
    commits: u64,
}

#[derive(Default)]
struct Counter(Mutex<Counts>);

struct Hand<'a> {
    counter: &'a Counter,
    counts: Counts,
}

impl Sink for Counter {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Hand { counter: self, counts: Counts::default() })
    }

    fn expect_items(&self, _total: u64) {}
}

impl Worker for Hand<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        if let Origin::Message { .. } = blob.origin {
            self.counts.messages += 1;
        } else {
            self.counts.blobs += 1;
            self.counts.bytes += blob.bytes.len() as u64;
        }
    }

    fn base(&mut self, blob: &Blob<'_>) -> Carried {
        self.counts.bases += 1;
        self.blob(blob);
        Carried::default()
    }

    fn derived(&mut self, blob: &Blob<'_>, _: &Carried, _: usize, copies: &[Copied]) -> Carried {
        self.counts.derived += 1;
        self.counts.copies += copies.len() as u64;
        self.counts.copied += copies.iter().map(|copy| copy.length as u64).sum::<u64>();
        self.blob(blob);
        Carried::default()
    }

    fn skipped(&mut self, _: &Origin, _: SkipReason) {
        self.counts.skipped += 1;
    }

    fn problem(&mut self, problem: Problem) {
        eprintln!("{}: {}", problem.place, problem.what);
        self.counts.problems += 1;
    }

    fn commits(&mut self, n: u64) {
        self.counts.commits += n;
    }

    fn reach(&self) -> usize {
        256
    }
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        let Ok(mut all) = self.counter.0.lock() else { return };
        let (here, all) = (&self.counts, &mut *all);
        for (sum, part) in [
            (&mut all.blobs, here.blobs),
            (&mut all.bytes, here.bytes),
            (&mut all.messages, here.messages),
            (&mut all.bases, here.bases),
            (&mut all.derived, here.derived),
            (&mut all.copied, here.copied),
            (&mut all.copies, here.copies),
            (&mut all.skipped, here.skipped),
            (&mut all.problems, here.problems),
            (&mut all.commits, here.commits),
        ] {
            *sum += part;
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(path) = arguments.first() else { return };
    let jobs = arguments.get(1).and_then(|jobs| jobs.parse().ok());
    let start = Instant::now();
    let git = Git::open(Some(Path::new(path)), GitOptions { jobs, ..GitOptions::default() }).expect("a repository");
    let counter = Counter::default();
    git.run(&counter).expect("a history");
    let wall = start.elapsed();
    println!("{:?}", counter.0.into_inner().expect("no panic"));
    println!("wall {:.2} s, {}", wall.as_secs_f64(), costs().unwrap_or_default());
}

/// CPU time and memory of this process, from Linux's proc(5).
fn costs() -> Option<String> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // Ticks are hundredths of a second on all common machines.
    let seconds = |at: usize| Some(fields.get(at)?.parse::<f64>().ok()? / 100.0);
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    Some(format!(
        "user {:.2} s, system {:.2} s, peak {} MiB (now anonymous {} MiB, of files {} MiB)",
        seconds(11)?,
        seconds(12)?,
        kib("VmHWM")? / 1024,
        kib("RssAnon")? / 1024,
        kib("RssFile")? / 1024
    ))
}

//! Coming by every object of a history: `cargo bench --bench walk`, and `-- REPOSITORY [JOBS]` for one of yours.
//!
//! By itself it makes a history with git, packed as git packs it, and walks it on one thread and on two:
//!
//! | bench | what is done with each object |
//! | --- | --- |
//! | walk | nothing but counting: the floor under every audit |
//! | scan | a whole audit: scanning what is new, attribution, report |
//! | scan_whole | scanning every blob in full, as if there were no deltas |
//!
//! Throughput is of all blobs, unpacked. On a repository that is named it only walks, once, and prints counts, wall time,
//! and where the system tells them (Linux) CPU time and peak memory.

mod text;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Instant;

use divan::Bencher;
use divan::counter::BytesCount;
use tempfile::TempDir;
use unspill::engine::{Engine, Scratch};
use unspill::findings::Suppressions;
use unspill::model::{Blob, Origin, Problem, Progress, SkipReason};
use unspill::rules::RuleSet;
use unspill::scan::{self, ScanOptions};
use unspill::source::git::{Git, GitOptions};
use unspill::source::{Carried, Copied, Sink, Source, Worker};

/// Numbers of threads.
const JOBS: [usize; 2] = [1, 2];
/// Longest time for one measurement, in seconds.
const SECONDS: f64 = 2.5;
/// The history that is made: so many files of so many lines, and commits that each change some lines of some files.
const FILES: usize = 150;
const LINES: usize = 700;
const COMMITS: usize = 800;
const FILES_CHANGED: usize = 4;
const LINES_CHANGED: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.first() {
        Some(path) if Path::new(path).is_dir() => walk_once(Path::new(path), arguments.get(1)),
        _ => {
            made();
            divan::main();
        }
    }
}

fn open(path: &Path, jobs: Option<usize>) -> Git {
    Git::open(Some(path), GitOptions { jobs, ..GitOptions::default() }).expect("a repository")
}

#[divan::bench(args = JOBS, max_time = SECONDS)]
fn walk(bencher: Bencher, jobs: usize) {
    let made = made();
    bencher.counter(BytesCount::new(made.bytes)).bench_local(|| {
        let counter = Counter::default();
        open(made.folder.path(), Some(jobs)).run(&counter).expect("a history");
    });
}

#[divan::bench(args = JOBS, max_time = SECONDS)]
fn scan(bencher: Bencher, jobs: usize) {
    let made = made();
    let engine = Engine::new(RuleSet::builtin());
    let options = ScanOptions::new(Suppressions::default());
    bencher.counter(BytesCount::new(made.bytes)).bench_local(|| {
        let git = open(made.folder.path(), Some(jobs));
        scan::run(&engine, &git, &options, &Progress::default()).expect("a history").findings.len()
    });
}

#[divan::bench(args = JOBS, max_time = SECONDS)]
fn scan_whole(bencher: Bencher, jobs: usize) {
    let made = made();
    let engine = Engine::new(RuleSet::builtin());
    bencher.counter(BytesCount::new(made.bytes)).bench_local(|| {
        open(made.folder.path(), Some(jobs)).run(&Whole(&engine)).expect("a history");
    });
}

/// A history that was made for measuring.
struct Made {
    folder: TempDir,
    /// Of all blobs, unpacked.
    bytes: u64,
}

/// Makes it, once: `git fast-import` takes it in, `git repack` packs it.
fn made() -> &'static Made {
    static ONCE: OnceLock<Made> = OnceLock::new();
    ONCE.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder");
        git(folder.path(), &["init", "--quiet", "--bare"], &[]);
        git(folder.path(), &["fast-import", "--quiet"], &stream());
        git(folder.path(), &["repack", "-a", "-d", "-f", "-q", "--window=10", "--depth=50"], &[]);
        let counter = Counter::default();
        open(folder.path(), None).run(&counter).expect("a history");
        let counts = counter.0.into_inner().expect("no panic");
        eprintln!(
            "{} blobs, {} of them without a base; {} MB, {} % of that copied",
            counts.blobs,
            counts.bases,
            counts.bytes / 1_000_000,
            100 * counts.copied / counts.bytes.max(1)
        );
        Made { folder, bytes: counts.bytes }
    })
}

/// The history in the format of git-fast-import(1).
fn stream() -> Vec<u8> {
    let mut chance = text::Chance(7);
    let mut files: Vec<Vec<Vec<u8>>> = Vec::new();
    for _ in 0..FILES {
        files.push((0..LINES).map(|_| line(&mut chance)).collect());
    }
    let mut stream = Vec::new();
    for number in 0..=COMMITS {
        let who = format!("Ada <ada@example.org> {} +0000", 1_700_000_000 + 60 * number);
        let message = format!("Commit {number}");
        let head = format!("commit refs/heads/main\ncommitter {who}\ndata {}\n{message}\n", message.len());
        stream.extend_from_slice(head.as_bytes());
        // The first commit has all files.
        let changed: Vec<usize> = match number {
            0 => (0..FILES).collect(),
            _ => (0..FILES_CHANGED).map(|_| chance.below(FILES)).collect(),
        };
        for file in changed {
            for _ in 0..LINES_CHANGED {
                let at = chance.below(LINES);
                files[file][at] = line(&mut chance);
            }
            let content = files[file].concat();
            let head = format!("M 100644 inline src/m{}/f{file}.rs\ndata {}\n", file % 12, content.len());
            stream.extend_from_slice(head.as_bytes());
            stream.extend_from_slice(&content);
            stream.push(b'\n');
        }
    }
    stream
}

fn line(chance: &mut text::Chance) -> Vec<u8> {
    let mut line = Vec::new();
    text::line(chance, &mut line);
    line
}

/// Runs git with something on its standard input; it must succeed.
fn git(folder: &Path, arguments: &[&str], input: &[u8]) {
    let mut git = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    git.stdin.take().expect("a pipe").write_all(input).expect("git reads");
    assert!(git.wait().expect("git ends").success(), "git {arguments:?}");
}

/// Scans every blob in full: knows nothing of bases.
struct Whole<'a>(&'a Engine);

struct WholeHand<'a> {
    engine: &'a Engine,
    scratch: Scratch,
}

impl Sink for Whole<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(WholeHand { engine: self.0, scratch: Scratch::default() })
    }

    fn expect_items(&self, _total: u64) {}
}

impl Worker for WholeHand<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        divan::black_box(self.engine.scan(blob, &mut self.scratch));
    }

    fn skipped(&mut self, _: &Origin, _: SkipReason) {}

    fn problem(&mut self, problem: Problem) {
        panic!("{}: {}", problem.place, problem.what);
    }

    fn commits(&mut self, _: u64) {}

    fn reach(&self) -> usize {
        self.engine.reach()
    }
}

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

fn walk_once(path: &Path, jobs: Option<&String>) {
    let start = Instant::now();
    let counter = Counter::default();
    open(path, jobs.and_then(|jobs| jobs.parse().ok())).run(&counter).expect("a history");
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

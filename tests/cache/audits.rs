//! Audits: scans of a repository with and without a cache, held against each other.

use std::path::{Path, PathBuf};

use unspill::engine::Engine;
use unspill::findings::Suppressions;
use unspill::model::{Progress, Report};
use unspill::report::{Format, ReportOptions};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;
use unspill::scan::memory::{self, Reuse};
use unspill::scan::{self, ScanOptions};
use unspill::source::git::{Git, GitOptions};

use crate::support::repo::Repo;

/// How to scan.
pub struct Setup {
    pub rules: fn() -> RuleSet,
    pub git: GitOptions,
    pub scan: fn() -> ScanOptions,
}

impl Default for Setup {
    fn default() -> Self {
        Setup { rules: RuleSet::builtin, git: GitOptions::default(), scan: options }
    }
}

/// The usual options, with all that some formats need.
pub fn options() -> ScanOptions {
    ScanOptions { line_hashes: true, ..ScanOptions::new(Suppressions::default()) }
}

/// What came of a scan.
pub struct Audited {
    pub report: Report,
    pub reuse: Reuse,
    pub warnings: Vec<String>,
    /// Blobs, members of archives and messages that the engine looked at.
    pub scanned: u64,
}

impl Audited {
    /// Objects that were not scanned again.
    pub fn recalled(&self) -> u64 {
        match self.reuse {
            Reuse::Objects(n) => n,
            _ => 0,
        }
    }
}

/// Scans with the cache that lies beside the repository, and checks that the report is what a scan without one gives.
pub fn audit(repo: &Repo, setup: &Setup) -> Audited {
    audit_with(repo.path(), &cache_of(repo), setup)
}

pub fn audit_with(path: &Path, cache: &Path, setup: &Setup) -> Audited {
    let open = || Git::open(Some(path), setup.git.clone()).expect("a repository");
    let engine = || Engine::new((setup.rules)());
    let fresh = scan::run(&engine(), &open(), &(setup.scan)(), &Progress::default()).expect("a report");
    let progress = Progress::default();
    let done = memory::run(&engine(), &open(), &(setup.scan)(), &progress, cache).expect("a report");
    assert_same(&fresh, &done.report);
    Audited { report: done.report, reuse: done.reuse, warnings: done.warnings, scanned: progress.items() }
}

/// Where the cache of a repository lies.
pub fn cache_of(repo: &Repo) -> PathBuf {
    repo.beside("cache")
}

/// Audits twice: the second time there must be nothing new.
pub fn audit_twice(repo: &Repo, setup: &Setup) -> Audited {
    let first = audit(repo, setup);
    let second = audit(repo, setup);
    assert_eq!(second.reuse, Reuse::Outcome, "{:?}", second.warnings);
    assert_eq!(second.warnings, [""; 0]);
    first
}

fn assert_same(fresh: &Report, cached: &Report) {
    for (name, format) in Format::ALL {
        for show_secrets in [false, true] {
            let written = |report: &Report| {
                // How long it took is all that may differ.
                let mut report = report.clone();
                report.stats.elapsed = std::time::Duration::ZERO;
                let options = ReportOptions { show_secrets, verbosity: 2, width: 100, ..ReportOptions::default() };
                let mut out = Vec::new();
                format.reporter().write(&report, &options, &mut out).expect("a report");
                String::from_utf8(out).expect("UTF-8")
            };
            assert_eq!(written(fresh), written(cached), "{name}: without a cache, and with one");
        }
    }
}

/// A token; each letter gives another one.
pub fn token(letter: char) -> String {
    expand(&format!("ghp_{letter}{{{{base62:29}}}}{{{{checksum:github}}}}")).expect("a template")
}

/// A line with a password; each number gives another one.
pub fn password(number: usize) -> String {
    format!("password = \"{}\"\n", expand(&format!("k9!{number}{{{{base62:12}}}}")).expect("a template"))
}

/// A repository in which there is something of all kinds to be found and passed over.
pub fn repository() -> Repo {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing here\n");
    repo.commit_file("conf/app.env", format!("TOKEN={}\n", token('a')));
    let long: String = (0..300).map(|line| format!("line {line} of a text that is long enough\n")).collect();
    for version in 0..12 {
        repo.stage("long.txt", format!("{}{long}# version {version}\n", password(1)));
        repo.commit(&format!("Version {version}"));
    }
    repo.commit_file("conf/app.env", "TOKEN=\n");
    repo.commit_file("allowed.py", format!("key = \"{}\"  # unspill:allow it was revoked\n", token('b')));
    repo.commit_file("copies/allowed.py", format!("key = \"{}\"\n", token('b')));
    repo.commit_file("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0");
    repo.commit_file("data.tar", tar(&[("inner/.env", &format!("TOKEN={}\n", token('c')))]));
    repo.commit_file("clean.tar", tar(&[("inner/readme", "nothing\n"), ("inner/two", "nothing\n")]));
    repo.commit_file("broken.tar", &tar(&[("a", &"x".repeat(5000))])[..2000]);
    repo.commit_file("wide.txt", utf16(&format!("TOKEN={}\n", token('d'))));
    repo.commit(&format!("Talk of {}", token('e')));
    repo.git(&["tag", "-a", "-m", &format!("a tag with {}", token('f')), "v1"]);
    repo
}

/// An archive of these members.
pub fn tar(members: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, text) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, path, text.as_bytes()).expect("a member");
    }
    tar.into_inner().expect("an archive")
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

//! What can happen to a cache: it is used as it was written, or not at all.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use proptest::prelude::*;
use unspill::engine::Engine;
use unspill::model::Progress;
use unspill::rules::RuleSet;
use unspill::scan::memory::{self, Reuse};
use unspill::source::git::{Git, GitOptions};

use crate::audits::{Setup, audit, audit_with, cache_of, options, password, repository};
use crate::support::repo::Repo;

/// Repositories are slow to make, and these stay as they are.
struct Fixture {
    repo: Repo,
    /// As a scan of the repository leaves it.
    current: Vec<u8>,
    /// The same before the last commit.
    older: Vec<u8>,
}

// One lock for all, for the clock of a repository is of one thread.
static FIXTURE: LazyLock<std::sync::Mutex<Fixture>> = LazyLock::new(|| {
    let repo = Repo::new();
    repo.commit_file("a", password(1));
    repo.commit_file("b", "nothing\n");
    repo.commit_file("c", "nothing at all\n");
    audit(&repo, &Setup::default());
    let older = fs::read(cache_of(&repo)).expect("a cache");
    repo.commit_file("d", password(2));
    audit(&repo, &Setup::default());
    let current = fs::read(cache_of(&repo)).expect("a cache");
    std::sync::Mutex::new(Fixture { repo, current, older })
});

/// Puts a cache in place, private as it must be.
fn place(path: &Path, bytes: &[u8]) {
    // In the place of one that was there, so that it stays private.
    fs::write(path, bytes).expect("a cache");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("permissions");
    }
}

/// Audits with a cache that was changed: it must be seen to be, and another audit must find a good one.
fn assert_noticed(bytes: &[u8], original: &[u8]) {
    let fixture = FIXTURE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let cache = cache_of(&fixture.repo);
    place(&cache, bytes);
    let seen = audit(&fixture.repo, &Setup::default());
    // Behind the outcome the file is not even read where nothing is new.
    if seen.reuse == Reuse::Outcome {
        assert_eq!(bytes.len(), original.len());
        assert!(seen.warnings.is_empty());
    } else if !bytes.is_empty() {
        assert_eq!(seen.reuse, Reuse::Nothing);
        assert_eq!(seen.warnings.len(), 1, "{:?}", seen.warnings);
        assert_eq!(audit(&fixture.repo, &Setup::default()).reuse, Reuse::Outcome);
    }
}

fn originals() -> (Vec<u8>, Vec<u8>) {
    let fixture = FIXTURE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    (fixture.current.clone(), fixture.older.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn changed_bytes(at in any::<prop::sample::Index>(), flip in 1u8..=255, old in any::<bool>()) {
        let (current, older) = originals();
        let original = if old { older } else { current };
        let mut bytes = original.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        assert_noticed(&bytes, &original);
    }

    #[test]
    fn cut_off(at in any::<prop::sample::Index>(), old in any::<bool>()) {
        let (current, older) = originals();
        let original = if old { older } else { current };
        assert_noticed(&original[..at.index(original.len())], &original);
    }
}

#[test]
fn something_behind_the_end() {
    let (current, older) = originals();
    for original in [current, older] {
        let mut longer = original.clone();
        longer.extend_from_slice(b"more");
        assert_noticed(&longer, &original);
    }
}

#[test]
fn an_older_cache_is_of_use() {
    let (_, older) = originals();
    let fixture = FIXTURE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    place(&cache_of(&fixture.repo), &older);
    let seen = audit(&fixture.repo, &Setup::default());
    assert!(seen.recalled() > 0 && seen.warnings.is_empty());
}

#[test]
fn another_kind_of_file_is_left_alone() {
    let repo = repository();
    let file = repo.beside("notes.txt");
    for text in ["keep me", "unspill cache, but not quite a cache at all, and longer than a head"] {
        fs::write(&file, text).expect("a file");
        let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
        let engine = Engine::new(RuleSet::builtin());
        let refused = memory::run(&engine, &git, &options(), &Progress::default(), &file).expect_err("no cache");
        assert!(refused.what.contains("is no cache") && refused.hint.is_some(), "{refused:?}");
        assert_eq!(fs::read_to_string(&file).expect("a file"), text);
    }
}

#[test]
fn a_cache_that_cannot_be_written_does_not_cost_the_report() {
    let repo = repository();
    let seen = audit_with(repo.path(), &repo.beside("no/such/folder"), &Setup::default());
    assert!(seen.warnings.iter().any(|w| w.contains("cannot be written")), "{:?}", seen.warnings);
}

#[cfg(unix)]
#[test]
fn a_cache_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let repo = repository();
    audit(&repo, &Setup::default());
    let cache = cache_of(&repo);
    let mode = || fs::metadata(&cache).expect("a cache").permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    // As git writes what is committed: a stranger's cache.
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o644)).expect("permissions");
    let seen = audit(&repo, &Setup::default());
    assert_eq!(seen.reuse, Reuse::Nothing);
    assert!(seen.warnings.iter().any(|w| w.contains("others than its owner")), "{:?}", seen.warnings);
    assert_eq!(mode(), 0o600);
}

/// A cache that came with a clone would be a stranger's, who could say that all was scanned.
#[test]
fn a_committed_cache_is_refused() {
    let repo = repository();
    let cache = repo.path().join("deep/cache");
    fs::create_dir(repo.path().join("deep")).expect("a folder");
    audit_with(repo.path(), &cache, &Setup::default());
    assert_eq!(audit_with(repo.path(), &cache, &Setup::default()).reuse, Reuse::Outcome);
    repo.git(&["add", "deep"]);
    repo.commit("Commit the cache");
    let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
    let engine = Engine::new(RuleSet::builtin());
    let refused = memory::run(&engine, &git, &options(), &Progress::default(), &cache).expect_err("no cache");
    assert!(refused.what.contains("is committed") && refused.hint.is_some(), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_never_written_through() {
    let repo = repository();
    let (target, cache) = (repo.beside("target"), cache_of(&repo));
    fs::write(&target, "").expect("a file");
    std::os::unix::fs::symlink(&target, &cache).expect("a link");
    audit(&repo, &Setup::default());
    assert!(fs::read(&target).expect("a file").is_empty());
    assert!(!fs::symlink_metadata(&cache).expect("a cache").is_symlink());
}

#[test]
fn audits_at_the_same_time() {
    let repo = repository();
    let (path, cache) = (repo.path().to_owned(), cache_of(&repo));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..3 {
                    assert!(audit_with(&path, &cache, &Setup::default()).warnings.is_empty());
                }
            });
        }
    });
    assert_eq!(audit(&repo, &Setup::default()).reuse, Reuse::Outcome);
    let left = fs::read_dir(repo.beside("")).expect("a folder").count();
    assert_eq!(left, 2, "the repository and its cache");
}

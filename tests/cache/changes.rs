//! What can happen to a repository between two audits.

use std::fs;

use unspill::rules::examples::expand;
use unspill::scan::memory::Reuse;

use crate::audits::{Setup, audit, audit_twice, audit_with, cache_of, password, repository, token};
use crate::support::repo::{Repo, overwrite};

#[test]
fn nothing_new() {
    for packed in [false, true] {
        let repo = repository();
        if packed {
            repo.pack();
        }
        let first = audit(&repo, &Setup::default());
        assert_eq!(first.reuse, Reuse::Nothing);
        assert!(first.report.findings.len() >= 6, "{:?}", first.report.findings);
        assert_eq!(first.report.problems.len(), 1, "{:?}", first.report.problems);
        let before = fs::read(cache_of(&repo)).expect("a cache");
        let second = audit(&repo, &Setup::default());
        assert_eq!(second.reuse, Reuse::Outcome);
        // Twelve versions of one file hold the same password, and one of them is enough.
        assert!(second.scanned + 11 < first.scanned, "{} of {}", second.scanned, first.scanned);
        assert_eq!(fs::read(cache_of(&repo)).expect("a cache"), before);
    }
}

#[test]
fn nothing_found() {
    let repo = Repo::new();
    repo.commit_file("a", "nothing\n");
    audit(&repo, &Setup::default());
    let second = audit(&repo, &Setup::default());
    assert_eq!((second.reuse, second.scanned), (Reuse::Outcome, 0));
}

#[test]
fn an_empty_repository() {
    let repo = Repo::new();
    audit_twice(&repo, &Setup::default());
    repo.commit_file("a", password(1));
    audit_twice(&repo, &Setup::default());
}

#[test]
fn a_new_commit() {
    let repo = repository();
    let first = audit(&repo, &Setup::default());
    repo.commit_file("new.py", password(2));
    let second = audit_twice(&repo, &Setup::default());
    assert_eq!(second.report.findings.len(), first.report.findings.len() + 1);
    assert!(second.recalled() >= 20, "{:?}", second.reuse);
    assert!(second.scanned + second.recalled() <= first.scanned + 4, "{} scanned", second.scanned);
}

#[test]
fn a_known_object_at_a_new_path_and_an_older_commit() {
    let repo = repository();
    audit(&repo, &Setup::default());
    repo.commit_file("copy.env", format!("TOKEN={}\n", token('a')));
    audit_twice(&repo, &Setup::default());
    // A commit that claims to be older than all others.
    repo.git(&["checkout", "-q", "--orphan", "old"]);
    repo.git(&["commit", "-q", "--date=2001-01-01T00:00:00Z", "-m", "Old"]);
    audit_twice(&repo, &Setup::default());
}

/// The other part of a credential is told by the version in which it stands on the lowest line.
#[test]
fn a_credential_of_two_parts() {
    let repo = Repo::new();
    let part = |template: &str| expand(template).expect("a template");
    let secret = part("aws_secret_access_key = \"{{base62:40}}\"\n");
    for id in ["AKIA{{base32:16}}", "AKIAQ{{base32:15}}"] {
        for lines in [5, 3, 1, 4] {
            let id = part(&format!("aws_access_key_id = \"{id}\"\n"));
            repo.commit_file("aws.ini", format!("{}{id}{secret}", "line\n".repeat(lines)));
        }
    }
    let seen = audit_twice(&repo, &Setup::default());
    let lines = seen.report.findings.iter().flat_map(|f| &f.companions).map(|part| part.line);
    assert_eq!(lines.collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn a_new_branch_and_a_deleted_one() {
    let repo = repository();
    audit(&repo, &Setup::default());
    repo.git(&["branch", "other", "HEAD~3"]);
    let branched = audit_twice(&repo, &Setup::default());
    assert!(branched.recalled() > 0);
    repo.git(&["checkout", "-q", "other"]);
    repo.commit_file("side.py", password(3));
    repo.git(&["checkout", "-q", "main"]);
    let reachable = audit_twice(&repo, &Setup::default());
    repo.git(&["branch", "-q", "-D", "other"]);
    let gone = audit_twice(&repo, &Setup::default());
    let unreachable = |report: &unspill::model::Report| report.findings.iter().any(|f| f.first().unreachable);
    assert!(!unreachable(&reachable.report) && unreachable(&gone.report));
}

#[test]
fn another_commit_at_head() {
    let repo = repository();
    audit(&repo, &Setup::default());
    repo.git(&["checkout", "-q", "--detach", "HEAD~12"]);
    audit_twice(&repo, &Setup::default());
}

#[test]
fn packing() {
    let repo = repository();
    let first = audit(&repo, &Setup::default());
    repo.git(&["gc", "-q", "--prune=now"]);
    let second = audit_twice(&repo, &Setup::default());
    assert!(second.recalled() >= 20 && second.scanned < first.scanned, "{:?}", second.reuse);
    repo.commit_file("new.py", password(2));
    repo.git(&["repack", "-q", "-d"]);
    audit_twice(&repo, &Setup::default());
    // Two packs that hold the same.
    repo.git(&["repack", "-q", "-a", "--no-write-bitmap-index"]);
    audit_twice(&repo, &Setup::default());
}

#[test]
fn what_is_gone_is_not_reported() {
    let repo = repository();
    repo.commit_file("new.py", password(2));
    repo.commit_file("more.txt", "nothing\n");
    let with = audit(&repo, &Setup::default());
    // A force-push, and a clean-up of what it left behind.
    repo.git(&["reset", "-q", "--hard", "HEAD~2"]);
    let left = audit_twice(&repo, &Setup::default());
    assert_eq!(left.report.findings.len(), with.report.findings.len());
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "-q", "--prune=now"]);
    let gone = audit_twice(&repo, &Setup::default());
    assert_eq!(gone.report.findings.len() + 1, with.report.findings.len());
    assert!(gone.report.stats.items < with.report.stats.items);
}

#[test]
fn a_cache_of_another_repository() {
    let (one, other) = (repository(), repository());
    other.commit_file("other.py", password(9));
    let cache = cache_of(&one);
    audit_with(one.path(), &cache, &Setup::default());
    let crossed = audit_with(other.path(), &cache, &Setup::default());
    assert!(matches!(crossed.reuse, Reuse::Objects(_)), "{:?}", crossed.reuse);
    audit_with(one.path(), &cache, &Setup::default());
    let empty = Repo::new();
    empty.commit_file("x", password(5));
    assert_eq!(audit_with(empty.path(), &cache, &Setup::default()).reuse, Reuse::Nothing);
}

#[test]
fn objects_named_by_longer_hashes() {
    let repo = Repo::init(&["--object-format=sha256"]);
    repo.commit_file("a", password(1));
    audit_twice(&repo, &Setup::default());
    repo.commit_file("b", password(2));
    assert!(audit_twice(&repo, &Setup::default()).recalled() > 0);
}

#[test]
fn what_is_missing_and_what_comes_back() {
    let repo = repository();
    let id = repo.id("HEAD:readme");
    let kept = fs::read(repo.loose(id)).expect("a loose object");
    audit(&repo, &Setup::default());
    fs::remove_file(repo.loose(id)).expect("a loose object");
    let missing = audit_twice(&repo, &Setup::default());
    assert_eq!(missing.report.problems.len(), 2, "{:?}", missing.report.problems);
    fs::write(repo.loose(id), &kept).expect("a loose object");
    assert_eq!(audit_twice(&repo, &Setup::default()).report.problems.len(), 1);
}

#[test]
fn what_cannot_be_read_is_tried_again() {
    let repo = repository();
    let id = repo.id("HEAD:allowed.py");
    let kept = fs::read(repo.loose(id)).expect("a loose object");
    overwrite(&repo.loose(id), b"broken");
    for _ in 0..2 {
        let broken = audit(&repo, &Setup::default());
        assert_ne!(broken.reuse, Reuse::Outcome);
        assert_eq!(broken.report.problems.len(), 2, "{:?}", broken.report.problems);
    }
    overwrite(&repo.loose(id), &kept);
    assert_eq!(audit_twice(&repo, &Setup::default()).report.problems.len(), 1);
}

#[test]
fn shallow_clones_and_borrowed_objects() {
    let repo = repository();
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth=3", &url, &clone.to_string_lossy()]);
    let cache = cache_of(&repo);
    for reuse in [Reuse::Nothing, Reuse::Outcome] {
        assert_eq!(audit_with(&clone, &cache, &Setup::default()).reuse, reuse);
    }
    repo.git_in(&clone, &["fetch", "-q", "--unshallow"]);
    assert!(audit_with(&clone, &cache, &Setup::default()).recalled() > 0);
    let borrower = repo.beside("borrower");
    repo.git(&["clone", "-q", "--shared", ".", &borrower.to_string_lossy()]);
    audit_with(&borrower, &cache, &Setup::default());
    repo.commit_file("lent.py", password(4));
    assert!(audit_with(&borrower, &cache, &Setup::default()).recalled() > 0);
    assert_eq!(audit_with(&borrower, &cache, &Setup::default()).reuse, Reuse::Outcome);
}

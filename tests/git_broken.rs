//! Broken repositories: what cannot be read is named, and all the rest is read.

mod support;

use std::fs;

use support::record::Record;
use support::repo::{Repo, overwrite};
use unspill::source::Source;
use unspill::source::git::{Git, GitOptions};

fn record(repo: &Repo) -> Record {
    Record::of(&Git::open(Some(repo.path()), GitOptions::default()).expect("a repository"))
}

fn places(record: &Record) -> String {
    record.problems.iter().map(|p| format!("{}: {}\n", p.place, p.what)).collect()
}

#[test]
fn a_corrupt_loose_object() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    repo.commit_file("b", "two\n");
    let id = repo.id("HEAD:a");
    for content in [&b"not zlib at all"[..], b"", b"\x78\x01\x4b\xca\xc9\x4f\x52\x30"] {
        overwrite(&repo.loose(id), content);
        let record = record(&repo);
        assert_eq!(record.texts(), ["two\n"]);
        assert_eq!(record.problems.len(), 1, "{}", places(&record));
        assert!(places(&record).contains(&id.to_string()), "{}", places(&record));
    }
}

#[test]
fn missing_blobs_trees_and_commits() {
    for what in ["HEAD:a", "HEAD:d", "HEAD~1"] {
        let repo = Repo::new();
        repo.commit_file("d/b", "two\n");
        repo.commit_file("c", "three\n");
        repo.commit_file("a", "one\n");
        let id = repo.id(what);
        fs::remove_file(repo.loose(id)).expect("a loose object");
        let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
        let found = Record::of(&git);
        assert!(places(&found).contains(&format!("object {id}: is missing")), "{what}: {}", places(&found));
        assert!(found.texts().contains(&"three\n"));
        let wanted = found.holding("three").origin.object().expect("an object");
        assert!(git.attribute(&[wanted], None).is_ok());
        let options = GitOptions { unreachable: false, ..GitOptions::default() };
        let found = Record::of(&Git::open(Some(repo.path()), options).expect("a repository"));
        assert!(places(&found).contains(&format!("object {id}: is missing")), "{what}: {}", places(&found));
    }
}

/// `git gc` takes unreachable objects one by one: what only they name need not be there.
#[test]
fn what_only_unreachable_objects_name_is_not_missed() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    repo.commit_file("b", "two\n");
    let id = repo.id("HEAD:b");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    fs::remove_file(repo.loose(id)).expect("a loose object");
    let record = record(&repo);
    assert_eq!(record.texts(), ["one\n"]);
    assert!(record.problems.is_empty(), "{}", places(&record));
}

#[test]
fn a_truncated_pack() {
    let repo = Repo::new();
    for n in 0..30 {
        repo.commit_file(format!("f{n}"), format!("text of file {n}\n").repeat(20));
    }
    let pack = repo.pack();
    repo.commit_file("loose", "still here\n");
    let whole = fs::read(&pack).expect("a pack");
    let mut counts = Vec::new();
    for keep in [whole.len() / 2, whole.len() - 30, 100, 12, 5, 0] {
        overwrite(&pack, &whole[..keep]);
        let record = record(&repo);
        assert!(record.texts().contains(&"still here\n"), "{keep}");
        assert!(!record.problems.is_empty(), "{keep}");
        assert!(record.problems.len() <= 30, "{keep}: {}", record.problems.len());
        counts.push(record.texts().len());
    }
    assert!(counts[0] < 31, "{counts:?}");
}

/// Any byte of a pack may be wrong. Whatever that does, it must not end in a panic.
#[test]
fn flipped_bits_in_a_pack() {
    let repo = Repo::new();
    let mut text = String::new();
    for n in 0..12 {
        text.push_str(&format!("line {n} of a text that grows\n"));
        repo.commit_file("f", &text);
    }
    repo.git(&["tag", "-a", "-m", "tag", "v1"]);
    let pack = repo.pack();
    let whole = fs::read(&pack).expect("a pack");
    for at in (8..whole.len()).step_by(7) {
        let mut broken = whole.clone();
        broken[at] ^= 0x55;
        overwrite(&pack, &broken);
        let Ok(git) = Git::open(Some(repo.path()), GitOptions::default()) else { continue };
        let Ok(record) = Record::try_of(&git) else { continue };
        let ids: Vec<_> = record.blobs.iter().filter_map(|blob| blob.origin.object()).collect();
        let _ = git.attribute(&ids, None);
    }
}

#[test]
fn a_broken_index_of_a_pack() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    let index = repo.pack().with_extension("idx");
    let whole = fs::read(&index).expect("an index");
    for keep in [whole.len() / 2, 8, 0] {
        overwrite(&index, &whole[..keep]);
        let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
        match Record::try_of(&git) {
            Ok(record) => assert!(!record.problems.is_empty(), "{keep}"),
            Err(error) => assert!(!error.what.is_empty()),
        }
    }
}

#[test]
fn broken_refs() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    repo.write(".git/refs/heads/dangling", "1234567890123456789012345678901234567890\n");
    let options = GitOptions { unreachable: false, ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), options).expect("a repository"));
    assert_eq!(record.texts(), ["one\n"]);
    assert!(places(&record).contains("1234567890"), "{}", places(&record));
}

/// A few small trees that name each other make up billions of paths, or a path of any depth.
#[test]
fn trees_made_to_exhaust() {
    let repo = Repo::new();
    repo.write("blob", "bomb\n");
    let mut id = repo.git(&["hash-object", "-w", "blob"]);
    let mut mode = "100644 blob";
    let mktree = |entries: &str| {
        repo.write("../entries", entries);
        let script = "git mktree < ../entries";
        let output = std::process::Command::new("sh").current_dir(repo.path()).args(["-c", script]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for _ in 0..8 {
        let entries: String = (0..10).map(|n| format!("{mode} {id}\td{n}\n")).collect();
        id = mktree(&entries);
        mode = "040000 tree";
    }
    let commit = repo.git(&["commit-tree", "-m", "bomb", &id]);
    repo.git(&["update-ref", "refs/heads/main", &commit]);
    let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
    let found = Record::of(&git);
    assert_eq!(found.texts(), ["bomb\n"]);
    assert!(found.problems.is_empty(), "{}", places(&found));
}

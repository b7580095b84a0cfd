//! What a push hands over: each commit and tag once, and no more of the history than it takes.

use std::fs;

use gix::ObjectId;

use super::support::record::Record;
use super::support::repo::Repo;
use unspill::source::git::{Git, GitOptions, Mode, Push, Receiver, Update};

fn push(repo: &Repo, receiver: Receiver, updates: &[(Option<ObjectId>, Option<ObjectId>)]) -> Record {
    let updates = updates.iter().zip(0..).map(|((old, new), n)| {
        let reference = format!("refs/heads/{n}").into();
        Update { reference, old: *old, new: *new }
    });
    let mode = Mode::Push(Push { receiver, updates: updates.collect() });
    let options = GitOptions { mode, first_parent: true, ..GitOptions::default() };
    Record::of(&Git::open(Some(repo.path()), options).expect("a repository"))
}

#[test]
fn several_refs_share_what_they_reach() {
    let repo = Repo::new();
    let base = repo.commit_file("a", "one\n");
    repo.git(&["checkout", "-q", "--detach"]);
    repo.commit_file("a", "one\ntwo\n");
    let first = repo.commit_file("b", "three\n");
    let second = repo.commit_file("c", "four\n");
    repo.git(&["tag", "-a", "-m", "of both", "tag"]);
    let tag = repo.id("tag");
    repo.git(&["tag", "-d", "tag"]);
    let record = push(&repo, Receiver::Here, &[(None, Some(first)), (Some(base), Some(second)), (None, Some(tag))]);
    assert!(record.problems.is_empty(), "{record:?}");
    assert_eq!(record.commits, 0, "HEAD is a ref like any other");

    repo.git(&["checkout", "-q", "main"]);
    let record = push(&repo, Receiver::Here, &[(None, Some(first)), (Some(base), Some(second)), (None, Some(tag))]);
    assert_eq!(record.commits, 3);
    let counting = record.counting();
    let added: Vec<&str> = counting.iter().flat_map(|(_, parts)| parts).map(String::as_str).collect();
    assert_eq!(added.len(), 3, "{counting:?}");
    assert!(added.contains(&"two\n"), "{counting:?}");
    let mut messages = record.messages();
    messages.sort_unstable();
    assert_eq!(messages, ["Write a\n", "Write b\n", "Write c\n", "of both\n"]);
}

#[test]
fn both_sides_of_a_merge_are_scanned() {
    let repo = Repo::new();
    let base = repo.commit_file("base", "base\n");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file("side", "secret\n");
    repo.commit_file("side", "nothing\n");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("main", "main\n");
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let record = push(&repo, Receiver::Remote(None), &[(Some(base), Some(repo.id("HEAD")))]);
    assert_eq!(record.commits, 4);
    assert_eq!(record.holding("secret").text, "secret\n");
}

/// What lies far back is not there any more, and is not missed.
#[test]
fn a_small_push_does_not_walk_all_of_history() {
    let repo = Repo::new();
    let script: String = (1..=1000)
        .map(|n| {
            let from = if n > 1 { format!("from :{}\n", n - 1) } else { String::new() };
            format!(
                "commit refs/heads/main\nmark :{n}\ncommitter C <c@d> {} +0000\ndata 2\nx\n{from}\n",
                1_600_000_000 + n
            )
        })
        .collect();
    repo.write("../script", script);
    let input = fs::File::open(repo.beside("script")).expect("a file");
    let done = std::process::Command::new("git")
        .args(["-c", "fastimport.unpackLimit=10000", "fast-import", "--quiet"])
        .current_dir(repo.path())
        .env_remove("GIT_DIR")
        .stdin(input)
        .status();
    assert!(done.expect("git runs").success());
    repo.git(&["checkout", "-q", "main"]);
    let old = repo.id("HEAD");
    for commit in repo.git(&["rev-list", "--skip=500", "HEAD"]).lines() {
        fs::remove_file(repo.loose(ObjectId::from_hex(commit.as_bytes()).expect("an id"))).expect("a loose commit");
    }
    let new = repo.commit_file("a", "one\n");
    repo.git(&["update-ref", "refs/remotes/origin/main", &old.to_string()]);
    repo.git(&["checkout", "-q", "--detach", &old.to_string()]);
    repo.git(&["branch", "-f", "main", &old.to_string()]);
    for (receiver, old) in [
        (Receiver::Here, Some(old)),
        (Receiver::Here, None),
        (Receiver::Remote(None), Some(old)),
        (Receiver::Remote(Some("origin".to_owned())), None),
    ] {
        let record = push(&repo, receiver, &[(old, Some(new))]);
        assert!(record.problems.is_empty(), "{record:?}");
        assert_eq!(record.commits, 1);
    }
    // Where nothing is known of the other side, all is new to it: and what of it is lost is told.
    let record = push(&repo, Receiver::Remote(Some("elsewhere".to_owned())), &[(None, Some(new))]);
    assert!(!record.problems.is_empty());
}

#[test]
fn an_old_tip_that_is_not_here_excludes_nothing() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    let new = repo.commit_file("a", "two\n");
    let gone = ObjectId::from_hex("1".repeat(40).as_bytes()).expect("an id");
    let record = push(&repo, Receiver::Remote(None), &[(Some(gone), Some(new))]);
    assert!(record.problems.is_empty(), "{record:?}");
    assert_eq!(record.commits, 2);
}

#[test]
fn a_new_tip_that_is_not_here_is_a_problem() {
    let repo = Repo::new();
    let old = repo.commit_file("a", "one\n");
    let gone = ObjectId::from_hex("1".repeat(40).as_bytes()).expect("an id");
    let record = push(&repo, Receiver::Here, &[(Some(old), Some(gone))]);
    assert_eq!(record.problems.len(), 1);
}

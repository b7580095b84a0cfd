//! Checkouts that are too shallow: deepened from their own remote, or refused with what to do.

use std::path::PathBuf;

use serde_json::json;

use super::github::{pull_request, push};
use super::job::{Job, NONE, leak, secret};
use super::support::repo::Repo;

/// A remote: main with `old` commits, the first one with a leak; then `topic` with `own` commits, the first one with a
/// leak; then as many on main. `merge` is both merged, as `refs/pull/7/merge` is.
fn remote(old: usize, own: usize) -> Repo {
    let repo = Repo::new();
    repo.commit_file("old.py", leak(&secret()));
    (1..old).for_each(|n| _ = repo.commit_file("count", n.to_string()));
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit_file("topic.py", leak(&secret()));
    (1..own).for_each(|n| _ = repo.commit_file("own", n.to_string()));
    repo.git(&["checkout", "-q", "main"]);
    (0..own).for_each(|n| _ = repo.commit_file("other", n.to_string()));
    repo.git(&["checkout", "-q", "-b", "merge"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
    repo.git(&["update-ref", "refs/pull/7/head", "topic"]);
    repo
}

/// A checkout as actions/checkout makes it: one commit of one ref, detached.
fn checkout(remote: &Repo, reference: &str) -> PathBuf {
    let folder = remote.beside("checkout");
    let _ = std::fs::remove_dir_all(&folder);
    remote.git(&["init", "-q", folder.to_str().expect("UTF-8")]);
    let url = format!("file://{}", remote.path().display());
    remote.git_in(&folder, &["remote", "add", "origin", &url]);
    remote.git_in(&folder, &["fetch", "-q", "--no-tags", "--depth=1", "origin", reference]);
    remote.git_in(&folder, &["checkout", "-q", "--detach", "FETCH_HEAD"]);
    folder
}

#[test]
fn a_pull_request_is_deepened_until_it_meets_its_base() {
    let remote = remote(60, 40);
    let checkout = checkout(&remote, "refs/heads/merge");
    let ran = Job::github("pull_request", pull_request(remote.id("main"), remote.id("topic"))).run(&checkout, &[]);
    ran.expect(1, 1);
    assert!(ran.annotations("error")[0].contains("file=topic.py,line=1"), "{}", ran.stdout);
    // No more than needed: 40 commits are behind 32, so the second step of 128 is taken, and not all is fetched by name.
    assert!(ran.summary.contains("40 commits"), "{}", ran.summary);
}

#[test]
fn deepening_stops_where_it_is_enough() {
    let remote = remote(300, 3);
    let checkout = checkout(&remote, "refs/heads/merge");
    Job::github("pull_request", pull_request(remote.id("main"), remote.id("topic"))).run(&checkout, &[]).expect(1, 1);
    let here = remote.git_in(&checkout, &["rev-list", "--count", &remote.id("topic").to_string()]);
    assert!(here.parse::<usize>().expect("a number") < 100, "{here}");
}

#[test]
fn a_push_finds_the_commit_before() {
    let remote = remote(5, 3);
    let before = remote.id("topic~3");
    let checkout = checkout(&remote, "refs/heads/topic");
    let ran = Job::github("push", push(before, remote.id("topic"), "refs/heads/topic")).run(&checkout, &[]);
    ran.expect(1, 1);
}

#[test]
fn a_new_branch_finds_the_default_branch() {
    let remote = remote(5, 3);
    let checkout = checkout(&remote, "refs/heads/topic");
    Job::github("push", push(NONE, remote.id("topic"), "refs/heads/topic")).run(&checkout, &[]).expect(1, 1);
}

#[test]
fn a_forced_push_over_what_is_gone_finds_the_default_branch() {
    let remote = remote(5, 3);
    let checkout = checkout(&remote, "refs/heads/topic");
    let gone = "1234567890123456789012345678901234567890";
    let ran = Job::github("push", push(gone, remote.id("topic"), "refs/heads/topic")).run(&checkout, &[]);
    ran.expect(1, 1);
    assert!(ran.stderr.contains("is gone"), "{}", ran.stderr);
}

#[test]
fn a_merge_group_meets_its_base() {
    let remote = remote(40, 40);
    let checkout = checkout(&remote, "refs/heads/merge");
    let (base, head) = (remote.id("main").to_string(), remote.id("merge").to_string());
    let event = json!({ "action": "checks_requested", "merge_group": { "base_sha": base, "head_sha": head } });
    Job::github("merge_group", event).run(&checkout, &[]).expect(1, 1);
}

#[test]
fn a_whole_history_is_fetched_whole() {
    let remote = remote(5, 3);
    let checkout = checkout(&remote, "refs/heads/main");
    Job::github("schedule", json!({})).run(&checkout, &[]).expect(1, 2);
}

#[test]
fn a_first_push_gets_all_of_its_history() {
    let remote = remote(5, 3);
    let checkout = checkout(&remote, "refs/heads/main");
    Job::github("push", push(NONE, remote.id("main"), "refs/heads/main")).run(&checkout, &[]).expect(1, 1);
}

#[test]
fn without_its_remote_it_says_what_to_write_into_the_workflow() {
    let remote = remote(5, 3);
    let checkout = checkout(&remote, "refs/heads/merge");
    remote.git_in(&checkout, &["remote", "set-url", "origin", "file:///nowhere/with/token@here"]);
    for (name, event) in [
        ("pull_request", pull_request(remote.id("main"), remote.id("topic"))),
        ("push", push(remote.id("main~1"), remote.id("merge"), "refs/heads/merge")),
        ("schedule", json!({})),
    ] {
        let ran = Job::github(name, event).run(&checkout, &[]);
        ran.expect_failure();
        assert!(ran.stderr.contains("fetch-depth: 0"), "{}", ran.stderr);
        assert!(ran.annotations("error")[0].contains("fetch-depth: 0"), "{}", ran.stdout);
        assert!(!ran.everything().contains("token@here"), "{}", ran.stderr);
    }
}

#[test]
fn nothing_is_fetched_where_all_is_there() {
    let remote = remote(5, 3);
    // A remote that would fail if it were asked.
    remote.git(&["remote", "add", "origin", "file:///nowhere"]);
    Job::github("pull_request", pull_request(remote.id("main"), remote.id("topic")))
        .run(remote.path(), &[])
        .expect(1, 1);
}

//! Every kind of event of GitHub Actions.

use std::fs;

use serde_json::{Value, json};

use super::job::{Job, NONE, leak, secret};
use super::support::repo::Repo;

/// The event of a pull request.
pub fn pull_request(base: impl ToString, head: impl ToString) -> Value {
    json!({
        "action": "synchronize",
        "pull_request": {
            "number": 7,
            "base": { "ref": "main", "sha": base.to_string() },
            "head": { "ref": "topic", "sha": head.to_string() }
        },
        "repository": { "default_branch": "main" }
    })
}

/// The event of a push.
pub fn push(before: impl ToString, after: impl ToString, reference: &str) -> Value {
    json!({
        "before": before.to_string(),
        "after": after.to_string(),
        "ref": reference,
        "repository": { "default_branch": "main" }
    })
}

/// A repository in which main had a leak long ago and got another after `topic` left it; `topic` brings one of its own on
/// line 2 of `topic.py`.
fn forked() -> (Repo, String) {
    let (repo, own) = (Repo::new(), secret());
    repo.commit_file("old.py", leak(&secret()));
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit_file("topic.py", format!("# topic\n{}", leak(&own)));
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("new.py", leak(&secret()));
    repo.git(&["checkout", "-q", "topic"]);
    (repo, own)
}

#[test]
fn a_pull_request_that_has_a_say_in_its_own_outcome_is_told_of() {
    let (repo, _) = forked();
    let quiet = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic"))).run(repo.path(), &[]);
    assert!(!quiet.summary.contains("has a say"), "{}", quiet.summary);
    repo.git(&["checkout", "-q", "-b", "excused", "main"]);
    repo.commit_file("sub/.unspillignore", "# nothing yet\n");
    repo.commit_file("own.py", format!("{}  # unspill:allow\n", leak(&secret()).trim_end()));
    let event = pull_request(repo.id("main"), repo.id("excused"));
    let ran = Job::github("pull_request", event).run(repo.path(), &[]);
    ran.expect(0, 0);
    let said = "This change has a say in what is reported: it edits sub/.unspillignore, and allows 1 finding of its own \
                by comment.";
    assert!(ran.annotations("notice").iter().any(|notice| notice.ends_with(said)), "{:?}", ran.annotations("notice"));
    assert!(ran.summary.contains("has a say in what is reported"), "{}", ran.summary);
}

#[test]
fn a_pull_request_that_edits_a_file_that_was_named_is_told_of() {
    let (repo, _) = forked();
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("ci/strict.toml", "min_confidence = \"medium\"\n");
    repo.git(&["checkout", "-q", "-b", "lax"]);
    repo.commit_file("ci/strict.toml", "min_confidence = 100\n");
    let event = pull_request(repo.id("main"), repo.id("lax"));
    let ran = Job::github("pull_request", event).run(repo.path(), &["--config", "ci/strict.toml"]);
    assert!(ran.summary.contains("it edits ci/strict.toml"), "{}", ran.summary);
}

#[test]
fn a_tag_that_is_called_like_the_base_is_not_taken_for_it() {
    let (repo, _) = forked();
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo.git(&["tag", "origin/main", "topic"]);
    let ran = Job::new(&[]).run(repo.path(), &["--base", "origin/main"]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
}

#[test]
fn a_pull_request_is_exactly_what_it_adds_to_its_base() {
    let (repo, own) = forked();
    let event = pull_request(repo.id("main"), repo.id("topic"));
    for name in ["pull_request", "pull_request_target"] {
        let ran = Job::github(name, event.clone()).run(repo.path(), &[]);
        ran.expect(1, 1);
        let errors = ran.annotations("error");
        assert!(errors[0].starts_with("::error file=topic.py,line=2,endLine=2,title=unspill%3A GitHub"), "{errors:?}");
        assert_eq!(errors.len(), 1);
        let allow = "write there at the end of the line: # unspill:allow(github-personal-access-token)";
        assert!(errors[0].contains("in .unspillignore: ") && errors[0].contains(allow), "{errors:?}");
        let line = format!("https://github.example/octo/repo/blob/{}/topic.py#L2", repo.id("topic"));
        assert!(ran.summary.contains(&line), "{}", ran.summary);
        assert!(!ran.everything().contains(&own));
    }
}

#[test]
fn annotations_stand_where_the_line_is_now() {
    let (repo, _) = forked();
    let text = fs::read_to_string(repo.path().join("topic.py")).expect("the file");
    repo.commit_file("topic.py", format!("#\n#\n#\n{text}"));
    let ran = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic"))).run(repo.path(), &[]);
    ran.expect(1, 1);
    assert!(ran.annotations("error")[0].contains("file=topic.py,line=5,endLine=5,"), "{}", ran.stdout);
}

#[test]
fn what_a_later_commit_removes_is_found_all_the_same() {
    let (repo, _) = forked();
    repo.commit_file("topic.py", "# nothing\n");
    let ran = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic"))).run(repo.path(), &[]);
    ran.expect(1, 1);
    let error = &ran.annotations("error")[0];
    assert!(error.starts_with("::error file=topic.py,title=") && error.contains("stays in the history"), "{error}");
}

#[test]
fn a_push_is_what_came_since_the_last_one() {
    let repo = Repo::new();
    let before = repo.commit_file("a.py", leak(&secret()));
    repo.commit_file("b.py", leak(&secret()));
    let after = repo.commit_file("c.py", leak(&secret()));
    let ran = Job::github("push", push(before, after, "refs/heads/main")).run(repo.path(), &[]);
    ran.expect(1, 2);
    assert!(!ran.everything().contains("a.py"));
}

#[test]
fn a_new_branch_is_what_the_default_branch_does_not_have() {
    let (repo, _) = forked();
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo.git(&["remote", "add", "origin", "/nowhere"]);
    let ran = Job::github("push", push(NONE, repo.id("topic"), "refs/heads/topic")).run(repo.path(), &[]);
    ran.expect(1, 1);
    assert!(ran.annotations("error")[0].contains("file=topic.py"));
}

#[test]
fn the_first_push_of_all_is_everything_in_it() {
    let (repo, _) = forked();
    let ran = Job::github("push", push(NONE, repo.id("main"), "refs/heads/main")).run(repo.path(), &[]);
    ran.expect(1, 2);
}

/// Nobody knows any longer what was there before: more is scanned than needed, never less.
#[test]
fn a_forced_push_over_what_is_gone_is_compared_to_the_default_branch() {
    let (repo, _) = forked();
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo.git(&["remote", "add", "origin", "/nowhere"]);
    let gone = "1234567890123456789012345678901234567890";
    let ran = Job::github("push", push(gone, repo.id("topic"), "refs/heads/topic")).run(repo.path(), &[]);
    ran.expect(1, 1);
    assert!(ran.stderr.contains("is gone"), "{}", ran.stderr);
    let ran = Job::github("push", push(gone, repo.id("main"), "refs/heads/main")).run(repo.path(), &[]);
    ran.expect(1, 2);
}

#[test]
fn a_forced_push_over_what_is_still_there_is_what_it_brings() {
    let (repo, _) = forked();
    let before = repo.id("topic");
    repo.git(&["reset", "-q", "--hard", "main"]);
    let after = repo.commit_file("again.py", leak(&secret()));
    let ran = Job::github("push", push(before, after, "refs/heads/topic")).run(repo.path(), &[]);
    // The commit of main that the old topic did not have, and the new one.
    ran.expect(1, 2);
}

#[test]
fn a_deleted_branch_and_an_empty_range_pass() {
    let (repo, _) = forked();
    let head = repo.id("topic");
    let ran = Job::github("push", push(head, NONE, "refs/heads/topic")).run(repo.path(), &[]);
    ran.expect(0, 0);
    let ran = Job::github("push", push(head, head, "refs/heads/topic")).run(repo.path(), &[]);
    ran.expect(0, 0);
    assert!(ran.summary.contains("no secrets found"), "{}", ran.summary);
    assert!(ran.commands().is_empty());
}

#[test]
fn a_merge_group_is_what_it_adds_to_its_base() {
    let (repo, _) = forked();
    let event = json!({ "merge_group": {
        "base_sha": repo.id("main").to_string(), "head_sha": repo.id("topic").to_string(), "head_ref": "refs/heads/gh-readonly-queue/main/pr-7"
    } });
    Job::github("merge_group", event).run(repo.path(), &[]).expect(1, 1);
}

#[test]
fn schedules_and_manual_runs_scan_the_whole_history() {
    let (repo, _) = forked();
    for name in ["schedule", "workflow_dispatch", "release"] {
        Job::github(name, json!({})).run(repo.path(), &[]).expect(1, 3);
    }
}

#[test]
fn what_cannot_be_read_never_passes() {
    let (repo, _) = forked();
    let head = repo.id("topic");
    Job::github("pull_request", json!({})).run(repo.path(), &[]).expect_failure();
    Job::github("push", json!({ "ref": "refs/heads/main" })).run(repo.path(), &[]).expect_failure();
    let no_file = Job::github("push", json!({})).with(&[("GITHUB_EVENT_PATH", "/nowhere")]);
    let told = no_file.run(repo.path(), &[]);
    told.expect_failure();
    assert!(told.stderr.contains("mount the folder"), "{}", told.stderr);
    let broken = Job::github("push", json!({}));
    fs::write(broken.file("event.json"), "{").expect("a file");
    let told = broken.run(repo.path(), &[]);
    told.expect_failure();
    assert!(told.stderr.contains("in JSON") && !told.stderr.contains("mount"), "{}", told.stderr);
    let unknown = "1234567890123456789012345678901234567890";
    Job::github("pull_request", pull_request(unknown, head)).run(repo.path(), &[]).expect_failure();
    Job::github("push", push(head, unknown, "refs/heads/topic")).run(repo.path(), &[]).expect_failure();
    Job::github("pull_request", pull_request("--upload-pack=touch x", head)).run(repo.path(), &[]).expect_failure();
}

#[test]
fn a_range_with_a_hole_in_it_is_incomplete() {
    let (repo, _) = forked();
    let blob = repo.id("topic:topic.py");
    fs::remove_file(repo.loose(blob)).expect("the object");
    let ran = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic"))).run(repo.path(), &[]);
    ran.expect(2, 0);
    assert!(ran.annotations("error")[0].contains("incomplete"), "{}", ran.stdout);
    assert!(ran.summary.contains("incomplete"), "{}", ran.summary);
}

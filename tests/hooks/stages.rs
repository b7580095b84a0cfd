//! The hook that this repository declares for pre-commit and prek, in every stage and kind of commit, as both fetch it.

use super::managers::{run, stops_a_push, stops_and_lets_through, work_with};
use super::work::{PROGRAM, Work, said, secret};

const BOTH: [&str; 2] = ["pre-commit", "prek"];

/// A repository that is configured to run the declared hook, with what else is said of it, and has no commit yet.
fn configured(name: &str, hooks: &str) -> Option<Work> {
    let work = work_with(name)?;
    let declared = work.beside("declared");
    std::fs::create_dir_all(&declared).expect("a folder");
    std::fs::write(declared.join(".pre-commit-hooks.yaml"), include_str!("../../.pre-commit-hooks.yaml"))
        .expect("a file");
    for args in [&["init", "-q", "."][..], &["add", "."], &["commit", "-q", "-m", "Declare"]] {
        assert!(work.git_in(&declared, args).status.success());
    }
    let id = said(&work.git_in(&declared, &["rev-parse", "HEAD"]));
    let config = format!("repos:\n- repo: {}\n  rev: {}\n  hooks:\n{hooks}", declared.display(), id.trim());
    work.stage(".pre-commit-config.yaml", &config);
    let types = ["pre-commit", "pre-push", "commit-msg"].iter().flat_map(|kind| ["--hook-type", kind]);
    run(&work, name, &["install"].into_iter().chain(types).collect::<Vec<_>>());
    Some(work)
}

/// The same with nothing else.
fn plain(name: &str) -> Option<Work> {
    configured(name, "      - id: unspill-system\n")
}

/// A line with a secret.
fn line() -> String {
    format!("token = \"{}\"\n", secret())
}

#[track_caller]
fn stopped(work: &Work, args: &[&str]) {
    let output = work.git(args);
    assert!(!output.status.success() && said(&output).contains("unspill stopped this commit"), "{}", said(&output));
}

#[track_caller]
fn passes(work: &Work, args: &[&str]) {
    let output = work.git(args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
}

#[test]
fn a_first_commit_later_ones_and_a_push() {
    for work in BOTH.into_iter().filter_map(plain) {
        stops_and_lets_through(&work);
        stops_a_push(&work);
    }
}

#[test]
fn a_file_that_is_staged_in_part() {
    for work in BOTH.into_iter().filter_map(plain) {
        work.stage("a.py", "begin\n");
        passes(&work, &["commit", "-m", "Begin"]);
        work.stage("a.py", &line());
        work.write("a.py", "nothing\n");
        stopped(&work, &["commit", "-m", "Staged"]);
        work.stage("a.py", "nothing\n");
        work.write("a.py", &line());
        passes(&work, &["commit", "-m", "Not staged"]);
        assert!(work.read("a.py").starts_with("token"), "what was not staged is still there");
    }
}

#[test]
fn an_amended_commit() {
    for work in BOTH.into_iter().filter_map(plain) {
        passes(&work, &["commit", "-m", "Begin"]);
        work.stage("a.py", &line());
        stopped(&work, &["commit", "--amend", "-m", "Amended"]);
        passes(&work, &["commit", "--no-verify", "--amend", "-m", "Amended"]);
        // What stands in HEAD is not what this one adds.
        passes(&work, &["commit", "--amend", "-m", "Other words"]);
        passes(&work, &["commit", "--allow-empty", "-m", "Nothing"]);
    }
}

#[test]
fn a_merge_adds_what_no_parent_has() {
    for work in BOTH.into_iter().filter_map(plain) {
        work.stage("a.py", "begin\n");
        passes(&work, &["commit", "-m", "Begin"]);
        passes(&work, &["checkout", "-q", "-b", "other"]);
        work.stage("a.py", "theirs\n");
        work.stage("theirs.py", &line());
        passes(&work, &["commit", "--no-verify", "-m", "Theirs"]);
        passes(&work, &["checkout", "-q", "main"]);
        work.stage("a.py", "ours\n");
        passes(&work, &["commit", "-m", "Ours"]);
        assert!(!work.git(&["merge", "other"]).status.success());
        work.stage("a.py", &line());
        stopped(&work, &["commit", "-m", "Merge"]);
        work.stage("a.py", "both\n");
        passes(&work, &["commit", "-m", "Merge"]);
    }
}

#[test]
fn a_linked_work_tree() {
    for mut work in BOTH.into_iter().filter_map(plain) {
        passes(&work, &["commit", "-m", "Begin"]);
        passes(&work, &["worktree", "add", "-q", "-b", "side", "../side"]);
        work.name = "side";
        stops_and_lets_through(&work);
    }
}

#[test]
fn a_message() {
    // As the documentation has it.
    let page = include_str!("../../docs/hooks.md");
    let hooks = page.split("```yaml\n").find(|block| block.contains("unspill-message")).expect("a configuration");
    let hooks = hooks.split("```").next().unwrap_or_default().replace("id: unspill\n", "id: unspill-system\n");
    let hooks = format!("      - id: unspill-system\n{hooks}");
    for work in BOTH.into_iter().filter_map(|name| configured(name, &hooks)) {
        stopped(&work, &["commit", "-m", &format!("Use {}", secret())]);
        passes(&work, &["commit", "-m", "Say nothing of it"]);
        work.stage("a.py", &line());
        stopped(&work, &["commit", "-m", "Staged"]);
    }
}

#[test]
fn a_run_by_hand() {
    for name in BOTH {
        let Some(work) = plain(name) else { continue };
        let manager =
            work.tools.iter().map(|folder| folder.join(name)).find(|file| file.is_file()).expect("it was found");
        let by_hand = |args: &[&str]| {
            let output = work.run_with(&manager, &[&["run"], args].concat(), &[]);
            (output.status.code(), said(&output))
        };
        passes(&work, &["commit", "-m", "Begin"]);
        assert_eq!(by_hand(&["--all-files"]).0, Some(0));
        work.stage("a.py", &line());
        assert_eq!(by_hand(&[]).0, Some(1));
        passes(&work, &["commit", "--no-verify", "-m", "Secret"]);
        // In CI nothing is staged, and all files are meant.
        let (code, told) = by_hand(&["--all-files"]);
        assert!(code == Some(1) && told.contains("unspill stopped this run") && told.contains("a.py:1:"), "{told}");
        assert_eq!(by_hand(&["--hook-stage", "manual", "unspill-system"]).0, Some(1));
        passes(&work, &["rm", "-q", "a.py"]);
        passes(&work, &["commit", "-m", "Take it out"]);
        assert_eq!(by_hand(&["--all-files"]).0, Some(0));
        // A range counts with what it took out again.
        let (code, told) = by_hand(&["--from-ref", "HEAD~2", "--to-ref", "HEAD"]);
        assert!(code == Some(1) && told.contains("unspill stopped this push"), "{told}");
        assert_eq!(by_hand(&["--from-ref", "HEAD~1", "--to-ref", "HEAD"]).0, Some(0));
    }
}

#[test]
fn a_hook_that_was_told_nothing_goes_by_what_is_staged() {
    let work = Work::new();
    work.stage("a.py", &line());
    passes(&work, &["commit", "-m", "Secret"]);
    let hook = |variables: &[(&str, &str)]| work.run_with(PROGRAM, &["git", "--hook"], variables).status.code();
    assert_eq!(hook(&[]), Some(0));
    assert_eq!(hook(&[("PRE_COMMIT", "1")]), Some(1));
    // Git says of which index it makes a commit.
    assert_eq!(hook(&[("PRE_COMMIT", "1"), ("GIT_INDEX_FILE", ".git/index")]), Some(0));
}

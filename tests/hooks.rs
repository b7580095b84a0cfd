//! Hooks for real: repositories of the real git, the built program, and the programs that manage hooks.
//!
//! pre-commit, prek, lefthook and husky are looked for in the search path and where `.ci/run` puts them; where one is
//! not there, its test says so and passes, unless `UNSPILL_HOOK_TOOLS` says that it must be.

#[path = "hooks/existing.rs"]
mod existing;
#[path = "hooks/folders.rs"]
mod folders;
#[path = "hooks/managers.rs"]
mod managers;
#[path = "hooks/npm.rs"]
mod npm;
#[path = "hooks/screen.rs"]
mod screen;
#[path = "hooks/stages.rs"]
mod stages;
#[path = "hooks/work.rs"]
mod work;

use work::{Work, said, secret};

#[test]
fn a_secret_stops_a_commit_and_its_absence_does_not() {
    let work = Work::new();
    work.unspill(&["install"]);
    work.stage("fine.txt", "nothing to see\n");
    assert!(work.git(&["commit", "-m", "Fine"]).status.success());
    work.stage("app.py", &format!("token = \"{}\"\n", secret()));
    let stopped = work.git(&["commit", "-m", "Not so"]);
    assert_eq!(stopped.status.code(), Some(1));
    let told = said(&stopped);
    assert!(told.contains("app.py:1:10"), "{told}");
    assert!(!told.contains(&secret()), "{told}");
    assert_eq!(work.count(), 1);

    // The three ways on.
    assert!(work.git(&["commit", "--no-verify", "-m", "Once"]).status.success());
    work.git(&["reset", "--soft", "HEAD^"]);
    let comment = told.lines().find(|line| line.contains("# unspill:allow(")).expect("a comment").trim().to_owned();
    work.stage("app.py", &format!("token = \"{}\"  {comment}\n", secret()));
    assert!(work.git(&["commit", "-m", "Allowed on the line"]).status.success());
    work.git(&["reset", "--soft", "HEAD^"]);
    work.stage("app.py", &format!("token = \"{}\"\n", secret()));
    assert!(!work.git(&["commit", "-m", "No more"]).status.success());
    let fingerprint = told.lines().find(|line| line.trim().starts_with("github-personal-access-token:"));
    work.write(".unspillignore", fingerprint.expect("a fingerprint").trim());
    assert!(work.git(&["commit", "-m", "Allowed by its fingerprint"]).status.success());
}

#[test]
fn what_is_staged_counts_and_not_what_lies_in_the_work_tree() {
    let work = Work::new();
    work.unspill(&["install"]);
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    work.write("a.py", "token = read()\n");
    assert!(!work.git(&["commit", "-m", "Staged"]).status.success());
    work.stage("a.py", "token = read()\n");
    work.write("a.py", &format!("token = \"{}\"\n", secret()));
    assert!(work.git(&["commit", "-m", "In the work tree only"]).status.success());
    // `git commit FILE` makes an index of its own.
    work.stage("b.py", "fine\n");
    assert!(!work.git(&["commit", "-m", "Named", "a.py"]).status.success());
    assert!(work.git(&["commit", "-m", "Named", "b.py"]).status.success());
}

#[test]
fn a_message_is_looked_at_without_the_change_below_it() {
    let work = Work::new();
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    assert!(work.git(&["commit", "-m", "Begin"]).status.success());
    work.unspill(&["install", "--hook", "commit-msg"]);
    work.stage("a.py", "token = read()\n");
    let stopped = work.git(&["commit", "-m", &format!("Do not use {}", secret())]);
    assert!(!stopped.status.success());
    assert!(said(&stopped).contains("COMMIT_EDITMSG"), "{}", said(&stopped));
    // With -v the message's file holds the line that is taken out.
    let done = work.git(&["-c", "core.editor=echo Title >>", "commit", "-v", "-m", "Take it out", "--edit"]);
    assert!(done.status.success(), "{}", said(&done));
}

#[test]
fn without_the_program_a_commit_is_stopped_with_a_way_on() {
    let work = Work::new();
    work.unspill(&["install"]);
    let hook = work.read(".git/hooks/pre-commit").replace(env!("CARGO_BIN_EXE_unspill"), "/gone/unspill");
    work.write(".git/hooks/pre-commit", &hook);
    work.stage("fine.txt", "fine\n");
    let stopped = work.git(&["commit", "-m", "Fine"]);
    assert_eq!(stopped.status.code(), Some(1));
    assert!(said(&stopped).contains("git commit --no-verify"), "{}", said(&stopped));
}

#[test]
fn what_cannot_be_checked_is_stopped_with_a_way_on() {
    let work = Work::new();
    work.unspill(&["install"]);
    work.write("unspill.toml", "no [toml");
    work.stage("fine.txt", "fine\n");
    let stopped = work.git(&["commit", "-m", "Fine"]);
    assert!(!stopped.status.success());
    assert!(said(&stopped).contains("git commit --no-verify"), "{}", said(&stopped));
}

#[test]
fn a_range_that_pre_commit_names_is_scanned() {
    let work = Work::new();
    work.stage("a", "fine\n");
    work.git(&["commit", "-m", "Begin"]);
    work.stage("a.py", &format!("token = \"{}\"\n", secret()));
    work.git(&["commit", "-m", "Secret"]);
    let hook = |from: &str| {
        let refs = [("PRE_COMMIT_FROM_REF", from), ("PRE_COMMIT_TO_REF", "HEAD")];
        work.run_with(env!("CARGO_BIN_EXE_unspill"), &["git", "--hook"], &refs)
    };
    let stopped = hook("HEAD^");
    assert_eq!(stopped.status.code(), Some(1));
    assert!(said(&stopped).contains("git push --no-verify"), "{}", said(&stopped));
    let fine = hook("HEAD");
    assert_eq!((fine.status.code(), said(&fine).as_str()), (Some(0), ""));
    let branch = [("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main")];
    assert_eq!(work.run_with(env!("CARGO_BIN_EXE_unspill"), &["git", "--hook"], &branch).status.code(), Some(1));
}

//! Where hooks are looked for: `core.hooksPath` in all its forms, worktrees, bare repositories, all of a user's.

use std::fs;

use super::work::{PROGRAM, Work, said, secret};

#[test]
fn the_folder_that_the_configuration_names_is_the_one() {
    for (value, file) in [(".githooks", ".githooks/pre-commit"), ("~/hooks", "../home/hooks/pre-commit")] {
        let work = Work::new();
        work.git(&["config", "core.hooksPath", value]);
        fs::create_dir_all(work.repo().join("sub/folder")).expect("a folder");
        let output = work.command(PROGRAM, &work.repo().join("sub/folder")).arg("install").output().expect("it runs");
        assert!(output.status.success(), "{}", said(&output));
        assert!(work.repo().join(file).is_file(), "{value}");
        assert!(!work.repo().join(".git/hooks/pre-commit").exists());
        // What is shared names nothing of this machine.
        assert_eq!(work.read(file).contains(PROGRAM), value.starts_with('~'), "{value}");
        work.unspill(&["uninstall"]);
        assert!(!work.repo().join(file).exists());
    }
    let work = Work::new();
    let folder = work.beside("absolute");
    work.git(&["config", "core.hooksPath", &folder.to_string_lossy()]);
    work.unspill(&["install"]);
    assert!(work.is_stopped());
    assert!(folder.join("pre-commit").is_file());
}

#[test]
fn hooks_that_are_off_stay_off() {
    let work = Work::new();
    work.git(&["config", "core.hooksPath", "/dev/null"]);
    assert!(work.unspill_fails(&["install"]).contains("switched off"));
}

#[test]
fn worktrees_share_the_hooks_of_their_repository() {
    let work = Work::new();
    assert!(work.commits("a\n").status.success());
    let tree = work.beside("tree");
    work.git(&["worktree", "add", "-q", "-b", "other", &tree.to_string_lossy()]);
    let output =
        work.command(PROGRAM, &tree).args(["install", "--hook", "pre-commit", "--hook", "commit-msg"]).output();
    assert!(output.expect("it runs").status.success());
    assert!(work.is_stopped());
    fs::write(tree.join("b.py"), format!("token = \"{}\"\n", secret())).expect("a file");
    work.git_in(&tree, &["add", "b.py"]);
    let stopped = work.git_in(&tree, &["commit", "-m", "Secret"]);
    assert!(said(&stopped).contains("b.py:1"), "{}", said(&stopped));
    fs::write(tree.join("b.py"), "fine\n").expect("a file");
    work.git_in(&tree, &["add", "b.py"]);
    assert!(!work.git_in(&tree, &["commit", "-m", &secret()]).status.success());
    assert!(work.git_in(&tree, &["commit", "-m", "Fine"]).status.success());
}

#[test]
fn a_bare_repository_has_hooks_for_its_work_trees() {
    let work = Work::new();
    assert!(work.commits("a\n").status.success());
    let bare = work.beside("bare.git");
    work.git(&["clone", "-q", "--bare", ".", &bare.to_string_lossy()]);
    let told = work.unspill(&["install", &bare.to_string_lossy()]);
    assert!(told.contains("bare"), "{told}");
    assert!(bare.join("hooks/pre-commit").is_file());
    work.unspill(&["uninstall", &bare.to_string_lossy()]);
    assert!(!bare.join("hooks/pre-commit").exists());
}

#[test]
fn outside_of_a_repository_it_is_an_error() {
    let work = Work::new();
    let output = work.command(PROGRAM, &work.home()).arg("install").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("not a git repository"), "{}", said(&output));
}

#[test]
fn for_all_repositories_their_own_hooks_run_as_before() {
    let work = Work::new();
    work.hook(".git/hooks/post-commit", "#!/bin/sh\ntouch after\n");
    work.hook(".git/hooks/pre-commit", "#!/bin/sh\ntouch before\n");
    let own = work.read(".git/hooks/pre-commit");
    work.unspill(&["install", "--global"]);
    work.unspill(&["install", "--global", "--hook", "commit-msg"]);
    assert!(work.is_stopped());
    assert!(work.commits("a\n").status.success());
    assert!(work.repo().join("before").exists() && work.repo().join("after").exists());
    assert!(!work.git(&["commit", "--allow-empty", "-m", &secret()]).status.success());

    // For this one it is there already; what is not there goes to the repository's own.
    assert!(work.unspill(&["install"]).contains("already"));
    work.unspill(&["install", "--hook", "pre-push"]);
    assert!(work.repo().join(".git/hooks/pre-push").is_file());
    work.unspill(&["uninstall"]);
    assert!(!work.repo().join(".git/hooks/pre-push").exists());
    assert_eq!(work.read(".git/hooks/pre-commit"), own);

    work.unspill(&["uninstall", "--global", "--hook", "commit-msg"]);
    assert!(work.git(&["commit", "--allow-empty", "-m", &secret()]).status.success());
    assert!(work.is_stopped());
    work.unspill(&["uninstall", "--global"]);
    assert!(!work.is_stopped());
    assert!(!work.home().join(".config/unspill").exists());
    assert!(!work.git(&["config", "--global", "--get", "core.hooksPath"]).status.success());
}

#[test]
fn a_folder_of_the_users_for_all_repositories_is_used() {
    let work = Work::new();
    work.git(&["config", "--global", "core.hooksPath", "~/mine"]);
    let error = work.unspill_fails(&["install"]);
    assert!(error.contains("--global"), "{error}");
    work.unspill(&["install", "--global"]);
    assert!(work.is_stopped());
    assert_eq!(fs::read_dir(work.home().join("mine")).expect("a folder").count(), 1);
    work.unspill(&["uninstall", "--global"]);
    assert!(!work.is_stopped());
    assert!(work.git(&["config", "--global", "--get", "core.hooksPath"]).status.success());
}

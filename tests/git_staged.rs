//! Staged changes: what the index has that HEAD has not.

mod support;

use std::fs;
use std::process::Command;

use support::record::Record;
use support::repo::Repo;
use unspill::model::SkipReason;
use unspill::source::git::{Git, GitOptions, Mode};

fn staged(repo: &Repo) -> Record {
    let options = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    Record::of(&Git::open(Some(repo.path()), options).expect("a repository"))
}

/// Paths and what counts of them.
fn counting(repo: &Repo) -> Vec<(String, String)> {
    let record = staged(repo);
    assert!(record.problems.is_empty(), "{:?}", record.problems);
    record.counting().into_iter().map(|(path, parts)| (path, parts.join("|"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

#[test]
fn before_the_first_commit_all_that_is_staged_counts() {
    let repo = Repo::new();
    assert_eq!(counting(&repo), []);
    repo.stage("a", "one\n");
    repo.stage("b/c", "two\n");
    repo.write("untracked", "three\n");
    assert_eq!(counting(&repo), pairs(&[("a", "one\n"), ("b/c", "two\n")]));
}

#[test]
fn all_of_the_index_counts_where_nothing_is_staged_and_that_is_asked_for() {
    let repo = Repo::new();
    let counting = || {
        let options = GitOptions { mode: Mode::StagedOrAll, ..GitOptions::default() };
        Record::of(&Git::open(Some(repo.path()), options).expect("a repository")).counting()
    };
    repo.commit_file("a", "one\n");
    repo.commit_file("b/c", "two\n");
    assert_eq!(counting(), [("a".to_owned(), vec!["one\n".to_owned()]), ("b/c".to_owned(), vec!["two\n".to_owned()])]);
    repo.stage("a", "one\nmore\n");
    assert_eq!(counting(), [("a".to_owned(), vec!["more\n".to_owned()])]);
}

#[test]
fn only_added_lines_count_but_the_whole_file_is_seen() {
    let repo = Repo::new();
    repo.commit_file("a", "one\ntwo\nthree\n");
    repo.commit_file("b", "untouched\n");
    repo.stage("a", "one\nnew\ntwo\nthree\nlast\n");
    let record = staged(&repo);
    assert_eq!(record.counting(), [("a".to_owned(), vec!["new\n".to_owned(), "last\n".to_owned()])]);
    assert_eq!(record.holding("new").text, "one\nnew\ntwo\nthree\nlast\n");
}

#[test]
fn the_index_is_read_and_not_the_work_tree() {
    let repo = Repo::new();
    repo.stage("a", "staged\n");
    repo.write("a", "written since\n");
    assert_eq!(counting(&repo), pairs(&[("a", "staged\n")]));
    fs::remove_file(repo.path().join("a")).expect("a file");
    assert_eq!(counting(&repo), pairs(&[("a", "staged\n")]));
}

#[test]
fn a_rename_adds_only_the_lines_that_it_changes() {
    let repo = Repo::new();
    repo.commit_file("old", "one\ntwo\nthree\nfour\n");
    repo.git(&["mv", "old", "new"]);
    assert_eq!(counting(&repo), []);
    repo.stage("new", "one\ntwo\nthree\nfour\nfive\n");
    assert_eq!(counting(&repo), pairs(&[("new", "five\n")]));
}

#[test]
fn a_copy_beside_a_rename_counts() {
    let repo = Repo::new();
    repo.commit_file("old", "one\ntwo\nthree\nfour\n");
    repo.git(&["mv", "old", "renamed"]);
    repo.stage("copy", "one\ntwo\nthree\nfour\n");
    assert_eq!(counting(&repo), pairs(&[("renamed", "one\ntwo\nthree\nfour\n")]));
    // The more similar one is the renamed one.
    repo.stage("copy", "one\ntwo\nthree\nfive\n");
    assert_eq!(counting(&repo), pairs(&[("copy", "one\ntwo\nthree\nfive\n")]));
    repo.stage("renamed", "one\ntwo\nthree\nfour\nsix\n");
    assert_eq!(counting(&repo), pairs(&[("copy", "one\ntwo\nthree\nfive\n"), ("renamed", "six\n")]));
    repo.stage("more/old", "one\ntwo\nthree\nfour\n");
    assert_eq!(counting(&repo).len(), 2, "the one of the same name is the renamed one");
}

#[test]
fn deletions_modes_and_intent_to_add_bring_nothing() {
    let repo = Repo::new();
    repo.commit_file("gone", "one\n");
    repo.commit_file("script", "two\n");
    repo.git(&["rm", "-q", "gone"]);
    repo.git(&["update-index", "--chmod=+x", "script"]);
    repo.write("intended", "three\n");
    repo.git(&["add", "--intent-to-add", "intended"]);
    assert_eq!(counting(&repo), []);
}

#[test]
fn all_sides_of_a_conflict_are_read() {
    let repo = Repo::new();
    repo.commit_file("a", "base\n");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file("a", "theirs\n");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("a", "ours\n");
    assert!(!repo.try_git(repo.path(), &["merge", "side"]).status.success());
    assert_eq!(counting(&repo), pairs(&[("a", "base\n"), ("a", "ours\n"), ("a", "theirs\n")]));
}

#[cfg(unix)]
#[test]
fn the_target_of_a_link_is_text_and_a_submodule_is_named() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    std::os::unix::fs::symlink("some/target", repo.path().join("link")).expect("a link");
    repo.git(&["add", "link"]);
    let commit = repo.id("HEAD").to_string();
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},module")]);
    let record = staged(&repo);
    assert_eq!(record.texts(), ["some/target"]);
    let [(origin, reason)] = &record.skipped[..] else { panic!("{:?}", record.skipped) };
    assert_eq!((origin.path().to_string().as_str(), *reason), ("module", SkipReason::Submodule));
}

#[test]
fn a_sparse_index_is_looked_into() {
    let repo = Repo::new();
    repo.commit_file("in/a", "one\n");
    repo.commit_file("out/deep/b", "two\n");
    repo.git(&["sparse-checkout", "init", "--cone", "--sparse-index"]);
    repo.git(&["sparse-checkout", "set", "in"]);
    assert_eq!(counting(&repo), []);
    repo.stage("in/a", "one\nmore\n");
    assert_eq!(counting(&repo), pairs(&[("in/a", "more\n")]));
    repo.git(&["reset", "-q", "--soft", "HEAD~1"]);
    assert_eq!(counting(&repo), pairs(&[("in/a", "more\n"), ("out/deep/b", "two\n")]));
}

#[test]
fn a_file_that_becomes_a_folder_and_the_other_way_about() {
    let repo = Repo::new();
    repo.commit_file("a", "file\n");
    repo.commit_file("b/c", "deep\n");
    repo.git(&["rm", "-q", "a", "b/c"]);
    repo.stage("a/d", "in a\n");
    repo.stage("b", "now a file\n");
    assert_eq!(counting(&repo), pairs(&[("a/d", "in a\n"), ("b", "now a file\n")]));
}

#[test]
fn a_broken_index_is_an_error_and_a_missing_blob_a_problem() {
    let repo = Repo::new();
    repo.stage("a", "one\n");
    let id = repo.id(":a");
    fs::remove_file(repo.loose(id)).expect("a loose object");
    let record = staged(&repo);
    assert_eq!(record.problems.len(), 1);
    assert!(record.problems[0].place.contains(&id.to_string()));

    fs::write(repo.path().join(".git/index"), "no index").expect("a file");
    let options = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    let error = Record::try_of(&Git::open(Some(repo.path()), options).expect("a repository")).unwrap_err();
    assert!(error.what.contains("index"), "{}", error.what);
    assert!(error.hint.is_some());
}

#[test]
fn nothing_is_staged_in_a_bare_repository() {
    let repo = Repo::init(&["--bare"]);
    let options = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    let error = Record::try_of(&Git::open(Some(repo.path()), options).expect("a repository")).unwrap_err();
    assert!(error.what.contains("bare") && error.hint.is_some(), "{}", error.what);
}

/// Git runs hooks with the index that the commit is made from, which need not be the usual one.
#[test]
fn a_hook_sees_what_is_about_to_be_committed() {
    const ROLE: &str = "UNSPILL_TEST_HOOK";
    if std::env::var_os(ROLE).is_some() {
        let options = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
        let record = Record::of(&Git::open(None, options).expect("a repository"));
        println!("hook sees {:?}", record.texts());
        return;
    }
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    repo.write("a", "two\n");
    let test = std::env::current_exe().expect("this test");
    let hook = format!(
        "#!/bin/sh\n{ROLE}=1 exec '{}' --exact --nocapture a_hook_sees_what_is_about_to_be_committed\n",
        test.display()
    );
    repo.write(".git/hooks/pre-commit", hook);
    Command::new("chmod").arg("+x").arg(repo.path().join(".git/hooks/pre-commit")).status().expect("chmod");
    let output = repo.try_git(repo.path(), &["commit", "-q", "-a", "-m", "all"]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains(r#"hook sees ["two\n"]"#), "{said}");
}

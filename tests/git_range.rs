//! Ranges of commits: what each commit adds to its parents.

mod support;

use support::record::Record;
use support::repo::Repo;
use unspill::model::Origin;
use unspill::source::git::{Git, GitOptions, Mode};

fn source(repo: &Repo, range: &str, first_parent: bool) -> Git {
    let options = GitOptions { mode: Mode::Range(range.to_owned()), first_parent, ..GitOptions::default() };
    Git::open(Some(repo.path()), options).expect("a repository")
}

/// Paths and what counts of them, in the order of the commits' dates.
fn counting(repo: &Repo, range: &str) -> Vec<(String, String)> {
    let record = Record::of(&source(repo, range, false));
    assert!(record.problems.is_empty(), "{:?}", record.problems);
    record.counting().into_iter().map(|(path, parts)| (path, parts.join("|"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

#[test]
fn each_commit_of_the_range_counts_with_what_it_adds() {
    let repo = Repo::new();
    let first = repo.commit_file("a", "one\n");
    let second = repo.commit_file("a", "one\nsecret\n");
    repo.commit_file("a", "one\n");
    repo.git(&["tag", "-a", "-m", "about the second", "v2", &second.to_string()]);
    repo.git(&["tag", "-a", "-m", "about the first", "v1", &first.to_string()]);

    let record = Record::of(&source(&repo, &format!("{first}.."), false));
    assert_eq!(record.commits, 2);
    assert_eq!(record.counting(), [("a".to_owned(), vec!["secret\n".to_owned()])]);
    let Origin::Committed { commit, .. } = &record.holding("secret").origin else { panic!("{record:?}") };
    assert_eq!((commit.id, commit.author.as_str()), (second, "Ada Author"));
    let mut messages = record.messages();
    messages.sort_unstable();
    assert_eq!(messages, ["Write a\n", "Write a\n", "about the second\n"]);
}

#[test]
fn a_merge_counts_only_with_what_is_in_none_of_its_parents() {
    let repo = Repo::new();
    repo.commit_file("a", "1\n2\n3\n4\n5\n6\n7\n8\n");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file("a", "1\n2\n3\n4\n5\n6\n7\nside\n");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("a", "main\n2\n3\n4\n5\n6\n7\n8\n");
    let before = repo.id("HEAD");
    repo.git(&["merge", "-q", "--no-commit", "side"]);
    repo.stage("a", "main\n2\n3\nslipped in\n5\n6\n7\nside\n");
    repo.stage("new", "only in the merge\n");
    repo.commit("merge");
    assert_eq!(
        counting(&repo, &format!("{before}..HEAD")),
        pairs(&[("a", "side\n"), ("a", "slipped in\n"), ("new", "only in the merge\n")])
    );
    // Along the first parents, the merge answers for all that it brings.
    let record = Record::of(&source(&repo, &format!("{before}..HEAD"), true));
    assert_eq!(record.commits, 1);
    assert_eq!(record.counting()[0], ("a".to_owned(), vec!["slipped in\n".to_owned(), "side\n".to_owned()]));
}

#[test]
fn an_octopus_merge_is_compared_to_all_its_parents() {
    let repo = Repo::new();
    let base = repo.commit_file("base", "base\n");
    for name in ["one", "two", "three"] {
        repo.git(&["checkout", "-q", "-b", name, "main"]);
        repo.commit_file(name, format!("{name}\n"));
    }
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "octopus", "one", "two", "three"]);
    assert_eq!(repo.git(&["rev-list", "--parents", "-1", "HEAD"]).split(' ').count(), 5);
    assert_eq!(
        counting(&repo, &format!("{base}..HEAD")),
        pairs(&[("one", "one\n"), ("two", "two\n"), ("three", "three\n")])
    );
}

#[test]
fn renames_add_only_the_lines_that_they_change() {
    let repo = Repo::new();
    repo.commit_file("dir/old", "one\ntwo\nthree\nfour\n");
    let base = repo.commit_file("other", "nothing alike\n");
    repo.git(&["mv", "dir/old", "new"]);
    repo.commit("exact");
    repo.git(&["mv", "new", "newer"]);
    repo.stage("newer", "one\ntwo\nthree\nfour\nfive\n");
    repo.git(&["rm", "-q", "other"]);
    repo.stage("fresh", "all of it\n");
    repo.commit("similar");
    assert_eq!(counting(&repo, &format!("{base}..")), pairs(&[("fresh", "all of it\n"), ("newer", "five\n")]));
}

#[test]
fn a_copy_beside_a_rename_counts() {
    let repo = Repo::new();
    let base = repo.commit_file("b", "one\ntwo\nthree\n");
    repo.git(&["mv", "b", "bb"]);
    repo.stage("c", "one\ntwo\nthree\n");
    repo.commit("rename and copy");
    assert_eq!(counting(&repo, &format!("{base}..")), pairs(&[("c", "one\ntwo\nthree\n")]));
}

#[test]
fn three_dots_mean_what_came_since_the_fork() {
    let repo = Repo::new();
    repo.commit_file("base", "base\n");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit_file("topic", "topic\n");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("main", "main\n");
    assert_eq!(counting(&repo, "main...topic"), pairs(&[("topic", "topic\n")]));
    assert_eq!(counting(&repo, "main..topic"), pairs(&[("topic", "topic\n")]));
    assert_eq!(counting(&repo, "topic.."), pairs(&[("main", "main\n")]));
    assert_eq!(counting(&repo, "main..main"), []);
}

/// A commit dated long before its parents must not hide what it shares with the other side.
#[test]
fn dates_that_lie_change_nothing() {
    let repo = Repo::new();
    for n in 0..5 {
        repo.commit_file("a", format!("{n}\n"));
    }
    let old = repo.id("HEAD");
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let raw = format!("tree {tree}\nparent {old}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nfrom 1970\n");
    repo.write("../raw", raw);
    let skewed = repo.git(&["hash-object", "-t", "commit", "-w", "../raw"]);
    repo.git(&["reset", "-q", "--hard", &skewed]);
    repo.commit_file("b", "new\n");
    assert_eq!(Record::of(&source(&repo, &format!("{skewed}..HEAD"), false)).commits, 1);
    assert_eq!(Record::of(&source(&repo, &format!("{old}..HEAD"), false)).commits, 2);
}

#[test]
fn the_first_commit_of_all_adds_all_that_it_has() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    repo.git(&["rm", "-q", "-f", "a"]);
    repo.commit_file("b", "two\n");
    assert_eq!(counting(&repo, "main..other"), pairs(&[("b", "two\n")]));
}

#[test]
fn what_is_no_range_of_commits_is_an_error_that_helps() {
    let repo = Repo::new();
    repo.commit_file("a", "one\n");
    let error = |range: &str| Record::try_of(&source(&repo, range, false)).expect_err("an error");
    let single = error("HEAD");
    assert!(single.hint.as_deref().unwrap_or_default().contains("HEAD..HEAD"), "{single:?}");
    let missing = error("nowhere..HEAD");
    assert!(missing.what.contains("nowhere"), "{missing:?}");
    assert!(missing.hint.is_some());
    let file = error("HEAD:a..HEAD");
    assert!(file.what.contains("not a commit"), "{file:?}");
}

/// Wide and deep trees with many small differences: the same paths as git itself sees, commit by commit.
#[test]
fn differences_of_trees_are_those_that_git_sees() {
    let repo = Repo::new();
    let mut random = 1u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut path = move || match next(4) {
        0 => format!("f{}", next(90)),
        1 => format!("d{}", next(9)),
        2 => format!("d{}/f{}", next(9), next(40)),
        _ => format!("d{}/e{}/a-rather-long-name-{}", next(9), next(3), next(30)),
    };
    for _ in 0..200 {
        write_over(&repo, &path(), "first\n");
    }
    repo.git(&["add", "-A"]);
    let first = repo.commit("first");
    for n in 0..25 {
        for m in 0..=n % 6 {
            write_over(&repo, &path(), &format!("text {m} of commit {n}\n"));
        }
        repo.git(&["add", "-A"]);
        repo.commit("next");
    }
    let record = Record::of(&source(&repo, &format!("{first}.."), false));
    let mut found: Vec<String> = Vec::new();
    for blob in &record.blobs {
        if let Origin::Committed { commit, path } = &blob.origin {
            found.push(format!("{} {path}", commit.id));
        }
    }
    let log =
        repo.git(&["log", "--format=%x00%H", "--name-only", "--no-renames", "--diff-filter=d", &format!("{first}..")]);
    let mut expected: Vec<String> = Vec::new();
    for commit in log.split('\0').skip(1) {
        let mut lines = commit.lines().filter(|line| !line.is_empty());
        let id = lines.next().expect("an id");
        expected.extend(lines.map(|path| format!("{id} {path}")));
    }
    found.sort();
    expected.sort();
    assert!(expected.len() > 60, "{}", expected.len());
    assert_eq!(found, expected);
}

/// Writes a file, whatever stands in its way.
fn write_over(repo: &Repo, path: &str, text: &str) {
    let whole = repo.path().join(path);
    for folder in whole.ancestors().skip(1).take_while(|folder| *folder != repo.path()) {
        if folder.is_file() {
            std::fs::remove_file(folder).expect("a file");
        }
    }
    if whole.is_dir() {
        std::fs::remove_dir_all(&whole).expect("a folder");
    }
    repo.write(path, text);
}

/// A tree that git itself would not write: a file, and under the same name and id a submodule.
#[test]
fn a_file_does_not_hide_behind_a_submodule_of_its_name() {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing\n");
    repo.write("text", "secret\n");
    let blob = repo.git(&["hash-object", "-w", "text"]);
    let id = gix::ObjectId::from_hex(blob.as_bytes()).expect("an id");
    let entry = |mode: &str| [mode.as_bytes(), b" a.txt\0", id.as_bytes()].concat();
    repo.write("tree", [entry("100644"), entry("160000")].concat());
    let tree = repo.git(&["hash-object", "-t", "tree", "-w", "--literally", "tree"]);
    let commit = repo.git(&["commit-tree", "-p", "HEAD", "-m", "Hide", &tree]);
    assert_eq!(counting(&repo, &format!("HEAD..{commit}")), pairs(&[("a.txt", "secret\n")]));
}

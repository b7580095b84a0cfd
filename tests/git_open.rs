//! Forms of repositories: each must give up all that it holds, and say so where it does not hold everything.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::record::Record;
use support::repo::Repo;
use unspill::model::Scope;
use unspill::source::Source;
use unspill::source::git::{Git, GitOptions, Mode};

fn open(path: &Path) -> Git {
    Git::open(Some(path), GitOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Texts of the whole history, which must be there without any problem.
fn texts(path: &Path) -> Vec<String> {
    let record = Record::of(&open(path));
    assert!(record.problems.is_empty(), "{:?}", record.problems);
    record.texts().into_iter().map(str::to_owned).collect()
}

/// A repository of two commits.
fn small(options: &[&str]) -> Repo {
    let repo = Repo::init(options);
    repo.commit_file("a", "one\n");
    repo.commit_file("b/c", "two\n");
    repo
}

#[test]
fn a_scope_names_the_repository_without_secrets() {
    let repo = small(&[]);
    repo.git(&["remote", "add", "origin", "https://user:pass@example.com/repo.git"]);
    let head = repo.id("HEAD").to_string();
    let Scope::Git { root, part, head: found, remote, branch } = open(&repo.path().join("b")).scope() else {
        panic!("not a git scope")
    };
    assert_eq!(Path::new(&root), repo.path().canonicalize().unwrap());
    assert_eq!(part, "whole history, unreachable objects included");
    assert_eq!(found, Some(head));
    assert_eq!(remote.as_deref(), Some("https://example.com/repo.git"));
    assert_eq!(branch.as_deref(), Some("main"));

    repo.git(&["checkout", "-q", "--detach"]);
    let Scope::Git { branch, .. } = open(repo.path()).scope() else { panic!("not a git scope") };
    assert_eq!(branch, None);
    assert_eq!(texts(repo.path()), ["one\n", "two\n"]);
}

#[test]
fn a_repository_without_a_commit_is_clean() {
    let repo = Repo::new();
    assert!(texts(repo.path()).is_empty());
    let Scope::Git { head, branch, .. } = open(repo.path()).scope() else { panic!("not a git scope") };
    assert_eq!((head, branch.as_deref()), (None, Some("main")));
    assert!(open(repo.path()).attribute(&[gix::ObjectId::null(gix::hash::Kind::Sha1)], None).is_ok());
}

#[test]
fn a_folder_that_is_no_repository_is_an_error_that_helps() {
    let folder = tempfile::tempdir().unwrap();
    let error = Git::open(Some(folder.path()), GitOptions::default()).err().expect("an error");
    assert!(error.what.contains("not in a git repository"), "{}", error.what);
    assert!(error.hint.is_some());
    let error = Git::open(Some(&folder.path().join("none")), GitOptions::default()).err().expect("an error");
    assert!(error.what.contains("no such file"), "{}", error.what);
}

#[test]
fn bare_repositories_and_alternates() {
    let repo = small(&[]);
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", &bare.display().to_string()]);
    assert_eq!(texts(&bare), ["one\n", "two\n"]);
    assert_eq!(open(&bare).root(), bare.canonicalize().unwrap());

    let borrowing = repo.beside("borrowing");
    repo.git(&["clone", "-q", "--shared", ".", &borrowing.display().to_string()]);
    assert!(borrowing.join(".git/objects/info/alternates").exists());
    assert_eq!(texts(&borrowing), ["one\n", "two\n"]);
}

#[test]
fn a_bare_repository_may_lie_beside_the_current_folder() {
    let repo = small(&[]);
    repo.git(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let output = Command::new(env!("CARGO_BIN_EXE_unspill"))
        .args(["git", "../bare.git", "-v"])
        .env_remove("GIT_DIR")
        .current_dir(repo.path())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("2 commits"), "{said}");
}

#[test]
fn a_bare_repository_among_the_files_of_another_is_not_taken_for_it() {
    let repo = small(&[]);
    repo.git(&["init", "-q", "--bare", "sub"]);
    let ran = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
        command.args(arguments).env_remove("GIT_DIR").current_dir(repo.path().join("sub"));
        let output = command.output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = ran(&["git"]);
    assert!(code == Some(2) && said.contains("is a bare repository within a work tree"), "{code:?} {said}");
    assert_eq!(ran(&["ci", "--base", "HEAD"]).0, Some(2));
    assert_eq!(ran(&["git", "."]).0, Some(0));
}

#[test]
fn repositories_with_sha256() {
    let repo = small(&["--object-format=sha256"]);
    repo.pack();
    repo.commit_file("a", "one\nthree\n");
    assert_eq!(repo.id("HEAD").as_bytes().len(), 32);
    assert_eq!(texts(repo.path()), ["one\n", "one\nthree\n", "two\n"]);
    let git = open(repo.path());
    let id = Record::of(&git).holding("two").origin.object().unwrap();
    assert_eq!(git.attribute(&[id], None).unwrap()[&id][0].path, "b/c");
    let range = GitOptions { mode: Mode::Range("HEAD~1..HEAD".to_owned()), ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), range).unwrap());
    assert_eq!(record.counting(), [("a".to_owned(), vec!["three\n".to_owned()])]);
    repo.stage("d", "four\n");
    let staged = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), staged).unwrap());
    assert_eq!(record.counting(), [("d".to_owned(), vec!["four\n".to_owned()])]);
}

#[test]
fn linked_work_trees_and_their_detached_heads() {
    let repo = small(&[]);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", "--detach", &linked.display().to_string()]);
    assert!(linked.join(".git").is_file());
    fs::write(linked.join("only-here"), "three\n").unwrap();
    repo.git_in(&linked, &["add", "only-here"]);
    repo.git_in(&linked, &["commit", "-q", "-m", "on no branch"]);
    // Without what is unreachable: the HEAD of each work tree counts as a ref.
    for path in [repo.path(), &linked] {
        let options = GitOptions { unreachable: false, ..GitOptions::default() };
        let record = Record::of(&Git::open(Some(path), options).unwrap());
        assert_eq!(record.texts(), ["one\n", "three\n", "two\n"]);
    }
    assert_eq!(open(&linked).root(), linked.canonicalize().unwrap());
    fs::write(linked.join("a"), "one\nstaged\n").unwrap();
    repo.git_in(&linked, &["add", "a"]);
    let staged = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(&linked), staged.clone()).unwrap());
    assert_eq!(record.counting(), [("a".to_owned(), vec!["staged\n".to_owned()])]);
    assert!(Record::of(&Git::open(Some(repo.path()), staged).unwrap()).blobs.is_empty());
}

#[test]
fn a_submodule_is_named_and_not_entered_but_is_a_repository_itself() {
    let inner = small(&[]);
    let repo = Repo::new();
    let first = repo.commit_file("own", "outer\n");
    repo.git(&["submodule", "--quiet", "add", &inner.path().display().to_string(), "module"]);
    repo.commit("with a module");
    let outer = texts(repo.path());
    let skipped = Record::of(&open(repo.path())).skipped;
    assert_eq!(skipped.iter().map(|(origin, _)| origin.path().to_string()).collect::<Vec<_>>(), ["module"]);
    assert!(outer.iter().any(|text| text == "outer\n"));
    assert!(!outer.iter().any(|text| text == "one\n"));
    let module = repo.path().join("module");
    assert!(module.join(".git").is_file());
    assert_eq!(texts(&module), ["one\n", "two\n"]);

    let range = GitOptions { mode: Mode::Range(format!("{first}..HEAD")), ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), range).unwrap());
    assert!(record.problems.is_empty(), "{:?}", record.problems);
    let skipped: Vec<String> = record.skipped.iter().map(|(origin, _)| origin.path().to_string()).collect();
    assert_eq!(skipped, ["module"]);
}

#[test]
fn a_shallow_clone_is_incomplete_and_says_so() {
    let repo = small(&[]);
    repo.commit_file("a", "three\n");
    let shallow = repo.beside("shallow");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--depth=2", &url, &shallow.display().to_string()]);
    let git = open(&shallow);
    let record = Record::of(&git);
    assert_eq!(record.texts(), ["one\n", "three\n", "two\n"]);
    assert_eq!(record.problems.len(), 1, "{:?}", record.problems);
    assert!(record.problems[0].hint.as_deref().unwrap().contains("--unshallow"));
    let id = record.holding("one").origin.object().unwrap();
    let sighting = &git.attribute(&[id], None).unwrap()[&id][0];
    assert_eq!(sighting.commit.as_ref().unwrap().id, repo.id("HEAD~1"));

    let range = |range: &str| {
        let options = GitOptions { mode: Mode::Range(range.to_owned()), ..GitOptions::default() };
        Record::try_of(&Git::open(Some(&shallow), options).unwrap())
    };
    assert!(range("HEAD~1..HEAD").unwrap().problems.is_empty());
    let error = range("HEAD~2..HEAD").unwrap_err();
    assert!(error.hint.as_deref().unwrap().contains("--deepen"), "{error:?}");
}

#[test]
fn a_partial_clone_is_incomplete_and_says_how_much_is_missing() {
    let repo = small(&[]);
    repo.commit_file("a", "three\n");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = repo.beside("partial");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--filter=blob:none", &url, &partial.display().to_string()]);
    // The checkout fetched what HEAD has: `one` is missing.
    for unreachable in [true, false] {
        let options = GitOptions { unreachable, ..GitOptions::default() };
        let record = Record::of(&Git::open(Some(&partial), options).unwrap());
        assert_eq!(record.texts(), ["three\n", "two\n"]);
        assert_eq!(record.problems.len(), 1, "{:?}", record.problems);
        assert!(record.problems[0].what.contains("1 object"), "{:?}", record.problems);
        assert!(record.problems[0].hint.as_deref().unwrap().contains("git fetch"));
    }
    repo.git_in(&partial, &["rev-list", "--objects", "--missing=print", "HEAD"])
        .lines()
        .find(|line| line.starts_with('?'))
        .expect("nothing was fetched");
}

#[test]
fn names_of_any_bytes() {
    let repo = Repo::new();
    let base = repo.commit("empty");
    let tree = |names: &[&[u8]]| {
        let mut input = Vec::new();
        for (n, name) in names.iter().enumerate() {
            repo.write("../blob", format!("blob {n}\n"));
            let id = repo.git(&["hash-object", "-w", "../blob"]);
            input.extend_from_slice(format!("100644 blob {id}\t").as_bytes());
            input.extend_from_slice(name);
            input.push(0);
        }
        fs::write(repo.beside("tree"), input).unwrap();
        let input = fs::File::open(repo.beside("tree")).unwrap();
        let output = Command::new("git").current_dir(repo.path()).args(["mktree", "-z"]).stdin(input).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let names: [&[u8]; 3] = [b"new\nline", b"not \xff\xfe utf-8", b"with:colon and \"quotes\""];
    let tree = tree(&names);
    let commit = repo.git(&["commit-tree", &tree, "-p", &base.to_string(), "-m", "odd names"]);
    repo.git(&["update-ref", "refs/heads/main", &commit]);
    repo.git(&["read-tree", "HEAD"]);

    let git = open(repo.path());
    let record = Record::of(&git);
    for (n, name) in names.iter().enumerate() {
        let id = record.holding(&format!("blob {n}")).origin.object().unwrap();
        let sighting = &git.attribute(&[id], None).unwrap()[&id][0];
        assert_eq!(sighting.path, *name);
        assert!(sighting.at_head);
    }
    let range = GitOptions { mode: Mode::Range(format!("{base}..")), ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), range).unwrap());
    for (n, name) in names.iter().enumerate() {
        assert_eq!(record.holding(&format!("blob {n}")).origin.path(), *name);
    }
    repo.git(&["update-ref", "refs/heads/main", &base.to_string()]);
    let staged = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), staged).unwrap());
    for (n, name) in names.iter().enumerate() {
        assert_eq!(record.holding(&format!("blob {n}")).origin.path(), *name);
    }
}

#[test]
fn refs_to_blobs_and_trees_reach_them() {
    let repo = small(&[]);
    repo.write("../key", "tagged blob\n");
    let blob = repo.git(&["hash-object", "-w", "../key"]);
    repo.git(&["tag", "-a", "-m", "a blob", "blob-tag", &blob]);
    repo.git(&["tag", "tree-tag", "HEAD^{tree}"]);
    let options = GitOptions { unreachable: false, ..GitOptions::default() };
    let git = Git::open(Some(repo.path()), options).unwrap();
    let record = Record::of(&git);
    assert_eq!(record.texts(), ["one\n", "tagged blob\n", "two\n"]);
    assert!(record.messages().contains(&"a blob\n"));
    let id = record.holding("tagged blob").origin.object().unwrap();
    let sighting = &git.attribute(&[id], None).unwrap()[&id][0];
    assert!(!sighting.unreachable && sighting.commit.is_none());
}

#[test]
fn stashes_are_part_of_the_history() {
    let repo = small(&[]);
    repo.write("a", "one\nstashed\n");
    repo.git(&["stash", "-q"]);
    let options = GitOptions { unreachable: false, ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), options).unwrap());
    assert!(record.texts().contains(&"one\nstashed\n"));
}

/// A replacement ref, a graft or a filter could hide what is there; a hook or filter could run.
#[test]
fn nothing_that_the_repository_says_of_itself_is_believed_or_run() {
    let repo = small(&[]);
    let hidden = repo.commit_file("a", "hidden by a replacement\n");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.git(&["merge", "-q", "--ff-only", &hidden.to_string()]);
    repo.git(&["replace", &repo.id("HEAD:a").to_string(), &repo.id("HEAD:b/c").to_string()]);
    let ran = repo.beside("ran");
    let command = format!("touch '{}'", ran.display());
    for key in
        ["core.fsmonitor", "filter.f.smudge", "filter.f.clean", "diff.d.textconv", "core.sshCommand", "core.pager"]
    {
        repo.git(&["config", key, &command]);
    }
    repo.write(".git/info/attributes", "* filter=f diff=d\n");
    repo.git(&["config", "include.path", "/nonexistent/../etc/passwd"]);
    assert!(texts(repo.path()).iter().any(|text| text == "hidden by a replacement\n"));
    let range = GitOptions { mode: Mode::Range("HEAD~1..".to_owned()), ..GitOptions::default() };
    let record = Record::of(&Git::open(Some(repo.path()), range).unwrap());
    assert!(record.texts().contains(&"hidden by a replacement\n"));
    let staged = GitOptions { mode: Mode::Staged, ..GitOptions::default() };
    Record::of(&Git::open(Some(repo.path()), staged).unwrap());
    assert!(!ran.exists());
}

/// What is read must be the same for any number of threads.
#[test]
fn threads_change_nothing() {
    let repo = Repo::new();
    for n in 0..60 {
        repo.commit_file(format!("d{}/f{n}", n % 7), format!("{n}\n").repeat(n + 1));
    }
    repo.pack();
    let runs: Vec<Vec<_>> = [1, 2, 5]
        .into_iter()
        .flat_map(|jobs| {
            let history = GitOptions { jobs: Some(jobs), ..GitOptions::default() };
            let range = GitOptions { mode: Mode::Range("HEAD~59..".to_owned()), ..history.clone() };
            [history, range].map(|options| {
                let git = Git::open(Some(repo.path()), options).unwrap();
                Record::of(&git).blobs
            })
        })
        .collect();
    assert_eq!(runs[0].len(), 120);
    assert!(runs[0] == runs[2] && runs[0] == runs[4]);
    assert!(runs[1] == runs[3] && runs[1] == runs[5]);
}

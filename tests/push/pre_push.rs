//! The side that sends: a repository whose hook is `unspill git --pre-push`.

use super::support::repo::Repo;
use super::{Pair, run, said, spill};

fn guarded() -> Pair {
    let pair = Pair::new();
    pair.guard_sender("");
    pair
}

#[test]
fn a_push_with_a_secret_is_stopped_and_one_without_is_not() {
    let pair = guarded();
    pair.repo.commit_file("fine", "nothing\n");
    pair.accepted(&["main", "main:refs/heads/new"]);
    pair.repo.commit_file("app.py", spill());
    pair.repo.commit_file("app.py", "token = None\n");
    let said = pair.refused(&["main"]);
    assert!(said.contains("app.py:1:9") && !said.contains("remote:"), "{said}");
    assert_eq!(pair.server_has("main"), Some(pair.repo.git(&["rev-parse", "main~2"])));
    pair.refused(&["main:refs/heads/newer"]);
    pair.accepted(&["main~2:refs/heads/newer"]);
    pair.accepted(&[":refs/heads/newer"]);
}

#[test]
fn what_the_remote_has_is_not_reported_and_what_another_has_is() {
    let pair = Pair::new();
    pair.repo.commit_file("app.py", spill());
    for name in ["private", "origin/fork"] {
        pair.repo.git(&["init", "-q", "--bare", &format!("../{name}.git")]);
        pair.repo.git(&["remote", "add", name, &format!("../{name}.git")]);
        pair.repo.git(&["push", "-q", name, "main"]);
    }
    pair.guard_sender("");
    let push = |remote: &str, refs: &str| pair.push(&[remote, refs]).status.success();
    assert!(push("private", "main:refs/heads/new"));
    assert!(push("origin/fork", "main:refs/heads/new"));
    assert!(!push("origin", "main:refs/heads/new"));
    // A remote without a name: all that is known of it is what its refs point to.
    assert!(!push("../private.git", "main:refs/heads/newer"));
    pair.repo.commit_file("fine", "nothing\n");
    assert!(push("../private.git", "main:refs/heads/new"));
}

#[test]
fn a_forced_push_over_what_is_not_here_is_scanned() {
    let pair = guarded();
    let other = pair.repo.beside("other");
    pair.repo.git(&["clone", "-q", "../server.git", "../other"]);
    pair.repo.git_in(&other, &["commit", "-q", "--allow-empty", "-m", "From elsewhere"]);
    pair.repo.git_in(&other, &["push", "-q", "origin", "main"]);
    pair.repo.commit_file("fine", "nothing\n");
    assert!(!pair.push(&["origin", "main"]).status.success(), "git refuses it");
    pair.accepted(&["--force", "main"]);
    pair.repo.git_in(&other, &["push", "-q", "--force", "origin", "main"]);
    pair.repo.commit_file("app.py", spill());
    pair.refused(&["--force", "main"]);
}

#[test]
fn what_is_pushed_may_be_named_in_any_words() {
    let pair = guarded();
    pair.repo.commit_file("fine", "nothing\n");
    pair.accepted(&["main^{/Write fine}:refs/heads/by-words"]);
    pair.repo.commit_file("app.py", spill());
    pair.refused(&["main^{/Write app.py}:refs/heads/by-words"]);
}

#[test]
fn tags_are_scanned() {
    let pair = guarded();
    pair.repo.git(&["tag", "-a", "-m", &spill(), "bad"]);
    pair.repo.git(&["tag", "-a", "-m", "fine", "good"]);
    pair.refused(&["--tags"]);
    pair.accepted(&["good"]);
}

#[test]
fn shallow_clones_push_what_is_theirs() {
    let pair = Pair::new();
    pair.repo.commit_file("app.py", spill());
    pair.repo.commit_file("fine", "nothing\n");
    pair.accepted(&["main"]);
    pair.guard("");
    let shallow = pair.repo.beside("shallow");
    let url = format!("file://{}", pair.server.display());
    pair.repo.git(&["clone", "-q", "--depth=1", &url, "../shallow"]);
    super::hook(&shallow.join(".git"), "pre-push", "git --pre-push \"$@\"");
    let commit = |text: &str| {
        std::fs::write(shallow.join("new"), text).expect("a file");
        pair.repo.git_in(&shallow, &["add", "new"]);
        pair.repo.git_in(&shallow, &["commit", "-q", "-m", "New"]);
    };
    commit("nothing\n");
    let output = pair.repo.try_git(&shallow, &["push", "origin", "HEAD:main", "HEAD:refs/heads/new"]);
    assert!(output.status.success(), "{}", said(&output));
    commit(&spill());
    let output = pair.repo.try_git(&shallow, &["push", "origin", "HEAD:main"]);
    assert!(!output.status.success() && said(&output).contains("new:1:9"), "{}", said(&output));
    let output = pair.repo.try_git(&shallow, &["push", "--no-verify", "origin", "HEAD:main"]);
    assert!(!output.status.success() && said(&output).contains("new:1:9"), "{}", said(&output));
}

#[test]
fn linked_work_trees_push_as_well() {
    let pair = guarded();
    let linked = pair.repo.beside("linked");
    pair.repo.git(&["worktree", "add", "-q", "-b", "side", "../linked"]);
    std::fs::write(linked.join("app.py"), spill()).expect("a file");
    pair.repo.git_in(&linked, &["add", "app.py"]);
    pair.repo.git_in(&linked, &["commit", "-q", "-m", "Spill"]);
    let output = pair.repo.try_git(&linked, &["push", "origin", "side"]);
    assert!(!output.status.success() && said(&output).contains("app.py:1:9"), "{}", said(&output));
    let output = pair.repo.try_git(&linked, &["push", "origin", "side~:refs/heads/side"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn what_cannot_be_made_out_is_never_a_pass() {
    let repo = Repo::new();
    let (new, zero) = (repo.commit_file("a", "one\n").to_string(), "0".repeat(40));
    assert_eq!(run(repo.path(), &["--pre-push", "origin", "../x.git"], "").0, Some(0));
    for input in
        ["main\n".to_owned(), format!("{zero} {new} refs/heads/main\n"), format!("main x refs/heads/a {zero}\n")]
    {
        let (code, said) = run(repo.path(), &["--pre-push"], &input);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("<local ref> <local id> <remote ref> <remote id>"), "{said}");
    }
    let (code, said) = run(repo.path(), &["--pre-push", "--cache", "x"], "");
    assert_eq!(code, Some(2), "{said}");
}

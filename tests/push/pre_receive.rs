//! The side that receives: a bare repository whose hook is `unspill git --pre-receive`.

use std::fs;

use super::support::record::Record;
use super::support::repo::Repo;
use super::{Pair, run, secret, spill};
use unspill::source::git::{Git, GitOptions};

#[test]
fn a_push_with_a_secret_is_refused_and_one_without_is_not() {
    let pair = Pair::guarded();
    pair.repo.commit_file("fine", "nothing\n");
    let said = pair.accepted(&["main"]);
    assert!(!said.contains("remote:"), "there is nothing to say: {said}");

    let bad = pair.repo.commit_file("app.py", spill());
    let said = pair.refused(&["main"]);
    assert!(said.contains("pre-receive hook declined"), "{said}");
    assert!(said.contains("remote: unspill: this push adds 1 secret:"), "{said}");
    assert!(said.contains(&format!("app.py:1:9 in {}", bad.to_hex_with_len(12))), "{said}");
    let remote: Vec<&str> = said.lines().filter(|line| line.starts_with("remote:")).collect();
    assert!(remote.len() < 12 && remote.iter().all(|line| line.trim_end().len() <= 80), "{said}");
    assert!(!said.contains('\u{1b}') || !remote.concat().contains("\u{1b}["), "no colours: {said}");
    assert_eq!(pair.server_has("main"), Some(pair.repo.git(&["rev-parse", "main~"])));
    assert_eq!(pair.server_has(&bad.to_string()), None, "what came is thrown away");
}

#[test]
fn what_is_only_in_quarantine_is_found_in_packs_and_loose() {
    for limit in ["1", "1000"] {
        let pair = Pair::guarded();
        pair.repo.git_in(&pair.server, &["config", "receive.unpackLimit", limit]);
        // A change of a file that is there comes as a delta whose base is not sent.
        let text: String = (0..200).map(|n| format!("line {n}\n")).collect();
        pair.repo.commit_file("long", &text);
        pair.accepted(&["main"]);
        pair.repo.commit_file("long", text + &spill());
        let said = pair.refused(&["main"]);
        assert!(said.contains("long:201:9"), "{said}");
        assert!(!said.contains("incomplete") && !said.contains("missing"), "{said}");
    }
}

#[test]
fn git_sets_a_quarantine_up_that_other_scans_can_read_as_well() {
    let pair = Pair::new();
    super::hook(&pair.server, "pre-receive", "git --ref \"$(cut -d' ' -f2)\" --no-unreachable -q");
    pair.repo.commit_file("app.py", spill());
    let output = pair.push(&["origin", "main"]);
    assert!(!output.status.success());
    assert!(super::said(&output).contains("app.py:1:9"), "{}", super::said(&output));
}

#[test]
fn a_secret_that_a_later_commit_takes_out_is_found_all_the_same() {
    let pair = Pair::guarded();
    pair.repo.commit_file("app.py", spill());
    pair.repo.commit_file("app.py", "token = None\n");
    pair.refused(&["main"]);
    pair.refused(&["main:refs/heads/other"]);
}

#[test]
fn what_the_server_has_already_is_not_reported() {
    let pair = Pair::new();
    pair.repo.commit_file("app.py", spill());
    pair.accepted(&["main"]);
    pair.guard("");
    pair.repo.commit_file("app.py", spill() + "more = 1\n");
    pair.accepted(&["main", "main:refs/heads/new", "main~:refs/heads/older"]);
    pair.repo.git(&["tag", "light", "main~"]);
    pair.repo.git(&["tag", "-a", "-m", "nothing", "heavy"]);
    pair.accepted(&["light", "heavy"]);
    // The same secret once more, at another place, is new.
    pair.repo.commit_file("other.py", spill());
    pair.refused(&["main"]);
}

#[test]
fn deletions_and_pushes_of_nothing_pass() {
    let pair = Pair::guarded();
    pair.accepted(&["main:refs/heads/other"]);
    pair.accepted(&[":refs/heads/other"]);
    assert_eq!(pair.server_has("other"), None);
    assert_eq!(run(&pair.server, &["--pre-receive"], ""), (Some(0), String::new()));
}

#[test]
fn forced_pushes_are_scanned_from_where_they_leave() {
    let pair = Pair::guarded();
    pair.repo.commit_file("a", "one\n");
    pair.accepted(&["main"]);
    pair.repo.stage("a", "two\n");
    pair.repo.git(&["commit", "-q", "--amend", "-m", "rewritten"]);
    pair.accepted(&["--force", "main"]);
    pair.repo.stage("a", spill());
    pair.repo.git(&["commit", "-q", "--amend", "-m", "rewritten"]);
    pair.refused(&["--force", "main"]);
}

#[test]
fn one_bad_ref_among_several_is_enough() {
    let pair = Pair::guarded();
    pair.repo.git(&["checkout", "-q", "-b", "bad"]);
    pair.repo.commit_file("app.py", spill());
    pair.repo.git(&["branch", "worse"]);
    pair.repo.git(&["checkout", "-q", "main"]);
    pair.repo.commit_file("fine", "nothing\n");
    let said = pair.refused(&["main", "bad", "worse"]);
    assert!(said.contains("adds 1 secret:"), "{said}");
    pair.accepted(&["main"]);
}

#[test]
fn tags_are_scanned_with_their_messages() {
    let pair = Pair::guarded();
    pair.repo.git(&["tag", "-a", "-m", &spill(), "bad"]);
    let said = pair.refused(&["bad"]);
    assert!(said.contains("commit-message:1:9"), "{said}");
    // A tag of a tag, and a commit that only a tag reaches.
    pair.repo.git(&["tag", "-a", "-m", "fine", "of-tag", "bad"]);
    pair.refused(&["of-tag"]);
    pair.repo.git(&["checkout", "-q", "--detach"]);
    pair.repo.commit_file("app.py", spill());
    pair.repo.git(&["tag", "light"]);
    pair.refused(&["light"]);
    pair.repo.git(&["tag", "-a", "-m", "fine", "heavy"]);
    pair.refused(&["heavy"]);
    pair.repo.git(&["tag", "-a", "-m", "fine", "good", "main"]);
    pair.accepted(&["good"]);
}

#[test]
fn refs_to_files_and_folders_are_scanned() {
    let pair = Pair::guarded();
    pair.repo.stage("folder/app.py", spill());
    let blob = pair.repo.git(&["rev-parse", ":folder/app.py"]);
    let tree = pair.repo.git(&["write-tree"]);
    pair.refused(&[&format!("{blob}:refs/tags/file")]);
    let said = pair.refused(&[&format!("{tree}:refs/tags/folder")]);
    assert!(said.contains("folder/app.py:1:9"), "{said}");
}

#[test]
fn repositories_of_sha_256_are_the_same() {
    let pair = Pair::init(&["--object-format=sha256"]);
    pair.guard("");
    pair.repo.commit_file("fine", "nothing\n");
    pair.accepted(&["main", "main:refs/heads/new"]);
    pair.accepted(&[":refs/heads/new"]);
    pair.repo.commit_file("app.py", spill());
    pair.refused(&["main"]);
    pair.refused(&["main:refs/heads/new"]);
}

#[test]
fn submodules_are_passed_over() {
    let pair = Pair::guarded();
    let id = pair.repo.id("HEAD").to_string();
    pair.repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{id},module")]);
    pair.repo.commit("A submodule");
    pair.accepted(&["main"]);
}

#[test]
fn what_cannot_be_made_out_is_never_a_pass() {
    let pair = Pair::new();
    let (old, new) = ("1".repeat(40), pair.repo.id("HEAD").to_string());
    let zero = "0".repeat(40);
    for (input, hint) in [
        (format!("{zero} {new}\n"), "<old id> <new id> <ref>"),
        (format!("main {new} refs/heads/main {zero}\n"), "<old id> <new id> <ref>"),
        (format!("{zero} {new} refs/heads/a\n{old} {} refs/heads/b\n", &new[1..]), "line 2"),
        (format!("{zero} {old} refs/heads/a\n"), "is missing"),
        (format!("{} {} refs/heads/a\n", zero.repeat(2).split_at(64).0, old.repeat(2).split_at(64).0), "sha256"),
    ] {
        let (code, said) = run(&pair.server, &["--pre-receive"], &input);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(hint), "{said}");
    }
    let (code, said) = run(&pair.server, &["--pre-receive", "--range", "a..b"], "");
    assert_eq!(code, Some(2), "{said}");
}

/// Nothing that somebody could have pushed, and nothing that lies about, has a say.
#[test]
fn only_what_is_named_configures_it() {
    let pair = Pair::guarded();
    let allow = "[[allow]]\ndescription = \"all\"\npaths = [\".\"]\n";
    fs::write(pair.server.join("unspill.toml"), allow).expect("a file");
    pair.repo.stage("unspill.toml", allow);
    pair.repo.commit_file("app.py", spill());
    pair.refused(&["main"]);
    pair.guard("--config unspill.toml");
    pair.accepted(&["main"]);
}

#[test]
fn comments_and_baselines_allow_as_elsewhere() {
    let pair = Pair::guarded();
    pair.repo.commit_file("app.py", spill());
    pair.repo.git(&["branch", "plain"]);
    pair.repo.commit_file("app.py", format!("token = {} # unspill:allow\n", secret()));
    pair.repo.git(&["reset", "-q", "--soft", "HEAD~2"]);
    pair.repo.commit("In one");
    pair.guard("--ignore-allow-comments");
    pair.refused(&["main"]);
    pair.guard("");
    pair.accepted(&["main"]);

    pair.refused(&["plain"]);
    let repo = pair.repo.path().to_string_lossy().into_owned();
    let known = pair.server.join("known.json").to_string_lossy().into_owned();
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_unspill"))
        .args(["baseline", "create", "--git", &repo, "-o", &known])
        .status()
        .expect("the program runs");
    assert!(status.success());
    pair.guard("--baseline known.json");
    pair.accepted(&["plain"]);
}

#[test]
fn many_findings_are_cut_short() {
    let pair = Pair::guarded();
    for n in 0..15 {
        pair.repo.stage(format!("{n}.py"), spill());
    }
    pair.repo.commit("Many");
    let said = pair.refused(&["main"]);
    assert!(said.contains("adds 15 secrets:") && said.contains("and 5 more"), "{said}");
    pair.guard("--format json");
    assert!(pair.refused(&["main"]).contains("\"fingerprint\""));
    pair.guard("-v");
    assert!(pair.refused(&["main"]).contains("fingerprint  "));
}

#[test]
fn a_quarantine_that_is_not_there_is_an_error() {
    let repo = Repo::new();
    let id = repo.commit_file("a", "one\n");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_unspill"))
        .current_dir(repo.path())
        .env("GIT_DIR", ".git")
        .env("GIT_OBJECT_DIRECTORY", repo.beside("nowhere"))
        .args(["git", "--ref", &id.to_string()])
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    // Whoever names a repository means just that one.
    let git = Git::open(Some(repo.path()), GitOptions::default()).expect("a repository");
    assert_eq!(Record::of(&git).commits, 1);
}

//! Paths that count: the same for a file of a repository from wherever it is scanned.

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::repo::Repo;
use unspill::rules::examples::expand;

/// The paths that a scan shows, and the fingerprints there.
fn scan(folder: &Path, arguments: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_unspill"));
    program.args(arguments).args(["--format", "jsonl", "--min-confidence", "0"]).current_dir(folder);
    let output = program.output().expect("the program runs");
    assert!(output.status.code() < Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let findings: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|value: &Value| value["fingerprint"].is_string())
        .collect();
    let texts = |of: &dyn Fn(&Value) -> &Value| {
        findings.iter().filter_map(|finding| of(finding).as_str()).map(str::to_owned).collect()
    };
    (texts(&|finding| &finding["file"]), texts(&|finding| &finding["fingerprint"]))
}

fn line() -> String {
    format!("token = \"{}\"\n", expand("ghp_{{base62:30}}{{checksum:github}}").expect("a template"))
}

#[test]
fn fingerprints_are_those_of_the_history_whatever_the_folder() {
    let repo = Repo::new();
    repo.commit_file("a/b/one.py", line());
    // A name alone that tells.
    repo.commit_file("a/id.p12", "x\n");
    let (_, expected) = scan(repo.path(), &["git"]);
    assert_eq!(expected.len(), 2);
    let (below, whole) = (repo.path().join("a/b"), repo.path().join("a").display().to_string());
    for (folder, arguments, shown) in [
        (repo.path(), &["dir"][..], "a/b/one.py"),
        (repo.path(), &["dir", "./a/"], "a/b/one.py"),
        (repo.path(), &["dir", "a/b/one.py", "a/id.p12"], "a/b/one.py"),
        (&below, &["dir", "..", "one.py"], "one.py"),
        (&below, &["dir", "..", "--jobs=1"], "../b/one.py"),
        (&below, &["dir", &whole], &format!("{whole}/b/one.py")),
    ] {
        let (paths, fingerprints) = scan(folder, arguments);
        assert_eq!(fingerprints, expected, "{arguments:?}");
        assert!(paths.contains(shown), "{arguments:?}: {paths:?}");
    }
}

#[test]
fn what_is_allowed_goes_by_the_path_in_the_repository() {
    let repo = Repo::new();
    repo.write("a/b/one.py", line());
    repo.write("unspill.toml", "[[allow]]\npaths = ['^a/b/']\n");
    let found = |folder: &str, arguments: &[&str]| scan(&repo.path().join(folder), arguments).1.len();
    assert_eq!((found("", &["dir"]), found("a", &["dir"]), found("a/b", &["dir", "one.py"])), (0, 0, 0));
    repo.write("unspill.toml", "[[allow]]\npaths = ['^b/', '^one']\n");
    assert_eq!((found("", &["dir"]), found("a", &["dir"]), found("a/b", &["dir", "one.py"])), (1, 1, 1));
}

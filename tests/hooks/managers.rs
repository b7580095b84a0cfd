//! pre-commit, prek, lefthook and husky: their files are left alone, and what unspill says to add to their configuration
//! is added word for word, and works.

use std::env;
use std::path::{Path, PathBuf};

use super::work::{PROGRAM, Work, said, secret};

/// Where a manager of hooks is; `None`, and a word about it, if it is nowhere.
pub fn tool(name: &str) -> Option<PathBuf> {
    let target = Path::new(PROGRAM).parent().and_then(Path::parent).expect("a folder");
    let tools = target.join("hook-tools");
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [tools.join("py/bin"), tools.join("js/node_modules/.bin")].into_iter().chain(env::split_paths(&path));
    let found = folders.into_iter().find(|folder| folder.join(name).is_file());
    if found.is_none() {
        // The names of those that were put there.
        let wanted = env::var("UNSPILL_HOOK_TOOLS").unwrap_or_default();
        assert!(!wanted.split_whitespace().any(|wanted| wanted == name), "{name} was installed, and is not there");
        eprintln!("not tried: {name} is not there");
    }
    found
}

/// A repository in whose search path are the program and a manager of hooks.
pub fn work_with(name: &str) -> Option<Work> {
    let folder = tool(name)?;
    let mut work = Work::new();
    work.tools = vec![Path::new(PROGRAM).parent().expect("a folder").to_owned(), folder];
    Some(work)
}

/// Runs a manager, which must succeed.
pub fn run(work: &Work, name: &str, args: &[&str]) {
    let program = work.tools.iter().map(|folder| folder.join(name)).find(|file| file.is_file()).expect("it was found");
    let output = work.run_with(program, args, &[]);
    assert!(output.status.success(), "{name} {args:?}: {}", said(&output));
}

/// What unspill says to add to a manager's configuration, where it would not install.
fn advice(work: &Work, args: &[&str]) -> String {
    let told = work.unspill_fails(args);
    assert!(told.contains("nothing was changed"), "{told}");
    let lines = told.lines().skip_while(|line| !line.contains("hint: add this")).skip(1);
    let lines: String = lines.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    assert!(!lines.is_empty(), "{told}");
    lines
}

pub fn stops_and_lets_through(work: &Work) {
    assert!(work.is_stopped());
    let fine = work.commits("fine\n");
    assert!(fine.status.success(), "{}", said(&fine));
}

/// A push of a new branch with a secret, and of one without.
pub fn stops_a_push(work: &Work) {
    let remote = work.beside("remote.git");
    work.git(&["init", "-q", "--bare", &remote.to_string_lossy()]);
    work.git(&["remote", "add", "origin", &remote.to_string_lossy()]);
    work.stage("secret.py", &format!("token = \"{}\"\n", secret()));
    assert!(work.git(&["commit", "--no-verify", "-m", "Secret"]).status.success());
    let stopped = work.git(&["push", "origin", "main"]);
    assert!(!stopped.status.success());
    assert!(said(&stopped).contains("unspill stopped this push"), "{}", said(&stopped));
    work.git(&["reset", "-q", "--hard", "HEAD^"]);
    let pushed = work.git(&["push", "origin", "main"]);
    assert!(pushed.status.success(), "{}", said(&pushed));
    work.stage("secret.py", &format!("token = \"{}\"\n", secret()));
    assert!(work.git(&["commit", "--no-verify", "-m", "Secret"]).status.success());
    assert!(!work.git(&["push", "origin", "main"]).status.success());
}

fn of_the_pre_commit_kind(name: &str) {
    let Some(work) = work_with(name) else { return };
    work.stage(".pre-commit-config.yaml", "repos: []\n");
    run(&work, name, &["install", "--hook-type", "pre-commit", "--hook-type", "pre-push"]);
    let both = [advice(&work, &["install"]), advice(&work, &["install", "--hook", "pre-push"])].concat();
    work.stage(".pre-commit-config.yaml", &format!("repos:\n{both}"));
    stops_and_lets_through(&work);
    stops_a_push(&work);
}

#[test]
fn pre_commit() {
    of_the_pre_commit_kind("pre-commit");
}

#[test]
fn prek() {
    of_the_pre_commit_kind("prek");
}

#[test]
fn lefthook() {
    let Some(work) = work_with("lefthook") else { return };
    work.write("lefthook.yml", "pre-commit:\n  commands:\n    fine:\n      run: 'true'\n");
    run(&work, "lefthook", &["install"]);
    let advice = advice(&work, &["install"]);
    work.stage("lefthook.yml", &advice);
    stops_and_lets_through(&work);
}

#[test]
fn husky() {
    let Some(work) = work_with("husky") else { return };
    run(&work, "husky", &[]);
    let advice = advice(&work, &["install"]);
    work.stage(".husky/pre-commit", &advice);
    stops_and_lets_through(&work);
}

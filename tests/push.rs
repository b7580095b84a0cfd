//! Pushes: real repositories whose hooks are this program, on the side that sends and on the one that receives.
#![cfg(unix)]

mod support;

#[path = "push/pre_push.rs"]
mod pre_push;
#[path = "push/pre_receive.rs"]
mod pre_receive;
#[path = "push/source.rs"]
mod source;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use support::repo::Repo;
use unspill::rules::examples::expand;

/// A made-up token that is reported.
fn secret() -> String {
    expand("ghp_{{base62:30}}{{checksum:github}}").expect("a template")
}

/// A line of code with a token.
fn spill() -> String {
    format!("token = {}\n", secret())
}

/// A repository, and a bare one beside it that it pushes to.
struct Pair {
    repo: Repo,
    server: PathBuf,
}

impl Pair {
    /// Both with one commit, and no hooks yet.
    fn new() -> Pair {
        Pair::init(&[])
    }

    /// The same, with options for `git init`.
    fn init(options: &[&str]) -> Pair {
        let repo = Repo::init(options);
        let server = repo.beside("server.git");
        let mut args = vec!["init", "--quiet", "--bare", "--initial-branch=main"];
        args.extend(options);
        args.push("../server.git");
        repo.git(&args);
        repo.git(&["remote", "add", "origin", "../server.git"]);
        repo.commit_file("README", "nothing\n");
        repo.git(&["push", "-q", "origin", "main"]);
        Pair { repo, server }
    }

    /// The same, and the server refuses secrets.
    fn guarded() -> Pair {
        let pair = Pair::new();
        pair.guard("");
        pair
    }

    /// Lets the server refuse secrets; with further arguments.
    fn guard(&self, args: &str) {
        hook(&self.server, "pre-receive", &format!("git --pre-receive {args}"));
    }

    /// Lets the repository itself refuse to push secrets.
    fn guard_sender(&self, args: &str) {
        hook(&self.repo.path().join(".git"), "pre-push", &format!("git --pre-push \"$@\" {args}"));
    }

    fn push(&self, args: &[&str]) -> Output {
        let all: Vec<&str> = ["push"].iter().chain(args).copied().collect();
        self.repo.try_git(self.repo.path(), &all)
    }

    /// Pushes to the remote `origin`, which must go well; answers with what was said.
    fn accepted(&self, refs: &[&str]) -> String {
        let output = self.push(&[&["origin"], refs].concat());
        let said = said(&output);
        assert!(output.status.success(), "{said}");
        said
    }

    /// Pushes to the remote `origin`, which must be refused for findings; answers with what was said.
    fn refused(&self, refs: &[&str]) -> String {
        let output = self.push(&[&["origin"], refs].concat());
        let said = said(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains("ghp_********"), "{said}");
        assert!(!said.contains(&secret()), "{said}");
        said
    }

    /// What a ref of the server points to.
    fn server_has(&self, name: &str) -> Option<String> {
        let output = self.repo.try_git(&self.server, &["rev-parse", "--verify", "-q", name]);
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// Everything that was printed.
fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// Writes a hook that is this program.
fn hook(git_dir: &Path, name: &str, args: &str) {
    let path = git_dir.join("hooks").join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, format!("#!/bin/sh\nexec '{}' {args}\n", env!("CARGO_BIN_EXE_unspill"))).expect("a hook");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a hook that runs");
}

/// Runs the program itself; answers with its exit code and what it said.
fn run(folder: &Path, args: &[&str], input: &str) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_unspill"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        program.env_remove(name);
    }
    let mut child = program
        .current_dir(folder)
        .arg("git")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // It may complain of its arguments, and never read.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), said(&output))
}

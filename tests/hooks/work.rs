//! A repository with a home of its own, in which nothing of the machine's configuration counts.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use tempfile::TempDir;
use unspill::rules::examples::expand;

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_unspill");

/// A made-up token.
pub fn secret() -> String {
    expand("ghp_{{base62:30}}{{checksum:github}}").expect("a template")
}

/// What a program printed, to wherever.
pub fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

/// A repository, `repo` unless told otherwise, and a home, `home`, in a temporary folder.
pub struct Work {
    folder: TempDir,
    /// Folders in front of the search path.
    pub tools: Vec<PathBuf>,
    /// The name of the work tree's folder.
    pub name: &'static str,
}

impl Work {
    /// With an empty repository.
    pub fn new() -> Work {
        let folder = tempfile::tempdir().expect("a folder");
        let work = Work { folder, tools: Vec::new(), name: "repo" };
        fs::create_dir_all(work.repo()).expect("a folder");
        fs::create_dir_all(work.home()).expect("a folder");
        let init = work.git(&["init", "--quiet", "--initial-branch=main", "."]);
        assert!(init.status.success(), "{}", said(&init));
        work
    }

    /// The work tree.
    pub fn repo(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    /// The home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A path beside both.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that runs in `folder`.
    pub fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            let foreign = ["GIT_", "UNSPILL_", "PRE_COMMIT", "LEFTHOOK", "HUSKY", "XDG_", "CLICOLOR"];
            if foreign.iter().any(|start| name.starts_with(start)) || name == "CI" {
                command.env_remove(&*name);
            }
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(self.tools.iter().cloned().chain(env::split_paths(&path))).expect("a search path");
        command.env("PATH", path).env("HOME", self.home()).env("GIT_CONFIG_NOSYSTEM", "1").env("NO_COLOR", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
        }
        command.current_dir(folder).stdin(Stdio::null());
        command
    }

    /// Runs git in the repository.
    pub fn git(&self, args: &[&str]) -> Output {
        self.git_in(&self.repo(), args)
    }

    /// Runs git elsewhere.
    pub fn git_in(&self, folder: &Path, args: &[&str]) -> Output {
        self.command("git", folder).args(args).output().expect("git runs")
    }

    /// Runs the program in the repository, which must succeed; answers with what it printed.
    pub fn unspill(&self, args: &[&str]) -> String {
        let output = self.run_with(PROGRAM, args, &[]);
        assert!(output.status.success(), "unspill {args:?}: {}", said(&output));
        said(&output)
    }

    /// The same, which must fail with an error.
    pub fn unspill_fails(&self, args: &[&str]) -> String {
        let output = self.run_with(PROGRAM, args, &[]);
        assert_eq!(output.status.code(), Some(2), "unspill {args:?}: {}", said(&output));
        said(&output)
    }

    /// Runs any program in the repository.
    pub fn run_with(&self, program: impl AsRef<OsStr>, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = self.command(program, &self.repo());
        command.args(args).envs(variables.iter().copied()).output().expect("a program that runs")
    }

    /// Writes a file of the repository.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.repo().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// Writes a file and stages it.
    pub fn stage(&self, path: &str, content: &str) {
        self.write(path, content);
        let added = self.git(&["add", "--", path]);
        assert!(added.status.success(), "{}", said(&added));
    }

    /// Reads a file of the repository.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.repo().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a hook that can be run.
    pub fn hook(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(path, "");
        let path = self.repo().join(path);
        fs::write(&path, content).expect("a file");
        can_run(&path);
    }

    /// Stages a file with a secret and tries to commit it; true if that was stopped for the secret.
    pub fn is_stopped(&self) -> bool {
        self.stage("secret.py", &format!("token = \"{}\"\n", secret()));
        let output = self.git(&["commit", "-m", "Secret"]);
        let stopped = !output.status.success() && said(&output).contains("unspill stopped this commit");
        self.git(&["rm", "-q", "-f", "--cached", "secret.py"]);
        stopped
    }

    /// Tries to commit a file without one.
    pub fn commits(&self, content: &str) -> Output {
        self.stage("fine.txt", content);
        self.git(&["commit", "-m", "Fine"])
    }

    /// The number of commits.
    pub fn count(&self) -> usize {
        said(&self.git(&["rev-list", "--count", "HEAD"])).trim().parse().expect("a number")
    }
}

/// Lets a file be executed.
pub fn can_run(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    #[cfg(not(unix))]
    let _ = path;
}

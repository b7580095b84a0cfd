//! Repositories built by the real git, in temporary folders, the same on every machine: no configuration but their own,
//! fixed names, and dates that advance by one minute with each command.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use gix::ObjectId;
use tempfile::TempDir;

/// The date of the first command: 2024-01-01 00:00 UTC.
pub const FIRST: i64 = 1_704_067_200;

/// A repository in a temporary folder, which goes away with it.
pub struct Repo {
    folder: TempDir,
    path: PathBuf,
    clock: Cell<i64>,
}

impl Repo {
    /// An empty repository with a work tree and the branch `main`.
    pub fn new() -> Repo {
        Repo::init(&[])
    }

    /// The same, with options for `git init`.
    pub fn init(options: &[&str]) -> Repo {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("repo");
        fs::create_dir(&path).expect("a folder");
        let repo = Repo { folder, path, clock: Cell::new(FIRST) };
        let mut args = vec!["init", "--quiet", "--initial-branch=main"];
        args.extend(options);
        repo.git(&args);
        repo
    }

    /// The work tree.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path next to the work tree, in the same temporary folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs git in the work tree, which must succeed; answers with what it printed, without the last line end.
    pub fn git<S: AsRef<OsStr>>(&self, args: &[S]) -> String {
        self.git_in(&self.path, args)
    }

    /// Runs git in another folder.
    pub fn git_in<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S]) -> String {
        let output = self.try_git(folder, args);
        let shown: Vec<OsString> = args.iter().map(|a| a.as_ref().to_owned()).collect();
        assert!(output.status.success(), "git {shown:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git, which may fail.
    pub fn try_git<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S]) -> Output {
        self.clock.set(self.clock.get() + 60);
        let date = format!("{} +0200", self.clock.get());
        let mut git = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            git.env_remove(name);
        }
        git.current_dir(folder)
            .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false", "-c", "gc.auto=0"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", folder)
            .env("LC_ALL", "C")
            .env("GIT_AUTHOR_NAME", "Ada Author")
            .env("GIT_AUTHOR_EMAIL", "ada@example.com")
            .env("GIT_COMMITTER_NAME", "Carl Committer")
            .env("GIT_COMMITTER_EMAIL", "carl@example.com")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_EDITOR", "true")
            .stdin(Stdio::null())
            .output()
            .expect("git runs")
    }

    /// Writes a file of the work tree, and folders where needed.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    /// Writes a file and stages it.
    pub fn stage(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        self.write(path.as_ref(), content);
        self.git(&[OsStr::new("add"), OsStr::new("--"), path.as_ref().as_os_str()]);
    }

    /// Commits what is staged; answers with the commit's id.
    pub fn commit(&self, message: &str) -> ObjectId {
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    /// Stages a file and commits it.
    pub fn commit_file(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> ObjectId {
        let message = format!("Write {}", path.as_ref().display());
        self.stage(path, content);
        self.commit(&message)
    }

    /// The object that a revision names.
    pub fn id(&self, revision: &str) -> ObjectId {
        let hex = self.git(&["rev-parse", revision]);
        ObjectId::from_hex(hex.as_bytes()).expect("an id")
    }

    /// The file of a loose object.
    pub fn loose(&self, id: ObjectId) -> PathBuf {
        let hex = id.to_string();
        self.path.join(".git/objects").join(&hex[..2]).join(&hex[2..])
    }

    /// Packs all objects into one pack, and answers with its file.
    pub fn pack(&self) -> PathBuf {
        self.git(&["repack", "-q", "-a", "-d"]);
        let packs = fs::read_dir(self.path.join(".git/objects/pack")).expect("packs");
        packs
            .map(|entry| entry.expect("an entry").path())
            .find(|path| path.extension().is_some_and(|e| e == "pack"))
            .expect("a pack")
    }
}

/// Puts other bytes in place of a file, read-only as git's are.
pub fn overwrite(path: &Path, content: &[u8]) {
    fs::remove_file(path).expect("a file to replace");
    fs::write(path, content).expect("a file");
}

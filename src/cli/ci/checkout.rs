//! The job's checkout, made deep enough. A CI fetches as little as it can get away with; what a range needs beyond that
//! is fetched here, from the checkout's own remote and nowhere else. It is the one place that runs git and, without
//! `--verify` and `--comment`, the one that goes on the network.
//!
//! How much is enough: the commits that only one of the two ends has must be there with all their parents. Then no commit
//! of the range is missing, and none is in it that the base has.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::super::errors::Failure;
use super::environment;
use super::environment::is_id;

/// By how many commits a history is deepened, step by step; what is still not enough after that is fetched whole.
const STEPS: [u32; 4] = [32, 128, 512, 2048];

/// A checkout with its remote.
pub struct Checkout<'a> {
    folder: PathBuf,
    remote: Option<String>,
    /// What to do where it cannot be deepened.
    hint: &'a str,
}

impl<'a> Checkout<'a> {
    /// The checkout in this folder. `hint` is told where it cannot be deepened.
    ///
    /// # Errors
    /// If there is none, or no git.
    pub fn open(folder: &Path, hint: &'a str) -> Result<Self, Failure> {
        let nowhere = |why: &str| {
            Failure::new(format!("there is no checkout at {}: {why}", folder.display()))
                .hint("run it in the folder of the checkout, or name that")
        };
        if !folder.is_dir() {
            return Err(nowhere("no such folder"));
        }
        let mut checkout = Checkout { folder: folder.to_owned(), remote: None, hint };
        let output = checkout.run(&["remote"])?;
        if !output.status.success() {
            return Err(nowhere(&said(&output)));
        }
        let names = String::from_utf8_lossy(&output.stdout);
        let origin = names.lines().find(|name| *name == "origin");
        checkout.remote = origin.or(names.lines().next()).map(str::to_owned);
        Ok(checkout)
    }

    /// The id of the commit that a revision names, if it is there.
    ///
    /// A branch counts before a tag: whoever may push a tag must not get to say what `origin/main` is.
    pub fn find(&self, revision: &str) -> Option<String> {
        let branches: &[&str] = if is_id(revision) { &[] } else { &["refs/remotes/", "refs/heads/"] };
        branches.iter().chain(&[""]).find_map(|before| {
            let name = format!("{before}{revision}^{{commit}}");
            self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])
        })
    }

    /// The id of this commit, fetched if it is not there: by its id, or else by the ref that leads to it.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn bring(&self, commit: &str, reference: Option<&str>) -> Result<String, Failure> {
        let mut tried = Ok(());
        for name in [None, Some(commit), reference] {
            if let Some(name) = name {
                tried = tried.and(self.fetch_tip(name));
            }
            if let Some(id) = self.find(commit) {
                return Ok(id);
            }
        }
        // A name that a complete checkout does not know is mistyped, mostly.
        if environment::commit(commit, "").is_err() && !self.is_shallow() {
            return Err(Failure::new(format!("there is no revision {commit}"))
                .hint("name a commit, or a branch or tag that `git branch --all` or `git tag` lists"));
        }
        tried.and(Err(self.too_shallow(&format!("the remote has no {commit}"))))
    }

    /// The tip of a branch of the remote, fetched if it is not there.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn branch(&self, name: &str) -> Result<String, Failure> {
        let tracking = format!("refs/remotes/{}/{name}", self.remote.as_deref().unwrap_or_default());
        if let Some(id) = self.find(&tracking) {
            return Ok(id);
        }
        self.fetch_tip(&format!("+refs/heads/{name}:{tracking}"))?;
        self.find(&tracking).ok_or_else(|| self.too_shallow(&format!("the remote has no branch {name}")))
    }

    /// Paths of files that differ between the point where two histories parted and the second of them (of histories that
    /// never met, between their ends), as far as they have one of these names or are one of these files.
    pub fn changed(&self, from: &str, to: &str, names: &[&str], files: &[PathBuf]) -> Vec<String> {
        let mut patterns: Vec<String> = names.iter().map(|name| format!(":(top,glob)**/{name}")).collect();
        let root = self.ask(&["rev-parse", "--show-toplevel"]).and_then(|root| PathBuf::from(root).canonicalize().ok());
        let below = |file: &PathBuf| Some(file.strip_prefix(root.as_ref()?).ok()?.to_str()?.to_owned());
        patterns.extend(files.iter().filter_map(below).map(|path| format!(":(top,literal){path}")));
        let list = |range: &str| {
            let mut args = vec!["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", range, "--"];
            args.extend(patterns.iter().map(String::as_str));
            self.ask(&args)
        };
        let found = list(&format!("{from}...{to}")).or_else(|| list(&format!("{from}..{to}")));
        found.unwrap_or_default().split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
    }

    /// Fetches what one refspec names: in a complete checkout with all that it descends from, in a shallow one alone, for
    /// the rest of its history is fetched as far as it is needed.
    fn fetch_tip(&self, refspec: &str) -> Result<(), Failure> {
        let alone: &[&str] = if self.is_shallow() { &["--depth=1"] } else { &[] };
        self.fetch(alone, &[refspec])
    }

    /// Deepens the histories of two commits until it is known what `to` has that `from` has not.
    ///
    /// # Errors
    /// If more of them is needed, and cannot be had.
    pub fn deepen(&self, from: &str, to: &str) -> Result<(), Failure> {
        let range = format!("{from}...{to}");
        for step in STEPS {
            if self.is_enough(from, to, &range)? {
                return Ok(());
            }
            self.fetch(&[&format!("--deepen={step}")], &[from, to])?;
        }
        self.finish(&[from, to], || self.is_enough(from, to, &range))
    }

    /// Fetches all of a commit's history.
    ///
    /// # Errors
    /// If it cannot be had.
    pub fn unshallow(&self, commit: &str) -> Result<(), Failure> {
        self.finish(&[commit], || Ok(self.grafts(commit)?.is_empty()))
    }

    /// Fetches all branches and tags of the remote, with all of their histories, if the checkout is shallow.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn complete(&self) -> Result<(), Failure> {
        if !self.is_shallow() {
            return Ok(());
        }
        let remote = self.remote.as_deref().unwrap_or_default();
        self.fetch(&["--unshallow", "--tags"], &[&format!("+refs/heads/*:refs/remotes/{remote}/*")])
    }

    /// Fetches without bounds, if it is not enough as it is.
    fn finish(&self, commits: &[&str], enough: impl Fn() -> Result<bool, Failure>) -> Result<(), Failure> {
        if enough()? {
            return Ok(());
        }
        self.fetch(&["--unshallow"], commits)?;
        if enough()? { Ok(()) } else { Err(self.too_shallow("its remote does not give more of it")) }
    }

    /// Whether no history was cut off among what just one of the two has, and it is seen where they part.
    fn is_enough(&self, from: &str, to: &str, range: &str) -> Result<bool, Failure> {
        if !self.is_shallow() {
            return Ok(true);
        }
        if !self.grafts(range)?.is_empty() {
            return Ok(false);
        }
        // Two histories that never met have no merge base, and nothing to wait for.
        let parted = self.run(&["merge-base", from, to])?.status.success();
        Ok(parted || (self.grafts(from)?.is_empty() && self.grafts(to)?.is_empty()))
    }

    /// The commits among `revisions` whose parents were cut off.
    fn grafts(&self, revisions: &str) -> Result<Vec<String>, Failure> {
        let Some(list) = self.shallow_file().and_then(|file| fs::read_to_string(file).ok()) else {
            return Ok(Vec::new());
        };
        let cut: HashSet<&str> = list.lines().collect();
        let output = self.run(&["rev-list", "--end-of-options", revisions, "--"])?;
        if !output.status.success() {
            return Err(self.too_shallow(&said(&output)));
        }
        let commits = String::from_utf8_lossy(&output.stdout);
        Ok(commits.lines().filter(|id| cut.contains(id)).map(str::to_owned).collect())
    }

    fn is_shallow(&self) -> bool {
        self.shallow_file().is_some_and(|file| file.is_file())
    }

    fn shallow_file(&self) -> Option<PathBuf> {
        let path = self.ask(&["rev-parse", "--git-path", "shallow"])?;
        Some(self.folder.join(path))
    }

    fn fetch(&self, how: &[&str], what: &[&str]) -> Result<(), Failure> {
        let Some(remote) = self.remote.as_deref() else {
            return Err(self.too_shallow("it has no remote"));
        };
        let mut args = vec!["fetch", "--quiet", "--no-recurse-submodules", "--force"];
        if !how.contains(&"--tags") {
            args.push("--no-tags");
        }
        args.extend(how);
        args.extend(["--end-of-options", remote]);
        args.extend(what);
        let output = self.run(&args)?;
        if output.status.success() { Ok(()) } else { Err(self.too_shallow(&said(&output))) }
    }

    fn too_shallow(&self, why: &str) -> Failure {
        Failure::new(format!("the checkout lacks commits that are needed, and they cannot be fetched: {why}"))
            .hint(self.hint)
    }

    /// What git answers, without the last line end; `None` if it fails.
    fn ask(&self, args: &[&str]) -> Option<String> {
        let output = self.run(args).ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    }

    /// Runs git: without hooks, prompts, housekeeping and remote helpers, and whoever owns the checkout. The rest of its
    /// configuration stays as it is, since the credentials for the remote are in there.
    fn run(&self, args: &[&str]) -> Result<Output, Failure> {
        let settings = [
            "safe.directory=*",
            // One that the checkout brings along in a folder is not the job's, and its configuration runs programs.
            "safe.bareRepository=explicit",
            "core.hooksPath=/dev/null",
            "gc.auto=0",
            "maintenance.auto=false",
            "protocol.ext.allow=never",
        ];
        let mut git = Command::new("git");
        git.current_dir(&self.folder);
        git.args(settings.iter().flat_map(|setting| ["-c", *setting]));
        git.args(args).env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").stdin(Stdio::null());
        git.output().map_err(|error| Failure::new("git cannot be run").hint("install git in the job").cause(error))
    }
}

/// The last line of what git said, which tells why; without addresses, for there are tokens in some.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().rev().find(|line| line.starts_with("fatal: ") || line.starts_with("error: "));
    let line = line.or(text.lines().last()).unwrap_or("git failed");
    let words = line.split(' ').map(|word| if word.contains("://") { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

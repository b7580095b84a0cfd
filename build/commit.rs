//! The commit that the program is built from, for `--version`.
//!
//! It is known from the environment (`UNSPILL_COMMIT`, for whoever builds outside a checkout), from what `cargo package`
//! notes in a package, or from git. Builds for development do not name it: to keep it right, each commit would have to
//! compile everything anew. Where nothing tells it, the version says so.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Digits of a commit's id that are shown.
const DIGITS: usize = 12;
/// What the program is made of.
const SOURCES: [&str; 6] = ["build", "build.rs", "src", "rules", "Cargo.toml", "Cargo.lock"];

/// The commit in words, and the files at whose change it has to be looked up anew. `told` is what the environment says,
/// `root` the folder of the crate, `release` whether the build is one to be given away.
pub fn describe(told: Option<&str>, root: &Path, release: bool) -> (String, Vec<PathBuf>) {
    if let Some(id) = told.filter(|id| !id.is_empty()) {
        return (named(id, false), vec![]);
    }
    let package = root.join(".cargo_vcs_info.json");
    if let Ok(text) = std::fs::read_to_string(&package) {
        let dirty = text.split("\"dirty\":").nth(1).is_some_and(|rest| rest.trim_start().starts_with("true"));
        let id = text.split("\"sha1\":").nth(1).and_then(|rest| rest.split('"').nth(1));
        return (named(id.unwrap_or_default(), dirty), vec![package]);
    }
    // A repository further up is that of somebody who has these sources among others.
    if !root.join(".git").exists() {
        return (named("", false), vec![]);
    }
    if !release {
        return ("development build".to_owned(), vec![]);
    }
    let id = git(root, &["rev-parse", "--verify", "HEAD"]).unwrap_or_default();
    let status = ["status", "--porcelain", "--untracked-files=no", "--"];
    let dirty = git(root, &[&status[..], &SOURCES].concat()).is_none_or(|changed| !changed.is_empty());
    let heads = ["HEAD", "logs/HEAD"].into_iter().filter_map(|name| git(root, &["rev-parse", "--git-path", name]));
    let heads = heads.map(|path| root.join(path)).filter(|path| path.exists());
    (named(&id, dirty), heads.collect())
}

fn named(id: &str, dirty: bool) -> String {
    let is_id = id.len() >= 7 && id.bytes().all(|b| b.is_ascii_hexdigit());
    match id.get(..DIGITS).unwrap_or(id) {
        short if is_id && dirty => format!("commit {short}, modified"),
        short if is_id => format!("commit {short}"),
        _ => "commit unknown".to_owned(),
    }
}

/// What git says, without the line end; `None` if there is no git or it failed.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["--no-optional-locks", "-c", "core.fsmonitor=false"]).args(arguments);
    // A hook that builds has these set for its own repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

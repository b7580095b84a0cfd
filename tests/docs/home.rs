//! The place that commands of the pages run in: a folder with a repository that has something to find, and the program in
//! the search path.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use tempfile::TempDir;
use unspill::rules::examples::expand;

use crate::examples::named;

/// Nobody listens there: what would go on the network comes back at once.
const DEAD_PROXY: &str = "http://127.0.0.1:1";
/// What the token in the prepared repository is made of.
const TOKEN: &str = "ghp_{{base62:30}}{{checksum:github}}";

/// A folder with a repository in it.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// With the files that the page shows: their name stands in a comment on the first line.
    pub fn new(page: &str) -> Home {
        let home = Home { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(home.path().join("path/to")).expect("a folder");
        home.sh("git init -q -b main . && mkdir src && echo 'fn main() {}' > src/main.rs");
        home.sh("git add . && git commit -q -m 'Begin' && git update-ref refs/remotes/origin/main HEAD");
        home.sh("mkdir config && echo \"token = \\\"$TOKEN\\\"\" > config/deploy.toml");
        home.sh("git add . && git commit -q -m 'Deploy' && git rm -q config/deploy.toml && git commit -q -m 'Not so'");
        home.sh("git clone -q . path/to/repository && echo path > .gitignore");
        home.sh("echo \"TOKEN=$TOKEN\" > .env && git add .env && echo done > build.log");
        home.sh("tar -cf deploy.zip src");
        for (name, text) in named(page) {
            // The configuration aside, where it does not change what the commands show.
            let folder = if name.ends_with("unspill.toml") { "path" } else { "." };
            fs::write(home.path().join(folder).join(name), text).expect("a file can be written");
        }
        home
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Prepares something.
    fn sh(&self, command: &str) {
        let output = self.run(command);
        assert!(output.status.success(), "`{command}`: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs what a page shows, or anything else.
    pub fn run(&self, command: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_unspill")).parent().expect("a folder").to_owned();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([program].into_iter().chain(env::split_paths(&path))).expect("a search path");
        let mut sh = Command::new("sh");
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if ["GIT_", "UNSPILL_", "CLICOLOR"].iter().any(|prefix| name.starts_with(prefix)) {
                sh.env_remove(&*name);
            }
        }
        for who in ["AUTHOR", "COMMITTER"] {
            sh.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
            sh.env(format!("GIT_{who}_DATE"), "2024-05-06T07:08:09+00:00");
        }
        sh.env("HTTPS_PROXY", DEAD_PROXY).env_remove("NO_PROXY").env_remove("no_proxy");
        sh.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        sh.env("HOME", self.path()).env("PATH", path).env("TOKEN", expand(TOKEN).expect("a template"));
        sh.args(["-c", command]).current_dir(self.path()).output().expect("sh can be run")
    }

    /// Whether the system lets users make networks of their own.
    pub fn can_unshare(&self) -> bool {
        self.run("unshare --map-root-user --net true").status.success()
    }
}

//! The README and the pages under `docs/`, held to their word: every command of their `console` blocks is run, in order, in
//! a repository that has something to find, and what they show as output is compared.
//!
//! `unspill` and `cargo run --release --` are the program that was just built. `cargo test` is left out by name: it is
//! what is running.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use tempfile::TempDir;
use unspill::rules::examples::expand;

const README: &str = include_str!("../README.md");
const HOOKS: &str = include_str!("../docs/hooks.md");
const VERIFICATION: &str = include_str!("../docs/verification.md");
/// Nobody listens there: what would go on the network comes back at once.
const DEAD_PROXY: &str = "http://127.0.0.1:1";
/// Stands for the program where the README does not have it installed yet.
const CARGO_RUN: &str = "cargo run --release -- ";
/// What the token in the prepared repository is made of.
const TOKEN: &str = "ghp_{{base62:30}}{{checksum:github}}";

/// A command, and the lines that the README shows below it.
struct Step {
    command: String,
    shown: String,
}

#[test]
fn every_command_runs() {
    run_all(README, 20);
}

#[test]
fn every_command_on_verification_runs() {
    run_all(VERIFICATION, 6);
}

#[test]
fn every_command_on_hooks_runs() {
    run_all(HOOKS, 3);
}

/// Runs every command of a text, of which there are so many at least.
fn run_all(text: &str, least: usize) {
    let home = Home::new();
    let steps = steps(text);
    assert!(steps.len() > least, "only {} commands were found", steps.len());
    for step in &steps {
        if step.command == "cargo test" || (step.command.starts_with("unshare ") && !home.can_unshare()) {
            eprintln!("left out: {}", step.command);
            continue;
        }
        let output = home.run(&step.command.replace(CARGO_RUN, "unspill "));
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // Without a network there is no answer.
        let is_silent = step.command.contains("unspill verify ") && output.status.code() == Some(2);
        assert!(
            is_silent || matches!(output.status.code(), Some(0 | 1)),
            "`{}` gave {}\n{stdout}{stderr}",
            step.command,
            output.status
        );
        if !step.shown.is_empty() {
            assert_eq!(timeless(&step.shown), timeless(&stdout), "what `{}` prints, and the README", step.command);
        }
    }
}

#[test]
fn the_configuration_can_be_used() {
    let output = Home::new().run("unspill dir src --config path/unspill.toml");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn both_first_commands_are_there() {
    let commands: Vec<String> = steps(README).into_iter().map(|step| step.command).collect();
    assert_eq!(&commands[..2], ["cargo run --release -- dir .", "cargo test"]);
}

#[test]
fn a_command_that_fails_is_noticed() {
    let output = Home::new().run("unspill no-such-command");
    assert_eq!(output.status.code(), Some(2));
}

/// The commands of all `console` blocks.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            _ if line.starts_with("```") => inside = line == "```console",
            Some(command) if inside => steps.push(Step { command: command.to_owned(), shown: String::new() }),
            None if inside => {
                let step = steps.last_mut().expect("output stands below a command");
                step.shown.push_str(line);
                step.shown.push('\n');
            }
            _ => {}
        }
    }
    steps
}

/// The files that the README shows: their name stands in a comment on the first line.
fn files(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let named = blocks.map(|block| {
        let name = block.lines().next().and_then(|line| line.strip_prefix("# ")).expect("the file's name");
        (name.to_owned(), block.to_owned())
    });
    named.collect()
}

/// `text` without what differs from run to run: how long it took.
fn timeless(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        lines.push(match line.rsplit_once(" in ") {
            Some((before, after)) if after.ends_with(" s.") => format!("{before} in a moment"),
            _ => line.to_owned(),
        });
    }
    lines.join("\n")
}

/// A folder with a repository in it, and the program in the search path.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Home {
        let home = Home { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(home.path().join("path/to")).expect("a folder");
        home.sh("git init -q -b main . && mkdir src && echo 'fn main() {}' > src/main.rs");
        home.sh("git add . && git commit -q -m 'Begin' && git update-ref refs/remotes/origin/main HEAD");
        home.sh("mkdir config && echo \"token = \\\"$TOKEN\\\"\" > config/deploy.toml");
        home.sh("git add . && git commit -q -m 'Deploy' && git rm -q config/deploy.toml && git commit -q -m 'Not so'");
        home.sh("git clone -q . path/to/repository && echo path > .gitignore");
        home.sh("echo \"TOKEN=$TOKEN\" > .env && git add .env && echo done > build.log");
        home.sh("tar -cf deploy.zip src");
        for (name, text) in files(README).into_iter().chain(files(VERIFICATION)) {
            // The configuration aside, where it does not change what the commands show.
            let folder = if name == "unspill.toml" { "path" } else { "." };
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

    fn run(&self, command: &str) -> Output {
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
        sh.env("PATH", path).env("TOKEN", expand(TOKEN).expect("a template"));
        sh.args(["-c", command]).current_dir(self.path()).output().expect("sh can be run")
    }

    /// Whether the system lets users make networks of their own.
    fn can_unshare(&self) -> bool {
        self.run("unshare --map-root-user --net true").status.success()
    }
}

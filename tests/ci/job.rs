//! A job of a CI: its variables, its files, and what comes out of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use unspill::rules::examples::expand;

/// The id that stands for none.
pub const NONE: &str = "0000000000000000000000000000000000000000";

/// A made-up credential.
pub fn secret() -> String {
    expand("ghp_{{base62:30}}{{checksum:github}}").expect("a template")
}

/// A line of source with a credential on it.
pub fn leak(secret: &str) -> String {
    format!("token = \"{secret}\"\n")
}

/// A job that is to run.
pub struct Job {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

/// What a job came to.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    /// The job summary.
    pub summary: String,
    /// The outputs of the step.
    pub outputs: BTreeMap<String, String>,
}

impl Job {
    /// A job with these variables.
    pub fn new(variables: &[(&str, &str)]) -> Job {
        let job = Job { folder: TempDir::new().expect("a folder"), variables: BTreeMap::new() };
        job.with(&[("CI", "true")]).with(variables)
    }

    /// A job of GitHub Actions for this event.
    pub fn github(name: &str, event: serde_json::Value) -> Job {
        let job = Job::new(&[]);
        let file = |name: &str| job.folder.path().join(name);
        fs::write(file("event.json"), event.to_string()).expect("a file");
        let paths =
            [("GITHUB_EVENT_PATH", "event.json"), ("GITHUB_OUTPUT", "output"), ("GITHUB_STEP_SUMMARY", "summary.md")];
        let paths = paths.map(|(variable, name)| (variable, file(name).display().to_string()));
        let job = paths.iter().fold(job, |job, (variable, path)| job.with(&[(variable, path)]));
        job.with(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_EVENT_NAME", name),
            ("GITHUB_SERVER_URL", "https://github.example"),
            ("GITHUB_REPOSITORY", "octo/repo"),
        ])
    }

    /// The same with further variables.
    pub fn with(mut self, variables: &[(&str, &str)]) -> Job {
        self.variables.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// A path in the job's own folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `unspill ci` in this checkout.
    pub fn run(&self, checkout: &Path, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unspill"));
        command.arg("ci").args(args);
        self.run_command(command, checkout)
    }

    /// Runs any command in this checkout.
    pub fn run_command(&self, mut command: Command, checkout: &Path) -> Ran {
        let _ = fs::remove_file(self.file("output"));
        let _ = fs::remove_file(self.file("summary.md"));
        let explicit: Vec<_> =
            command.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
        let Output { status, stdout, stderr } = command
            .current_dir(checkout)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(&self.variables)
            .envs(explicit)
            .output()
            .expect("it runs");
        let text = |name: &str| fs::read_to_string(self.file(name)).unwrap_or_default();
        Ran {
            code: status.code().expect("an exit code"),
            stdout: String::from_utf8(stdout).expect("UTF-8"),
            stderr: String::from_utf8(stderr).expect("UTF-8"),
            summary: text("summary.md"),
            outputs: outputs(&text("output")),
        }
    }
}

impl Ran {
    /// All that anybody may read.
    pub fn everything(&self) -> String {
        format!("{}\n{}\n{}\n{:?}", self.stdout, self.stderr, self.summary, self.outputs)
    }

    /// The commands on standard output that the runner acts on: it acts on none between the line that stops them and the
    /// one that has the same token.
    pub fn commands(&self) -> Vec<String> {
        let mut commands = Vec::new();
        let mut stopped: Option<String> = None;
        for line in self.stdout.lines().map(str::trim_start) {
            if let Some(token) = &stopped {
                if line == format!("::{token}::") {
                    stopped = None;
                }
            } else if let Some(token) = line.strip_prefix("::stop-commands::") {
                stopped = Some(token.to_owned());
            } else if line.starts_with("::") {
                commands.push(line.to_owned());
            }
        }
        assert_eq!(stopped, None, "commands stay switched off");
        commands
    }

    /// Annotations of one kind.
    pub fn annotations(&self, kind: &str) -> Vec<String> {
        self.commands().into_iter().filter(|command| command.starts_with(&format!("::{kind} "))).collect()
    }

    /// Asserts how it ended and how many findings it had.
    #[track_caller]
    pub fn expect(&self, code: i32, findings: usize) {
        let shown = self.everything();
        assert_eq!(self.code, code, "{shown}");
        assert_eq!(self.outputs.get("exit-code"), Some(&code.to_string()), "{shown}");
        assert_eq!(self.outputs.get("findings"), Some(&findings.to_string()), "{shown}");
    }

    /// Asserts that nothing could be scanned.
    #[track_caller]
    pub fn expect_failure(&self) {
        let shown = self.everything();
        assert_eq!(self.code, 2, "{shown}");
        assert_eq!(self.outputs.get("exit-code"), Some(&"2".to_owned()), "{shown}");
        assert_eq!(self.outputs.get("findings"), Some(&String::new()), "{shown}");
        assert_eq!(self.annotations("error").len(), 1, "{shown}");
    }
}

/// Reads outputs as the runner does: `name=value`, or `name<<token`, lines, and the token.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((name, token)) = line.split_once("<<") {
            let value: Vec<&str> = lines.by_ref().take_while(|line| *line != token).collect();
            outputs.insert(name.to_owned(), value.join("\n"));
        } else if let Some((name, value)) = line.split_once('=') {
            outputs.insert(name.to_owned(), value.to_owned());
        } else {
            panic!("{line:?} is no output");
        }
    }
    outputs
}

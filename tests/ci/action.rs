//! The action: its own steps, taken from `action.yml` and run by bash as a runner does, with the inputs in the environment.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::github::{pull_request, push};
use super::job::{Job, NONE, Ran, leak, secret};
use super::support::repo::Repo;

/// The token that a job has of its own.
const JOB_TOKEN: &str = "token-of-the-job";

/// A step that runs a script.
struct Step {
    id: String,
    script: String,
    environment: Vec<(String, String)>,
}

/// The inputs with their defaults, and the steps. It reads what `action.yml` is written in, and no more of YAML.
fn read(text: &str) -> (BTreeMap<String, String>, Vec<Step>) {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).collect();
    let section = |name: &str| {
        let lines = lines.iter().skip_while(move |line| **line != format!("{name}:")).skip(1);
        lines.take_while(move |line| indent(line) > 0).copied().collect::<Vec<_>>()
    };
    let unquoted = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
    let mut inputs = BTreeMap::new();
    let mut name = "";
    for line in section("inputs") {
        match (indent(line), line.trim().split_once(':')) {
            (2, Some((key, _))) => name = key,
            (4, Some(("default", value))) => drop(inputs.insert(name.to_owned(), unquoted(value))),
            _ => {}
        }
    }
    let mut steps: Vec<Step> = Vec::new();
    for line in section("runs") {
        let (depth, text) = (indent(line), line.trim());
        if text.starts_with("- ") {
            steps.push(Step { id: String::new(), script: String::new(), environment: Vec::new() });
        }
        let (Some(step), Some((key, value))) = (steps.last_mut(), text.split_once(": ")) else { continue };
        match (depth, key) {
            (6, "id") => step.id = unquoted(value),
            (6, "run") => step.script = value.to_owned(),
            (8, key) => step.environment.push((key.to_owned(), unquoted(value))),
            _ => {}
        }
    }
    steps.retain(|step| !step.script.is_empty());
    (inputs, steps)
}

/// An action in a folder, with what it is given.
pub struct Action {
    pub folder: PathBuf,
    inputs: BTreeMap<String, String>,
    steps: Vec<Step>,
    /// Further variables of the runner.
    runner: Vec<(String, String)>,
    /// A folder of programs that come before all others.
    programs: Option<PathBuf>,
}

impl Action {
    /// The one in this folder.
    pub fn at(folder: &Path) -> Action {
        let (inputs, steps) = read(&fs::read_to_string(folder.join("action.yml")).expect("action.yml"));
        Action { folder: folder.to_owned(), inputs, steps, runner: Vec::new(), programs: None }
    }

    /// This repository's.
    fn own() -> Action {
        Action::at(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    pub fn with(mut self, inputs: &[(&str, &str)]) -> Action {
        for (name, value) in inputs {
            assert!(self.inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        self
    }

    /// On a runner with these variables.
    pub fn on(mut self, variables: &[(&str, &str)]) -> Action {
        self.runner.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// With these programs before all others.
    pub fn programs(self, folder: PathBuf) -> Action {
        Action { programs: Some(folder), ..self }
    }

    /// Runs its steps until one fails; answers with the last one that ran, and with the outputs of all.
    pub fn run(&self, job: &Job, checkout: &Path) -> Ran {
        let mut outputs: BTreeMap<String, String> = BTreeMap::new();
        let mut last = None;
        for step in &self.steps {
            assert!(!step.script.contains("${{"), "an expression in a script: {}", step.script);
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &step.script]);
            for (name, value) in &step.environment {
                command.env(name, self.value(value, &outputs));
            }
            let program = Path::new(env!("CARGO_BIN_EXE_unspill")).parent().expect("a folder");
            let first = self.programs.iter().map(PathBuf::as_path).chain([program]);
            let path: String = first.map(|folder| format!("{}:", folder.display())).collect();
            command.env("PATH", path + &std::env::var("PATH").unwrap_or_default());
            command.env("RUNNER_TEMP", job.file(".")).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
            command.envs(self.runner.iter().cloned());
            let ran = job.run_command(command, checkout);
            outputs.extend(ran.outputs.iter().map(|(name, value)| (format!("{}.{name}", step.id), value.clone())));
            let failed = ran.code != 0;
            last = Some(ran);
            if failed {
                break;
            }
        }
        last.expect("a step")
    }

    /// What an expression comes to.
    fn value(&self, text: &str, outputs: &BTreeMap<String, String>) -> String {
        let Some(expression) = text.strip_prefix("${{ ").and_then(|text| text.strip_suffix(" }}")) else {
            return text.to_owned();
        };
        match expression {
            "github.action_path" => self.folder.display().to_string(),
            "github.action_repository" => "octo/unspill".to_owned(),
            "github.token" => JOB_TOKEN.to_owned(),
            "inputs.comment == 'true' && inputs.token || ''" => match &*self.inputs["comment"] {
                "true" => self.value(&self.inputs["token"], outputs),
                _ => String::new(),
            },
            _ => {
                let input = expression.strip_prefix("inputs.").map(|name| self.inputs[name].clone());
                let output = || {
                    let (id, name) = expression.strip_prefix("steps.")?.split_once(".outputs.")?;
                    Some(outputs.get(&format!("{id}.{name}")).cloned().unwrap_or_default())
                };
                input.or_else(output).unwrap_or_else(|| panic!("unknown: {expression}"))
            }
        }
    }
}

pub fn forked() -> Repo {
    let repo = Repo::new();
    repo.commit_file("old.py", leak(&secret()));
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit_file("topic.py", leak(&secret()));
    repo
}

#[test]
fn the_steps_scan_a_pull_request() {
    let repo = forked();
    let job = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic")));
    let ran = Action::own().with(&[("version", "system")]).run(&job, repo.path());
    ran.expect(1, 1);
    assert!(ran.annotations("error")[0].contains("file=topic.py,line=1"), "{}", ran.stdout);
    assert!(ran.summary.contains("1 finding"));
    assert!(Path::new(&ran.outputs["sarif"]).is_file());
}

#[test]
fn inputs_become_arguments_and_nothing_else() {
    let repo = forked();
    let job = Job::github("push", push(NONE, repo.id("topic"), "refs/heads/main"));
    let run =
        |inputs: &[(&str, &str)]| Action::own().with(&[("version", "system")]).with(inputs).run(&job, repo.path());
    run(&[("fail-on", "verdict=malformed")]).expect(0, 2);
    run(&[("args", "--rule gitlab\n --no-annotations")]).expect(0, 0);
    let ran = run(&[("summary", "false"), ("format", "jsonl")]);
    ran.expect(1, 2);
    assert!(ran.summary.is_empty() && ran.stdout.contains("\"fingerprint\""));
    repo.write("sub/unspill.toml", "");
    run(&[("working-directory", "sub"), ("config", "unspill.toml")]).expect(1, 2);
    // None of them is evaluated.
    for (name, input) in [
        ("args", "$(touch owned) `touch owned` ; touch owned"),
        ("config", "$(touch owned)"),
        ("fail-on", "\"; touch owned; \""),
    ] {
        run(&[(name, input)]).expect_failure();
        assert!(!repo.path().join("owned").exists(), "{name} is evaluated");
    }
}

#[test]
fn what_fails_before_the_scan_is_annotated_and_has_outputs() {
    let repo = forked();
    let job = Job::github("push", push(NONE, repo.id("topic"), "refs/heads/main"));
    for (input, value, told) in [
        ("working-directory", "no%where\n::warning::x", "no folder no%25where%0A::warning::x"),
        ("verify", "perhaps", "verify must be"),
        ("fail-on", "severity=hgih", "severity=hgih"),
        ("args", "--nope", "--nope"),
    ] {
        let ran = Action::own().with(&[("version", "system"), (input, value)]).run(&job, repo.path());
        ran.expect_failure();
        assert!(ran.annotations("error")[0].contains(told), "{}", ran.stdout);
    }
    // Exit code 1 would say that there are findings.
    for script in ["exit 1", "kill -9 $$"] {
        let program = fake(&job, "unspill", script);
        Action::own().with(&[("version", "system")]).programs(program).run(&job, repo.path()).expect_failure();
    }
}

/// A folder with a program that does this.
pub fn fake(job: &Job, name: &str, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = job.file("programs");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

#[test]
fn the_token_is_handed_on_only_for_a_comment() {
    let (repo, job) = (forked(), Job::github("schedule", json!({})));
    let seen = fake(&job, "unspill", r#"echo "token=$GITHUB_TOKEN" "$@" >>"$RUNNER_TEMP/seen""#);
    for comment in ["false", "true"] {
        let action = Action::own().with(&[("version", "system"), ("comment", comment)]).programs(seen.clone());
        assert_eq!(action.run(&job, repo.path()).code, 0);
    }
    let own = Action::own().with(&[("version", "system"), ("comment", "true"), ("token", "another")]);
    assert_eq!(own.programs(seen).run(&job, repo.path()).code, 0);
    let seen = fs::read_to_string(job.file("seen")).expect("what was seen");
    let seen: Vec<&str> = seen.lines().collect();
    assert!(seen[0].starts_with("token= ci ") && !seen[0].contains("--comment"), "{seen:?}");
    assert!(seen[1].starts_with(&format!("token={JOB_TOKEN} ci ")) && seen[1].ends_with(" --comment"), "{seen:?}");
    assert!(seen[2].starts_with("token=another ci "), "{seen:?}");
    assert!(seen.iter().all(|line| !line.split(" ci ").nth(1).unwrap_or_default().contains("token")), "{seen:?}");
}

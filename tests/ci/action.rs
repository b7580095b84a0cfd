//! The action: its own steps, taken from `action.yml` and run by bash as a runner does, with the inputs in the environment.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

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
struct Action {
    folder: PathBuf,
    inputs: BTreeMap<String, String>,
    steps: Vec<Step>,
    /// Further variables of the runner.
    runner: Vec<(String, String)>,
    /// A folder of programs that come before all others.
    programs: Option<PathBuf>,
}

impl Action {
    /// The one in this folder.
    fn at(folder: &Path) -> Action {
        let (inputs, steps) = read(&fs::read_to_string(folder.join("action.yml")).expect("action.yml"));
        Action { folder: folder.to_owned(), inputs, steps, runner: Vec::new(), programs: None }
    }

    /// This repository's.
    fn own() -> Action {
        Action::at(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    fn with(mut self, inputs: &[(&str, &str)]) -> Action {
        for (name, value) in inputs {
            assert!(self.inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        self
    }

    /// On a runner with these variables.
    fn on(mut self, variables: &[(&str, &str)]) -> Action {
        self.runner.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// With these programs before all others.
    fn programs(self, folder: PathBuf) -> Action {
        Action { programs: Some(folder), ..self }
    }

    /// Runs its steps until one fails; answers with the last one that ran, and with the outputs of all.
    fn run(&self, job: &Job, checkout: &Path) -> Ran {
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

fn forked() -> Repo {
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
    assert_eq!(run(&[("verify", "perhaps")]).code, 2);
    repo.write("sub/unspill.toml", "");
    run(&[("working-directory", "sub"), ("config", "unspill.toml")]).expect(1, 2);
    // None of them is evaluated.
    for (name, input) in [
        ("args", "$(touch owned) `touch owned` ; touch owned"),
        ("config", "$(touch owned)"),
        ("fail-on", "\"; touch owned; \""),
    ] {
        run(&[(name, input)]).expect_failure_or_usage();
        assert!(!repo.path().join("owned").exists(), "{name} is evaluated");
    }
}

impl Ran {
    /// Asserts that it did not pass.
    #[track_caller]
    fn expect_failure_or_usage(&self) {
        assert_eq!(self.code, 2, "{}", self.everything());
    }
}

/// What a release of this version is called for this target.
fn called(target: &str) -> String {
    format!("unspill-{}-{target}", env!("CARGO_PKG_VERSION"))
}

const LINUX: &str = "x86_64-unknown-linux-musl";

/// What leads to this program. The program itself is large; this will do.
fn program() -> String {
    format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_unspill"))
}

/// A release for Linux as it should be.
fn packed() -> Vec<u8> {
    packed_with(&[(&format!("{}/unspill", called(LINUX)), &program()), (&format!("{}/README.md", called(LINUX)), "#")])
}

/// An archive of these files, whatever they are called.
fn packed_with(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        // As nobody could set it who does not mean harm.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, text.as_bytes()).expect("an entry");
    }
    archive.into_inner().and_then(|packer| packer.finish()).expect("an archive")
}

/// A copy of the action that knows this release, by this sum if not its own.
fn released(job: &Job, archive: &str, bytes: &[u8], sum: Option<&str>) -> Action {
    let action = copied(job);
    let releases = job.file(&format!("releases/v{}", env!("CARGO_PKG_VERSION")));
    fs::create_dir_all(&releases).expect("a folder");
    fs::write(releases.join(archive), bytes).expect("a file");
    let own = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    let sums = format!("# Sums\n{}  {archive}\n{}  other.zip\n", sum.unwrap_or(&own), "0".repeat(64));
    fs::write(action.folder.join("action/checksums.txt"), sums).expect("a file");
    action
}

/// A copy of the action that knows no release.
fn copied(job: &Job) -> Action {
    let folder = job.file("action-copy");
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("action")).expect("a folder");
    for name in ["action.yml", "Cargo.toml", "action/get.sh", "action/scan.sh"] {
        fs::copy(own.join(name), folder.join(name)).expect("a copy");
    }
    fs::write(folder.join("action/checksums.txt"), "").expect("a file");
    Action::at(&folder)
}

/// The one for Linux.
fn linux(job: &Job, sum: Option<&str>) -> Action {
    released(job, &format!("{}.tar.gz", called(LINUX)), &packed(), sum)
}

fn downloading() -> (Repo, Job) {
    let repo = forked();
    let job = Job::github("pull_request", pull_request(repo.id("main"), repo.id("topic")));
    let releases = format!("file://{}", job.file("releases").display());
    (repo, job.with(&[("UNSPILL_RELEASES", &releases)]))
}

#[test]
fn a_release_is_downloaded_if_its_sum_is_right() {
    let (repo, job) = downloading();
    linux(&job, None).run(&job, repo.path()).expect(1, 1);
    for version in [env!("CARGO_PKG_VERSION"), concat!("v", env!("CARGO_PKG_VERSION"))] {
        linux(&job, None).with(&[("version", version)]).run(&job, repo.path()).expect(1, 1);
    }
}

#[test]
fn a_release_with_another_sum_is_not_run() {
    let (repo, job) = downloading();
    let ran = linux(&job, Some(&"0".repeat(64))).run(&job, repo.path());
    assert_eq!(ran.code, 2, "{}", ran.everything());
    assert!(ran.stdout.contains("is not what checksums.txt says"), "{}", ran.stdout);
    assert!(ran.outputs.is_empty(), "{:?}", ran.outputs);
}

#[test]
fn a_version_that_no_sum_is_known_of_is_not_run() {
    let (repo, job) = downloading();
    for version in ["99.0.0", "../../x", "1.0.0; touch owned", "0.1.0-../..", "latest"] {
        let ran = linux(&job, None).with(&[("version", version)]).run(&job, repo.path());
        assert_eq!(ran.code, 2, "{}", ran.everything());
        assert!(ran.outputs.is_empty() && ran.annotations("error").len() == 1, "{}", ran.everything());
    }
}

#[test]
fn what_cannot_be_downloaded_is_told() {
    let (repo, job) = downloading();
    let action = linux(&job, None);
    fs::remove_dir_all(job.file("releases")).expect("a folder");
    // Without tries that take their time.
    let curl = fake(&job, "curl", "exit 22");
    let ran = action.programs(curl).run(&job, repo.path());
    assert_eq!(ran.code, 2, "{}", ran.everything());
    assert!(ran.stdout.contains("cannot be downloaded"), "{}", ran.stdout);
}

/// Somebody who can have the sum of their archive taken into the list can have any program run; nobody else can, and
/// nothing but the program is unpacked.
#[test]
fn of_an_archive_nothing_but_the_program_is_unpacked() {
    let (repo, job) = downloading();
    let own = format!("{}/unspill", called(LINUX));
    let bytes = packed_with(&[("../outside", "x"), ("/tmp/../outside", "x"), (&own, &program()), ("beside", "x")]);
    let archive = format!("{}.tar.gz", called(LINUX));
    released(&job, &archive, &bytes, None).run(&job, repo.path()).expect(1, 1);
    assert!(!job.file("outside").exists());
    let found = fs::read_dir(job.file(".")).expect("a folder").map(|entry| entry.expect("an entry").path());
    assert!(found.filter(|path| path.is_dir()).all(|folder| !folder.join("beside").exists()));
    for name in ["unspill", "../unspill", "other/unspill"] {
        let ran = released(&job, &archive, &packed_with(&[(name, &program())]), None).run(&job, repo.path());
        assert_eq!(ran.code, 2, "{}", ran.everything());
        assert!(ran.stdout.contains("there is no program in"), "{}", ran.stdout);
    }
}

/// As far as it can be tried elsewhere: its archive, its program's name and its folders, whose names have backslashes.
#[test]
fn on_windows_it_is_a_zip() {
    use std::io::Write as _;
    if Command::new("unzip").arg("-v").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "install unzip");
        return;
    }
    let (repo, job) = downloading();
    let name = called("x86_64-pc-windows-msvc");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in [(format!("{name}/README.md"), "#".to_owned()), (format!("{name}/unspill.exe"), program())] {
        archive.start_file(path, zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(text.as_bytes()).expect("a text");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    let temp = job.file(r"D:\a\_temp");
    fs::create_dir_all(&temp).expect("a folder");
    let windows = [("RUNNER_OS", "Windows"), ("RUNNER_TEMP", temp.to_str().expect("UTF-8"))];
    released(&job, &format!("{name}.zip"), &bytes, None).on(&windows).run(&job, repo.path()).expect(1, 1);
}

/// A folder with a program that does this.
fn fake(job: &Job, name: &str, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = job.file("programs");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

/// A cargo that installs what leads to this program.
fn cargo(job: &Job) -> PathBuf {
    let script = r#"echo "$*" >>"$RUNNER_TEMP/asked"
[ "$1 $2 $3 $4" = "install --quiet --locked --path" ] && [ -f "$5/Cargo.toml" ] && [ "$6" = --root ] || exit 9
mkdir -p "$7/bin" && ln -sf "$PROGRAM" "$7/bin/unspill""#;
    let script = script.replace("$PROGRAM", env!("CARGO_BIN_EXE_unspill"));
    fake(job, "cargo", &script)
}

#[test]
fn it_is_built_from_source_if_that_is_asked_for_or_there_is_no_release() {
    let (repo, job) = downloading();
    let odd = [("RUNNER_OS", "FreeBSD"), ("RUNNER_ARCH", "X64")];
    let arm = [("RUNNER_ARCH", "ARM64")];
    let source = [("version", "source")];
    let actions: [&dyn Fn() -> Action; 5] = [
        &|| copied(&job).with(&source),
        &|| copied(&job),
        &|| linux(&job, None).with(&source),
        &|| linux(&job, None).on(&odd),
        &|| linux(&job, None).on(&arm),
    ];
    for action in actions {
        action().programs(cargo(&job)).run(&job, repo.path()).expect(1, 1);
    }
    assert_eq!(fs::read_to_string(job.file("asked")).expect("what cargo was asked").lines().count(), 5);
    // An action of the workflow's own repository.
    let own = linux(&job, None).programs(cargo(&job)).on(&[("ACTION_REPOSITORY", ""), ("UNSPILL_RELEASES", "")]);
    own.run(&job, repo.path()).expect(1, 1);
    // Who names a version does not get another one.
    let named = linux(&job, None).on(&odd).with(&[("version", env!("CARGO_PKG_VERSION"))]);
    let ran = named.programs(cargo(&job)).run(&job, repo.path());
    assert_eq!(ran.code, 2, "{}", ran.everything());
    assert!(ran.stdout.contains("version: source"), "{}", ran.stdout);
}

#[test]
fn a_build_that_fails_is_told() {
    let (repo, job) = downloading();
    let ran = copied(&job).programs(fake(&job, "cargo", "exit 101")).run(&job, repo.path());
    assert_eq!(ran.code, 2, "{}", ran.everything());
    assert!(ran.annotations("error")[0].contains("cannot be built"), "{}", ran.stdout);
}

#[test]
fn the_token_is_handed_on_only_for_a_comment() {
    let (repo, job) = downloading();
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

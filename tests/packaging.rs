//! What a release is made of fits together: the archives, the sums, the formula, the workflows, and the lists of targets
//! and versions that several files have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A time that all files of an archive get here.
const TIME: &str = "1700000000";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The targets of `packaging/targets` with the endings of their archives.
fn targets() -> BTreeMap<String, String> {
    let text = read("packaging/targets");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("target and ending")).map(|(a, b)| (a.into(), b.into())).collect()
}

/// The targets that a text names. None of them is part of another.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    let is_target = |word: &&str| {
        let parts: Vec<&str> = word.split('-').collect();
        parts.len() >= 3 && ["apple", "pc", "unknown"].contains(&parts[1]) && ["x86_64", "aarch64"].contains(&parts[0])
    };
    words.filter(is_target).map(str::to_owned).collect()
}

/// A program as the archives hold it, made so that only its name and bytes are looked at.
struct Packed {
    folder: TempDir,
}

impl Packed {
    /// Packs for a target, at a time and with a mask that must make no difference.
    fn new(target: &str, mask: &str) -> Packed {
        let packed = Packed { folder: tempfile::tempdir().expect("a folder") };
        fs::write(packed.path("program"), "what the compiler made\n").expect("a file");
        fs::write(packed.path("sbom"), "{}\n").expect("a file");
        let script = format!("umask {mask}; exec packaging/archive \"$0\" \"$1\" \"$2\"");
        let mut command = Command::new("bash");
        command.args(["-c", &script]).arg(packed.path("program")).arg(target).arg(packed.path("out"));
        command.current_dir(root()).env("SOURCE_DATE_EPOCH", TIME).env("TZ", "Asia/Tokyo");
        command.env("UNSPILL_HOST", env!("CARGO_BIN_EXE_unspill")).env("UNSPILL_SBOM", packed.path("sbom"));
        succeed(command);
        packed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn bytes(&self, archive: &str) -> Vec<u8> {
        fs::read(self.path("out").join(archive)).expect(archive)
    }
}

fn succeed(mut command: Command) -> String {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Whether there is the program that packs for Windows. Where all is to be tried, there must be.
fn has_zip() -> bool {
    let has = Command::new("zip").arg("-v").output().is_ok();
    assert!(has || std::env::var_os("CI").is_none(), "there is no zip");
    if !has {
        eprintln!("not tried: archives for Windows (there is no zip)");
    }
    has
}

/// A copy of what the scripts read and write, so that they can be tried on other sums and versions.
fn checkout() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("cp");
    command.args(["-r", "Cargo.toml", "Cargo.lock", "CHANGELOG.md", "packaging", "action"]).arg(folder.path());
    command.current_dir(root());
    succeed(command);
    folder
}

fn script(folder: &Path, name: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("bash");
    command.current_dir(folder).arg(folder.join("packaging").join(name)).args(arguments);
    command.output().expect("bash")
}

/// Sums such as a release has, one for each target and all different.
fn sums() -> BTreeMap<String, String> {
    let sum = |name: &str| Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let names = targets().into_iter().map(|(target, ending)| format!("unspill-{VERSION}-{target}.{ending}"));
    names.map(|name| (name.clone(), sum(&name))).collect()
}

fn write_sums(folder: &Path, sums: &BTreeMap<String, String>) {
    let text: String = sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    fs::write(folder.join("SHA256SUMS"), text).expect("a file");
}

#[test]
fn an_archive_holds_program_licences_completions_man_pages_and_materials() {
    let target = "x86_64-unknown-linux-musl";
    let name = format!("unspill-{VERSION}-{target}");
    let packed = Packed::new(target, "022");
    let gzip = packed.bytes(&format!("{name}.tar.gz"));
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&gzip[..]));
    let mut found = BTreeMap::new();
    for entry in archive.entries().expect("a tar") {
        let entry = entry.expect("an entry");
        let header = entry.header();
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        assert_eq!(header.mtime().unwrap().to_string(), TIME);
        let path = entry.path().unwrap().strip_prefix(&name).expect("all in one folder").display().to_string();
        found.insert(path, header.mode().unwrap() & 0o777);
    }
    assert_eq!(found["unspill"], 0o755);
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "CHANGELOG.md", "unspill.cdx.json"] {
        assert_eq!(found[file], 0o644, "{file}");
    }
    for file in ["unspill.bash", "_unspill", "unspill.fish", "_unspill.ps1", "unspill.elv"] {
        assert_eq!(found[&format!("completions/{file}")], 0o644, "{file}");
    }
    for page in ["unspill.1", "unspill-git.1", "unspill-rules-list.1"] {
        assert_eq!(found[&format!("man/man1/{page}")], 0o644, "{page}");
    }
}

#[test]
fn the_same_program_is_packed_into_the_same_bytes() {
    for (target, ending) in targets().into_iter().filter(|(target, _)| !target.starts_with("aarch64")) {
        if ending == "zip" && !has_zip() {
            continue;
        }
        let archive = format!("unspill-{VERSION}-{target}.{ending}");
        let bytes = Packed::new(&target, "022").bytes(&archive);
        assert!(bytes == Packed::new(&target, "077").bytes(&archive), "{archive} differs");
        let magic: &[u8] = if ending == "zip" { b"PK\x03\x04" } else { b"\x1f\x8b" };
        assert!(bytes.starts_with(magic), "{archive}");
    }
}

#[test]
fn for_windows_the_program_has_its_suffix() {
    if !has_zip() {
        return;
    }
    let target = "x86_64-pc-windows-msvc";
    let name = format!("unspill-{VERSION}-{target}");
    let bytes = Packed::new(target, "022").bytes(&format!("{name}.zip"));
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    assert!(archive.index_for_name(&format!("{name}/unspill.exe")).is_some());
}

#[test]
fn the_formula_has_the_sum_of_each_archive_beside_its_address() {
    let folder = checkout();
    let sums = sums();
    write_sums(folder.path(), &sums);
    let output = script(folder.path(), "formula", &["SHA256SUMS"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let formula = String::from_utf8(output.stdout).unwrap();
    assert!(formula.contains(&format!("version \"{VERSION}\"")) && !formula.contains("@SHA256"), "{formula}");
    let lines: Vec<&str> = formula.lines().map(str::trim).collect();
    let mut seen = BTreeSet::new();
    for pair in lines.windows(2).filter(|pair| pair[0].starts_with("url ")) {
        let address = pair[0].trim_start_matches("url ").trim_matches('"');
        let (before, archive) = address.rsplit_once('/').unwrap();
        assert_eq!(before, format!("{}/releases/download/v{VERSION}", env!("CARGO_PKG_REPOSITORY")));
        assert_eq!(pair[1], format!("sha256 \"{}\"", sums[archive]), "{archive}");
        seen.insert(archive.to_owned());
    }
    let all: BTreeSet<String> = sums.into_keys().filter(|name| !name.contains("windows")).collect();
    assert_eq!(seen, all);
}

#[test]
fn a_formula_without_a_sum_is_none() {
    let folder = checkout();
    let mut sums = sums();
    sums.pop_first();
    write_sums(folder.path(), &sums);
    let output = script(folder.path(), "formula", &["SHA256SUMS"]);
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[test]
fn the_action_takes_the_sums_once_and_no_others_afterwards() {
    let folder = checkout();
    let list = folder.path().join("action/checksums.txt");
    let before = "# A comment.\n".to_owned();
    fs::write(&list, &before).unwrap();
    let mut sums = sums();
    write_sums(folder.path(), &sums);
    assert!(script(folder.path(), "adopt", &["SHA256SUMS"]).status.success());
    let adopted = fs::read_to_string(&list).unwrap();
    for (name, sum) in &sums {
        assert!(adopted.lines().any(|line| line == format!("{sum}  {name}")), "{adopted}");
    }
    assert_eq!(adopted.lines().count(), 1 + targets().len());

    assert!(script(folder.path(), "adopt", &["SHA256SUMS"]).status.success());
    assert_eq!(fs::read_to_string(&list).unwrap(), adopted, "the same sums again change nothing");

    sums.values_mut().for_each(|sum| *sum = "0".repeat(64));
    write_sums(folder.path(), &sums);
    assert!(!script(folder.path(), "adopt", &["SHA256SUMS"]).status.success(), "other sums for what is known");
    assert_eq!(fs::read_to_string(&list).unwrap(), adopted);
}

#[test]
fn the_action_downloads_the_archive_by_its_sum_and_finds_the_program_in_it() {
    let folder = checkout();
    let target = "x86_64-unknown-linux-musl";
    let archive = format!("unspill-{VERSION}-{target}.tar.gz");
    let bytes = Packed::new(target, "022").bytes(&archive);
    let release = folder.path().join(format!("releases/v{VERSION}"));
    fs::create_dir_all(&release).unwrap();
    fs::write(release.join(&archive), &bytes).unwrap();
    let mut sums = sums();
    sums.insert(archive, Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect());
    write_sums(folder.path(), &sums);
    fs::write(folder.path().join("action/checksums.txt"), "").unwrap();
    assert!(script(folder.path(), "adopt", &["SHA256SUMS"]).status.success());

    let outputs = folder.path().join("outputs");
    let mut command = Command::new("bash");
    command.arg(folder.path().join("action/get.sh")).env("RUNNER_TEMP", folder.path()).env("GITHUB_OUTPUT", &outputs);
    command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64").env("INPUT_VERSION", "");
    command.env("UNSPILL_RELEASES", format!("file://{}", folder.path().join("releases").display()));
    succeed(command);
    let outputs = fs::read_to_string(outputs).unwrap();
    let program = outputs.trim_end().strip_prefix("unspill=").expect("a path");
    assert_eq!(fs::read_to_string(program).unwrap(), "what the compiler made\n");
}

#[test]
fn the_sums_are_those_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.zip", "a b.tar.gz", "SHA256SUMS"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let mut command = Command::new("bash");
    command.arg(root().join("packaging/sums")).arg(folder.path());
    let sum = |name: &str| -> String { Sha256::digest(name).iter().map(|byte| format!("{byte:02x}")).collect() };
    assert_eq!(succeed(command), format!("{}  a b.tar.gz\n{}  b.zip\n", sum("a b.tar.gz"), sum("b.zip")));
}

#[test]
fn a_release_is_checked_for_its_version_changelog_home_and_sums() {
    let folder = checkout();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder.path()).args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]);
        command.args(arguments);
        succeed(command)
    };
    let change = |file: &str, from: &str, to: &str| {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(from, to)).unwrap();
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    let complaints = |arguments: &[&str]| {
        let output = script(folder.path(), "check-release", arguments);
        assert_eq!(output.status.success(), output.stderr.is_empty());
        let version = String::from_utf8(output.stdout).unwrap();
        assert_eq!(version, if output.status.success() { format!("{VERSION}\n") } else { String::new() });
        String::from_utf8(output.stderr).unwrap()
    };
    // The state that this repository itself may or may not be in is made here.
    change("Cargo.toml", env!("CARGO_PKG_REPOSITORY"), &format!("https://github.com/{}/unspill", "OWNER"));
    for file in git(&["grep", "-l", "OWNER[/]unspill"]).lines().filter(|file| *file != "Cargo.toml") {
        change(file, "OWNER", "octo");
    }
    fs::write(folder.path().join("CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- New.\n").unwrap();
    git(&["add", "--all"]);
    let found = complaints(&[]);
    assert!(found.contains("CHANGELOG.md has no section") && found.contains("not filled in, in Cargo.toml"), "{found}");

    change("Cargo.toml", &format!("github.com/{}/", "OWNER"), "github.com/octo/");
    change("CHANGELOG.md", "## Unreleased", &format!("## Unreleased\n\n## {VERSION} - 2026-01-02"));
    git(&["add", "--all"]);
    assert_eq!(complaints(&[]), "");
    let mut notes = Command::new("bash");
    notes.arg(folder.path().join("packaging/notes")).arg(VERSION);
    assert_eq!(succeed(notes), "\n- New.\n");

    let tag = format!("v{VERSION}");
    fs::write(folder.path().join("action/checksums.txt"), "").unwrap();
    assert!(complaints(&[&tag]).contains("action/checksums.txt does not know"));
    write_sums(folder.path(), &sums());
    assert!(script(folder.path(), "adopt", &["SHA256SUMS"]).status.success());
    assert_eq!(complaints(&[&tag]), "");
    assert!(complaints(&["v999.0.0"]).contains("the tag v999.0.0 is not"));

    change(
        "Cargo.lock",
        &format!("name = \"unspill\"\nversion = \"{VERSION}\""),
        "name = \"unspill\"\nversion = \"0.0.0\"",
    );
    assert!(complaints(&[]).contains("Cargo.lock"));
}

#[test]
fn all_that_names_targets_names_the_same() {
    let all: BTreeSet<String> = targets().into_keys().collect();
    let no_windows: BTreeSet<String> = all.iter().filter(|target| !target.contains("windows")).cloned().collect();
    assert_eq!(named(&read("action/get.sh")), all);
    assert_eq!(named(&read("packaging/homebrew/unspill.rb.in")), no_windows);
    let workflow = read(".github/workflows/release.yml");
    let matrix: Vec<&str> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(matrix.iter().map(|target| (*target).to_owned()).collect::<BTreeSet<_>>(), all);
    assert_eq!(matrix.len(), 2 * all.len(), "each is built, and attested, once");
    assert_eq!(named(&read("packaging/npm/pack")), all);
    assert_eq!(read("Cargo.toml").matches("[package.metadata.binstall.overrides.").count(), 1);
    for (target, ending) in targets() {
        assert_eq!(ending == "zip", target.contains("windows"), "the Action and binstall go by this");
    }
}

/// What `cargo binstall` would download for a target, and where in it it would look for the program.
fn binstall(target: &str) -> (String, String) {
    let manifest: toml::Value = toml::from_str(&read("Cargo.toml")).expect("TOML");
    let general = &manifest["package"]["metadata"]["binstall"];
    let special = general["overrides"].get(target);
    let key = |name: &str| special.and_then(|special| special.get(name)).unwrap_or(&general[name]).as_str().unwrap();
    let filled = |text: &str| {
        let suffix = if target.contains("windows") { ".exe" } else { "" };
        let values = [
            ("repo", env!("CARGO_PKG_REPOSITORY")),
            ("name", "unspill"),
            ("bin", "unspill"),
            ("version", VERSION),
            ("target", target),
            ("binary-ext", suffix),
        ];
        values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{ {name} }}"), value))
    };
    let format = if target.contains("windows") { "zip" } else { "tgz" };
    assert_eq!(key("pkg-fmt"), format);
    (filled(key("pkg-url")), filled(key("bin-dir")))
}

#[test]
fn binstall_finds_each_archive_and_the_program_in_it() {
    for (target, ending) in targets() {
        let (address, program) = binstall(&target);
        let name = format!("unspill-{VERSION}-{target}");
        assert_eq!(address, format!("{}/releases/download/v{VERSION}/{name}.{ending}", env!("CARGO_PKG_REPOSITORY")));
        let suffix = if target.contains("windows") { ".exe" } else { "" };
        assert_eq!(program, format!("{name}/unspill{suffix}"));
    }
}

#[test]
fn every_action_is_pinned_by_commit_and_no_expression_stands_in_a_script() {
    let mut uses = 0;
    for file in fs::read_dir(root().join(".github/workflows")).unwrap().map(|file| file.unwrap().path()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("\npermissions: {}\n"), "{}", file.display());
        let mut script_depth = None;
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            script_depth = script_depth.filter(|start| depth > *start || line.trim().is_empty());
            assert!(script_depth.is_none() || !line.contains("${{"), "an expression in a script: {line}");
            let item = line.trim().trim_start_matches("- ");
            if let Some(script) = item.strip_prefix("run: ") {
                assert!(!script.contains("${{"), "an expression in a script: {line}");
                script_depth = Some(line.find("run: ").unwrap_or(depth));
            }
            let Some(action) = item.strip_prefix("uses: ") else { continue };
            uses += 1;
            if action.starts_with("./") {
                continue;
            }
            let (_, pin) = action.split_once('@').unwrap_or_else(|| panic!("not pinned: {line}"));
            let (commit, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("without its version: {line}"));
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit && version.split('.').count() == 3, "{line}");
        }
    }
    assert!(uses > 10, "{uses}");
}

#[test]
fn the_toolchains_of_workflow_and_image_are_the_same() {
    let workflow = read(".github/workflows/release.yml");
    let rust = workflow.lines().find_map(|line| line.trim().strip_prefix("RUST: ")).expect("RUST").trim_matches('\'');
    let image = read("Dockerfile");
    let mut bases = image.lines().filter_map(|line| line.split_once("rust:")).peekable();
    assert!(bases.peek().is_some());
    assert!(bases.all(|(_, base)| base.starts_with(&format!("{rust}-alpine")) && base.contains("@sha256:")));
}

/// What is said to be run is there.
#[test]
fn the_scripts_that_workflows_and_instructions_run_are_there() {
    let mut seen = BTreeSet::new();
    for file in [".github/workflows/release.yml", ".github/workflows/ci.yml", "docs/releasing.md", ".ci/run"] {
        let text = read(file);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !['-', '_', '.', '/'].contains(&c));
        seen.extend(
            words
                .filter(|word| word.starts_with("packaging/"))
                .map(|word| word.trim_end_matches(['.', '/']))
                .map(str::to_owned),
        );
    }
    assert!(seen.contains("packaging/archive") && seen.contains("packaging/npm/pack"), "{seen:?}");
    for path in seen {
        assert!(root().join(&path).exists(), "{path} is not there");
    }
}

#[test]
fn what_pages_tell_users_to_pin_is_this_version() {
    let major = VERSION.split('.').next().expect("a number");
    let pins = [
        ("rev: v", VERSION.to_owned()),
        ("unspill==", VERSION.to_owned()),
        ("uses: OWNER/unspill@v", major.to_owned()),
    ];
    let folder = fs::read_dir(root().join("docs")).expect("docs").map(|entry| entry.expect("an entry").path());
    let pages = folder.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let texts: String = pages.chain([root().join("README.md")]).map(|path| fs::read_to_string(path).unwrap()).collect();
    for (before, wanted) in pins {
        let found: BTreeSet<&str> = texts
            .match_indices(before)
            .map(|(at, _)| &texts[at + before.len()..])
            .map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len())])
            .collect();
        assert_eq!(found, BTreeSet::from([wanted.as_str()]), "behind `{before}`");
    }
}

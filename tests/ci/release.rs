//! Where the action gets the program from: a release with the right sum, or its own source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::action::{Action, fake, forked};
use super::github::pull_request;
use super::job::Job;
use super::support::repo::Repo;

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

//! What `--version` says: the commit that it was built from, as far as that can be told, and which rules it has.

#[path = "../build/commit.rs"]
mod commit;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]).args(arguments);
    let output = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn describe(folder: &TempDir) -> String {
    commit::describe(None, folder.path(), true).0
}

#[test]
fn a_checkout_names_its_commit_and_whether_it_was_modified() {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "--quiet"]);
    assert_eq!(describe(&folder), "commit unknown");
    fs::write(folder.path().join("Cargo.toml"), "[package]").expect("a file");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "Begin"]);
    let id = git(folder.path(), &["rev-parse", "HEAD"]);
    assert_eq!(describe(&folder), format!("commit {}", &id[..12]));
    fs::write(folder.path().join("Cargo.toml"), "[packages]").expect("a file");
    assert_eq!(describe(&folder), format!("commit {}, modified", &id[..12]));
    assert_eq!(commit::describe(None, folder.path(), false).0, "development build");
    let (_, watched) = commit::describe(None, folder.path(), true);
    assert!(
        watched.iter().any(|path| path.ends_with("HEAD")) && watched.iter().all(|path| path.exists()),
        "{watched:?}"
    );
}

#[test]
fn a_package_names_the_commit_that_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let note = folder.path().join(".cargo_vcs_info.json");
    let id = "5".repeat(40);
    fs::write(&note, format!("{{\n  \"git\": {{\n    \"sha1\": \"{id}\"\n  }},\n  \"path_in_vcs\": \"\"\n}}"))
        .expect("a file");
    assert_eq!(describe(&folder), "commit 555555555555");
    fs::write(&note, format!("{{\"git\":{{\"sha1\":\"{id}\",\"dirty\":true}}}}")).expect("a file");
    assert_eq!(describe(&folder), "commit 555555555555, modified");
    fs::write(&note, "{}").expect("a file");
    assert_eq!(describe(&folder), "commit unknown");
}

#[test]
fn sources_alone_say_that_it_is_unknown_even_within_somebody_elses_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["commit", "--quiet", "--allow-empty", "--message", "Begin"]);
    let vendored = folder.path().join("vendor/unspill");
    fs::create_dir_all(&vendored).expect("a folder");
    assert_eq!(commit::describe(None, &vendored, true).0, "commit unknown");
    assert_eq!(commit::describe(Some("0123456789abcdef"), &vendored, true).0, "commit 0123456789ab");
    assert_eq!(commit::describe(Some("v1.0; rm"), &vendored, true).0, "commit unknown");
}

#[test]
fn the_program_names_commit_and_rules() {
    let output = Command::new(env!("CARGO_BIN_EXE_unspill")).arg("--version").output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rest = text.strip_prefix(concat!("unspill ", env!("CARGO_PKG_VERSION"), " (")).expect("name and version");
    let told: Vec<&str> = rest.trim_end().strip_suffix(')').expect("a bracket").split(", ").collect();
    assert!(told[0] == "development build" || told[0].starts_with("commit "), "{text}");
    let [count, "rules", digest] = told[told.len() - 1].split(' ').collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert_eq!(count, unspill::rules::builtin::RULES.len().to_string());
    assert!(digest.len() == 12 && digest.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
}

//! The same input gives the same bytes, for any number of threads.

use std::fs;
use std::path::Path;
use std::process::Command;

use unspill::rules::examples::expand;

/// Texts that hold secrets of several kinds, some of them in several files.
const TEMPLATES: &[&str] = &[
    "GITHUB_TOKEN=ghp_{{base62:30}}{{checksum:github}}\n",
    "password = \"k9!{{base62:12}}\"\nhost = \"db.internal\"\n",
    "url: postgres://app:{{base62:16}}@db.internal:5432/app\n",
    "data: \"{{b64:the password = k9xQ2vB7mN4p and more}}\"\n",
    "-----BEGIN RSA PRIVATE KEY-----\n{{base64:64}}\n{{base64:64}}\n-----END RSA PRIVATE KEY-----\n",
    "nothing to see here\n",
];

fn fill(folder: &Path) {
    for file in 0..120 {
        let texts = (0..3).map(|part| TEMPLATES[(file * 7 + part * (file % 5 + 1)) % TEMPLATES.len()]);
        let text: String = texts.map(|t| expand(t).expect("a template")).collect();
        let path = folder.join(format!("part{}/file{file}.txt", file % 9));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@acme.dev", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What a scan with `jobs` threads writes.
fn scan(folder: &Path, command: &[&str], jobs: usize) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_unspill"))
        .args(command)
        .args(["--format", "json", "--min-confidence", "low", "--show-secrets", "--jobs", &jobs.to_string()])
        .current_dir(folder)
        .output()
        .expect("unspill runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn assert_same(folder: &Path, command: &[&str]) {
    let alone = scan(folder, command, 1);
    assert!(alone.len() > 10_000, "findings are there: {} bytes", alone.len());
    for jobs in [2, 3, 8] {
        assert!(scan(folder, command, jobs) == alone, "{command:?} with {jobs} threads differs from one");
    }
}

#[test]
fn a_folder_gives_the_same_report_for_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path());
    assert_same(folder.path(), &["dir", "."]);
}

#[test]
fn a_history_gives_the_same_report_for_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q"]);
    for commit in 0..6 {
        fill(folder.path());
        fs::write(folder.path().join("part1/file1.txt"), format!("password = \"k9!xQ2vB7mN{commit}\"\n"))
            .expect("a file");
        git(folder.path(), &["add", "-A"]);
        git(folder.path(), &["commit", "-q", "--allow-empty", "-m", &format!("commit {commit}")]);
    }
    git(folder.path(), &["repack", "-adfq"]);
    assert_same(folder.path(), &["git"]);
}

#[test]
fn a_packed_history_gives_what_the_same_objects_give_loose() {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "-q"]);
    fill(folder.path());
    for commit in 0..12 {
        // One long text that changes in a line, so that its versions become deltas of each other.
        let mut text: String = (0..200).map(|line| format!("line {line} of a text that is long enough\n")).collect();
        text.insert_str(commit * 97, &expand(TEMPLATES[commit % TEMPLATES.len()]).expect("a template"));
        fs::write(folder.path().join("long.txt"), text).expect("a file");
        git(folder.path(), &["add", "-A"]);
        git(folder.path(), &["commit", "-q", "-m", &format!("commit {commit}")]);
    }
    let loose = scan(folder.path(), &["git"], 2);
    git(folder.path(), &["repack", "-adfq", "--depth=50", "--window=50"]);
    assert!(scan(folder.path(), &["git"], 2) == loose, "a packed history gives another report than a loose one");
}

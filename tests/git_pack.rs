//! Packs of all shapes: every blob comes once and as it is, and what is said of how it came from another is true.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use gix::ObjectId;
use support::derivations::Seen;
use unspill::source::git::{Git, GitOptions};

/// The blobs of a repository and their sizes, as git lists them.
fn listed(repository: &Path) -> BTreeMap<ObjectId, u64> {
    let output = Command::new("git")
        .current_dir(repository)
        .args(["-c", "safe.directory=*", "cat-file", "--batch-all-objects", "--unordered"])
        .arg("--batch-check=%(objecttype) %(objectname) %(objectsize)")
        .output()
        .expect("git runs");
    assert!(output.status.success());
    let mut blobs = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        if let Some((id, size)) = line.strip_prefix("blob ").and_then(|line| line.split_once(' ')) {
            blobs.insert(ObjectId::from_hex(id.as_bytes()).expect("an id"), size.parse().expect("a size"));
        }
    }
    blobs
}

/// Any repository, named by `UNSPILL_REPOSITORY`: every blob is there once, hashes to its id, and copies are true.
#[test]
#[ignore = "takes a large repository"]
fn a_real_repository() {
    let Some(repository) = std::env::var_os("UNSPILL_REPOSITORY") else { return };
    let git = Git::open(Some(Path::new(&repository)), GitOptions::default()).expect("a repository");
    let seen = Seen::with(&git, false);
    let listed = listed(Path::new(&repository));
    let mut missing = 0;
    for id in listed.keys() {
        let times = seen.blobs.get(id).map_or(0, |(times, _)| *times) + u64::from(seen.skipped.contains_key(id));
        assert!(times <= 1, "{id} came {times} times");
        missing += u64::from(times == 0);
    }
    assert!(seen.blobs.keys().all(|id| listed.contains_key(id)));
    // Archives come as their members.
    println!("{} blobs, {} derived, {} bytes copied; {missing} are archives?", listed.len(), seen.derived, seen.copied);
    println!("{}", seen.complaints());
    assert!(missing < 100, "{missing}");
}

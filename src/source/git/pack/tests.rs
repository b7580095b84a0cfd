//! What the walk shows does not depend on how much it may hold.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use gix::hash;
use gix::objs::Kind;
use gix::odb::pack::Bundle;
use gix::{ObjectId, oid};

use super::*;

/// Checks what it is shown, and notes it.
#[derive(Default)]
struct Notes(BTreeMap<ObjectId, usize>);

impl Visitor for Notes {
    type Outcome = BTreeMap<ObjectId, usize>;

    fn passes_over(&mut self, _: &oid, _: Kind, _: u64) -> bool {
        false
    }

    fn object(&mut self, object: &Object<'_>) -> Option<Carried> {
        let hash = gix::objs::compute_hash(hash::Kind::Sha1, object.kind, object.bytes).unwrap();
        assert_eq!(hash, object.id);
        assert_eq!(self.0.insert(hash, object.bytes.len()), None);
        Some(Carried::default())
    }

    fn outside(&mut self, _: &oid) -> Result<Vec<u8>, Unread> {
        Err(Unread::Missing)
    }

    fn lost(&mut self, id: &oid, why: Unread) {
        panic!("{id}: {why:?}");
    }

    fn finish(self) -> Self::Outcome {
        self.0
    }
}

#[test]
fn bases_that_had_to_make_room_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q", "."]);
    for version in 0..120u32 {
        let line = |line: u32| format!("line {line} {}\n", if line % 97 == version % 97 { version } else { 0 });
        fs::write(folder.path().join(format!("file{version}")), (0..300).map(line).collect::<String>()).unwrap();
    }
    git(&["add", "."]);
    git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "all"]);
    git(&["repack", "-q", "-a", "-d", "-f", "--depth=9", "--window=30"]);
    let files = fs::read_dir(folder.path().join(".git/objects/pack")).unwrap();
    let index = files.map(|file| file.unwrap().path()).find(|path| path.extension().is_some_and(|e| e == "idx"));
    let bundle = Bundle::at(index.unwrap(), hash::Kind::Sha1).unwrap();
    let entries = Entries::of(&bundle);
    let forest = Forest::of(&entries, |_| None, |_, kind| kind == Some(Kind::Blob));
    let packs = [Pack { entries, forest }];
    let mut shown = Vec::new();
    for (jobs, held) in [(1, 0), (1, 10_000), (1, usize::MAX), (3, 0), (3, usize::MAX)] {
        let all: BTreeMap<ObjectId, usize> = walk(&packs, jobs, held, Notes::default).into_iter().flatten().collect();
        assert_eq!(all.len(), 120);
        shown.push(all);
    }
    assert!(shown.iter().all(|all| *all == shown[0]));
}

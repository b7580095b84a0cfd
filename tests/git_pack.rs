//! Packs of all shapes: every blob comes once and as it is, and what is said of how it came from another is true.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gix::ObjectId;
use proptest::prelude::*;
use support::derivations::Seen;
use support::packfile::{self, Entry, Stored, append, id_of};
use support::repo::{Repo, overwrite};
use unspill::model::SkipReason;
use unspill::source::git::{Git, GitOptions};

fn open(path: &Path, jobs: usize) -> Git {
    Git::open(Some(path), GitOptions { jobs: Some(jobs), ..GitOptions::default() }).expect("a repository")
}

/// Texts that change from commit to commit, the same each time: lines are replaced, added, removed and moved.
fn fill(repo: &Repo, commits: u64) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut files: Vec<Vec<String>> = (0..4)
        .map(|file| (0..150).map(|line| format!("{file} line {line} {:08x}\n", random(1 << 30))).collect())
        .collect();
    for commit in 0..commits {
        let number = random(files.len());
        let lines = &mut files[number];
        for _ in 0..=random(3) {
            let at = random(lines.len());
            match random(4) {
                0 => lines[at] = format!("replaced in {commit} {:08x}\n", random(1 << 30)),
                1 => lines.insert(at, format!("added in {commit} {:08x}\n", random(1 << 30))),
                2 => drop(lines.remove(at)),
                _ => lines.rotate_left(at),
            }
        }
        repo.commit_file(format!("file{number}"), lines.concat());
    }
}

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

/// Compares with what git says, on one thread and on several.
fn check(path: &Path) -> Seen {
    let wanted = listed(path);
    let mut last = None;
    for jobs in [1, 4] {
        let seen = Seen::of(&open(path, jobs));
        assert_eq!(seen.complaints(), "");
        let sizes: BTreeMap<ObjectId, u64> = seen.blobs.iter().map(|(id, (_, b))| (*id, b.len() as u64)).collect();
        assert_eq!(sizes, wanted);
        assert!(seen.blobs.values().all(|(times, _)| *times == 1), "each once");
        last = Some(seen);
    }
    last.expect("a run")
}

fn packs(repo: &Repo) -> Vec<PathBuf> {
    let folder = fs::read_dir(repo.path().join(".git/objects/pack")).expect("packs");
    let mut packs: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    packs.retain(|path| path.extension().is_some_and(|e| e == "pack"));
    packs.sort();
    packs
}

#[test]
fn packs_of_all_settings() {
    let repo = Repo::new();
    fill(&repo, 60);
    let loose = check(repo.path());
    assert_eq!(loose.derived, 0);
    for settings in [
        &[][..],
        &["--depth=1"],
        &["--depth=4000", "--window=250"],
        &["--depth=0"],
        &["-c", "repack.useDeltaBaseOffset=false"],
        &["-c", "pack.indexVersion=1"],
        &["-c", "pack.compression=0"],
        &["-c", "core.bigFileThreshold=2k"],
        &["-c", "pack.writeReverseIndex=true", "--write-midx"],
    ] {
        let (config, options) =
            settings.split_at(settings.iter().position(|s| s.starts_with("--")).unwrap_or(settings.len()));
        let mut args = config.to_vec();
        args.extend(["repack", "-q", "-a", "-d", "-f"]);
        args.extend(options);
        repo.git(&args);
        let seen = check(repo.path());
        assert_eq!(seen.commits, 60);
        assert_eq!(seen.expected, 60 + seen.blobs.len() as u64);
        let whole = settings.iter().any(|s| s.contains("depth=0") || s.contains("bigFile"));
        assert_eq!(seen.derived == 0, whole, "{settings:?}");
        if !whole {
            // Little of each text is new.
            let all: u64 = seen.blobs.values().map(|(_, bytes)| bytes.len() as u64).sum();
            let derived = all * seen.derived / seen.blobs.len() as u64;
            assert!(seen.copied > derived * 9 / 10, "{settings:?}: {} of {derived}", seen.copied);
        }
    }
}

#[test]
fn hashes_of_32_bytes() {
    let repo = Repo::init(&["--object-format=sha256"]);
    fill(&repo, 20);
    check(repo.path());
    repo.pack();
    assert!(check(repo.path()).derived > 0);
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f"]);
    assert!(check(repo.path()).derived > 0);
}

#[test]
fn several_packs_with_the_same_objects_some_of_them_loose_as_well() {
    let repo = Repo::new();
    fill(&repo, 15);
    repo.git(&["repack", "-q", "-a"]);
    let first = packs(&repo);
    fs::write(first[0].with_extension("keep"), "").expect("a file");
    fill(&repo, 30);
    // All of it once more: in other deltas, with the loose ones left where they are.
    repo.git(&["repack", "-q", "-a", "-f", "--depth=3", "--pack-kept-objects"]);
    repo.git(&["repack", "-q"]);
    repo.commit_file("loose", "in no pack\n");
    assert!(packs(&repo).len() >= 2, "{:?}", packs(&repo));
    check(repo.path());
}

#[test]
fn objects_borrowed_from_another_repository() {
    let repo = Repo::new();
    fill(&repo, 15);
    repo.pack();
    let clone = repo.beside("clone");
    repo.git(&["clone", "-q", "--shared", ".", "../clone"]);
    fs::write(clone.join("own"), "not borrowed\n").expect("a file");
    repo.git_in(&clone, &["add", "."]);
    repo.git_in(&clone, &["commit", "-qm", "own"]);
    repo.git_in(&clone, &["repack", "-q", "-l", "-d"]);
    let seen = check(&clone);
    assert!(seen.blobs.len() > 10 && seen.derived > 0);
}

#[test]
fn binaries_and_archives_and_what_is_too_large_lend_nothing_to_their_children() {
    let repo = Repo::new();
    let text: String = (0..300).map(|line| format!("line {line} of a text\n")).collect();
    let mut binary = text.clone().into_bytes();
    binary[7] = 0;
    let mut utf16: Vec<u8> = vec![0xff, 0xfe];
    utf16.extend("some text in UTF-16\n".repeat(100).encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes) in [("text", text.as_bytes()), ("binary", &binary), ("utf16", &utf16)] {
        for end in ["", "a bit more\n", "and some other end\n"] {
            repo.commit_file(name, [bytes, end.as_bytes()].concat());
        }
    }
    repo.git(&["repack", "-q", "-a", "-d", "-f"]);
    let seen = Seen::of(&open(repo.path(), 2));
    assert_eq!(seen.complaints(), "");
    assert_eq!(seen.skipped.values().filter(|reason| **reason == SkipReason::Binary).count(), 3);
    assert_eq!(seen.blobs.len(), 6);

    let most = Some(text.len() as u64);
    let options = GitOptions { max_blob_size: most, ..GitOptions::default() };
    let seen = Seen::of(&Git::open(Some(repo.path()), options).expect("a repository"));
    assert_eq!(seen.complaints(), "");
    assert!(seen.skipped.values().filter(|reason| **reason == SkipReason::TooLarge).count() >= 4);
    assert!(seen.blobs.contains_key(&id_of(text.as_bytes())), "it derives from what is too large");
}

/// A part of a history leans only on what belongs to it.
#[test]
fn a_part_of_a_history() {
    let repo = Repo::new();
    fill(&repo, 30);
    repo.git(&["branch", "old", "HEAD~15"]);
    repo.pack();
    let mode = unspill::source::git::Mode::History { reference: Some("old".to_owned()), since: None };
    let seen =
        Seen::of(&Git::open(Some(repo.path()), GitOptions { mode, ..GitOptions::default() }).expect("a repository"));
    assert_eq!(seen.complaints(), "");
    let wanted = repo.git(&["rev-list", "--objects", "--filter=object:type=blob", "--filter-provided-objects", "old"]);
    let wanted: BTreeSet<&str> = wanted.lines().filter_map(|line| line.split(' ').next()).collect();
    let ids: Vec<String> = seen.blobs.keys().map(ToString::to_string).collect();
    assert_eq!(ids.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted);
}

/// Trees are stored as deltas, too: what is missing is counted all the same.
#[test]
fn what_a_partial_clone_lacks_is_counted() {
    let repo = Repo::new();
    for number in 0..80 {
        repo.write(format!("filler{number}"), format!("{number}\n"));
    }
    repo.git(&["add", "."]);
    fill(&repo, 30);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "../clone"]);
    let clone = repo.beside("clone");
    repo.git_in(&clone, &["-c", "fetch.negotiationAlgorithm=noop", "repack", "-q", "-a", "-d", "-f"]);
    let missing = listed(repo.path()).len();
    assert!(missing > 100);
    for jobs in [1, 3] {
        let seen = Seen::of(&open(&clone, jobs));
        assert!(seen.blobs.is_empty());
        assert!(seen.complaints().contains(&format!("{missing} objects are not here")), "{}", seen.complaints());
    }
}

fn blobs(seen: &Seen) -> Vec<&[u8]> {
    seen.blobs.values().map(|(_, bytes)| &bytes[..]).collect()
}

#[test]
fn a_base_in_another_pack_or_loose() {
    let repo = Repo::new();
    repo.write("base", "loose base\n");
    repo.git(&["hash-object", "-w", "base"]);
    let folder = repo.path().join(".git/objects/pack");
    let (loose, packed) = (b"loose base\n", b"packed base\n");
    let (from_loose, from_packed) = (b"loose base\nmore\n", b"packed base\nmore\n");
    let entry = |id, stored, content| Entry { id, stored, content, claims: None };
    packfile::write(&folder, "1", &[entry(id_of(packed), Stored::Whole, packed)]);
    packfile::write(
        &folder,
        "2",
        &[
            entry(id_of(from_loose), Stored::Reference(&id_of(loose)), &append(loose, b"more\n")),
            entry(id_of(from_packed), Stored::Reference(&id_of(packed)), &append(packed, b"more\n")),
            entry(id_of(b"loose base\nmore\n!"), Stored::Offset(0), &append(from_loose, b"!")),
        ],
    );
    let seen = Seen::of(&open(repo.path(), 1));
    assert_eq!(seen.complaints(), "");
    assert_eq!(seen.blobs.len(), 5);
    assert_eq!(seen.derived, 1);
}

#[test]
fn what_cannot_be_made_is_named_and_the_rest_comes() {
    let repo = Repo::new();
    let folder = repo.path().join(".git/objects/pack");
    let missing = id_of(b"not here");
    let (a, b, good) = (id_of(b"a"), id_of(b"b"), b"good\n");
    let whole = |content: &'static [u8], claims| Entry { id: id_of(content), stored: Stored::Whole, content, claims };
    let tail = append(b"lies\n", b"!");
    let circle = append(b"x", b"y");
    packfile::write(
        &folder,
        "1",
        &[
            whole(good, None),
            whole(b"lies\n", Some(4)),
            whole(b"bomb\n", Some(1 << 40)),
            whole(b"short\n", Some(7)),
            Entry { id: id_of(b"lies\n!"), stored: Stored::Offset(1), content: &tail, claims: None },
            Entry { id: id_of(b"thin"), stored: Stored::Reference(&missing), content: &tail, claims: None },
            Entry { id: a, stored: Stored::Reference(&b), content: &circle, claims: None },
            Entry { id: b, stored: Stored::Reference(&a), content: &circle, claims: None },
        ],
    );
    let seen = Seen::of(&open(repo.path(), 2));
    assert_eq!(blobs(&seen), [good]);
    let complaints = seen.complaints();
    for (id, why) in [
        (id_of(b"lies\n"), "1 objects that build on it are lost"),
        (id_of(b"bomb\n"), "larger than"),
        (id_of(b"short\n"), "shorter than it claims"),
        (id_of(b"thin"), "base of its delta is missing"),
        (a, "builds on itself"),
        (b, "builds on itself"),
    ] {
        let line = complaints.lines().find(|line| line.contains(&id.to_string()));
        assert!(line.is_some_and(|line| line.contains(why)), "{why}: {complaints}");
    }
    assert_eq!(seen.problems.len(), 6, "{complaints}");
}

#[test]
fn chains_of_any_length_and_trees_of_any_width() {
    for (width, jobs) in [(1, 1), (1, 3), (5000, 1), (5000, 3), (70, 3)] {
        let repo = Repo::new();
        let mut contents = vec![b"base\n".to_vec()];
        let mut deltas = vec![Vec::new()];
        let mut bases = vec![0];
        for number in 1..5000usize {
            let base = (number - 1) / width;
            let delta = append(&contents[base], format!("{number}\n").as_bytes());
            contents.push([&contents[base][..], format!("{number}\n").as_bytes()].concat());
            deltas.push(delta);
            bases.push(base);
        }
        let entries: Vec<Entry<'_>> = (0..5000)
            .map(|number| Entry {
                id: id_of(&contents[number]),
                stored: if number == 0 { Stored::Whole } else { Stored::Offset(bases[number]) },
                content: if number == 0 { &contents[0] } else { &deltas[number] },
                claims: None,
            })
            .collect();
        packfile::write(&repo.path().join(".git/objects/pack"), "1", &entries);
        let seen = Seen::of(&open(repo.path(), jobs));
        assert_eq!(seen.complaints(), "");
        assert_eq!((seen.blobs.len(), seen.derived), (5000, 4999));
        assert!(seen.blobs.values().all(|(times, _)| *times == 1));
    }
}

/// What `git verify-pack` says: for each object its kind, where it begins, how long it is, and its base.
fn entries(repo: &Repo, pack: &Path) -> Vec<(ObjectId, String, usize, usize, Option<ObjectId>)> {
    let list = repo.git(&[Path::new("verify-pack"), Path::new("-v"), &pack.with_extension("idx")]);
    let id = |hex: &str| ObjectId::from_hex(hex.as_bytes()).expect("an id");
    let fields = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields
        .filter(|f| f.len() >= 5 && f[0].len() == 40)
        .map(|f| (id(f[0]), f[1].to_owned(), f[4].parse().unwrap(), f[3].parse().unwrap(), f.get(6).map(|hex| id(hex))))
        .collect()
}

/// A corrupt entry spoils what builds on it, and nothing else.
#[test]
fn a_corrupt_entry_spoils_only_what_depends_on_it() {
    let repo = Repo::new();
    fill(&repo, 40);
    let pack = repo.pack();
    let entries = entries(&repo, &pack);
    let whole = fs::read(&pack).expect("a pack");
    let all: BTreeSet<ObjectId> = listed(repo.path()).into_keys().collect();
    let mut spoilt_by_one = 0;
    for (id, _, offset, length, _) in entries.iter().filter(|(_, kind, ..)| kind == "blob") {
        let mut broken = whole.clone();
        // The checksum at the end of compressed data.
        broken[offset + length - 2] ^= 0x10;
        overwrite(&pack, &broken);
        let mut lost = BTreeSet::from([*id]);
        loop {
            let more: Vec<ObjectId> =
                entries.iter().filter(|e| e.4.is_some_and(|base| lost.contains(&base))).map(|e| e.0).collect();
            let before = lost.len();
            lost.extend(more);
            if lost.len() == before {
                break;
            }
        }
        spoilt_by_one = spoilt_by_one.max(lost.len());
        let seen = Seen::of(&open(repo.path(), 2));
        let kept: BTreeSet<ObjectId> = seen.blobs.keys().copied().collect();
        assert_eq!(kept, &all - &lost);
        assert_eq!(seen.problems.len(), 1, "{}", seen.complaints());
        assert!(seen.complaints().contains(&id.to_string()), "{}", seen.complaints());
        let others = format!("{} objects that build on it", lost.len() - 1);
        assert_eq!(seen.complaints().contains(&others), lost.len() > 1, "{}", seen.complaints());
    }
    assert!(spoilt_by_one > 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is wrong with a pack or its index, nothing panics, and what is there is not told twice.
    #[test]
    fn any_damage(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let repo = Repo::new();
        for n in 0..3 {
            repo.commit_file("f", (0..40 + n).map(|line| format!("line {line} of a text\n")).collect::<String>());
        }
        let pack = repo.pack();
        let index = pack.with_extension("idx");
        let mut halves = [fs::read(&pack).expect("a pack"), fs::read(&index).expect("an index")];
        for (at, by, half) in changes {
            let half = &mut halves[usize::from(half)];
            let at = at.index(half.len());
            half[at] ^= by;
        }
        if let Some(cut) = cut {
            let length = cut.index(halves[0].len());
            halves[0].truncate(length);
        }
        overwrite(&pack, &halves[0]);
        overwrite(&index, &halves[1]);
        if let Ok(git) = Git::open(Some(repo.path()), GitOptions { jobs: Some(2), ..GitOptions::default() }) {
            let seen = Seen::with(&git, true, false);
            prop_assert!(seen.blobs.values().all(|(times, _)| *times == 1));
        }
    }

    /// Texts of any shape, packed by git.
    #[test]
    fn any_texts(
        base in prop::collection::vec(prop::sample::select(&b"ab\n"[..]), 0..400),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..60usize, "[a-c\n]{0,40}"), 1..8),
        offsets: bool,
    ) {
        let repo = Repo::new();
        let mut text = base;
        let mut paths = Vec::new();
        for (number, (at, removed, inserted)) in edits.into_iter().enumerate() {
            let at = at.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, inserted.into_bytes());
            repo.write(format!("f{number}"), &text);
            paths.push(format!("f{number}"));
        }
        repo.git(&["add", "."]);
        repo.commit("all");
        repo.git(&["-c", &format!("repack.useDeltaBaseOffset={offsets}"), "repack", "-q", "-a", "-d", "-f"]);
        check(repo.path());
    }
}

/// Any repository, named by `UNSPILL_REPOSITORY`: every blob is there once, hashes to its id, and copies are true.
#[test]
#[ignore = "takes a large repository"]
fn a_real_repository() {
    let Some(repository) = std::env::var_os("UNSPILL_REPOSITORY") else { return };
    let git = Git::open(Some(Path::new(&repository)), GitOptions::default()).expect("a repository");
    let seen = Seen::with(&git, false, true);
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

//! Archives of strangers: bombs, damage, encryption. Each ends soon, in bounded memory, and is never silent.

use std::io::Read;
use std::sync::LazyLock;

use proptest::prelude::*;
use unspill::model::{Origin, SkipReason};
use unspill::source::Sink;
use unspill::source::archive::{self, Kind, Limits};

use crate::archives::{scan, scan_within};
use crate::pack::{bz2, encrypted, gz, tar, xz, zip, zst};
use crate::recorder::{Record, Recorder};

const MIB: u64 = 1024 * 1024;

/// Scans without keeping the bytes, and gives the number of bytes that were scanned too.
fn weigh(kind: Kind, bytes: &[u8], limits: &Limits) -> (Record, u64) {
    let recorder = Recorder { keep_bytes: false, ..Recorder::default() };
    archive::expand(bytes, kind, &Origin::File { path: "x".into() }, limits, &mut *recorder.worker());
    let record = recorder.into_record();
    let scanned = record.pieces.iter().map(|piece| piece.length as u64).sum();
    (record, scanned)
}

/// A stream of `n` MiB of the letter a.
fn letters(n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::io::repeat(b'a').take(n * MIB).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn too_deep_is_a_problem_and_the_rest_is_read() {
    let fourth = zip(&[("secret.txt", b"four")]);
    let third = zip(&[("4.zip", &fourth), ("c.txt", b"three")]);
    let second = tar(&[("3.zip", &third), ("b.txt", b"two")]);
    let first = zip(&[("2.tar", &second), ("a.txt", b"one")]);
    let record = scan("1.zip", &first);
    assert_eq!(record.paths(), ["1.zip!2.tar!3.zip!c.txt", "1.zip!2.tar!b.txt", "1.zip!a.txt"]);
    let expected = "1.zip!2.tar!3.zip!4.zip: is nested deeper than 3 archives, so it was not read";
    assert_eq!(record.complaints(), [expected]);

    let record = scan_within("1.zip", &first, &Limits { depth: 4, ..Limits::default() });
    assert_eq!((record.pieces.len(), record.problems.len()), (4, 0));
    let record = scan_within("1.zip", &first, &Limits { depth: 0, ..Limits::default() });
    assert_eq!((record.pieces.len(), record.problems.len()), (0, 0));
    assert_eq!(record.skipped, [("1.zip".to_owned(), SkipReason::Binary)], "passed over on purpose");
}

#[test]
fn too_many_members_are_a_problem_that_names_the_outermost_archive() {
    let inner = zip(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let outer = tar(&[("in.zip", &inner), ("d", b"4"), ("e", b"5")]);
    let record = scan_within("x.tar", &outer, &Limits { members: 3, ..Limits::default() });
    assert_eq!(record.paths(), ["x.tar!in.zip!a", "x.tar!in.zip!b"], "the inner archive is a member too");
    assert_eq!(record.complaints(), ["x.tar: has more than 3 members; the rest was not read"]);
    assert_eq!(scan_within("x.tar", &outer, &Limits { members: 6, ..Limits::default() }).problems, []);
}

#[test]
fn a_member_that_is_too_large_is_read_as_far_as_allowed() {
    let limits = Limits { member_bytes: 10_000, ..Limits::default() };
    let large = [b'a'; 10_001];
    let members: [(&str, &[u8]); 3] = [("fits", &large[1..]), ("large", &large), ("z", b"last")];
    for bytes in [zip(&members), tar(&members), gz(&tar(&members))] {
        let record = scan_within("x", &bytes, &limits);
        assert_eq!(record.complaints(), ["x!large: is larger than 10,000 bytes; the rest was not read"]);
        assert_eq!(record.paths(), ["x!fits", "x!large", "x!z"]);
    }
    // A zip in another archive has to be held, so it must not be larger either.
    let bytes = tar(&[("in.zip", &zip(&[("noise", &noise(5000))])), ("z", b"last")]);
    let record = scan_within("x", &bytes, &limits);
    assert_eq!(record.complaints(), ["x!in.zip: is larger than 10,000 bytes; the rest was not read"]);
    assert_eq!(record.paths(), ["x!z"]);
}

#[test]
fn a_bomb_of_one_stream_ends_at_its_ratio() {
    let text = letters(100);
    for (kind, bytes) in [
        (Kind::Gzip, gz(&text)),
        (Kind::Bzip2, bz2(&text)),
        (Kind::Xz, xz(&text)),
        (Kind::Zstd, zst(&text)),
        (Kind::Zip, zip(&[("x", &text)])),
    ] {
        let (record, scanned) = weigh(kind, &bytes, &Limits { ratio: 100, ..Limits::default() });
        let expected = "x!x: grows more than 100 times by unpacking; the rest was not read";
        assert_eq!(record.complaints(), [expected], "{kind:?}");
        assert!(scanned < 40 * MIB, "{kind:?}: {scanned}");
    }
    // Texts that pack well are not bombs.
    let (record, scanned) = weigh(Kind::Gzip, &gz(&text[..15 << 20]), &Limits { ratio: 100, ..Limits::default() });
    assert_eq!(record.problems, []);
    assert!(scanned >= 15 * MIB, "{scanned}");
}

#[test]
fn a_bomb_of_many_members_ends_at_the_total() {
    let text = letters(8);
    let names: Vec<String> = (0..20).map(|n| format!("{n}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &text[..])).collect();
    let limits = Limits { total_bytes: 50 * MIB, ..Limits::default() };
    let (record, scanned) = weigh(Kind::Zip, &zip(&members), &limits);
    assert_eq!(record.complaints(), ["x: unpacks to more than 52,428,800 bytes; the rest was not read"]);
    assert!((48 * MIB..=50 * MIB).contains(&scanned), "{scanned}");

    // The same, hidden one archive deeper, ten times.
    let inner = zip(&members);
    let outer: Vec<(&str, &[u8])> = names.iter().take(10).map(|name| (name.as_str(), &inner[..])).collect();
    for (kind, bytes) in [(Kind::Zip, zip(&outer)), (Kind::Tar, tar(&outer)), (Kind::Gzip, gz(&tar(&outer)))] {
        let (record, scanned) = weigh(kind, &bytes, &limits);
        assert_eq!(record.complaints(), ["x: unpacks to more than 52,428,800 bytes; the rest was not read"]);
        assert!(scanned <= 50 * MIB, "{kind:?}: {scanned}");
    }
}

#[test]
fn a_bomb_of_nothing_but_zeros_is_binary() {
    let zeros = vec![0u8; 64 << 20];
    let (record, _) = weigh(Kind::Zip, &zip(&[("zeros", &zeros), ("a", b"text")]), &Limits::default());
    assert_eq!((record.skipped.len(), record.pieces.len(), record.problems.len()), (1, 1, 0));
}

#[test]
fn a_sparse_bomb_in_a_tar_ends() {
    // 1 TiB of hole after a few blocks of text.
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_path("sparse").unwrap();
    header.set_size(16 * 1024);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.sparse[0].offset.copy_from_slice(b"00000000000\0");
    gnu.sparse[0].numbytes.copy_from_slice(b"00000040000\0");
    gnu.sparse[1].offset.copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    gnu.sparse[1].numbytes.copy_from_slice(b"00000000000\0");
    gnu.realsize.copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend([b'a'; 16 * 1024]);
    bytes.extend(tar(&[("after", b"text")]));
    let (record, scanned) = weigh(Kind::Tar, &bytes, &Limits { member_bytes: MIB, ..Limits::default() });
    assert!(scanned < 2 * MIB);
    assert_eq!(record.complaints(), ["x!sparse: is larger than 1,048,576 bytes; the rest was not read"]);
    assert_eq!(record.paths(), ["x!after", "x!sparse"]);
}

#[test]
fn a_header_that_would_fill_the_memory_is_a_problem() {
    // A long name of 64 MiB, packed well.
    let mut header = tar::Header::new_gnu();
    header.set_path("././@LongLink").unwrap();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(64 * MIB);
    header.set_cksum();
    let mut bytes = tar(&[("a.txt", b"one")]);
    bytes.truncate(1024);
    bytes.extend(header.as_bytes());
    bytes.extend(letters(64));
    bytes.extend(tar(&[("b.txt", b"two")]));
    let record = scan("x.tar", &bytes);
    assert_eq!(record.paths(), ["x.tar!a.txt"]);
    assert_eq!(record.problems.len(), 1);
    assert!(record.problems[0].what.contains("too large"), "{:?}", record.problems);
}

#[test]
fn encrypted_members_are_a_problem() {
    let bytes = encrypted(zip(&[("a.txt", b"one"), ("b.txt", b"two")]));
    let record = scan("x.zip", &bytes);
    assert!(record.pieces.is_empty());
    assert_eq!(record.complaints(), ["x.zip: has 2 encrypted members"]);
}

#[test]
fn members_of_the_same_name_are_a_problem() {
    let mut bytes = zip(&[("a.txt", b"one"), ("b.txt", b"two")]);
    for i in 0..bytes.len() - 5 {
        if &bytes[i..i + 5] == b"b.txt" {
            bytes[i] = b'a';
        }
    }
    assert_eq!(scan("x.zip", &bytes).problems.len(), 1);
}

/// Text that does not pack well, so that damage at a place in the packed form is damage at a like place in the text.
fn noise(lines: u32) -> Vec<u8> {
    (0..lines).flat_map(|n| format!("{:08x}\n", n.wrapping_mul(2_654_435_761)).into_bytes()).collect()
}

#[test]
fn what_stands_before_the_damage_is_scanned() {
    let text = noise(100_000);
    for (name, bytes) in [("x.gz", gz(&text)), ("x.bz2", bz2(&text)), ("x.xz", xz(&text)), ("x.zst", zst(&text))] {
        let cut = &bytes[..bytes.len() / 2];
        let record = scan(name, cut);
        assert_eq!(record.problems.len(), 1, "{name}: {:?}", record.problems);
        assert!(record.problems[0].what.starts_with("cannot be unpacked to its end"), "{:?}", record.problems);
        let read = &record.texts()[&format!("{name}!x")];
        assert!(text.starts_with(read) && read.len() > 100_000, "{name}: {} bytes", read.len());
    }

    let whole = tar(&[("a.txt", &text), ("b.txt", &text)]);
    for bytes in [whole[..whole.len() * 3 / 4].to_vec(), gz(&whole[..whole.len() * 3 / 4])] {
        let record = scan("x", &bytes);
        assert_eq!(record.problems.len(), 1, "{:?}", record.problems);
        assert!(record.texts()["x!a.txt"] == text);
        assert!(!record.texts()["x!b.txt"].is_empty());
    }
    let packed = gz(&whole);
    let record = scan("x", &packed[..packed.len() * 3 / 4]);
    assert_eq!(record.problems.len(), 1, "told once, not by each layer: {:?}", record.problems);
    assert!(record.texts()["x!a.txt"] == text);
}

#[test]
fn a_damaged_member_does_not_keep_others_from_being_read() {
    let text = noise(1000);
    let mut bytes = zip(&[("a.txt", &text), ("b.txt", b"two")]);
    bytes[3000] ^= 0xFF;
    let record = scan("x.zip", &bytes);
    assert_eq!(record.problems.len(), 1);
    assert_eq!(record.problems[0].place, "x.zip!a.txt");
    assert_eq!(record.texts()["x.zip!b.txt"], b"two");

    // A zip without its table of contents.
    let whole = zip(&[("dir/", b""), ("a.txt", b"one"), ("b.txt", &text)]);
    let record = scan("x.zip", &whole[..whole.len() - 60]);
    assert_eq!(record.problems.len(), 1);
    assert_eq!(record.problems[0].place, "x.zip");
    assert_eq!(record.texts()["x.zip!a.txt"], b"one");
    assert!(record.texts()["x.zip!b.txt"] == text);

    // An inner archive that is damaged, in a whole one.
    let outer = tar(&[("in.gz", &gz(&text)[..500]), ("in.tar", &tar(&[("c", &text)])[..2000]), ("z.txt", b"last")]);
    let record = scan("x.tar", &outer);
    let places: Vec<&str> = record.problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["x.tar!in.gz!in", "x.tar!in.tar"]);
    assert_eq!(record.texts()["x.tar!z.txt"], b"last");
}

const KINDS: [Kind; 6] = [Kind::Zip, Kind::Tar, Kind::Gzip, Kind::Bzip2, Kind::Xz, Kind::Zstd];

static VALID: LazyLock<Vec<(Kind, Vec<u8>)>> = LazyLock::new(valid);

fn valid() -> Vec<(Kind, Vec<u8>)> {
    let inner = zip(&[("a.txt", b"one"), ("b/c.txt", b"two two two two two")]);
    let tarred = tar(&[("in.zip", &inner), ("d.txt", b"three"), (&"long/".repeat(30), b"four")]);
    vec![
        (Kind::Zip, zip(&[("x.tar", &tarred), ("e.gz", &gz(b"five"))])),
        (Kind::Gzip, gz(&tarred)),
        (Kind::Bzip2, bz2(&tarred)),
        (Kind::Xz, xz(&tarred)),
        (Kind::Zstd, zst(&tarred)),
        (Kind::Tar, tarred),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_never_panic(
        which in 0usize..6,
        whole in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        for kind in KINDS {
            weigh(kind, &bytes, &Limits::default());
        }
        // Behind a beginning that is right, they get farther.
        let (kind, valid) = &VALID[which];
        let bytes = [&valid[..whole.index(valid.len())], &bytes].concat();
        weigh(*kind, &bytes, &Limits { member_bytes: MIB, total_bytes: 4 * MIB, ..Limits::default() });
    }

    #[test]
    fn mutated_archives_never_panic(
        which in 0usize..6,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let (kind, mut bytes) = VALID[which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { member_bytes: MIB, total_bytes: 4 * MIB, ..Limits::default() };
        let (_, scanned) = weigh(kind, &bytes, &limits);
        prop_assert!(scanned <= 16 * MIB);
    }
}

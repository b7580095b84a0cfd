//! Archives: the members of every kind, in each other too, however the archive comes.

use std::io::Cursor;

use unspill::model::{Origin, SkipReason, Text};
use unspill::source::archive::{self, Kind, Limits};
use unspill::source::sniff::{self, sniff};
use unspill::source::stdin::Stdin;
use unspill::source::worktree::{Worktree, WorktreeOptions};
use unspill::source::{Sink, hand_over};
use zip::CompressionMethod;

use crate::pack::{bz2, gz, tar, xz, zip, zip_by, zst};
use crate::recorder::{Record, Recorder};

/// Hands bytes over as the file `name`.
pub fn scan(name: &str, bytes: &[u8]) -> Record {
    scan_within(name, bytes, &Limits::default())
}

pub fn scan_within(name: &str, bytes: &[u8], limits: &Limits) -> Record {
    let recorder = Recorder::default();
    hand_over(&mut *recorder.worker(), bytes, &Origin::File { path: name.into() }, None, limits);
    recorder.into_record()
}

/// Checks that nothing was complained about, and gives texts by name.
fn texts(record: &Record) -> Vec<(String, String)> {
    assert_eq!(record.complaints(), Vec::<String>::new());
    record.texts().into_iter().map(|(name, text)| (name, String::from_utf8(text).unwrap())).collect()
}

fn pair(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

const TWO: [(&str, &[u8]); 2] = [("a.txt", b"one"), ("dir/b.txt", b"two")];

#[test]
fn members_of_a_zip_by_every_method() {
    for method in [
        CompressionMethod::Stored,
        CompressionMethod::Deflated,
        CompressionMethod::Bzip2,
        CompressionMethod::Zstd,
        CompressionMethod::XZ,
    ] {
        let record = scan("x.jar", &zip_by(method, &TWO));
        assert_eq!(texts(&record), [pair("x.jar!a.txt", "one"), pair("x.jar!dir/b.txt", "two")], "{method}");
    }
}

#[test]
fn members_of_a_tar_plain_and_packed() {
    let plain = tar(&TWO);
    for (name, bytes) in [
        ("x.tar", plain.clone()),
        ("x.tgz", gz(&plain)),
        ("x.tar.bz2", bz2(&plain)),
        ("x.tar.xz", xz(&plain)),
        ("x", zst(&plain)),
    ] {
        let record = scan(name, &bytes);
        let expected = [pair(&format!("{name}!a.txt"), "one"), pair(&format!("{name}!dir/b.txt"), "two")];
        assert_eq!(texts(&record), expected);
    }
}

#[test]
fn a_packed_file_is_named_without_the_ending() {
    for (name, bytes, member) in [
        ("logs/x.log.gz", gz(b"text"), "logs/x.log.gz!x.log"),
        ("x.LOG.GZ", gz(b"text"), "x.LOG.GZ!x.LOG"),
        ("x.log.bz2", bz2(b"text"), "x.log.bz2!x.log"),
        ("x.log.xz", xz(b"text"), "x.log.xz!x.log"),
        ("x.log.zst", zst(b"text"), "x.log.zst!x.log"),
        ("x.svgz", gz(b"text"), "x.svgz!x.svg"),
        ("x.tgz", gz(b"text"), "x.tgz!x.tar"),
        ("data", gz(b"text"), "data!data"),
        (".gz", gz(b"text"), ".gz!.gz"),
    ] {
        assert_eq!(texts(&scan(name, &bytes)), [pair(member, "text")]);
    }
}

#[test]
fn streams_of_several_parts_are_read_whole() {
    for (name, bytes) in [
        ("x.gz", [gz(b"one "), gz(b"two")].concat()),
        ("x.bz2", [bz2(b"one "), bz2(b"two")].concat()),
        ("x.xz", [xz(b"one "), xz(b"two")].concat()),
        ("x.zst", [zst(b"one "), zst(b"two")].concat()),
    ] {
        assert_eq!(texts(&scan(name, &bytes)), [pair(&format!("{name}!x"), "one two")]);
    }
}

#[test]
fn archives_in_archives() {
    let inner = zip(&[("deep.txt", b"deep")]);
    let middle = gz(&tar(&[("in.jar", &inner), ("b.txt", b"two")]));
    let outer = zip(&[("m.tar.gz", &middle), ("a.txt", b"one"), ("c.log.xz", &xz(b"three"))]);
    assert_eq!(
        texts(&scan("o.zip", &outer)),
        [
            pair("o.zip!a.txt", "one"),
            pair("o.zip!c.log.xz!c.log", "three"),
            pair("o.zip!m.tar.gz!b.txt", "two"),
            pair("o.zip!m.tar.gz!in.jar!deep.txt", "deep"),
        ]
    );
}

#[test]
fn however_it_comes_the_members_are_the_same() {
    let inner = zip(&TWO);
    let padding = vec![0u8; 9 * 1024 * 1024];
    let members: [(&str, &[u8]); 3] = [("in.zip", &inner), ("c.txt", b"three"), ("padding", &padding)];
    let archives = [
        zip(&members),
        // Too large to be read in one go.
        zip_by(CompressionMethod::Stored, &members),
        tar(&members),
        gz(&tar(&members)),
    ];
    for bytes in archives {
        let whole = scan("x", &bytes);
        assert_eq!(whole.paths(), ["x!c.txt", "x!in.zip!a.txt", "x!in.zip!dir/b.txt"]);
        assert_eq!(whole.skipped, [("x!padding".to_owned(), SkipReason::Binary)]);
        assert!(whole.problems.is_empty());

        let stream = Recorder::run(&Stdin::new("x", Box::new(Cursor::new(bytes.clone())), Limits::default()));
        assert_eq!(stream.texts(), whole.texts());
        assert_eq!((stream.skipped, stream.problems.len()), (whole.skipped.clone(), 0));

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, &bytes).unwrap();
        let file = Recorder::run(&Worktree::new(vec![path.clone()], WorktreeOptions::default()));
        let renamed = |name: &String| format!("{}{}", path.display(), &name[1..]);
        assert_eq!(file.paths(), whole.paths().iter().map(renamed).collect::<Vec<_>>());
        assert_eq!((file.skipped.len(), file.problems.len()), (1, 0));
    }
}

#[test]
fn folders_links_and_binaries_among_the_members() {
    let bytes = zip(&[("dir/", b""), ("dir/a.txt", b"one"), ("b.exe", b"MZ\0\0")]);
    let record = scan("x.zip", &bytes);
    assert_eq!(texts(&record), [pair("x.zip!dir/a.txt", "one")]);
    assert_eq!(record.skipped, [("x.zip!b.exe".to_owned(), SkipReason::Binary)]);

    let mut builder = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Directory, "dir"),
        (tar::EntryType::Symlink, "soft"),
        (tar::EntryType::Link, "hard"),
        (tar::EntryType::Fifo, "pipe"),
        (tar::EntryType::Char, "null"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, name, "dir").unwrap();
    }
    let record = scan("x.tar", &builder.into_inner().unwrap());
    assert!(record.pieces.is_empty() && record.problems.is_empty());
    let expected = [("soft", SkipReason::Symlink), ("pipe", SkipReason::Special), ("null", SkipReason::Special)];
    assert_eq!(record.skipped, expected.map(|(name, reason)| (format!("x.tar!{name}"), reason)));
}

#[test]
fn names_are_only_names() {
    let long = "d/".repeat(150) + "long.txt";
    let bytes = tar(&[(&long, b"one")]);
    assert_eq!(texts(&scan("x.tar", &bytes)), [pair(&format!("x.tar!{long}"), "one")]);

    let climbing = zip(&[("../../etc/passwd", b"one"), ("/etc/shadow", b"two")]);
    let record = scan("x.zip", &climbing);
    assert_eq!(record.paths(), ["x.zip!../../etc/passwd", "x.zip!/etc/shadow"]);

    let mut bytes = tar(&[("caf_", b"one")]);
    bytes[3] = 0xE9;
    let sum: u32 =
        bytes[..512].iter().enumerate().map(|(i, &b)| if (148..156).contains(&i) { 32 } else { u32::from(b) }).sum();
    bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let Origin::Member { path, .. } = &scan("x.tar", &bytes).pieces[0].origin else { panic!() };
    assert_eq!(path, &b"caf\xE9"[..]);
}

#[test]
fn utf16_and_empty_members() {
    let bytes = zip(&[("a.reg", b"\xFF\xFEk\0e\0y\0"), ("empty", b"")]);
    let record = scan("x.zip", &bytes);
    assert_eq!(record.pieces[0].text, Text::Utf16Le);
    assert_eq!(record.pieces[1].length, 0);
    assert!(record.problems.is_empty());
}

#[test]
fn a_large_member_comes_in_pieces() {
    let large: Vec<u8> = (0..2_500_000u32).flat_map(|n| format!("{n:07}\n").into_bytes()).collect();
    for bytes in [zip(&[("large", &large)]), gz(&tar(&[("large", &large)]))] {
        let record = scan("x", &bytes);
        assert!(record.pieces.len() > 2);
        assert!(record.texts()["x!large"] == large);
        assert!(record.problems.is_empty());
    }
}

#[test]
fn a_tar_without_the_magic_of_posix_is_a_tar() {
    let mut header = tar::Header::new_old();
    header.set_path("a.txt").unwrap();
    header.set_size(3);
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, &b"one"[..]).unwrap();
    let bytes = builder.into_inner().unwrap();
    assert_eq!(sniff(&bytes), sniff::Kind::Archive(Kind::Tar));
    assert_eq!(texts(&scan("x", &bytes)), [pair("x!a.txt", "one")]);
}

#[test]
fn bytes_in_memory_are_taken_for_what_they_are() {
    let recorder = Recorder::default();
    let origin = Origin::File { path: "x".into() };
    let (mut worker, limits) = (recorder.worker(), Limits::default());
    let added = [4..6, 7..8];
    hand_over(&mut *worker, b"one\ntwo\n", &origin, Some(&added), &limits);
    hand_over(&mut *worker, b"k\0e\0y\0", &origin, None, &limits);
    hand_over(&mut *worker, b"\x7fELF\0", &origin, None, &limits);
    archive::expand(&gz(b"three"), Kind::Gzip, &origin, &limits, &mut *worker);
    drop(worker);
    let record = recorder.into_record();
    assert_eq!(record.pieces[0].added.as_deref(), Some(&added[..]));
    assert_eq!(record.pieces[1].text, Text::Utf16Le);
    assert_eq!(record.pieces[2].bytes, b"three");
    assert_eq!(record.skipped, [("x".to_owned(), SkipReason::Binary)]);
}

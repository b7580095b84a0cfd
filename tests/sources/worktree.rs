//! Files and folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use unspill::model::{SkipReason, Text};
use unspill::source::Source;
use unspill::source::worktree::{Worktree, WorktreeOptions};

use crate::recorder::{Record, Recorder};

/// A folder of files, each with its own path as its text.
fn folder(paths: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, path.to_str().unwrap()).unwrap();
    }
    folder
}

fn scan(root: &Path, options: WorktreeOptions) -> Record {
    Recorder::run(&Worktree::new(vec![root.to_owned()], options))
}

/// Paths of what was scanned, relative to the root.
fn names(record: &Record, root: &Path) -> Vec<String> {
    let prefix = format!("{}/", root.to_str().unwrap());
    record.paths().iter().map(|path| path.strip_prefix(&prefix).unwrap_or(path).to_owned()).collect()
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git").current_dir(folder).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn all_that_git_would_not_ignore_is_scanned() {
    let folder = folder(&[
        ".env",
        ".config/key",
        "a.txt",
        "a.log",
        "build/out.txt",
        "sub/keep.log",
        "sub/b.txt",
        "sub/private/c.txt",
        "local.txt",
        ".ignore",
    ]);
    let root = folder.path();
    git(root, &["init", "-q"]);
    fs::write(root.join(".gitignore"), "*.log\n/build/\n").unwrap();
    fs::write(root.join("sub/.gitignore"), "!keep.log\nprivate/\n").unwrap();
    fs::write(root.join(".git/info/exclude"), "local.txt\n").unwrap();
    // Other tools' ignore files mean nothing to git.
    fs::write(root.join(".ignore"), "a.txt\n").unwrap();

    let record = scan(root, WorktreeOptions::default());
    let expected: BTreeSet<String> =
        git(root, &["ls-files", "--others", "--cached", "--exclude-standard"]).lines().map(str::to_owned).collect();
    assert_eq!(names(&record, root).into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(expected.contains(".env") && !expected.contains("a.log"));

    let everything = scan(root, WorktreeOptions { no_ignore: true, ..WorktreeOptions::default() });
    assert_eq!(names(&everything, root).len(), 12);
    assert!(everything.paths().iter().all(|path| !path.contains("/.git/")), "the repository itself is left out");
    assert!(record.problems.is_empty() && everything.problems.is_empty());
}

#[test]
fn tracked_files_are_scanned_although_ignored() {
    let folder = folder(&[".env", "a.txt", "sub/.env", "sub/deep/.env", "other/.env", "gone/.env"]);
    let root = folder.path();
    git(root, &["init", "-q"]);
    fs::write(root.join(".gitignore"), ".env\n").unwrap();
    git(root, &["add", "-f", "a.txt", ".env", "sub/deep/.env", "gone/.env"]);
    fs::remove_dir_all(root.join("gone")).unwrap();
    let record = scan(root, WorktreeOptions::default());
    assert_eq!(names(&record, root), [".env", ".gitignore", "a.txt", "sub/deep/.env"]);
    assert_eq!(record.pieces.len(), 4, "each once");

    let below = scan(&root.join("sub"), WorktreeOptions::default());
    assert_eq!(names(&below, root), ["sub/deep/.env"]);
    let options = WorktreeOptions { exclude: vec![root.join(".env")], ..WorktreeOptions::default() };
    assert_eq!(names(&scan(root, options), root), [".gitignore", "a.txt", "sub/deep/.env"]);

    let linked = tempfile::tempdir().unwrap();
    git(root, &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]);
    let path = linked.path().join("tree");
    git(root, &["worktree", "add", "-q", path.to_str().unwrap()]);
    fs::write(path.join(".gitignore"), ".env\n").unwrap();
    let record = scan(&path, WorktreeOptions::default());
    assert_eq!(names(&record, &path), [".env", ".gitignore", "a.txt", "gone/.env", "sub/deep/.env"]);
    assert!(record.problems.is_empty());

    fs::write(root.join(".git/index"), "DIRC, but no more").unwrap();
    let record = scan(root, WorktreeOptions::default());
    assert_eq!(record.problems.len(), 1, "an index that cannot be read is a problem");
    assert!(record.problems[0].place.ends_with(".git/index"));
}

#[test]
fn outside_a_repository_nothing_is_ignored() {
    let folder = folder(&["a.log"]);
    fs::write(folder.path().join(".gitignore"), "*.log\n").unwrap();
    let record = scan(folder.path(), WorktreeOptions::default());
    assert_eq!(names(&record, folder.path()), [".gitignore", "a.log"]);
}

#[test]
fn the_git_file_of_a_linked_worktree_is_left_out() {
    let folder = folder(&["a.txt", "sub/b.txt"]);
    fs::write(folder.path().join("sub/.git"), "gitdir: elsewhere\n").unwrap();
    let record = scan(folder.path(), WorktreeOptions { no_ignore: true, ..WorktreeOptions::default() });
    assert_eq!(names(&record, folder.path()), ["a.txt", "sub/b.txt"]);
}

#[test]
fn a_root_that_is_an_ignored_file_is_scanned() {
    let folder = folder(&["a.log"]);
    git(folder.path(), &["init", "-q"]);
    fs::write(folder.path().join(".gitignore"), "*.log\n").unwrap();
    let file = folder.path().join("a.log");
    assert_eq!(scan(&file, WorktreeOptions::default()).paths(), [file.to_str().unwrap()]);
}

#[test]
fn paths_are_those_that_the_user_would_write() {
    let support = "tests/support";
    let options = WorktreeOptions { no_ignore: true, ..WorktreeOptions::default() };
    for root in
        [support, "./tests/support", "tests/support/", "tests/support/recorder.rs", "./tests/support/recorder.rs"]
    {
        let record = scan(Path::new(root), options.clone());
        assert!(record.paths().contains(&"tests/support/recorder.rs".to_owned()), "{root}: {:?}", record.paths());
    }
    let absolute = fs::canonicalize(support).unwrap();
    let record = scan(&absolute, options);
    assert!(record.paths().contains(&absolute.join("recorder.rs").to_str().unwrap().to_owned()));
}

#[test]
fn a_missing_root_is_an_error_that_names_it() {
    let folder = folder(&["a.txt"]);
    let missing = folder.path().join("nowhere");
    let source = Worktree::new(vec![folder.path().to_owned(), missing.clone()], WorktreeOptions::default());
    let error = source.run(&Recorder::default()).unwrap_err();
    assert!(error.what.contains(missing.to_str().unwrap()), "{error}");
}

#[test]
fn the_same_root_twice_is_scanned_once() {
    let folder = folder(&["a.txt"]);
    let roots = vec![folder.path().to_owned(); 2];
    assert_eq!(Recorder::run(&Worktree::new(roots, WorktreeOptions::default())).pieces.len(), 1);
}

#[test]
fn the_report_that_is_being_written_is_left_out() {
    let folder = folder(&["a.txt", "out/report.json", "report.json"]);
    let options = WorktreeOptions { exclude: vec![folder.path().join("out/../report.json")], ..Default::default() };
    assert_eq!(names(&scan(folder.path(), options), folder.path()), ["a.txt", "out/report.json"]);
}

#[test]
fn sizes_empty_small_and_large() {
    let folder = folder(&["empty", "small"]);
    fs::write(folder.path().join("empty"), "").unwrap();
    let large: Vec<u8> = (0..2_500_000u32).flat_map(|n| format!("{n:07}\n").into_bytes()).collect();
    fs::write(folder.path().join("large"), &large).unwrap();
    let record = scan(folder.path(), WorktreeOptions::default());
    let texts = record.texts();
    assert_eq!(texts[folder.path().join("empty").to_str().unwrap()], b"");
    assert!(texts[folder.path().join("large").to_str().unwrap()] == large, "20 MB come in pieces that fit");
    assert!(record.pieces.len() > 4);
    for piece in &record.pieces {
        assert!(piece.offset == 0 || piece.lines_before == piece.offset / 8);
    }

    let options = WorktreeOptions { max_file_size: Some(1000), ..WorktreeOptions::default() };
    let record = scan(folder.path(), options);
    assert_eq!(names(&record, folder.path()), ["empty", "small"]);
    assert_eq!(record.skipped, [(folder.path().join("large").to_str().unwrap().to_owned(), SkipReason::TooLarge)]);
}

#[test]
fn any_number_of_threads_scans_the_same() {
    let paths: Vec<String> = (0..200).map(|n| format!("d{}/f{n}", n % 7)).collect();
    let folder = folder(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    let texts = |jobs| scan(folder.path(), WorktreeOptions { jobs, ..WorktreeOptions::default() }).texts();
    assert_eq!(texts(Some(1)).len(), 200);
    assert_eq!(texts(Some(1)), texts(Some(8)));
    assert_eq!(texts(Some(1)), texts(None));
}

#[test]
fn binary_and_utf16_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.exe"), b"MZ\0\0\0\0").unwrap();
    fs::write(folder.path().join("b.reg"), b"\xFF\xFEk\0e\0y\0").unwrap();
    let record = scan(folder.path(), WorktreeOptions::default());
    assert_eq!(record.skipped, [(folder.path().join("a.exe").to_str().unwrap().to_owned(), SkipReason::Binary)]);
    assert_eq!(record.pieces.len(), 1);
    assert_eq!(record.pieces[0].text, Text::Utf16Le);
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_not_followed_unless_asked() {
        let folder = folder(&["real/a.txt"]);
        let root = folder.path();
        symlink("real", root.join("folder")).unwrap();
        symlink("real/a.txt", root.join("file")).unwrap();
        let record = scan(root, WorktreeOptions::default());
        assert_eq!(names(&record, root), ["real/a.txt"]);
        assert_eq!(record.skipped.len(), 2);
        assert!(record.skipped.iter().all(|(_, reason)| *reason == SkipReason::Symlink));

        let record = scan(root, WorktreeOptions { follow: true, ..WorktreeOptions::default() });
        assert_eq!(names(&record, root), ["file", "folder/a.txt", "real/a.txt"]);
        assert!(record.skipped.is_empty());
    }

    #[test]
    fn a_root_that_is_a_link_is_followed() {
        let folder = folder(&["real/a.txt"]);
        symlink("real", folder.path().join("link")).unwrap();
        let root = folder.path().join("link");
        assert_eq!(names(&scan(&root, WorktreeOptions::default()), &root), ["a.txt"]);
    }

    #[test]
    fn links_in_a_circle_end() {
        let folder = folder(&["a/b/c.txt"]);
        let root = folder.path();
        symlink("../..", root.join("a/b/up")).unwrap();
        symlink("self", root.join("self")).unwrap();
        let record = scan(root, WorktreeOptions { follow: true, ..WorktreeOptions::default() });
        assert_eq!(names(&record, root), ["a/b/c.txt"]);
        assert_eq!(record.skipped, [(root.join("a/b/up").to_str().unwrap().to_owned(), SkipReason::Symlink)]);
        let complaints = record.complaints();
        assert_eq!(complaints.len(), 1, "a link to itself leads nowhere: {complaints:?}");
        assert!(complaints[0].starts_with(root.join("self").to_str().unwrap()), "{complaints:?}");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_a_problem_when_followed() {
        let folder = folder(&["a.txt"]);
        symlink("nowhere", folder.path().join("b")).unwrap();
        let record = scan(folder.path(), WorktreeOptions { follow: true, ..WorktreeOptions::default() });
        let path = folder.path().join("b");
        assert_eq!(record.complaints(), [format!("{}: cannot be read: no such file or folder", path.display())]);
        assert_eq!(names(&record, folder.path()), ["a.txt"], "the rest is scanned");
    }

    #[test]
    fn pipes_are_opened_only_if_they_are_named() {
        let folder = folder(&["a.txt"]);
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let record = scan(folder.path(), WorktreeOptions::default());
        assert_eq!(record.skipped, [(pipe.to_str().unwrap().to_owned(), SkipReason::Special)]);
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::write(pipe, "through the pipe").unwrap()
        });
        assert_eq!(names(&scan(&pipe, WorktreeOptions::default()), folder.path()), ["pipe"]);
        writer.join().unwrap();
    }

    #[test]
    fn ignore_files_that_are_traps_are_not_read() {
        let folder = folder(&["a/a.log", "b/b.log", "b/sub/c.log", "d/d.log", "e.log", "f/f.log"]);
        let root = folder.path();
        git(root, &["init", "-q"]);
        fs::write(root.join(".gitignore"), "*.log\n").unwrap();
        symlink("/dev/zero", root.join("a/.gitignore")).unwrap();
        assert!(Command::new("mkfifo").arg(root.join("b/.gitignore")).status().unwrap().success());
        fs::File::create(root.join("d/.gitignore")).unwrap().set_len(1 << 40).unwrap();
        let record = scan(root, WorktreeOptions { max_file_size: Some(1 << 20), ..WorktreeOptions::default() });
        // All of such a folder is scanned; what lies beside it is left out as ever.
        assert_eq!(names(&record, root), [".gitignore", "a/a.log", "b/b.log", "b/sub/c.log", "d/d.log"]);
        assert_eq!(names(&scan(&root.join("b"), WorktreeOptions::default()), root), ["b/b.log", "b/sub/c.log"]);
    }

    #[test]
    fn what_may_not_be_read_is_a_problem() {
        let folder = folder(&["a.txt", "file", "sub/b.txt"]);
        let paths: Vec<PathBuf> = ["file", "sub"].iter().map(|name| folder.path().join(name)).collect();
        for path in &paths {
            fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        }
        // The administrator may read everything.
        let forbidden = fs::read(&paths[0]).is_err();
        let record = scan(folder.path(), WorktreeOptions::default());
        for path in &paths {
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        if forbidden {
            let expected: Vec<String> =
                paths.iter().map(|path| format!("{}: cannot be read: permission denied", path.display())).collect();
            assert_eq!(record.complaints(), expected);
            assert_eq!(names(&record, folder.path()), ["a.txt"], "the rest is scanned");
        }
    }

    #[test]
    fn names_are_bytes() {
        let folder = tempfile::tempdir().unwrap();
        for name in [&b"caf\xE9"[..], b"new\nline", b"co:lon!"] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), name).unwrap();
        }
        let record = scan(folder.path(), WorktreeOptions::default());
        let mut names: Vec<_> =
            record.pieces.iter().map(|piece| (piece.origin.file_name(), piece.bytes.clone())).collect();
        names.sort();
        // `!` in a file's own name is taken for an archive's by `file_name`, so only its text is looked at.
        let texts: Vec<&[u8]> = names.iter().map(|(_, text)| &text[..]).collect();
        assert!(texts.contains(&&b"co:lon!"[..]));
        assert!(names.iter().any(|(name, text)| name == "new\nline" && text == b"new\nline"));
        assert!(names.iter().any(|(name, _)| *name == b"caf\xE9"[..]));
    }

    #[test]
    fn files_of_the_system_that_claim_to_be_empty_are_read() {
        if let Ok(text) = fs::read("/proc/self/limits") {
            let record = scan(Path::new("/proc/self/limits"), WorktreeOptions::default());
            assert_eq!(record.pieces.len(), 1);
            assert_eq!(record.pieces[0].length, text.len());
        }
    }
}

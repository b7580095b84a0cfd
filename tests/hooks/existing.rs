//! Hooks that are there already: they run as before, and come out of it byte for byte.

use std::fs;

use super::work::{Work, said, secret};

const HOOK: &str = ".git/hooks/pre-commit";

#[test]
fn scripts_of_every_kind_are_extended_and_restored() {
    for script in [
        "#!/bin/sh\ntouch ran\n",
        "#!/bin/sh\ntouch ran\nexit 0\n",
        "#!/bin/sh\nexec touch ran\n",
        "#!/usr/bin/env bash\nset -euo pipefail\ntouch ran",
        "touch ran\n",
    ] {
        let work = Work::new();
        work.hook(HOOK, script);
        work.unspill(&["install"]);
        assert!(work.is_stopped(), "{script}");
        fs::remove_file(work.repo().join("ran")).ok();
        assert!(work.commits("a\n").status.success(), "{script}");
        assert!(work.repo().join("ran").exists(), "{script}");
        let once = work.read(HOOK);
        assert!(work.unspill(&["install"]).contains("Already"));
        assert_eq!(work.read(HOOK), once);
        work.unspill(&["uninstall"]);
        assert_eq!(work.read(HOOK), script);
        assert!(!work.is_stopped());
    }
}

#[test]
fn the_exit_code_of_what_is_there_still_counts() {
    let work = Work::new();
    work.hook(HOOK, "#!/bin/sh\nfalse\n");
    work.unspill(&["install"]);
    assert!(!work.commits("a\n").status.success());
}

#[test]
fn what_cannot_be_extended_is_kept_beside_and_run() {
    let work = Work::new();
    let script = "#!/usr/bin/env perl\nopen(my $f, '>', 'ran'); exit 0;\n";
    work.hook(HOOK, script);
    let told = work.unspill(&["install"]);
    assert!(told.contains("pre-commit.kept-by-unspill"), "{told}");
    assert!(work.is_stopped());
    assert!(work.commits("a\n").status.success());
    assert!(work.repo().join("ran").exists());
    assert!(work.unspill(&["install"]).contains("Already"));
    work.unspill(&["uninstall"]);
    assert_eq!(work.read(HOOK), script);
    assert!(!work.repo().join(".git/hooks/pre-commit.kept-by-unspill").exists());
}

#[cfg(unix)]
#[test]
fn a_link_is_kept_and_what_it_leads_to_is_not_touched() {
    let work = Work::new();
    work.hook("scripts/check", "#!/bin/sh\ntouch ran\n");
    fs::create_dir_all(work.repo().join(".git/hooks")).expect("a folder");
    std::os::unix::fs::symlink("../../scripts/check", work.repo().join(HOOK)).expect("a link");
    work.unspill(&["install"]);
    assert!(work.is_stopped());
    assert!(work.commits("a\n").status.success());
    assert!(work.repo().join("ran").exists());
    assert_eq!(work.read("scripts/check"), "#!/bin/sh\ntouch ran\n");
    work.unspill(&["uninstall"]);
    assert_eq!(fs::read_link(work.repo().join(HOOK)).expect("a link").to_str(), Some("../../scripts/check"));
}

#[cfg(unix)]
#[test]
fn a_hook_that_sleeps_is_not_woken() {
    let work = Work::new();
    work.write(HOOK, "#!/bin/sh\nfalse\n");
    assert!(work.unspill_fails(&["install"]).contains("chmod +x"));
    assert_eq!(work.read(HOOK), "#!/bin/sh\nfalse\n");
}

#[cfg(unix)]
#[test]
fn a_hook_with_windows_line_ends_is_left_alone() {
    let work = Work::new();
    work.hook(HOOK, "#!/bin/sh\r\ntrue\r\n");
    assert!(work.unspill_fails(&["install"]).contains("line ends"));
    assert_eq!(work.read(HOOK), "#!/bin/sh\r\ntrue\r\n");
}

#[cfg(unix)]
#[test]
fn a_new_hook_can_be_run_and_an_old_one_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let work = Work::new();
    let mode = || fs::metadata(work.repo().join(HOOK)).expect("a hook").permissions().mode() & 0o777;
    work.unspill(&["install"]);
    assert_eq!(mode() & 0o500, 0o500);
    work.unspill(&["uninstall"]);
    assert!(!work.repo().join(HOOK).exists());
    work.hook(HOOK, "#!/bin/sh\n");
    fs::set_permissions(work.repo().join(HOOK), fs::Permissions::from_mode(0o710)).expect("permissions");
    work.unspill(&["install"]);
    assert_eq!(mode(), 0o710);
    work.unspill(&["uninstall"]);
    assert_eq!(mode(), 0o710);
}

#[test]
fn what_somebody_wrote_since_stays() {
    let work = Work::new();
    work.unspill(&["install"]);
    work.hook(HOOK, format!("{}make test\n", work.read(HOOK)));
    work.unspill(&["uninstall"]);
    assert_eq!(work.read(HOOK), "#!/bin/sh\nmake test\n");
}

#[test]
fn a_pre_push_hook_still_reads_what_git_tells_it() {
    let work = Work::new();
    work.hook(".git/hooks/pre-push", "#!/bin/sh\nwhile read -r line; do echo \"$line\" >> lines; done\n");
    work.unspill(&["install", "--hook", "pre-push"]);
    // A stand-in that reads all there is: only what is left to the hook below it counts here.
    let stand_in = work.repo().join("bin/unspill");
    work.hook("bin/unspill", "#!/bin/sh\ncat > told\nexit 0\n");
    let run = |input: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            std::iter::once(stand_in.parent().expect("a folder").to_owned()).chain(std::env::split_paths(&path));
        fs::write(work.repo().join("input"), input).expect("a file");
        let mut hook = work.command(work.repo().join(".git/hooks/pre-push"), &work.repo());
        hook.env("PATH", std::env::join_paths(folders).expect("a search path"));
        hook.stdin(fs::File::open(work.repo().join("input")).expect("a file"));
        hook.output().expect("a hook that runs")
    };
    let lines = "refs/heads/a 1 refs/heads/a 0\nrefs/heads/$b 2 refs/heads/`b` 0\n";
    let output = run(lines);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!((work.read("told").as_str(), work.read("lines").as_str()), (lines, lines));
    fs::remove_file(work.repo().join("lines")).expect("a file");
    assert!(run("").status.success());
    assert!(!work.repo().join("lines").exists());
}

#[test]
fn hooks_are_chosen_one_by_one() {
    let work = Work::new();
    work.unspill(&["install", "--hook", "pre-commit", "--hook", "commit-msg"]);
    work.unspill(&["uninstall", "--hook", "pre-commit"]);
    assert!(!work.is_stopped());
    work.stage("a", "a\n");
    assert!(!work.git(&["commit", "-m", &secret()]).status.success());
    work.unspill(&["uninstall"]);
    assert!(work.git(&["commit", "-m", &secret()]).status.success());
    assert!(work.unspill(&["uninstall"]).contains("nothing of unspill"));
}

#[test]
fn it_is_taken_out_of_a_hook_that_pre_commit_has_moved() {
    let work = Work::new();
    work.unspill(&["install"]);
    fs::rename(work.repo().join(HOOK), work.repo().join(format!("{HOOK}.legacy"))).expect("a file");
    assert!(work.unspill(&["uninstall"]).contains("pre-commit.legacy"));
    assert!(!work.repo().join(format!("{HOOK}.legacy")).exists());
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_told() {
    let work = Work::new();
    fs::create_dir_all(work.repo().join(".git/hooks")).expect("a folder");
    std::os::unix::fs::symlink("../../gone", work.repo().join(HOOK)).expect("a link");
    assert!(work.unspill_fails(&["install"]).contains("not there"));
}

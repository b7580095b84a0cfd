//! Rules that look at a file's name alone, in whole histories: every file that any commit ever had under such a name.

mod support;

use std::collections::BTreeSet;

use support::repo::{FIRST, Repo};
use unspill::engine::Engine;
use unspill::findings::Suppressions;
use unspill::model::{Finding, Progress, Report};
use unspill::rules::RuleSet;
use unspill::rules::file::RawRule;
use unspill::scan::{self, ScanOptions};
use unspill::source::git::{Git, GitOptions, Mode};

fn report_with(repo: &Repo, rules: RuleSet, options: GitOptions) -> Report {
    let git = Git::open(Some(repo.path()), options).expect("a repository");
    let options = ScanOptions::new(Suppressions::default());
    scan::run(&Engine::new(rules), &git, &options, &Progress::default()).expect("a report")
}

fn report(repo: &Repo) -> Report {
    report_with(repo, RuleSet::builtin(), GitOptions::default())
}

fn since(seconds: i64) -> GitOptions {
    let mode = Mode::History { reference: None, since: Some(format!("@{seconds}")) };
    GitOptions { mode, ..GitOptions::default() }
}

fn paths(report: &Report) -> Vec<String> {
    report.findings.iter().map(|finding| finding.first().origin.path().to_string()).collect()
}

/// Rule and path of each finding.
fn found(report: &Report) -> Vec<(String, String)> {
    let both = |finding: &Finding| (finding.rule.id.to_string(), finding.first().origin.path().to_string());
    report.findings.iter().map(both).collect()
}

fn rules(pattern: &str) -> RuleSet {
    let rule = RawRule {
        id: "by-name".to_owned(),
        description: "A file of that name".to_owned(),
        tags: vec!["test".to_owned()],
        path: Some(pattern.to_owned()),
        ..RawRule::default()
    };
    RuleSet::new([rule.build(None).expect("a rule")])
}

#[test]
fn a_file_that_was_removed_is_found_with_the_commit_that_brought_it() {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing here\n");
    let brought = repo.commit_file("keys/server.p12", b"\0binary");
    repo.git(&["rm", "-q", "keys/server.p12"]);
    repo.commit("Remove it");
    repo.commit_file("vault.KDBX", b"\0more");
    for packed in [false, true] {
        if packed {
            repo.pack();
        }
        let report = report(&repo);
        let expected = [("pkcs12-file", "keys/server.p12"), ("password-database-file", "vault.KDBX")];
        assert_eq!(found(&report), expected.map(|(rule, path)| (rule.to_owned(), path.to_owned())));
        let key = report.findings[0].first();
        assert_eq!(key.commit.as_ref().map(|commit| commit.id), Some(brought));
        assert_eq!((key.at_head, key.unreachable), (Some(false), false));
        assert_eq!(report.findings[1].first().at_head, Some(true));
    }
}

#[test]
fn of_a_blob_at_several_paths_only_those_with_such_a_name_count() {
    let repo = Repo::new();
    for path in ["a.txt", "b/a.p12", "c/a.p12", "d.p12.txt"] {
        repo.commit_file(path, "the same\n");
    }
    assert_eq!(paths(&report(&repo)), ["b/a.p12", "c/a.p12"]);
}

#[test]
fn a_link_or_a_folder_of_that_name_is_no_such_file() {
    let repo = Repo::new();
    repo.commit_file("folder.p12/readme", "nothing here\n");
    std::os::unix::fs::symlink("elsewhere", repo.path().join("link.p12")).expect("a link");
    repo.git(&["add", "link.p12"]);
    repo.commit("Link");
    assert_eq!(paths(&report(&repo)), [""; 0]);
}

#[test]
fn what_no_ref_reaches_counts_unless_it_is_left_out() {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing here\n");
    repo.commit_file("lost.p12", "lost\n");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    let all = report(&repo);
    assert_eq!(paths(&all), ["lost.p12"]);
    assert!(all.findings[0].first().unreachable);
    let reachable = GitOptions { unreachable: false, ..GitOptions::default() };
    assert_eq!(paths(&report_with(&repo, RuleSet::builtin(), reachable)), [""; 0]);
}

#[test]
fn since_a_date_only_what_was_brought_since_counts() {
    let repo = Repo::new();
    repo.commit_file("old.p12", "old\n");
    let brought = repo.commit_file("new.p12", "new\n");
    let time: i64 = repo.git(&["show", "-s", "--format=%ct", &brought.to_string()]).parse().expect("a time");
    assert_eq!(paths(&report_with(&repo, RuleSet::builtin(), since(time))), ["new.p12"]);
    assert_eq!(paths(&report_with(&repo, RuleSet::builtin(), since(FIRST))), ["new.p12", "old.p12"]);
}

#[test]
fn a_tree_that_a_tag_points_to_counts() {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing here\n");
    repo.stage("tagged/key.pfx", "key\n");
    let tree = repo.git(&["write-tree"]);
    repo.git(&["tag", "tree", &tree]);
    repo.git(&["reset", "-q", "--hard"]);
    let named = GitOptions { unreachable: false, ..GitOptions::default() };
    assert_eq!(paths(&report_with(&repo, RuleSet::builtin(), named)), ["tagged/key.pfx"]);
}

/// Whatever the regex asks for, the answer is what git lists for all commits.
#[test]
fn all_paths_of_all_commits_are_asked() {
    let repo = Repo::new();
    let folders = ["", "conf/", ".aws/", "x/.aws/", "x/y/"];
    let names = ["credentials", "credentials.bak", "id_rsa", "id_rsa.pub", "secret.txt", "notsecret", "a.P12"];
    for round in 0..40 {
        for place in 0..3 {
            let number = round * 3 + place;
            repo.stage(format!("{}{}", folders[number % 5], names[number / 5 % 7]), format!("text {}\n", round % 11));
        }
        if round % 3 == 2 {
            repo.git(&["rm", "-q", "-r", "--cached", "--ignore-unmatch", folders[round % 4 + 1].trim_end_matches('/')]);
        }
        repo.commit("Change");
        if round == 20 {
            repo.pack();
        }
    }
    let mut all = BTreeSet::new();
    for commit in repo.git(&["rev-list", "--all"]).lines() {
        all.extend(repo.git(&["ls-tree", "-r", "--name-only", commit]).lines().map(str::to_owned));
    }
    assert!(all.len() > 25, "{all:?}");
    for pattern in [r"(^|/)\.aws/credentials$", r"secret", r"(^|/)id_(rsa|dsa)$", r"(?i)\.p12$", r"^x/", r"\.\w+$"] {
        let regex = regex_automata::meta::Regex::new(pattern).expect("a regex");
        let expected: Vec<&String> = all.iter().filter(|path| regex.is_match(path.as_str())).collect();
        assert!(!expected.is_empty(), "{pattern}");
        let report = report_with(&repo, rules(pattern), GitOptions::default());
        assert_eq!(paths(&report).iter().collect::<Vec<_>>(), expected, "{pattern}");
    }
}

//! What can be asked of two audits: other rules, other settings, other things that are known and allowed.

use unspill::findings::{Baseline, IgnoreFile, Suppressions};
use unspill::model::rule::Detect;
use unspill::model::{Allowlist, Level, Rule};
use unspill::rules::RuleSet;
use unspill::scan::memory::Reuse;
use unspill::scan::{NoteUnused, ScanOptions};
use unspill::source::archive::Limits;
use unspill::source::git::{GitOptions, Mode};

use crate::audits::{Setup, audit, audit_twice, options, repository, token};
use crate::support::repo::Repo;

fn with_git(git: GitOptions) -> Setup {
    Setup { git, ..Setup::default() }
}

/// A cache made with other settings is of no use, and is made anew.
fn assert_foreign(setups: &[Setup]) {
    let repo = repository();
    audit(&repo, &Setup::default());
    for setup in setups {
        let other = audit_twice(&repo, setup);
        assert_eq!(other.reuse, Reuse::Nothing);
        assert!(other.warnings.iter().any(|w| w.contains("other rules or settings")), "{:?}", other.warnings);
    }
}

#[test]
fn other_rules() {
    let fewer = || {
        let mut rules = RuleSet::builtin();
        rules.retain(|rule| !rule.id.starts_with("github"));
        rules
    };
    let surer = || {
        let rules = RuleSet::builtin();
        RuleSet::new(rules.rules().iter().map(|rule| Rule { confidence: 60, ..(**rule).clone() }))
    };
    assert_foreign(&[Setup { rules: fewer, ..Setup::default() }, Setup { rules: surer, ..Setup::default() }]);
}

/// What shows only where a rule is needed must show in each run.
#[test]
fn a_rule_that_does_not_compile() {
    let with_a_slip = || {
        let mut rules = RuleSet::builtin();
        let slipped = rules.find("github-personal-access-token").expect("a rule").1.clone();
        let detect = Detect::Pattern { regex: "(?<secret>nothing(here)".into() };
        rules.retain(|rule| rule.id == "jwt");
        rules.extend([Rule { id: "slip".into(), detect, companions: vec![].into(), ..(*slipped).clone() }]);
        rules
    };
    let repo = Repo::new();
    // Where the rule is needed, and would find nothing.
    repo.commit_file("words", format!("TOKEN={}\n", token('q')));
    let setup = Setup { rules: with_a_slip, ..Setup::default() };
    for _ in 0..2 {
        let seen = audit(&repo, &setup);
        assert!(seen.report.problems.iter().any(|p| p.place == "rule slip"), "{:?}", seen.report.problems);
        assert_eq!(seen.reuse, Reuse::Nothing);
        repo.commit_file("new", "quite another text\n");
    }
}

#[test]
fn other_settings() {
    let low = || ScanOptions { min_confidence: Level::Low.threshold(), ..options() };
    let strict = || ScanOptions { allow_comments: false, ..options() };
    let strict_checksums = || ScanOptions { strict_checksums: true, ..options() };
    assert_foreign(&[
        with_git(GitOptions { max_blob_size: Some(100), ..GitOptions::default() }),
        with_git(GitOptions { messages: false, ..GitOptions::default() }),
        with_git(GitOptions { unreachable: false, ..GitOptions::default() }),
        with_git(GitOptions { first_parent: true, ..GitOptions::default() }),
        with_git(GitOptions { archives: Limits { depth: 0, ..Limits::default() }, ..GitOptions::default() }),
        Setup { scan: low, ..Setup::default() },
        Setup { scan: strict, ..Setup::default() },
        Setup { scan: strict_checksums, ..Setup::default() },
    ]);
}

#[test]
fn one_ref() {
    let repo = repository();
    repo.git(&["branch", "old", "HEAD~8"]);
    let mode = Mode::History { reference: Some("old".to_owned()), since: None };
    let setup = with_git(GitOptions { mode, ..GitOptions::default() });
    audit_twice(&repo, &setup);
    repo.git(&["branch", "-q", "-f", "old", "HEAD~2"]);
    assert!(audit_twice(&repo, &setup).recalled() > 0);
}

#[test]
fn neither_threads_nor_hashes_of_lines_matter() {
    let repo = repository();
    audit(&repo, &with_git(GitOptions { jobs: Some(1), ..GitOptions::default() }));
    let plain = || ScanOptions { line_hashes: false, ..options() };
    let setup = Setup { scan: plain, git: GitOptions { jobs: Some(3), ..GitOptions::default() }, ..Setup::default() };
    assert_eq!(audit(&repo, &setup).reuse, Reuse::Outcome);
}

#[test]
fn what_is_known_and_allowed_may_change() {
    let repo = repository();
    audit(&repo, &Setup::default());
    let allowed = || {
        let list = Allowlist {
            description: "of no account".to_owned(),
            paths: vec!["^conf/".to_owned()],
            source: "unspill.toml:1".to_owned(),
            ..Allowlist::default()
        };
        let unused = Allowlist { paths: vec!["^nowhere/".to_owned()], ..list.clone() };
        let ignored = IgnoreFile::parse(".unspillignore", "jwt:01234567:01234\n").expect("an ignore file");
        ScanOptions::new(Suppressions::new(vec![list, unused], vec![ignored], None).expect("suppressions"))
    };
    let seen = audit_twice(&repo, &Setup { scan: allowed, ..Setup::default() });
    assert!(seen.recalled() > 0 && seen.warnings.is_empty(), "{:?}", seen.warnings);
    assert!(seen.report.suppressed.len() > 1 && !seen.report.notes.is_empty(), "{:?}", seen.report.notes);
    let known = || {
        let baseline = "{\"version\": 1, \"findings\": [{\"path\": \"a\", \"rule\": \"b\", \"fingerprint\": \
                        \"b:01234567:01234\"}]}";
        let baseline = Baseline::parse("baseline", baseline.as_bytes()).expect("a baseline");
        ScanOptions::new(Suppressions::new(vec![], vec![], Some(baseline)).expect("suppressions"))
    };
    let seen = audit_twice(&repo, &Setup { scan: known, ..Setup::default() });
    assert_eq!(seen.report.notes, ["1 finding of the baseline is gone"]);
    let silent = || ScanOptions { note_unused: NoteUnused::Nothing, ..options() };
    audit_twice(&repo, &Setup { scan: silent, ..Setup::default() });
    let back = audit_twice(&repo, &Setup::default());
    assert!(back.report.notes.is_empty());
}

//! What must not be in a cache: secrets, and the lines about them.

use std::fs;

use unspill::model::{Level, Report};
use unspill::scan::ScanOptions;
use unspill::scan::memory::Reuse;

use crate::audits::{Setup, audit, audit_twice, cache_of, options, password, repository, tar, token};
use crate::support::repo::Repo;

fn low() -> ScanOptions {
    ScanOptions { min_confidence: Level::Low.threshold(), ..options() }
}

fn assert_holds_none(repo: &Repo, report: &Report, more: &[&str]) {
    let cache = fs::read(cache_of(repo)).expect("a cache");
    let holds = |text: &[u8]| cache.windows(text.len()).any(|window| window == text);
    for finding in report.findings.iter().chain(&report.suppressed) {
        let secrets = std::iter::once(&finding.secret).chain(finding.companions.iter().map(|part| &part.secret));
        for secret in secrets.filter(|secret| secret.expose().len() >= 8) {
            assert!(!holds(secret.expose()), "{secret} of {}", finding.rule.id);
        }
    }
    for text in more {
        assert!(!holds(text.as_bytes()), "{text}");
    }
}

#[test]
fn secrets_and_their_lines_are_not_remembered() {
    let repo = repository();
    for setup in [Setup::default(), Setup { scan: low, ..Setup::default() }] {
        let seen = audit_twice(&repo, &setup);
        assert!(seen.report.findings.len() >= 6);
        assert_holds_none(&repo, &seen.report, &["TOKEN=", "password", "key = ", "revoked", "Talk of", "ghp_"]);
    }
}

/// A path may hold a secret as well, and then a report shows it. A cache does not.
#[test]
fn a_path_that_holds_a_secret_is_not_remembered() {
    for path in [format!("keys/{}", token('x')), format!("{}/.env", token('a')), "a/k9xQ2vB7mNq0z".to_owned()] {
        let repo = repository();
        repo.commit_file(&path, format!("TOKEN={}\nother password = \"k9xQ2vB7mNq0z\"\n", token('y')));
        for reuse in [Reuse::Nothing, Reuse::Objects(0)] {
            let seen = audit(&repo, &Setup::default());
            assert_eq!(std::mem::discriminant(&seen.reuse), std::mem::discriminant(&reuse), "{path}");
            assert_holds_none(&repo, &seen.report, &[&token('x'), &token('a'), &token('y'), "k9xQ2vB7mNq0z"]);
        }
    }
}

/// Names of members are told by problems.
#[test]
fn a_broken_member_is_looked_at_again_rather_than_remembered() {
    let repo = Repo::new();
    let name = format!("{}.tar", token('n'));
    let inner = tar(&[("a", &"x".repeat(3000))]);
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1500);
    header.set_cksum();
    archive.append_data(&mut header, &name, &inner[..1500]).expect("a member");
    repo.commit_file("outer.tar", archive.into_inner().expect("an archive"));
    repo.commit_file("a", password(1));
    let seen = audit_twice(&repo, &Setup::default());
    assert!(seen.report.problems.iter().any(|p| p.place.contains(&name)), "{:?}", seen.report.problems);
    assert_holds_none(&repo, &seen.report, &[&name, &token('n')]);
}

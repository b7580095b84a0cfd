//! Findings: grouping, fingerprints, comments, ignore files, allowlists and baselines.

mod allowed;
mod baselines;
mod comments;
mod fingerprints;
mod grouping;

use std::borrow::Cow;
use std::sync::Arc;

use bstr::BStr;
use proptest::prelude::*;
use serde_json::json;
use unspill::findings::suppress::comment;
use unspill::findings::{Baseline, IgnoreFile, RawFinding, Suppressions, fingerprint, group};
use unspill::model::{
    Allowlist, Commit, Companion, Encoding, Excerpt, Finding, LogOdds, Occurrence, Origin, Place, Reason, Rule, Secret,
    Suppression, Target, Traits,
};
use unspill::rules::file::RawRule;

fn rule(id: &str) -> Arc<Rule> {
    let raw = RawRule {
        id: id.to_owned(),
        tags: vec!["test".to_owned()],
        pattern: Some("key=(?<secret>[a-z0-9]{4,40});".to_owned()),
        ..RawRule::default()
    };
    Arc::new(raw.build(None).unwrap())
}

fn commit(seconds: i64) -> Arc<Commit> {
    let id = gix::ObjectId::from_hex(format!("{seconds:040x}").as_bytes()).unwrap();
    Arc::new(Commit {
        seconds,
        id,
        author: "A".to_owned(),
        email: "a@example.org".to_owned(),
        date: "2024-01-01T00:00:00Z".to_owned(),
        is_root: false,
    })
}

fn place(line: u64) -> Place {
    Place { line, column: 5, end_line: line, end_column: 10, offset: line * 100, length: 5 }
}

fn occurrence(origin: Origin, line: u64, secret: &str) -> Occurrence {
    let text = format!("x = 'key={secret};'");
    let excerpt = Excerpt::new(text.as_bytes(), vec![], 9..9 + secret.len(), (false, false));
    let commit = origin.commit().cloned();
    Occurrence {
        commit,
        origin,
        place: place(line),
        excerpt,
        chain: vec![],
        at_head: None,
        unreachable: false,
        line_hash: None,
    }
}

fn file(path: &str, line: u64, secret: &str) -> RawFinding {
    raw(Origin::File { path: path.into() }, line, secret)
}

fn committed(seconds: i64, path: &str, line: u64, secret: &str) -> RawFinding {
    let mut raw = raw(Origin::Committed { commit: commit(seconds), path: path.into() }, line, secret);
    raw.occurrence.at_head = Some(false);
    raw
}

fn raw(origin: Origin, line: u64, secret: &str) -> RawFinding {
    RawFinding {
        rule: rule("a-rule"),
        secret: Secret::new(secret.as_bytes()),
        log_odds: LogOdds(0),
        reasons: vec![],
        traits: Traits::default(),
        companions: vec![],
        occurrence: occurrence(origin, line, secret),
        comment: None,
    }
}

fn one(raw: Vec<RawFinding>) -> Finding {
    let mut findings = group(raw);
    assert_eq!(findings.len(), 1);
    findings.pop().unwrap()
}

fn lines(finding: &Finding) -> Vec<u64> {
    finding.occurrences.iter().map(|o| o.place.line).collect()
}

// Grouping

fn judge(suppressions: &Suppressions, raw: RawFinding) -> Option<&'static str> {
    suppressions.judge(&one(vec![raw])).map(|s| s.kind())
}

fn ignoring(name: &str, text: &str) -> Suppressions {
    Suppressions::new(vec![], vec![IgnoreFile::parse(name, text).unwrap()], None).unwrap()
}

fn allowing(list: Allowlist) -> Suppressions {
    Suppressions::new(vec![list], vec![], None).unwrap()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| t.to_string()).collect()
}

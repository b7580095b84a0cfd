//! A report with everything in it that is hard to write down: two secrets on one line, a path that is no UTF-8, escape
//! sequences in a path and in an author's name, a secret of many lines, one that is allowed, and problems.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use unspill::model::rule::{Detect, List, Str, Verify};
use unspill::model::{
    Commit, Companion, Confidence, Encoding, Excerpt, Finding, Fingerprint, Occurrence, Origin, Place, Problem, Reason,
    Report, Rule, Scope, Secret, Severity, SkipReason, Stats, Suppression, Verdict,
};

/// A made-up secret by a template of the rules' examples.
pub fn secret(template: &str) -> String {
    unspill::rules::examples::expand(template).expect("a template that can be filled in")
}

/// A rule with all that reports show.
pub fn rule(id: &str, severity: Severity) -> Arc<Rule> {
    let text = |text: &str| Str::Owned(text.to_owned());
    Arc::new(Rule {
        id: text(id),
        provider: text("example"),
        description: text("Token of the Example service"),
        severity,
        tags: List::Owned(vec![text("ci"), text("security")]),
        detect: Detect::Pattern { regex: text("(?<secret>x)") },
        literals: List::Owned(vec![]),
        reach: 256,
        entropy: 0.0,
        path: None,
        confidence: 90,
        identifier: false,
        companions: List::Owned(vec![]),
        checksum: None,
        verify: Verify::NONE,
        risk: text("Reads and writes all that its owner can"),
        revoke: text("Delete it at https://example.org/settings/tokens"),
        store: text("A secret store that the program asks at run time, never a file of the repository"),
        docs: text("https://example.org/docs/tokens"),
        matching: List::Owned(vec![]),
        non_matching: List::Owned(vec![]),
    })
}

/// A commit; its author and date are those of whoever wrote the repository.
pub fn commit(author: &str) -> Arc<Commit> {
    Arc::new(Commit {
        seconds: 1_709_209_800,
        id: gix::ObjectId::from_hex(&[b'5'; 40]).expect("forty digits"),
        author: author.to_owned(),
        email: "jane@example.org".to_owned(),
        date: "2024-02-29T13:30:00+01:00".to_owned(),
        is_root: false,
    })
}

/// Where a secret is put.
pub struct Spill<'a> {
    pub path: &'a [u8],
    pub line: u64,
    pub before: &'a str,
    pub secret: &'a str,
    pub after: &'a str,
}

/// The excerpt of a spill, in which all of `secrets` are masked.
pub fn excerpt_of(spill: &Spill<'_>, secrets: &[&str]) -> Excerpt {
    let line = format!("{}{}{}", spill.before, spill.secret, spill.after);
    let spans = secrets.iter().flat_map(|s| line.match_indices(s).map(|(at, s)| at..at + s.len())).collect();
    let start = spill.before.len();
    Excerpt::new(line.as_bytes(), spans, start..start + spill.secret.len(), (false, false))
}

/// A place in a file.
pub fn occurrence(spill: &Spill<'_>) -> Occurrence {
    let lines = spill.secret.matches('\n').count() as u64;
    let column = spill.before.chars().count() as u64 + 1;
    let last = spill.secret.rsplit('\n').next().unwrap_or_default().chars().count() as u64;
    Occurrence {
        origin: Origin::File { path: spill.path.into() },
        place: Place {
            line: spill.line,
            column,
            end_line: spill.line + lines,
            end_column: if lines == 0 { column + last } else { last + 1 },
            offset: 100,
            length: spill.secret.len() as u64,
        },
        excerpt: excerpt_of(spill, &[]),
        chain: vec![],
        commit: None,
        at_head: None,
        unreachable: false,
        line_hash: Some("e9496ae3ebfced30:1".to_owned()),
    }
}

/// A finding of one place.
pub fn finding(id: &str, severity: Severity, spill: &Spill<'_>) -> Finding {
    let reason = |name, points, text: &'static str| Reason {
        name,
        weight: unspill::model::LogOdds(0),
        points,
        text: text.into(),
    };
    Finding {
        rule: rule(id, severity),
        secret: Secret::new(spill.secret.as_bytes()),
        companions: vec![],
        fingerprint: Fingerprint(format!("{id}:0123456789abcdef:{:08x}", spill.line)),
        confidence: Confidence::new(96),
        reasons: vec![
            reason("test-path", -4, "the path is that of a test"),
            reason("distinctive-form", 60, "its form is distinctive"),
            reason("checksum", 30, "its checksum holds"),
            reason("entropy", 10, "it looks random"),
        ],
        traits: unspill::model::Traits::default(),
        verdict: Verdict::NotChecked,
        occurrences: vec![occurrence(spill)],
        suppression: None,
    }
}

/// All that is hard at once.
pub fn sample() -> Report {
    let (first, second) = (secret("exa_{{base62:36}}"), secret("{{base62:40}}"));
    let before = format!("login({first}, ");
    let on_one_line = [
        Spill { path: b"src/login.rs", line: 12, before: "login(", secret: &first, after: &format!(", {second})") },
        Spill { path: b"src/login.rs", line: 12, before: &before, secret: &second, after: ")" },
    ];
    let [mut one, mut two] = on_one_line.map(|spill| {
        let mut found = finding("example-token", Severity::Critical, &spill);
        found.occurrences[0].excerpt = excerpt_of(&spill, &[&first, &second]);
        found
    });
    let other = Secret::new(second.as_bytes());
    one.companions =
        vec![Companion { rule: "example-key-id".into(), secret: other, sole: true, line: 12, end_line: 13 }];
    for line in [14, 20, 31, 44, 59, 60] {
        let again = Occurrence {
            place: Place { line, end_line: line, ..one.occurrences[0].place },
            ..one.occurrences[0].clone()
        };
        one.occurrences.push(again);
    }
    two.rule = rule("example-secret", Severity::Low);
    two.verdict = Verdict::WellFormed("its checksum holds".to_owned());

    let odd = secret("exa_{{base62:24}}");
    let spill = Spill { path: b"odd \x1b[2J\xff\n/a:b.txt", line: 3, before: "key: ", secret: &odd, after: "\x1b[0m" };
    let mut odd = finding("example-token", Severity::Critical, &spill);
    odd.occurrences[0].chain = vec![Encoding::Base64, Encoding::Hex];
    odd.occurrences[0].commit = Some(commit("Jane \u{1b}]0;title\u{7}\u{202e}Doe\u{9b}"));
    odd.occurrences[0].at_head = Some(false);
    odd.verdict = Verdict::Active(vec![("user".to_owned(), "ada".to_owned())]);

    let key = secret("-----BEGIN {{upper:5}} KEY-----\n{{base64:64}}\n{{base64:64}}\n-----END-----");
    let spill = Spill { path: b"deploy/key.pem", line: 1, before: "", secret: &key, after: "" };
    let mut key = finding("example-key", Severity::High, &spill);
    key.occurrences[0].unreachable = true;

    let allowed = secret("exa_{{base62:30}}");
    let spill = Spill { path: b"tests/data.txt", line: 5, before: "", secret: &allowed, after: " # unspill:allow" };
    let mut known = finding("example-old-token", Severity::Medium, &spill);
    known.suppression = Some(Suppression::Comment { reason: Some(format!("it is only {allowed}")) });

    let mut report = Report {
        scope: Scope::Folder { roots: vec![".".into()], base: "/home/jane/my project".into() },
        findings: vec![one, two, odd, key],
        suppressed: vec![known],
        problems: vec![
            Problem {
                place: "private/\u{1b}[8mnotes".into(),
                what: "permission denied".into(),
                hint: Some(
                    "run it as a user who may read it, or leave it out with an exclude in the configuration".into(),
                ),
            },
            Problem { place: "broken.zip".into(), what: "the archive ends early".into(), hint: None },
        ],
        notes: vec!["line 3 of .unspillignore matches nothing".into()],
        stats: Stats {
            items: 1234,
            bytes: 4_512_000,
            commits: 0,
            skipped: BTreeMap::from([(SkipReason::Binary, 3), (SkipReason::Symlink, 1)]),
            below_threshold: 7,
            malformed: 0,
            elapsed: Duration::from_millis(123),
            ..Stats::default()
        },
        rules: vec![rule("example-token", Severity::High)],
        min_confidence: Some(Confidence::new(50)),
    };
    report.sort();
    report
}

/// A report without findings.
pub fn clean() -> Report {
    Report { findings: vec![], suppressed: vec![], problems: vec![], notes: vec![], ..sample() }
}

/// A report of one finding, of a secret in one place.
pub fn single(secret: &str) -> Report {
    let spill = Spill { path: b"a.txt", line: 1, before: "key = ", secret, after: "" };
    Report { findings: vec![finding("example-token", Severity::High, &spill)], ..clean() }
}

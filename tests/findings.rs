//! Findings: grouping, fingerprints, comments, ignore files, allowlists and baselines.

use std::borrow::Cow;
use std::sync::Arc;

use bstr::BStr;
use proptest::prelude::*;
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

#[test]
fn one_secret_in_one_file_is_one_finding_with_sorted_places() {
    let finding = one(vec![file("a", 9, "abcd1"), file("a", 2, "abcd1"), file("a", 9, "abcd1")]);
    assert_eq!(lines(&finding), [2, 9]);
}

#[test]
fn another_path_secret_or_rule_is_another_finding() {
    let mut other = file("a", 1, "abcd1");
    other.rule = rule("b-rule");
    let findings = group(vec![file("a", 1, "abcd1"), file("b", 1, "abcd1"), file("a", 1, "abcd2"), other]);
    let seen: Vec<_> = findings.iter().map(|f| (f.rule.id.to_string(), f.first().origin.path().to_string())).collect();
    let expected = [("a-rule", "a"), ("a-rule", "a"), ("a-rule", "b"), ("b-rule", "a")];
    assert_eq!(seen, expected.map(|(rule, path)| (rule.to_owned(), path.to_owned())));
}

#[test]
fn of_a_history_the_earliest_commit_is_kept() {
    let mut late = committed(200, "a", 7, "abcd1");
    late.occurrence.at_head = Some(true);
    let finding = one(vec![late, committed(100, "a", 3, "abcd1"), committed(100, "a", 4, "abcd1")]);
    assert_eq!(lines(&finding), [3, 4]);
    assert_eq!(finding.first().commit.as_ref().unwrap().seconds, 100);
    assert!(finding.occurrences.iter().all(|o| o.at_head == Some(true)));
}

#[test]
fn what_a_ref_reaches_goes_before_what_none_reaches() {
    let mut lost = committed(100, "a", 3, "abcd1");
    lost.occurrence.unreachable = true;
    let finding = one(vec![lost.clone(), committed(200, "a", 5, "abcd1")]);
    assert_eq!(lines(&finding), [5]);
    assert!(!finding.first().unreachable);
    assert!(one(vec![lost]).first().unreachable);
}

#[test]
fn the_best_evidence_and_all_companions_are_kept() {
    let reason = |weight| Reason { name: "form", weight: LogOdds(weight), points: 0, text: Cow::Borrowed("its form") };
    let companion = |value: &str| Companion {
        rule: "id".to_owned(),
        secret: Secret::new(value.as_bytes()),
        sole: true,
        line: 1,
        end_line: 1,
    };
    let mut weak = file("a", 1, "abcd1");
    weak.companions = vec![companion("one"), companion("two")];
    let mut strong = file("a", 2, "abcd1");
    (strong.log_odds, strong.reasons) = (LogOdds(9000), vec![reason(9000)]);
    strong.companions = vec![companion("two"), companion("three")];
    let finding = one(vec![weak, strong]);
    assert_eq!(finding.confidence.get(), 100);
    assert_eq!(finding.reasons, [reason(9000)]);
    assert_eq!(finding.companions.len(), 3);
}

fn with_comment(mut raw: RawFinding, reason: &str) -> RawFinding {
    raw.comment = Some(Suppression::Comment { reason: Some(reason.to_owned()) });
    raw
}

#[test]
fn a_comment_speaks_for_its_own_line() {
    let allowed = |line| with_comment(file("a", line, "abcd1"), "fine");
    let open = one(vec![allowed(1), file("a", 2, "abcd1")]);
    assert_eq!((lines(&open), open.suppression), (vec![2], None));
    let all = one(vec![allowed(1), allowed(2)]);
    assert_eq!(lines(&all), [1, 2]);
    assert_eq!(all.suppression, Some(Suppression::Comment { reason: Some("fine".to_owned()) }));
}

#[test]
fn a_reason_that_holds_the_secret_is_not_shown() {
    let finding = one(vec![with_comment(file("a", 1, "abcd1"), "see key=abcd1; there")]);
    assert_eq!(finding.suppression, Some(Suppression::Comment { reason: None }));
}

fn any_raw() -> impl Strategy<Value = RawFinding> {
    let seconds = prop_oneof![Just(None), (1i64..4).prop_map(Some)];
    (seconds, 0..2usize, 1u64..4, 0..2usize, 0i32..3, any::<[bool; 4]>()).prop_map(
        |(seconds, path, line, secret, points, [commented, head, lost, encoded])| {
            let (path, secret) = (["a", "b"][path], ["abcd1", "abcd2"][secret]);
            let mut raw = match seconds {
                Some(seconds) => committed(seconds, path, line, secret),
                None => file(path, line, secret),
            };
            raw.log_odds = LogOdds(40 + points / 2);
            raw.reasons = vec![Reason { name: "r", weight: LogOdds(points), points: 0, text: Cow::Borrowed("r") }];
            let at = line + points as u64;
            raw.companions =
                vec![Companion { rule: "c".to_owned(), secret: Secret::new(b"c"), sole: true, line: at, end_line: at }];
            raw.occurrence.at_head = seconds.map(|_| head);
            raw.occurrence.unreachable = lost;
            raw.occurrence.chain = if encoded { vec![Encoding::Hex] } else { vec![] };
            if commented { with_comment(raw, ["x", "y"][usize::from(head)]) } else { raw }
        },
    )
}

proptest! {
    #[test]
    fn grouping_does_not_depend_on_order(
        (raw, shuffled) in prop::collection::vec(any_raw(), 0..24).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle()))
    ) {
        prop_assert_eq!(format!("{:?}", group(raw)), format!("{:?}", group(shuffled)));
    }

    #[test]
    fn nothing_is_lost_by_grouping(raw in prop::collection::vec(any_raw(), 1..24)) {
        let findings = group(raw.clone());
        for one in &raw {
            let path = one.occurrence.origin.path();
            prop_assert!(findings.iter().any(|f| f.secret == one.secret && f.first().origin.path() == path));
        }
        prop_assert!(findings.iter().all(|f| !f.occurrences.is_empty()));
    }
}

// Fingerprints

const STRONG: &[u8] = b"q7Zp2xV9mK4tR8wL3nB6"; // No credential: 20 different characters.

fn of(id: &str, path: &str, secret: &[u8]) -> String {
    fingerprint::of(&rule(id), BStr::new(path), secret).0
}

fn hashes(fingerprint: &str) -> (String, String) {
    let mut parts = fingerprint.rsplit(':');
    let secret = parts.next().unwrap().to_owned();
    (parts.next().unwrap().to_owned(), secret)
}

#[test]
fn a_fingerprint_names_rule_path_and_secret() {
    let base = of("a-rule", "src/a", STRONG);
    assert!(base.starts_with("a-rule:"));
    assert!(fingerprint::is_well_formed(&base));
    let others = [of("b-rule", "src/a", STRONG), of("a-rule", "src/b", STRONG), of("a-rule", "src/a", &STRONG[1..])];
    let (path, secret) = hashes(&base);
    assert_ne!(hashes(&others[0]), (path.clone(), secret.clone()));
    assert_ne!(hashes(&others[1]).0, path);
    assert_ne!(hashes(&others[1]).1, secret);
    assert_eq!(hashes(&others[2]).0, path);
    assert_ne!(hashes(&others[2]).1, secret);
}

#[test]
fn fingerprints_stay_as_they_are_from_version_to_version() {
    // Baselines and ignore files of users hold these: a change here breaks all of them.
    assert_eq!(of("a-rule", "src/a", b"hunter2"), "a-rule:0c6f05c9:958fc");
    assert_eq!(of("a-rule", "src/a", STRONG), "a-rule:0c6f05c9:e507065d0fb9dbcb");
}

#[test]
fn lines_and_commits_do_not_matter() {
    let at = |raw| one(vec![raw]).fingerprint;
    let base = at(file("a", 1, "abcd1"));
    assert_eq!(base, at(file("a", 99, "abcd1")));
    assert_eq!(base, at(committed(5, "a", 3, "abcd1")));
    assert_eq!(base, at(committed(6, "a", 4, "abcd1")));
    assert_ne!(base, at(file("b", 1, "abcd1")));
}

#[test]
fn only_secrets_beyond_guessing_get_a_long_hash() {
    let digits = |secret: &[u8]| hashes(&of("a-rule", "a", secret)).1.len();
    for weak in [
        "hunter2",
        "Summer2024!Password",
        "correcthorsebatterystaple",
        "12345678901234567890",
        "aaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(digits(weak.as_bytes()), 5, "{weak}");
    }
    for strong in [STRONG, b"0f3a9c81d2b74e6580a1c9d3f7e2b456", b"Xq3_zR9-Lm2+Tb7/Wd5="] {
        assert_eq!(digits(strong), 16);
    }
}

#[test]
fn a_weak_hash_confirms_no_guess() {
    // Of 4096 guesses, several pairs share one fingerprint of 20 bits, so that one that fits proves nothing.
    let rule = rule("a-rule");
    let of_guess = |n: u32| fingerprint::of(&rule, BStr::new("a"), format!("guess{n}").as_bytes());
    let distinct: std::collections::HashSet<_> = (0..4096).map(of_guess).collect();
    assert!(distinct.len() < 4096);
}

// Comments

fn allowed(line: &str) -> Option<Option<String>> {
    read(line, None)
}

fn read(line: &str, before: Option<&str>) -> Option<Option<String>> {
    comment(line.as_bytes(), before.map(str::as_bytes), &rule("a-rule")).map(|s| match s {
        Suppression::Comment { reason } => reason,
        other => panic!("{other:?}"),
    })
}

fn because(reason: &str) -> Option<Option<String>> {
    Some(Some(reason.to_owned()))
}

#[test]
fn comments_allow_their_line() {
    assert_eq!(allowed("x = 1 # unspill:allow"), Some(None));
    assert_eq!(allowed("x = 1 // unspill:allow for tests"), because("for tests"));
    assert_eq!(allowed("x = 1 /* unspill:allow -- for tests */ y = 2"), because("for tests"));
    assert_eq!(allowed("<!-- unspill:allow: for tests -->"), because("for tests"));
}

#[test]
fn comments_for_other_programs_count() {
    assert_eq!(allowed("x # gitleaks:allow"), Some(None));
    assert_eq!(allowed("x # trufflehog:ignore"), Some(None));
    assert_eq!(allowed("x // kingfisher:ignore"), Some(None));
    assert_eq!(allowed("x # pragma: allowlist secret"), Some(None));
    assert_eq!(allowed("x -- pragma: whitelist secret"), Some(None));
    assert_eq!(allowed("x # pragma: allowlist nextline secret"), None);
    assert_eq!(read("x", Some("# pragma: allowlist nextline secret")), Some(None));
    assert_eq!(read("x", Some("# pragma: allowlist secret")), None);
}

#[test]
fn comments_name_rules() {
    assert_eq!(allowed("# unspill:allow(a-rule) known"), because("known"));
    assert_eq!(allowed("# unspill:allow(b-rule, a-rule)"), Some(None));
    assert_eq!(allowed("# unspill:allow(b-rule) known"), None);
    assert_eq!(allowed("# unspill:allow(b-rule) unspill:allow(a-rule) known"), because("known"));
}

#[test]
fn what_only_looks_like_a_comment_allows_nothing() {
    for line in [
        "# unspill:allowed",
        "# Unspill:allow",
        "# unspill: allow",
        "# xunspill:allow",
        "# unspill:allow()",
        "# unspill:allow(a-rule",
        "# unspill:allow-next-line",
        "# unspill:allow_it",
        "# unspill:allow-a-rule",
    ] {
        assert_eq!(allowed(line), None, "{line}");
    }
}

#[test]
fn the_line_before_counts_only_when_it_says_so() {
    assert_eq!(read("x", Some("# unspill:allow")), None);
    assert_eq!(read("x", Some("# gitleaks:allow")), None);
    assert_eq!(read("x", Some("# unspill:allow-next-line(a-rule) known")), because("known"));
    assert_eq!(read("x", Some("# unspill:allow-next-line(b-rule)")), None);
}

#[test]
fn a_reason_ends_with_its_comment() {
    let line = r#"{"a": "x /* unspill:allow fine */", "b": "other"}"#;
    assert_eq!(allowed(line), because("fine"));
    assert_eq!(allowed(r#"{"a": "unspill:allow", "b": "other"}"#), Some(None));
}

// Ignore files, allowlists

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

#[test]
fn an_ignore_file_names_fingerprints() {
    let finding = one(vec![file("a", 1, "abcd1")]);
    let text = format!("# ours\r\n\n{}  # a fixture\r\na-rule:00000000:00000\n", finding.fingerprint);
    let suppressions = ignoring(".unspillignore", &text);
    let expected = Suppression::IgnoreFile { file: ".unspillignore".to_owned(), line: 3 };
    assert_eq!(suppressions.judge(&finding), Some(expected));
    assert_eq!(judge(&suppressions, file("b", 1, "abcd1")), None);
    assert_eq!(suppressions.unused(), [".unspillignore line 4 matches nothing any more"]);
}

#[test]
fn a_malformed_line_is_named() {
    let error = IgnoreFile::parse(".unspillignore", "# fine\nsrc/a.py\n").unwrap_err();
    assert_eq!(error.to_string(), ".unspillignore:2: `src/a.py` is not a fingerprint");
    assert!(error.hint.is_some());
    let error = IgnoreFile::parse(".unspillignore", "a-rule:00000000:00000 because\n").unwrap_err();
    assert!(error.to_string().contains("text behind"), "{error}");
    let error = IgnoreFile::parse(".gitleaksignore", "a:b\n").unwrap_err();
    assert!(error.to_string().starts_with(".gitleaksignore:1: "), "{error}");
}

#[test]
fn gitleaks_entries_name_file_line_and_commit() {
    let id = commit(7).id;
    let text = format!("./src/a:their-rule:3\n{id}:b:their-rule:4\nc:x:9\n");
    let suppressions = ignoring("sub/.gitleaksignore", &text);
    assert_eq!(judge(&suppressions, file("src/a", 3, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&suppressions, file("src/a", 4, "abcd1")), None);
    assert_eq!(judge(&suppressions, file("b", 4, "abcd1")), None);
    assert_eq!(judge(&suppressions, committed(7, "b", 4, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&suppressions, committed(8, "b", 4, "abcd1")), None);
    assert_eq!(suppressions.unused(), ["sub/.gitleaksignore line 3 matches nothing any more"]);
}

#[test]
fn a_finding_is_allowed_only_where_each_place_is() {
    let suppressions = ignoring(".gitleaksignore", "a:x:3\n");
    let both = one(vec![file("a", 3, "abcd1"), file("a", 5, "abcd1")]);
    assert_eq!(suppressions.judge(&both), None);
}

#[test]
fn each_criterion_of_an_allowlist_allows() {
    let id = commit(7).id.to_string();
    let lists = [
        Allowlist { paths: texts(&["^test/"]), ..Allowlist::default() },
        Allowlist { regexes: texts(&["^abcd1$"]), ..Allowlist::default() },
        Allowlist { regexes: texts(&["^key=abcd1;$"]), target: Target::Match, ..Allowlist::default() },
        Allowlist { regexes: texts(&["^x = 'key"]), target: Target::Line, ..Allowlist::default() },
        Allowlist { stopwords: texts(&["BCD"]), ..Allowlist::default() },
        Allowlist { commits: vec![id[..40].to_owned()], ..Allowlist::default() },
    ];
    for list in lists {
        let suppressions = allowing(list.clone());
        assert_eq!(judge(&suppressions, committed(7, "test/a", 1, "abcd1")), Some("allowlist"), "{list:?}");
        assert_eq!(
            judge(&suppressions, committed(8, "a", 1, "wxyz1")),
            if list.target == Target::Line { Some("allowlist") } else { None }
        );
    }
}

#[test]
fn an_empty_allowlist_allows_nothing() {
    for all in [false, true] {
        assert_eq!(judge(&allowing(Allowlist { all, ..Allowlist::default() }), file("a", 1, "abcd1")), None);
    }
}

#[test]
fn with_all_every_criterion_must_hold() {
    let list = Allowlist { paths: texts(&["^a$"]), stopwords: texts(&["abc"]), all: true, ..Allowlist::default() };
    let all = allowing(list.clone());
    assert_eq!(judge(&all, file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&all, file("b", 1, "abcd1")), None);
    let any = allowing(Allowlist { all: false, ..list });
    assert_eq!(judge(&any, file("b", 1, "abcd1")), Some("allowlist"));
}

#[test]
fn an_allowlist_may_be_for_some_rules() {
    let list = |rules: &[&str]| Allowlist { rules: texts(rules), paths: texts(&["a"]), ..Allowlist::default() };
    assert_eq!(judge(&allowing(list(&["a-rule"])), file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&allowing(list(&["test"])), file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&allowing(list(&["b-rule"])), file("a", 1, "abcd1")), None);
}

#[test]
fn an_invalid_regex_of_an_allowlist_is_named() {
    let list = Allowlist { paths: texts(&["ok", "*.py"]), source: "unspill.toml:4".to_owned(), ..Allowlist::default() };
    let error = Suppressions::new(vec![list], vec![], None).unwrap_err();
    assert!(error.to_string().starts_with("unspill.toml:4: `paths`: invalid regex `*.py`"), "{error}");
}

#[test]
fn every_entry_that_would_allow_counts_as_used() {
    let list =
        |n: u32| Allowlist { paths: texts(&["^a$"]), source: format!("unspill.toml:{n}"), ..Allowlist::default() };
    let suppressions = Suppressions::new(vec![list(1), list(2)], vec![], None).unwrap();
    assert_eq!(suppressions.unused().len(), 2);
    assert_eq!(judge(&suppressions, file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(suppressions.unused(), Vec::<String>::new());
}

// Baselines

#[test]
fn a_baseline_survives_writing_and_reading() {
    let findings = group(vec![file("b", 1, "abcd1"), file("a \"q\"", 7, "abcd2"), file("a", 3, "abcd1")]);
    let mut bytes = Vec::new();
    Baseline::create(&findings).write(&mut bytes).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("abcd"), "{text}");
    let baseline = Baseline::parse("baseline.json", &bytes).unwrap();
    assert_eq!(baseline, Baseline::create(&findings));
    assert!(findings.iter().all(|f| baseline.contains(&f.fingerprint)));

    let moved = group(vec![file("a", 99, "abcd1"), file("c", 1, "abcd1")]);
    let (new, gone) = baseline.diff(&moved);
    assert_eq!(new.iter().map(|f| f.first().origin.path().to_string()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(gone.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["a \"q\"", "b"]);
}

#[test]
fn the_order_of_findings_does_not_change_a_baseline() {
    let mut findings = group(vec![file("b", 1, "abcd1"), file("a", 7, "abcd2")]);
    let write = |findings: &[Finding]| {
        let mut bytes = Vec::new();
        Baseline::create(findings).write(&mut bytes).unwrap();
        bytes
    };
    let first = write(&findings);
    findings.reverse();
    assert_eq!(first, write(&findings));
    assert_eq!(write(&[]), b"{\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

#[test]
fn known_findings_are_suppressed_and_gone_ones_are_pointed_out() {
    let known = group(vec![file("a", 1, "abcd1"), file("b", 1, "abcd1")]);
    let suppressions = Suppressions::new(vec![], vec![], Some(Baseline::create(&known))).unwrap();
    assert_eq!(judge(&suppressions, file("a", 5, "abcd1")), Some("baseline"));
    assert_eq!(judge(&suppressions, file("c", 5, "abcd1")), None);
    assert_eq!(suppressions.unused(), ["1 finding of the baseline is gone"]);
}

#[test]
fn a_damaged_baseline_is_named() {
    let error = |text: &str| Baseline::parse("b.json", text.as_bytes()).unwrap_err();
    for text in ["", "{", "[]", "{\"version\": 1}", "{\"version\": 1, \"findings\": [{\"path\": \"a\"}]}"] {
        let error = error(text);
        assert!(error.to_string().contains("not a baseline of unspill"), "{error}");
        assert!(error.hint.as_deref().unwrap().contains("baseline create"));
    }
    assert!(error("{\"version\": 9, \"new\": 1}").to_string().contains("version 9"));
    let forged = r#"{"version": 1, "findings": [{"path": "a", "rule": "r", "fingerprint": "nonsense"}]}"#;
    assert!(error(forged).to_string().contains("`nonsense` is not a fingerprint"));
}

proptest! {
    #[test]
    fn no_input_makes_the_readers_panic(text in "(unspill:allow(-next-line)?|[a-z:#0-9()/ ,\n\"]|\\PC){0,40}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let rule = rule("a-rule");
        for line in [text.as_bytes(), &bytes] {
            let _ = comment(line, Some(line), &rule);
            let _ = Baseline::parse("b", line);
        }
        for name in [".unspillignore", ".gitleaksignore"] {
            let _ = IgnoreFile::parse(name, &text);
        }
    }
}

//! Findings: grouping, fingerprints, comments, ignore files, allowlists and baselines.

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
    let is_rule = |id: &str| matches!(id, "a-rule" | "b-rule");
    comment(line.as_bytes(), before.map(str::as_bytes), &rule("a-rule"), is_rule).map(|s| match s {
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
fn a_rule_named_first_needs_no_brackets() {
    assert_eq!(allowed("# unspill:allow a-rule known"), because("known"));
    assert_eq!(allowed("# unspill:allow: a-rule -- known"), because("known"));
    assert_eq!(allowed("# unspill:allow a-rule: known"), because("known"));
    assert_eq!(allowed("/* unspill:allow a-rule*/"), Some(None));
    assert_eq!(allowed("<!-- unspill:allow a-rule-->"), Some(None));
    assert_eq!(allowed("# unspill:allow b-rule, a-rule known"), because("known"));
    assert_eq!(allowed("# unspill:allow b-rule,a-rule"), Some(None));
    assert_eq!(read("x", Some("# unspill:allow-next-line a-rule known")), because("known"));
    for line in
        ["# unspill:allow b-rule known", "# unspill:allow b-rule", "// unspill:allow b-rule.", "'unspill:allow b-rule'"]
    {
        assert_eq!(allowed(line), None, "{line}");
    }
    assert_eq!(allowed("# unspill:allow b-rule, as of May; a-rule"), None, "only ids in a row count");
    assert_eq!(read("x", Some("# unspill:allow-next-line b-rule")), None);
    assert_eq!(allowed("# unspill:allow b-rule unspill:allow a-rule known"), because("known"));
}

#[test]
fn other_words_are_a_reason() {
    for reason in ["c-rule known", "the a-rule", "b-rule-like value", "b-rule.example.org", "b-rule_1", "B-rule"] {
        assert_eq!(allowed(&format!("# unspill:allow {reason}")), because(reason), "{reason}");
    }
    assert_eq!(allowed("# unspill:allow -- b-rule is what this is not"), because("b-rule is what this is not"));
    assert_eq!(allowed("# unspill:allow - b-rule is what this is not"), because("b-rule is what this is not"));
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
    assert_eq!(suppressions.unused(None), [".unspillignore line 4 matches nothing any more"]);
}

#[test]
fn a_malformed_line_is_named() {
    let error = IgnoreFile::parse(".unspillignore", "# fine\nsrc/a.py\n").unwrap_err();
    assert_eq!(error.to_string(), ".unspillignore:2: this is not a fingerprint");
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
    assert_eq!(suppressions.unused(None), ["sub/.gitleaksignore line 3 matches nothing any more"]);
}

#[test]
fn a_gitleaks_entry_is_for_its_own_rule_where_that_is_known() {
    let means = |theirs: &str, ours: &Rule| theirs == "their-rule" && ours.id == "a-rule";
    let of = |text: &str| ignoring(".gitleaksignore", text).reading_ids(means);
    assert_eq!(judge(&of("a:their-rule:3\n"), file("a", 3, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&of("a:other-rule:3\n"), file("a", 3, "abcd1")), None);
}

#[test]
fn where_rules_are_left_out_only_entries_for_the_others_are_pointed_out() {
    let text = "a-rule:00000000:00000\nb-rule:00000000:00000\n";
    let ignore = IgnoreFile::parse(".unspillignore", text).unwrap();
    let places = IgnoreFile::parse(".gitleaksignore", "a:x:3\n").unwrap();
    let list = |rules: &[&str]| Allowlist {
        rules: texts(rules),
        paths: texts(&["a"]),
        source: format!("unspill.toml for {}", rules.join(",")),
        ..Allowlist::default()
    };
    let mut other = file("a", 1, "abcd1");
    other.rule = rule("b-rule");
    let baseline = Baseline::create(&group(vec![file("a", 1, "abcd1"), other]));
    let lists = vec![list(&["a-rule"]), list(&["b-rule"]), list(&["a-rule", "b-rule"]), list(&[])];
    let all = Suppressions::new(lists, vec![ignore, places], Some(baseline)).unwrap();
    assert_eq!(all.unused(None).len(), 8);
    let expected = [
        ".unspillignore line 1 matches nothing any more",
        "the allowlist at unspill.toml for a-rule matches nothing any more",
        "1 finding of the baseline is gone",
    ];
    assert_eq!(all.unused(Some(&|id| id == "a-rule")), expected);
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
    assert_eq!(suppressions.unused(None).len(), 2);
    assert_eq!(judge(&suppressions, file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(suppressions.unused(None), Vec::<String>::new());
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
    assert!(findings.iter().all(|f| baseline.contains(f)));

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
    assert_eq!(suppressions.unused(None), ["1 finding of the baseline is gone"]);
}

#[test]
fn a_damaged_baseline_is_named() {
    let error = |text: &str| Baseline::parse("b.json", text.as_bytes()).unwrap_err();
    for text in [
        "",
        "{",
        "[1]",
        "[{}]",
        "{}",
        "{\"results\": 1}",
        "{\"version\": 1}",
        "{\"version\": 1, \"findings\": [{\"path\": \"a\"}]}",
    ] {
        let error = error(text);
        assert!(error.to_string().contains("no baseline of unspill, JSON report of gitleaks or"), "{error}");
        assert!(error.hint.as_deref().unwrap().contains("baseline create"));
    }
    assert!(error("{\"version\": 9, \"new\": 1}").to_string().contains("version 9"));
    let forged = r#"{"version": 1, "findings": [{"path": "a", "rule": "r", "fingerprint": "nonsense"}]}"#;
    assert!(error(forged).to_string().contains("`nonsense` is not a fingerprint"));
}

// Baselines of other programs

/// Whether a baseline with this content knows a finding.
fn knows(content: &serde_json::Value, raw: RawFinding) -> bool {
    let baseline = Baseline::parse("b.json", content.to_string().as_bytes()).unwrap();
    let finding = one(vec![raw]);
    let known = judge(&Suppressions::new(vec![], vec![], Some(baseline.clone())).unwrap(), finding_again(&finding));
    assert_eq!(known.is_some(), baseline.contains(&finding));
    baseline.contains(&finding)
}

fn finding_again(finding: &Finding) -> RawFinding {
    let mut raw = file("", 1, "abcd1");
    (raw.secret, raw.occurrence) = (finding.secret.clone(), finding.first().clone());
    raw
}

const VALUE: &str = "q7zp2xv9mk4tr8wl3nb6"; // No credential: 20 different characters.

fn gitleaks_row(path: &str, secret: &str, commit: &str) -> serde_json::Value {
    json!({
        "RuleID": "their-rule", "Description": "d", "StartLine": 3, "EndLine": 3, "StartColumn": 4, "EndColumn": 10,
        "Match": secret, "Secret": secret, "File": path, "Commit": commit, "Fingerprint": format!("{path}:their-rule:3"),
    })
}

#[test]
fn a_report_of_gitleaks_knows_a_secret_at_its_path() {
    let report = json!([gitleaks_row("src/a", VALUE, ""), gitleaks_row("./src\\b", &format!("u:{VALUE}"), "")]);
    assert!(knows(&report, file("src/a", 99, VALUE)), "whatever the line");
    assert!(knows(&report, file("src/a", 3, &format!("\"{VALUE}\""))), "quotes are no part of it");
    assert!(knows(&report, file("src/b", 3, VALUE)), "a part of it");
    assert!(!knows(&report, file("src/c", 3, VALUE)), "another path");
    assert!(!knows(&report, file("src/a", 3, &format!("{VALUE}x"))), "another value on the same line");
    assert!(!knows(&json!([]), file("src/a", 3, VALUE)));
}

#[test]
fn a_redacted_report_knows_a_place_in_a_commit_alone() {
    let id = commit(7).id.to_string();
    for secret in ["REDACTED", "q7zp2xv9mk..."] {
        let report = json!([gitleaks_row("src/a", secret, &id), gitleaks_row("src/b", secret, "")]);
        assert!(knows(&report, committed(7, "src/a", 3, VALUE)));
        assert!(!knows(&report, committed(8, "src/a", 3, VALUE)), "another commit");
        assert!(!knows(&report, committed(7, "src/a", 4, VALUE)), "another line");
        assert!(!knows(&report, file("src/a", 3, VALUE)), "a file changes");
        assert!(!knows(&report, file("src/b", 3, VALUE)));
        let mut beside = committed(7, "src/a", 3, VALUE);
        (beside.occurrence.place.column, beside.occurrence.place.end_column) = (30, 50);
        assert!(!knows(&report, beside), "elsewhere on the line");
        let baseline = Baseline::parse("r.json", report.to_string().as_bytes()).unwrap();
        assert_eq!((baseline.entries().len(), baseline.warnings().len()), (1, 2));
        assert!(baseline.warnings()[0].contains("1 entry is redacted"), "{:?}", baseline.warnings());
        assert!(baseline.warnings()[1].contains("1 entry is without secret and commit"), "{:?}", baseline.warnings());
    }
}

#[test]
fn line_0_stands_for_a_file_that_its_name_tells_of() {
    let by_name = |path: &str| {
        let raw = RawRule { id: "by-name".to_owned(), path: Some("p12$".to_owned()), ..RawRule::default() };
        let mut one = file(path, 1, path);
        one.rule = Arc::new(raw.build(None).unwrap());
        one
    };
    for secret in ["", "REDACTED"] {
        let mut row = gitleaks_row("a.p12", secret, "");
        row["StartLine"] = json!(0);
        let baseline = Baseline::parse("r.json", json!([row]).to_string().as_bytes()).unwrap();
        assert_eq!((baseline.entries().len(), baseline.warnings().len()), (1, 0));
        assert!(baseline.contains(&one(vec![by_name("a.p12")])));
        assert!(!baseline.contains(&one(vec![by_name("b.p12")])));
        assert!(!baseline.contains(&one(vec![file("a.p12", 1, VALUE)])), "what stands in it is another thing");
    }
    let ignored = ignoring(".gitleaksignore", "a.p12:pkcs12-file:0\n");
    assert_eq!(judge(&ignored, by_name("a.p12")), Some("ignore-file"));
    assert_eq!(judge(&ignored, file("a.p12", 1, VALUE)), None);
    assert_eq!(judge(&ignoring(".gitleaksignore", "a.p12:x:1\n"), by_name("a.p12")), None);
}

#[test]
fn what_is_gone_of_a_foreign_baseline_is_told() {
    let report = json!([gitleaks_row("a", VALUE, "1"), gitleaks_row("a", VALUE, "2"), gitleaks_row("b", VALUE, "")]);
    let baseline = Baseline::parse("r.json", report.to_string().as_bytes()).unwrap();
    let findings = group(vec![file("a", 1, VALUE), file("c", 1, VALUE)]);
    let (new, gone) = baseline.diff(&findings);
    assert_eq!(new.iter().map(|f| f.first().origin.path().to_string()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(gone.iter().map(|e| (e.path.as_str(), e.rule.as_str())).collect::<Vec<_>>(), [("b", "their-rule")]);
    let suppressions = Suppressions::new(vec![], vec![], Some(baseline)).unwrap();
    assert_eq!(suppressions.unused(None), ["2 findings of the baseline are gone"]);
}

#[test]
fn a_foreign_baseline_tells_its_secrets_apart_and_shows_none() {
    let of = |secret: &str| {
        let text = json!([gitleaks_row("a", secret, "")]).to_string();
        Suppressions::new(vec![], vec![], Some(Baseline::parse("r.json", text.as_bytes()).unwrap())).unwrap()
    };
    assert_ne!(of(VALUE).digest(), of(STRONG_LOWER).digest());
    assert_eq!(of(VALUE).digest(), of(VALUE).digest());
    assert!(!format!("{:?}", of(VALUE)).contains(VALUE));
}

const STRONG_LOWER: &str = "b6n3l8wr4tk9mv2xp7zq";

/// The SHA-1 of a text, in hexadecimal.
fn sha1(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&<sha1::Sha1 as sha1::Digest>::digest(text))
}

fn detect_secrets(rows: &[(&str, &str, &str)]) -> serde_json::Value {
    let mut results = serde_json::Map::new();
    for (path, kind, secret) in rows {
        let row = json!({
            "type": kind, "filename": path, "hashed_secret": sha1(secret), "is_verified": false, "line_number": 3,
            "is_secret": true,
        });
        results.entry(*path).or_insert_with(|| json!([])).as_array_mut().unwrap().push(row);
    }
    json!({ "version": "1.5.0", "plugins_used": [], "filters_used": [], "results": results })
}

#[test]
fn a_baseline_of_detect_secrets_knows_hashes_at_a_path() {
    let baseline =
        detect_secrets(&[("src/a", "Secret Keyword", VALUE), ("src/a", "Base64 High Entropy String", VALUE)]);
    assert!(knows(&baseline, file("src/a", 99, VALUE)), "whatever the line");
    assert!(knows(&baseline, file("src/a", 3, &format!("'{VALUE}'"))), "quotes are no part of it");
    assert!(!knows(&baseline, file("src/a", 3, STRONG_LOWER)), "another value on the same line");
    assert!(!knows(&baseline, file("src/b", 3, VALUE)), "another path");
    assert!(!knows(&detect_secrets(&[]), file("src/a", 3, VALUE)));
    let read = Baseline::parse("b", baseline.to_string().as_bytes()).unwrap();
    assert_eq!((read.entries().len(), read.warnings().len()), (1, 0));
}

#[test]
fn what_its_plugins_record_of_long_credentials_is_known() {
    let token = format!("eyJ{VALUE}.{VALUE}.");
    let key = format!("sk_live_{VALUE}abcd");
    let baseline = detect_secrets(&[("a", "JSON Web Token", &token), ("a", "Stripe Access Key", &key)]);
    assert!(knows(&baseline, file("a", 3, &format!("{token}{STRONG_LOWER}"))));
    assert!(knows(&baseline, file("a", 3, &format!("{key}efgh"))));
    assert!(!knows(&baseline, file("a", 3, &format!("sk_live_{STRONG_LOWER}efgh"))));
}

#[test]
fn entries_that_hash_no_secret_know_nothing() {
    let baseline = detect_secrets(&[("a", "GitHub Token", "ghp"), ("a", "Private Key", "BEGIN PRIVATE KEY")]);
    let read = Baseline::parse("b", baseline.to_string().as_bytes()).unwrap();
    assert!(read.entries().is_empty());
    assert!(read.warnings()[0].contains("2 of the entries are for a GitHub token"), "{:?}", read.warnings());
}

proptest! {
    #[test]
    fn no_input_makes_the_readers_panic(text in "(unspill:allow(-next-line)?|[a-z:#0-9()/ ,\n\"]|\\PC){0,40}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let rule = rule("a-rule");
        for line in [text.as_bytes(), &bytes] {
            let _ = comment(line, Some(line), &rule, |id| id.len() == 1);
            let _ = Baseline::parse("b", line);
        }
        for name in [".unspillignore", ".gitleaksignore"] {
            let _ = IgnoreFile::parse(name, &text);
        }
    }
}

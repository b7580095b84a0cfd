//! Raw findings that become one.

use super::*;

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

//! Comments that allow a line.

use super::*;

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

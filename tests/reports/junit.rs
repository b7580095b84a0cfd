//! JUnit's XML, read by an XML parser as Jenkins and GitLab read it: suites, cases, and what is in a case.

use roxmltree::{Document, Node};
use unspill::model::{Problem, Report, Severity, Suppression, Verdict};
use unspill::report::Format;

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{PLAIN, written};

/// A test as it is read.
#[derive(Debug, PartialEq)]
struct Case {
    class: String,
    name: String,
    file: Option<String>,
    /// `failure`, `error`, `skipped` or `passed`.
    outcome: String,
    message: String,
    text: String,
}

fn attribute(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

fn cases(report: &Report) -> Vec<Case> {
    let text = written(report, Format::Junit, PLAIN);
    let document = Document::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let suites: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    let [suite] = suites[..] else { panic!("one suite: {text}") };
    assert_eq!(suite.tag_name().name(), "testsuite");
    let tests: Vec<Node<'_, '_>> = suite.children().filter(|n| n.has_tag_name("testcase")).collect();
    let with = |name: &str| tests.iter().filter(|t| t.children().any(|n| n.has_tag_name(name))).count();
    for node in [root, suite] {
        assert_eq!(attribute(node, "tests"), tests.len().to_string());
        assert_eq!(attribute(node, "failures"), with("failure").to_string());
        assert_eq!(attribute(node, "errors"), with("error").to_string());
        assert_eq!(attribute(node, "skipped"), with("skipped").to_string());
    }
    let case = |test: Node<'_, '_>| {
        let inner = test.children().find(Node::is_element);
        Case {
            class: attribute(test, "classname"),
            name: attribute(test, "name"),
            file: test.attribute("file").map(str::to_owned),
            outcome: inner.map_or("passed", |n| n.tag_name().name()).to_owned(),
            message: inner.map(|n| attribute(n, "message")).unwrap_or_default(),
            text: inner.and_then(|n| n.text()).unwrap_or_default().to_owned(),
        }
    };
    tests.into_iter().map(case).collect()
}

#[test]
fn findings_fail_problems_are_errors_and_what_is_allowed_is_skipped() {
    let cases = cases(&sample());
    let outcomes: Vec<&str> = cases.iter().map(|c| c.outcome.as_str()).collect();
    assert_eq!(outcomes, ["failure", "failure", "failure", "failure", "error", "error", "skipped"]);
    assert_eq!(cases[1].class, "unspill.example-token");
    assert_eq!(cases[1].name, "src/login.rs:12:7: Token of the Example service");
    assert_eq!(cases[1].file.as_deref(), Some("src/login.rs"));
    assert_eq!(cases[4].name, "broken.zip: the archive ends early");
    assert!(cases[4].text.contains("the scan is incomplete"), "{cases:?}");
    assert!(cases[6].message.starts_with("allowed by a comment"), "{cases:?}");
    assert_eq!(cases[6].text, cases[6].message);
}

#[test]
fn a_clean_scan_is_a_test_that_passed_and_an_unclean_one_is_not() {
    let outcomes = |report: &Report| -> Vec<String> { cases(report).into_iter().map(|c| c.outcome).collect() };
    assert_eq!(outcomes(&clean()), ["passed"]);
    assert_eq!(outcomes(&Report { problems: sample().problems, ..clean() }), ["error", "error"]);
}

#[test]
fn what_was_not_verified_never_reads_safe() {
    let mut report = single(&secret("{{base62:40}}"));
    assert!(cases(&report)[0].message.ends_with("confidence 96, may be active (not checked)"));
    report.findings[0].verdict = Verdict::Active(vec![("user".into(), "ada".into())]);
    let case = &cases(&report)[0];
    assert!(case.message.ends_with(", ACTIVE"), "{case:?}");
    assert!(case.text.contains("\nverdict: ACTIVE: the provider accepts it, user ada\n"), "{case:?}");
    assert!(case.text.contains("\nrevoke: Delete it at https://example.org/settings/tokens\n"), "{case:?}");
}

#[test]
fn any_text_can_be_read_back() {
    let value = secret("{{base62:40}}");
    for text in
        ["<a b=\"c\">'&amp;]]>", "]]>", "--><!--", "a\u{0}\u{1b}b", "\u{fffe}\u{ffff}", "a\r\nb", "&x;", "\u{202e}é"]
    {
        let spill = Spill { path: text.as_bytes(), line: 1, before: text, secret: &value, after: text };
        let mut found = finding("example-token", Severity::High, &spill);
        found.occurrences[0].commit = Some(commit(text));
        let mut known = found.clone();
        known.suppression = Some(Suppression::Comment { reason: Some(text.to_owned()) });
        let problem = Problem { place: text.to_owned(), what: text.to_owned(), hint: Some(text.to_owned()) };
        let report = Report {
            findings: vec![found],
            suppressed: vec![known],
            problems: vec![problem],
            notes: vec![text.to_owned()],
            ..clean()
        };
        let shown = |c: char| if c.is_control() || "\u{fffe}\u{ffff}\u{202e}".contains(c) { '\u{fffd}' } else { c };
        let shown: String = text.chars().map(shown).collect();
        let cases = cases(&report);
        assert_eq!(cases.len(), 3);
        assert_eq!(cases[0].file.as_deref(), Some(shown.as_str()));
        assert_eq!(cases[1].message, shown);
    }
}

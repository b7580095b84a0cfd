//! GitLab's report: by its schema, and with what GitLab makes use of.

use serde_json::Value;
use unspill::model::{Report, Scope, Severity, Verdict};
use unspill::report::{Format, ReportOptions};

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{PLAIN, faults, value, written};

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema/gitlab-secret-detection-15.2.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("valid JSON")
}

fn gitlab(report: &Report) -> Value {
    value(report, Format::Gitlab)
}

#[test]
fn fits_the_schema() {
    for report in [sample(), clean(), Report { scope: Scope::Stdin, ..sample() }] {
        assert_eq!(faults(&schema(), &gitlab(&report)), [""; 0]);
    }
}

#[test]
fn is_refused_by_the_schema_where_something_is_wrong() {
    let wrong = |pointer: &str, new: Value| {
        let mut report = gitlab(&sample());
        *report.pointer_mut(pointer).expect("a place") = new;
        assert_ne!(faults(&schema(), &report), [""; 0], "{pointer}");
    };
    wrong("/scan/start_time", "2024-02-29T12:30:00Z".into());
    wrong("/scan/type", "sast".into());
    wrong("/vulnerabilities/0/severity", "critical".into());
    wrong("/vulnerabilities/0/identifiers", Value::Array(vec![]));
    wrong("/vulnerabilities/0/details/verdict", "yes".into());
    wrong("/vulnerabilities/0/location", Value::Object(serde_json::Map::new()));
}

#[test]
fn texts_have_the_length_that_the_schema_allows() {
    let mut report = single(&secret("{{base62:40}}"));
    let mut rule = (*report.findings[0].rule).clone();
    let long = unspill::model::rule::Str::Owned("é* ".repeat(40_000));
    (rule.description, rule.revoke, rule.store) = (long.clone(), long.clone(), long);
    report.findings[0].rule = rule.into();
    assert_eq!(faults(&schema(), &gitlab(&report)), [""; 0]);
}

#[test]
fn has_what_is_active_first_and_as_critical() {
    let value = secret("{{base62:40}}");
    let mut report = clean();
    for (line, verdict) in [
        (1, Verdict::NotChecked),
        (2, Verdict::Inactive("it was refused".into())),
        (3, Verdict::Active(vec![("user".into(), "ada".into())])),
    ] {
        let mut found =
            finding("example-token", Severity::Low, &Spill { path: b"a", line, before: "", secret: &value, after: "" });
        found.verdict = verdict;
        report.findings.push(found);
    }
    let written = gitlab(&report);
    let told: Vec<_> = written["vulnerabilities"].as_array().expect("an array").iter().collect();
    let severities: Vec<&Value> = told.iter().map(|v| &v["severity"]).collect();
    assert_eq!(severities, ["Critical", "Low", "Info"]);
    let verdicts: Vec<&Value> = told.iter().map(|v| &v["details"]["verdict"]["value"]).collect();
    assert_eq!(
        verdicts,
        [
            "ACTIVE: the provider accepts it, user ada",
            "may be active (not checked): take it for active",
            "inactive: it was refused",
        ]
    );
}

#[test]
fn names_the_commit_or_that_there_is_none() {
    let mut report = single(&secret("{{base62:40}}"));
    let place = gitlab(&report)["vulnerabilities"][0]["location"].clone();
    assert_eq!((&place["file"], &place["start_line"]), (&"a.txt".into(), &1.into()));
    assert_eq!(place["commit"], serde_json::json!({ "sha": "0000000" }));
    report.findings[0].occurrences[0].commit = Some(commit("Jane"));
    let commit = gitlab(&report)["vulnerabilities"][0]["location"]["commit"].clone();
    assert_eq!(commit["sha"], Value::from("5".repeat(40)));
    assert_eq!(commit["author"], "Jane <jane@example.org>");
}

#[test]
fn an_incomplete_scan_is_a_failure_that_says_why() {
    let scan = gitlab(&sample())["scan"].clone();
    assert_eq!(scan["status"], "failure");
    let told = |level: &str| -> Vec<&str> {
        let messages = scan["messages"].as_array().expect("an array").iter();
        messages.filter(|m| m["level"] == level).filter_map(|m| m["value"].as_str()).collect()
    };
    let warnings = told("warn");
    assert_eq!(warnings[0], "the scan is incomplete: 2 problems; what could not be read may hold secrets");
    assert_eq!(warnings[1], "broken.zip: the archive ends early");
    assert!(warnings[2].starts_with("private/\u{fffd}[8mnotes: permission denied (run it as"), "{warnings:?}");
    assert!(told("info").contains(&"allowed and not listed: 1 finding"));
    assert_eq!(gitlab(&clean())["scan"]["status"], "success");
}

#[test]
fn ids_stay_and_differ() {
    let ids = |report: &Report| -> Vec<String> {
        let written = gitlab(report);
        let all = written["vulnerabilities"].as_array().expect("an array").iter();
        all.filter_map(|v| v["id"].as_str()).map(str::to_owned).collect()
    };
    let first = ids(&sample());
    assert_eq!(first, ids(&sample()));
    let mut report = sample();
    report.findings.iter_mut().for_each(|found| found.fingerprint.0.push('x'));
    assert!(ids(&report).iter().all(|id| !first.contains(id)), "{first:?}");
    assert!(first.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'8'), "{first:?}");
}

#[test]
fn the_time_is_that_of_the_caller() {
    let at = |seconds| {
        let text = written(&clean(), Format::Gitlab, ReportOptions { seconds, ..PLAIN });
        serde_json::from_str::<Value>(&text).expect("valid JSON")["scan"]["start_time"].clone()
    };
    assert_eq!(at(1_709_209_800), "2024-02-29T12:30:00");
    assert_eq!(at(0), "1970-01-01T00:00:00");
}

#[test]
fn only_addresses_of_the_web_are_links() {
    let mut report = single(&secret("{{base62:40}}"));
    assert_eq!(gitlab(&report)["vulnerabilities"][0]["links"][0]["url"], "https://example.org/docs/tokens");
    let mut rule = (*report.findings[0].rule).clone();
    rule.docs = unspill::model::rule::Str::Owned("javascript:alert(1)".to_owned());
    report.findings[0].rule = rule.into();
    assert_eq!(gitlab(&report)["vulnerabilities"][0].get("links"), None);
}

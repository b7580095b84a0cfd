//! SARIF: valid by the official schema, and with what code scanning makes use of.

use serde_json::Value;
use unspill::model::{Report, Scope, Severity, Suppression};
use unspill::report::Format;

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{faults, value};

fn sarif(report: &Report) -> Value {
    let mut log = value(report, Format::Sarif);
    log["runs"][0].take()
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/schema/sarif-2.1.0.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    // Two of its patterns have a bracket too many, which strict readers of regexes refuse.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    serde_json::from_str(&text).expect("valid JSON")
}

/// All that a pointer leads to in each of `of`.
fn each<'a>(of: &'a Value, pointer: &str) -> Vec<&'a Value> {
    of.as_array().expect("an array").iter().filter_map(|item| item.pointer(pointer)).collect()
}

#[test]
fn fits_the_official_schema() {
    let git = Scope::Git {
        root: "/srv/r".into(),
        part: "all".into(),
        head: Some("5".repeat(40)),
        remote: Some("git@example.org:a/b.git".into()),
        branch: Some("main".into()),
    };
    let reports = [sample(), clean(), Report { scope: git, ..sample() }, Report { scope: Scope::Stdin, ..sample() }];
    for report in reports {
        assert_eq!(faults(&schema(), &value(&report, Format::Sarif)), [""; 0]);
    }
}

#[test]
fn is_refused_by_the_schema_where_something_is_wrong() {
    let mut log = value(&sample(), Format::Sarif);
    log["runs"][0]["results"][0]["level"] = "dreadful".into();
    assert_ne!(faults(&schema(), &log), [""; 0]);
}

#[test]
fn has_the_worst_first_and_each_with_its_rule() {
    let run = sarif(&sample());
    assert_eq!(each(&run["results"], "/level"), ["error", "error", "error", "warning", "note"]);
    assert_eq!(run["results"][0]["properties"]["severity"], "critical");
    for result in run["results"].as_array().expect("an array") {
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!(each(rules, "/id"), ["example-key", "example-old-token", "example-secret", "example-token"]);
    assert_eq!(each(rules, "/properties/security-severity"), ["8.0", "5.5", "3.0", "9.5"]);
    assert_eq!(each(rules, "/properties/tags/0"), ["security"; 4]);
    assert_eq!(each(rules, "/properties/precision"), ["very-high"; 4]);
    assert_eq!(each(rules, "/helpUri"), ["https://example.org/docs/tokens"; 4]);
}

#[test]
fn has_relative_uris_that_lead_back_to_the_file() {
    let run = sarif(&sample());
    let uris = each(&run["results"], "/locations/0/physicalLocation/artifactLocation/uri");
    assert!(uris.contains(&&Value::from("odd%20%1B%5B2J%FF%0A/a%3Ab.txt")), "{uris:?}");
    assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///home/jane/my%20project/");
}

#[test]
fn has_absolute_uris_outside_the_base() {
    let value = secret("{{base62:40}}");
    for (path, uri) in [
        (&b"/etc/app.conf"[..], "file:///etc/app.conf"),
        (b"../other/app.conf", "file:///home/jane/other/app.conf"),
        (b"/home/jane/my project/app.conf", "app.conf"),
    ] {
        let spill = Spill { path, line: 1, before: "", secret: &value, after: "" };
        let report = Report { findings: vec![finding("example-token", Severity::High, &spill)], ..clean() };
        let run = sarif(&report);
        let location = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(location["uri"], uri);
        assert_eq!(location.get("uriBaseId").is_some(), !uri.starts_with("file:"));
    }
}

#[test]
fn names_further_places() {
    let run = sarif(&sample());
    let all = each(&run["results"], "/relatedLocations");
    let [related] = all[..] else { panic!("only one has further places: {all:?}") };
    assert_eq!(each(related, "/physicalLocation/region/startLine"), [12, 14, 20, 31, 44, 59, 60]);
    assert_eq!(each(related, "/id"), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn names_the_other_part_and_its_place() {
    let run = sarif(&sample());
    let with_parts = each(&run["results"], "/relatedLocations/0");
    let [part] = with_parts[..] else { panic!("only one has two parts: {with_parts:?}") };
    assert_eq!(part["message"]["text"], "the other part of the credential: example-key-id");
    let place = &part["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/login.rs");
    assert_eq!((&place["region"]["startLine"], &place["region"]["endLine"]), (&12.into(), &13.into()));
}

#[test]
fn tells_that_it_is_incomplete_and_what_was_skipped() {
    let run = sarif(&sample());
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = &invocation["toolExecutionNotifications"];
    assert_eq!(each(notifications, "/level"), ["error", "error", "note", "note", "note"]);
    assert_eq!(notifications[0]["message"]["text"], "broken.zip: the archive ends early");
    assert_eq!(notifications[2]["message"]["text"], "skipped: 3 binary");
    assert_eq!(sarif(&clean())["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn has_suppressions_with_their_kind() {
    let spill = Spill { path: b"a", line: 1, before: "", secret: &secret("{{base62:40}}"), after: "" };
    for (suppression, kind) in [
        (Suppression::Comment { reason: None }, "inSource"),
        (Suppression::Baseline, "external"),
        (Suppression::IgnoreFile { file: ".unspillignore".into(), line: 2 }, "external"),
        (Suppression::Allowlist { description: "samples".into() }, "external"),
    ] {
        let mut known = finding("example-token", Severity::High, &spill);
        known.suppression = Some(suppression.clone());
        let run = sarif(&Report { suppressed: vec![known], ..clean() });
        let written = &run["results"][0]["suppressions"][0];
        assert_eq!(written["kind"], kind);
        assert_eq!(written["justification"], Value::from(suppression.justification()));
    }
}

#[test]
fn hashes_no_line_of_a_secret_that_can_be_guessed() {
    let fingerprints = |secret: &str| sarif(&single(secret))["results"][0]["partialFingerprints"].clone();
    let strong = fingerprints(&secret("{{base62:40}}"));
    assert_eq!(strong["primaryLocationLineHash"], "e9496ae3ebfced30:1");
    assert_eq!(strong["unspill/v1"], "example-token:0123456789abcdef:00000001");
    let weak = fingerprints("Summer2024!");
    assert_eq!(weak.get("primaryLocationLineHash"), None);
    assert_eq!(weak["unspill/v1"], "example-token:0123456789abcdef:00000001");
}

#[test]
fn says_where_the_repository_is_from() {
    let remote = Some("https://jane:hunter2@example.org/r.git".to_owned());
    let head = Some("5".repeat(40));
    let scope = Scope::Git { root: "/r".into(), part: "all".into(), head, remote, branch: Some("main".into()) };
    let run = sarif(&Report { scope, ..clean() });
    let provenance = &run["versionControlProvenance"][0];
    assert_eq!(provenance["repositoryUri"], "https://example.org/r.git");
    assert_eq!(provenance["revisionId"], Value::from("5".repeat(40)));
    assert_eq!(provenance["branch"], "main");
    assert_eq!(run["automationDetails"]["id"], "unspill/git/");
}

#[test]
fn messages_hold_no_link_that_an_author_made() {
    let mut report = single(&secret("{{base62:40}}"));
    report.findings[0].occurrences[0].commit = Some(commit("[Jane](https://example.org)\u{1b}"));
    let run = sarif(&report);
    let message = run["results"][0]["message"]["text"].as_str().expect("a text");
    assert!(message.contains("by \\[Jane\\](https://example.org)\u{fffd}."), "{message}");
}

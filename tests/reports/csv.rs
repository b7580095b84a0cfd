//! CSV: read back by a reader of CSV, and nothing in it that a spreadsheet runs.

use unspill::model::{Origin, Problem, Report, Severity, Verdict};
use unspill::report::csv::HEADER;
use unspill::report::{Format, ReportOptions};

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{PLAIN, written};

/// The records, each with all its fields.
fn records(report: &Report, options: ReportOptions) -> Vec<Vec<String>> {
    let text = written(report, Format::Csv, options);
    // Strict: a record with more or fewer fields is an error.
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("a header").iter().collect::<Vec<_>>(), HEADER);
    reader.records().map(|r| r.expect("a record").iter().map(str::to_owned).collect()).collect()
}

fn field<'a>(record: &'a [String], name: &str) -> &'a str {
    &record[HEADER.iter().position(|n| *n == name).expect("a field of this name")]
}

#[test]
fn has_one_record_for_each_place_and_problem() {
    let records = records(&sample(), PLAIN);
    let kinds: Vec<&str> = records.iter().map(|r| field(r, "kind")).collect();
    let expected = [vec!["finding"; 10], vec!["allowed", "problem", "problem", "note"]].concat();
    assert_eq!(kinds, expected);
    let lines: Vec<&str> =
        records.iter().filter(|r| field(r, "file") == "src/login.rs").map(|r| field(r, "line")).collect();
    assert_eq!(lines, ["12", "14", "20", "31", "44", "59", "60", "12"]);
}

#[test]
fn tells_what_is_known_of_a_finding() {
    let mut report = single(&secret("{{base62:40}}"));
    report.findings[0].occurrences[0].commit = Some(commit("Jane Doe"));
    report.findings[0].verdict = Verdict::Active(vec![("user".into(), "ada".into())]);
    let records = records(&report, PLAIN);
    let told = ["severity", "verdict", "verdict_text", "confidence", "level", "rule", "file", "line", "author"];
    assert_eq!(
        told.map(|name| field(&records[0], name)),
        [
            "high",
            "active",
            "ACTIVE: the provider accepts it, user ada",
            "96",
            "high",
            "example-token",
            "a.txt",
            "1",
            "Jane Doe"
        ]
    );
}

#[test]
fn says_that_the_scan_is_incomplete() {
    let records = records(&sample(), PLAIN);
    let problem = records.iter().find(|r| field(r, "kind") == "problem").expect("a problem");
    assert_eq!(
        [field(problem, "file"), field(problem, "message")],
        ["broken.zip", "incomplete scan: the archive ends early"]
    );
}

#[test]
fn has_no_field_that_a_spreadsheet_runs() {
    let value = secret("{{base62:40}}");
    for text in ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "a\";=1", "a\n=1", "＝1"] {
        let spill = Spill { path: text.as_bytes(), line: 1, before: "", secret: &value, after: "" };
        let mut found = finding("example-token", Severity::High, &spill);
        found.occurrences[0].commit = Some(commit(text));
        let mut named = found.clone();
        named.occurrences[0].origin = Origin::Stdin { name: text.into() };
        let problem = Problem { place: text.to_owned(), what: text.to_owned(), hint: None };
        let report =
            Report { findings: vec![found, named], problems: vec![problem], notes: vec![text.to_owned()], ..clean() };
        let records = records(&report, PLAIN);
        assert_eq!(records.len(), 4);
        for field in records.iter().flatten() {
            let start = field.trim_start().chars().next();
            assert!(!start.is_some_and(|c| "=+-@＝".contains(c)), "{field:?}");
        }
    }
}

#[test]
fn all_texts_are_quoted_and_lines_end_as_they_must() {
    let text = written(&single(&secret("{{base62:40}}")), Format::Csv, PLAIN);
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    // What splits at other characters sees them within quotes.
    let mut report = sample();
    report.findings[0].occurrences[0].origin = Origin::File { path: "a;=1".into() };
    assert!(written(&report, Format::Csv, PLAIN).contains(",\"a;=1\","));
}

#[test]
fn shows_keys_of_many_lines_when_asked() {
    let key = secret("-----BEGIN {{upper:5}} KEY-----\n{{base64:64}}\n-----END-----");
    let records = records(&single(&key), ReportOptions { show_secrets: true, ..PLAIN });
    assert_eq!(field(&records[0], "secret"), format!("'{key}"));
}

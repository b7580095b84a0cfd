//! JSON and JSON lines: their schema, their records, and what is left out.

use data_encoding::BASE64;
use serde_json::Value;
use unspill::model::{Report, Scope};
use unspill::report::{Format, ReportOptions, json};

use crate::sample::{clean, sample, secret, single};
use crate::{PLAIN, faults, value, written};

fn lines(report: &Report) -> Vec<Value> {
    written(report, Format::Jsonl, PLAIN).lines().map(|line| serde_json::from_str(line).expect("valid JSON")).collect()
}

#[test]
fn fits_its_schema() {
    let document = value(&sample(), Format::Json);
    assert_eq!(faults(&json::schema(), &document), [""; 0]);
    for line in lines(&sample()) {
        assert_eq!(faults(&json::line_schema(), &line), [""; 0]);
    }
}

#[test]
fn is_refused_by_the_schema_where_something_is_missing() {
    for field in ["complete", "findings", "stats", "schema_version"] {
        let mut document = value(&sample(), Format::Json);
        document.as_object_mut().expect("an object").remove(field);
        assert_ne!(faults(&json::schema(), &document), [""; 0], "{field}");
    }
    let mut document = value(&sample(), Format::Json);
    document["findings"][0]["line"] = "twelve".into();
    assert_ne!(faults(&json::schema(), &document), [""; 0]);
}

#[test]
fn has_one_record_for_each_place() {
    let document = value(&sample(), Format::Json);
    let findings = document["findings"].as_array().expect("an array");
    let lines: Vec<u64> =
        findings.iter().filter(|f| f["file"] == "src/login.rs").filter_map(|f| f["line"].as_u64()).collect();
    assert_eq!(lines, [12, 14, 20, 31, 44, 59, 60, 12]);
    assert_eq!(document["stats"]["findings"], 4);
    assert_eq!(document["suppressed"][0]["suppression"]["kind"], "comment");
    assert_eq!(document["complete"], false);
}

#[test]
fn has_other_parts_with_their_lines() {
    let document = value(&sample(), Format::Json);
    let findings = document["findings"].as_array().expect("an array");
    let part = findings.iter().find_map(|f| f.get("companions")).map(|parts| &parts[0]).expect("a part");
    let told = ["rule", "line", "end_line"].map(|field| part[field].clone());
    assert_eq!(told, ["example-key-id".into(), 12.into(), Value::from(13)]);
}

#[test]
fn keeps_the_bytes_of_any_path() {
    let document = value(&sample(), Format::Json);
    let findings = document["findings"].as_array().expect("an array");
    let exact: Vec<&Value> = findings.iter().filter_map(|f| f.get("file_bytes")).collect();
    assert_eq!(exact, [&Value::from(BASE64.encode(b"odd \x1b[2J\xff\n/a:b.txt"))]);
}

#[test]
fn leaves_out_what_does_not_apply() {
    let document = value(&single(&secret("{{base62:40}}")), Format::Json);
    for field in ["commit", "at_head", "unreachable", "suppression", "companions", "encodings", "secret"] {
        assert_eq!(document["findings"][0].get(field), None, "{field}");
    }
}

#[test]
fn lines_end_in_a_summary() {
    let lines = lines(&sample());
    let types: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(types.iter().filter(|t| **t == "finding").count(), 10);
    assert_eq!(types[10..], ["problem", "problem", "summary"]);
    assert_eq!(lines.last().map(|l| l["complete"].clone()), Some(false.into()));
}

#[test]
fn lines_have_what_consumers_read_at_their_top() {
    let value = secret("{{base62:40}}");
    let shown = written(&single(&value), Format::Jsonl, ReportOptions { show_secrets: true, ..PLAIN });
    let first: Value = serde_json::from_str(shown.lines().next().expect("a line")).expect("valid JSON");
    let fields = ["file", "line", "end_line", "secret", "rule"].map(|field| first[field].clone());
    assert_eq!(fields, ["a.txt".into(), 1.into(), 1.into(), value.into(), Value::from("example-token")]);
}

#[test]
fn shows_no_credential_of_the_remote() {
    let remote = Some("https://jane:hunter2@example.org/r.git".to_owned());
    let scope = Scope::Git { root: "/r".into(), part: "all".into(), head: None, remote, branch: None };
    let document = value(&Report { scope, ..clean() }, Format::Json);
    assert_eq!(document["scope"]["remote"], "https://example.org/r.git");
}

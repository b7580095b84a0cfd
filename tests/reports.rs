//! Every format, held to its schema, to its wording, and to the promise that no secret stands in it.

mod report_sample;

use proptest::prelude::*;
use report_sample::{Spill, commit, excerpt_of, finding, sample, secret};
use serde_json::Value;
use snapbox::str;
use unspill::model::{Report, Scope, Suppression, Verdict};
use unspill::report::{Format, ReportOptions, json};

fn written(report: &Report, format: Format, options: ReportOptions) -> String {
    let mut out = Vec::new();
    format.reporter().write(report, &options, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn text(report: &Report, options: ReportOptions) -> String {
    written(report, Format::Text, options)
}

fn value(report: &Report, format: Format) -> Value {
    serde_json::from_str(&written(report, format, ReportOptions::default())).expect("valid JSON")
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
#[ignore = "prints"]
fn show() {
    println!("{}", text(&sample(), ReportOptions { verbosity: 1, color: false, ..Default::default() }));
    println!("{}", written(&sample(), Format::Sarif, ReportOptions::default()));
    println!("{}", written(&sample(), Format::Jsonl, ReportOptions::default()));
    println!("{}", written(&sample(), Format::Gitleaks, ReportOptions::default()));
}

//! The JSON of gitleaks: its names, its types, its order.

use serde_json::Value;
use snapbox::{assert_data_eq, str};
use unspill::report::{Format, ReportOptions};

use crate::sample::{clean, commit, secret, single};
use crate::{PLAIN, written};

#[test]
fn has_gitleaks_fields_in_gitleaks_order() {
    let mut report = single("K3y-0f-No-Use-At-All");
    report.findings[0].occurrences[0].commit = Some(commit("Jane Doe"));
    assert_data_eq!(
        written(&report, Format::Gitleaks, PLAIN),
        str![[r#"
[
 {
  "RuleID": "example-token",
  "Description": "Token of the Example service",
  "StartLine": 1,
  "EndLine": 1,
  "StartColumn": 7,
  "EndColumn": 26,
  "Match": "key = REDACTED",
  "Secret": "REDACTED",
  "File": "a.txt",
  "SymlinkFile": "",
  "Commit": "5555555555555555555555555555555555555555",
  "Entropy": 3.541446,
  "Author": "Jane Doe",
  "Email": "jane@example.org",
  "Date": "2024-02-29T12:30:00Z",
  "Message": "",
  "Tags": [
   "ci",
   "security"
  ],
  "Fingerprint": "5555555555555555555555555555555555555555:a.txt:example-token:1"
 }
]

"#]]
    );
}

#[test]
fn shows_secrets_when_asked() {
    let value = secret("{{base62:40}}");
    let shown = written(&single(&value), Format::Gitleaks, ReportOptions { show_secrets: true, ..PLAIN });
    let leaks: Value = serde_json::from_str(&shown).expect("valid JSON");
    assert_eq!(leaks[0]["Secret"], Value::from(value.clone()));
    assert_eq!(leaks[0]["Match"], Value::from(format!("key = {value}")));
    assert_eq!(leaks[0]["Fingerprint"], "a.txt:example-token:1");
}

#[test]
fn is_an_empty_list_when_nothing_is_found() {
    assert_eq!(written(&clean(), Format::Gitleaks, PLAIN), "[]\n");
}

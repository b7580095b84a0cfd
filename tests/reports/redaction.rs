//! The promise of every format: no secret stands in it, in any form, unless that was asked for.

use proptest::prelude::*;
use unspill::model::{Cause, Companion, Doubt, Problem, Secret, Severity, Suppression, Verdict};
use unspill::report::{Format, ReportOptions};

use crate::sample::{Spill, clean, excerpt_of, finding, secret, single};
use crate::{PLAIN, written};

#[test]
fn secrets_are_shown_when_asked() {
    let value = secret("{{base62:40}}");
    for (_, format) in Format::ALL {
        let options = ReportOptions { show_secrets: true, ..PLAIN };
        assert!(written(&single(&value), format, options).contains(&value), "{format:?}");
        assert!(!written(&single(&value), format, PLAIN).contains(&value), "{format:?}");
    }
}

/// The forms in which a secret might slip into a report.
fn forms(secret: &str) -> [String; 5] {
    let json = serde_json::to_string(secret).expect("a string").trim_matches('"').to_owned();
    let percent = secret.bytes().map(|b| match b {
        b if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    });
    let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let csv = secret.replace('"', "\"\"");
    [secret.to_owned(), json, percent.collect(), xml.replace('\'', "&apos;"), csv]
}

/// Secrets of eight characters or more, and all that makes their written form differ from themselves.
fn secrets() -> impl Strategy<Value = Vec<String>> {
    let secret = r#"[A-Z0-9][A-Za-z0-9+/=_"\\%&<>é日{}'-]{7,60}"#;
    prop::collection::vec(secret, 3..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn no_secret_stands_in_any_report(secrets in secrets(), glue in "[ =:,;\"]{0,3}", known in any::<bool>()) {
        let line = secrets.join(&glue);
        let mut report = clean();
        for (n, secret) in secrets.iter().enumerate() {
            let (before, after) = (format!("{line}{glue}"), format!("{glue}{line}"));
            let spill = Spill { path: b"a.txt", line: n as u64 + 1, before: &before, secret, after: &after };
            let mut found = finding("example-token", Severity::High, &spill);
            if known {
                let all: Vec<&str> = secrets.iter().map(String::as_str).collect();
                found.occurrences[0].excerpt = excerpt_of(&spill, &all);
            }
            found.verdict = Verdict::Unknown(Doubt::new(Cause::Timeout, format!("asked with {secret}")));
            let other = Secret::new(secret.as_bytes());
            found.companions = vec![Companion { rule: "other".into(), secret: other, sole: true, line: 1, end_line: 1 }];
            match n % 2 {
                0 => report.findings.push(found),
                _ => {
                    found.suppression = Some(Suppression::Comment { reason: Some(format!("{line} is old")) });
                    report.suppressed.push(found);
                }
            }
            report.notes.push(format!("see {secret}"));
            report.problems.push(Problem { place: "b".into(), what: line.clone(), hint: Some(line.clone()) });
        }
        for (_, format) in Format::ALL {
            for verbosity in [-1, 0, 1] {
                // Wide, so that no line break hides a leak.
                let written = written(&report, format, ReportOptions { verbosity, width: 10_000, ..PLAIN });
                for secret in secrets.iter().flat_map(|secret| forms(secret)) {
                    prop_assert!(!written.contains(&secret), "{secret} stands in {format:?}: {written}");
                }
            }
        }
    }
}

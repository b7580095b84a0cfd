//! Baselines, unspill's own and those of others.

use super::*;

#[test]
fn a_baseline_survives_writing_and_reading() {
    let findings = group(vec![file("b", 1, "abcd1"), file("a \"q\"", 7, "abcd2"), file("a", 3, "abcd1")]);
    let mut bytes = Vec::new();
    Baseline::create(&findings).write(&mut bytes).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("abcd"), "{text}");
    let baseline = Baseline::parse("baseline.json", &bytes).unwrap();
    assert_eq!(baseline, Baseline::create(&findings));
    assert!(findings.iter().all(|f| baseline.contains(f)));

    let moved = group(vec![file("a", 99, "abcd1"), file("c", 1, "abcd1")]);
    let (new, gone) = baseline.diff(&moved);
    assert_eq!(new.iter().map(|f| f.first().origin.path().to_string()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(gone.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["a \"q\"", "b"]);
}

#[test]
fn the_order_of_findings_does_not_change_a_baseline() {
    let mut findings = group(vec![file("b", 1, "abcd1"), file("a", 7, "abcd2")]);
    let write = |findings: &[Finding]| {
        let mut bytes = Vec::new();
        Baseline::create(findings).write(&mut bytes).unwrap();
        bytes
    };
    let first = write(&findings);
    findings.reverse();
    assert_eq!(first, write(&findings));
    assert_eq!(write(&[]), b"{\n  \"version\": 1,\n  \"findings\": []\n}\n");
}

#[test]
fn known_findings_are_suppressed_and_gone_ones_are_pointed_out() {
    let known = group(vec![file("a", 1, "abcd1"), file("b", 1, "abcd1")]);
    let suppressions = Suppressions::new(vec![], vec![], Some(Baseline::create(&known))).unwrap();
    assert_eq!(judge(&suppressions, file("a", 5, "abcd1")), Some("baseline"));
    assert_eq!(judge(&suppressions, file("c", 5, "abcd1")), None);
    assert_eq!(suppressions.unused(None), ["1 finding of the baseline is gone"]);
}

#[test]
fn a_damaged_baseline_is_named() {
    let error = |text: &str| Baseline::parse("b.json", text.as_bytes()).unwrap_err();
    for text in [
        "",
        "{",
        "[1]",
        "[{}]",
        "{}",
        "{\"results\": 1}",
        "{\"version\": 1}",
        "{\"version\": 1, \"findings\": [{\"path\": \"a\"}]}",
    ] {
        let error = error(text);
        assert!(error.to_string().contains("no baseline of unspill, JSON report of gitleaks or"), "{error}");
        assert!(error.hint.as_deref().unwrap().contains("baseline create"));
    }
    assert!(error("{\"version\": 9, \"new\": 1}").to_string().contains("version 9"));
    let forged = r#"{"version": 1, "findings": [{"path": "a", "rule": "r", "fingerprint": "nonsense"}]}"#;
    assert!(error(forged).to_string().contains("`nonsense` is not a fingerprint"));
}

// Baselines of other programs

/// Whether a baseline with this content knows a finding.
fn knows(content: &serde_json::Value, raw: RawFinding) -> bool {
    let baseline = Baseline::parse("b.json", content.to_string().as_bytes()).unwrap();
    let finding = one(vec![raw]);
    let known = judge(&Suppressions::new(vec![], vec![], Some(baseline.clone())).unwrap(), finding_again(&finding));
    assert_eq!(known.is_some(), baseline.contains(&finding));
    baseline.contains(&finding)
}

fn finding_again(finding: &Finding) -> RawFinding {
    let mut raw = file("", 1, "abcd1");
    (raw.secret, raw.occurrence) = (finding.secret.clone(), finding.first().clone());
    raw
}

const VALUE: &str = "q7zp2xv9mk4tr8wl3nb6"; // No credential: 20 different characters.

fn gitleaks_row(path: &str, secret: &str, commit: &str) -> serde_json::Value {
    json!({
        "RuleID": "their-rule", "Description": "d", "StartLine": 3, "EndLine": 3, "StartColumn": 4, "EndColumn": 10,
        "Match": secret, "Secret": secret, "File": path, "Commit": commit, "Fingerprint": format!("{path}:their-rule:3"),
    })
}

#[test]
fn a_report_of_gitleaks_knows_a_secret_at_its_path() {
    let report = json!([gitleaks_row("src/a", VALUE, ""), gitleaks_row("./src\\b", &format!("u:{VALUE}"), "")]);
    assert!(knows(&report, file("src/a", 99, VALUE)), "whatever the line");
    assert!(knows(&report, file("src/a", 3, &format!("\"{VALUE}\""))), "quotes are no part of it");
    assert!(knows(&report, file("src/b", 3, VALUE)), "a part of it");
    assert!(!knows(&report, file("src/c", 3, VALUE)), "another path");
    assert!(!knows(&report, file("src/a", 3, &format!("{VALUE}x"))), "another value on the same line");
    assert!(!knows(&json!([]), file("src/a", 3, VALUE)));
}

#[test]
fn a_redacted_report_knows_a_place_in_a_commit_alone() {
    let id = commit(7).id.to_string();
    for secret in ["REDACTED", "q7zp2xv9mk..."] {
        let report = json!([gitleaks_row("src/a", secret, &id), gitleaks_row("src/b", secret, "")]);
        assert!(knows(&report, committed(7, "src/a", 3, VALUE)));
        assert!(!knows(&report, committed(8, "src/a", 3, VALUE)), "another commit");
        assert!(!knows(&report, committed(7, "src/a", 4, VALUE)), "another line");
        assert!(!knows(&report, file("src/a", 3, VALUE)), "a file changes");
        assert!(!knows(&report, file("src/b", 3, VALUE)));
        let mut beside = committed(7, "src/a", 3, VALUE);
        (beside.occurrence.place.column, beside.occurrence.place.end_column) = (30, 50);
        assert!(!knows(&report, beside), "elsewhere on the line");
        let baseline = Baseline::parse("r.json", report.to_string().as_bytes()).unwrap();
        assert_eq!((baseline.entries().len(), baseline.warnings().len()), (1, 2));
        assert!(baseline.warnings()[0].contains("1 entry is redacted"), "{:?}", baseline.warnings());
        assert!(baseline.warnings()[1].contains("1 entry is without secret and commit"), "{:?}", baseline.warnings());
    }
}

#[test]
fn line_0_stands_for_a_file_that_its_name_tells_of() {
    let by_name = |path: &str| {
        let raw = RawRule { id: "by-name".to_owned(), path: Some("p12$".to_owned()), ..RawRule::default() };
        let mut one = file(path, 1, path);
        one.rule = Arc::new(raw.build(None).unwrap());
        one
    };
    for secret in ["", "REDACTED"] {
        let mut row = gitleaks_row("a.p12", secret, "");
        row["StartLine"] = json!(0);
        let baseline = Baseline::parse("r.json", json!([row]).to_string().as_bytes()).unwrap();
        assert_eq!((baseline.entries().len(), baseline.warnings().len()), (1, 0));
        assert!(baseline.contains(&one(vec![by_name("a.p12")])));
        assert!(!baseline.contains(&one(vec![by_name("b.p12")])));
        assert!(!baseline.contains(&one(vec![file("a.p12", 1, VALUE)])), "what stands in it is another thing");
    }
    let ignored = ignoring(".gitleaksignore", "a.p12:pkcs12-file:0\n");
    assert_eq!(judge(&ignored, by_name("a.p12")), Some("ignore-file"));
    assert_eq!(judge(&ignored, file("a.p12", 1, VALUE)), None);
    assert_eq!(judge(&ignoring(".gitleaksignore", "a.p12:x:1\n"), by_name("a.p12")), None);
}

#[test]
fn what_is_gone_of_a_foreign_baseline_is_told() {
    let report = json!([gitleaks_row("a", VALUE, "1"), gitleaks_row("a", VALUE, "2"), gitleaks_row("b", VALUE, "")]);
    let baseline = Baseline::parse("r.json", report.to_string().as_bytes()).unwrap();
    let findings = group(vec![file("a", 1, VALUE), file("c", 1, VALUE)]);
    let (new, gone) = baseline.diff(&findings);
    assert_eq!(new.iter().map(|f| f.first().origin.path().to_string()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(gone.iter().map(|e| (e.path.as_str(), e.rule.as_str())).collect::<Vec<_>>(), [("b", "their-rule")]);
    let suppressions = Suppressions::new(vec![], vec![], Some(baseline)).unwrap();
    assert_eq!(suppressions.unused(None), ["2 findings of the baseline are gone"]);
}

#[test]
fn a_foreign_baseline_tells_its_secrets_apart_and_shows_none() {
    let of = |secret: &str| {
        let text = json!([gitleaks_row("a", secret, "")]).to_string();
        Suppressions::new(vec![], vec![], Some(Baseline::parse("r.json", text.as_bytes()).unwrap())).unwrap()
    };
    assert_ne!(of(VALUE).digest(), of(STRONG_LOWER).digest());
    assert_eq!(of(VALUE).digest(), of(VALUE).digest());
    assert!(!format!("{:?}", of(VALUE)).contains(VALUE));
}

const STRONG_LOWER: &str = "b6n3l8wr4tk9mv2xp7zq";

/// The SHA-1 of a text, in hexadecimal.
fn sha1(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&<sha1::Sha1 as sha1::Digest>::digest(text))
}

fn detect_secrets(rows: &[(&str, &str, &str)]) -> serde_json::Value {
    let mut results = serde_json::Map::new();
    for (path, kind, secret) in rows {
        let row = json!({
            "type": kind, "filename": path, "hashed_secret": sha1(secret), "is_verified": false, "line_number": 3,
            "is_secret": true,
        });
        results.entry(*path).or_insert_with(|| json!([])).as_array_mut().unwrap().push(row);
    }
    json!({ "version": "1.5.0", "plugins_used": [], "filters_used": [], "results": results })
}

#[test]
fn a_baseline_of_detect_secrets_knows_hashes_at_a_path() {
    let baseline =
        detect_secrets(&[("src/a", "Secret Keyword", VALUE), ("src/a", "Base64 High Entropy String", VALUE)]);
    assert!(knows(&baseline, file("src/a", 99, VALUE)), "whatever the line");
    assert!(knows(&baseline, file("src/a", 3, &format!("'{VALUE}'"))), "quotes are no part of it");
    assert!(!knows(&baseline, file("src/a", 3, STRONG_LOWER)), "another value on the same line");
    assert!(!knows(&baseline, file("src/b", 3, VALUE)), "another path");
    assert!(!knows(&detect_secrets(&[]), file("src/a", 3, VALUE)));
    let read = Baseline::parse("b", baseline.to_string().as_bytes()).unwrap();
    assert_eq!((read.entries().len(), read.warnings().len()), (1, 0));
}

#[test]
fn what_its_plugins_record_of_long_credentials_is_known() {
    let token = format!("eyJ{VALUE}.{VALUE}.");
    let key = format!("sk_live_{VALUE}abcd");
    let baseline = detect_secrets(&[("a", "JSON Web Token", &token), ("a", "Stripe Access Key", &key)]);
    assert!(knows(&baseline, file("a", 3, &format!("{token}{STRONG_LOWER}"))));
    assert!(knows(&baseline, file("a", 3, &format!("{key}efgh"))));
    assert!(!knows(&baseline, file("a", 3, &format!("sk_live_{STRONG_LOWER}efgh"))));
}

#[test]
fn entries_that_hash_no_secret_know_nothing() {
    let baseline = detect_secrets(&[("a", "GitHub Token", "ghp"), ("a", "Private Key", "BEGIN PRIVATE KEY")]);
    let read = Baseline::parse("b", baseline.to_string().as_bytes()).unwrap();
    assert!(read.entries().is_empty());
    assert!(read.warnings()[0].contains("2 of the entries are for a GitHub token"), "{:?}", read.warnings());
}

proptest! {
    #[test]
    fn no_input_makes_the_readers_panic(text in "(unspill:allow(-next-line)?|[a-z:#0-9()/ ,\n\"]|\\PC){0,40}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let rule = rule("a-rule");
        for line in [text.as_bytes(), &bytes] {
            let _ = comment(line, Some(line), &rule, |id| id.len() == 1);
            let _ = Baseline::parse("b", line);
        }
        for name in [".unspillignore", ".gitleaksignore"] {
            let _ = IgnoreFile::parse(name, &text);
        }
    }
}

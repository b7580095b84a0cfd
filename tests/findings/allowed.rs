//! Ignore files and allowlists.

use super::*;

#[test]
fn an_ignore_file_names_fingerprints() {
    let finding = one(vec![file("a", 1, "abcd1")]);
    let text = format!("# ours\r\n\n{}  # a fixture\r\na-rule:00000000:00000\n", finding.fingerprint);
    let suppressions = ignoring(".unspillignore", &text);
    let expected = Suppression::IgnoreFile { file: ".unspillignore".to_owned(), line: 3 };
    assert_eq!(suppressions.judge(&finding), Some(expected));
    assert_eq!(judge(&suppressions, file("b", 1, "abcd1")), None);
    assert_eq!(suppressions.unused(None), [".unspillignore line 4 matches nothing any more"]);
}

#[test]
fn a_malformed_line_is_named() {
    let error = IgnoreFile::parse(".unspillignore", "# fine\nsrc/a.py\n").unwrap_err();
    assert_eq!(error.to_string(), ".unspillignore:2: this is not a fingerprint");
    assert!(error.hint.is_some());
    let error = IgnoreFile::parse(".unspillignore", "a-rule:00000000:00000 because\n").unwrap_err();
    assert!(error.to_string().contains("text behind"), "{error}");
    let error = IgnoreFile::parse(".gitleaksignore", "a:b\n").unwrap_err();
    assert!(error.to_string().starts_with(".gitleaksignore:1: "), "{error}");
}

#[test]
fn gitleaks_entries_name_file_line_and_commit() {
    let id = commit(7).id;
    let text = format!("./src/a:their-rule:3\n{id}:b:their-rule:4\nc:x:9\n");
    let suppressions = ignoring("sub/.gitleaksignore", &text);
    assert_eq!(judge(&suppressions, file("src/a", 3, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&suppressions, file("src/a", 4, "abcd1")), None);
    assert_eq!(judge(&suppressions, file("b", 4, "abcd1")), None);
    assert_eq!(judge(&suppressions, committed(7, "b", 4, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&suppressions, committed(8, "b", 4, "abcd1")), None);
    assert_eq!(suppressions.unused(None), ["sub/.gitleaksignore line 3 matches nothing any more"]);
}

#[test]
fn a_gitleaks_entry_is_for_its_own_rule_where_that_is_known() {
    let means = |theirs: &str, ours: &Rule| theirs == "their-rule" && ours.id == "a-rule";
    let of = |text: &str| ignoring(".gitleaksignore", text).reading_ids(means);
    assert_eq!(judge(&of("a:their-rule:3\n"), file("a", 3, "abcd1")), Some("ignore-file"));
    assert_eq!(judge(&of("a:other-rule:3\n"), file("a", 3, "abcd1")), None);
}

#[test]
fn where_rules_are_left_out_only_entries_for_the_others_are_pointed_out() {
    let text = "a-rule:00000000:00000\nb-rule:00000000:00000\n";
    let ignore = IgnoreFile::parse(".unspillignore", text).unwrap();
    let places = IgnoreFile::parse(".gitleaksignore", "a:x:3\n").unwrap();
    let list = |rules: &[&str]| Allowlist {
        rules: texts(rules),
        paths: texts(&["a"]),
        source: format!("unspill.toml for {}", rules.join(",")),
        ..Allowlist::default()
    };
    let mut other = file("a", 1, "abcd1");
    other.rule = rule("b-rule");
    let baseline = Baseline::create(&group(vec![file("a", 1, "abcd1"), other]));
    let lists = vec![list(&["a-rule"]), list(&["b-rule"]), list(&["a-rule", "b-rule"]), list(&[])];
    let all = Suppressions::new(lists, vec![ignore, places], Some(baseline)).unwrap();
    assert_eq!(all.unused(None).len(), 8);
    let expected = [
        ".unspillignore line 1 matches nothing any more",
        "the allowlist at unspill.toml for a-rule matches nothing any more",
        "1 finding of the baseline is gone",
    ];
    assert_eq!(all.unused(Some(&|id| id == "a-rule")), expected);
}

#[test]
fn a_finding_is_allowed_only_where_each_place_is() {
    let suppressions = ignoring(".gitleaksignore", "a:x:3\n");
    let both = one(vec![file("a", 3, "abcd1"), file("a", 5, "abcd1")]);
    assert_eq!(suppressions.judge(&both), None);
}

#[test]
fn each_criterion_of_an_allowlist_allows() {
    let id = commit(7).id.to_string();
    let lists = [
        Allowlist { paths: texts(&["^test/"]), ..Allowlist::default() },
        Allowlist { regexes: texts(&["^abcd1$"]), ..Allowlist::default() },
        Allowlist { regexes: texts(&["^key=abcd1;$"]), target: Target::Match, ..Allowlist::default() },
        Allowlist { regexes: texts(&["^x = 'key"]), target: Target::Line, ..Allowlist::default() },
        Allowlist { stopwords: texts(&["BCD"]), ..Allowlist::default() },
        Allowlist { commits: vec![id[..40].to_owned()], ..Allowlist::default() },
    ];
    for list in lists {
        let suppressions = allowing(list.clone());
        assert_eq!(judge(&suppressions, committed(7, "test/a", 1, "abcd1")), Some("allowlist"), "{list:?}");
        assert_eq!(
            judge(&suppressions, committed(8, "a", 1, "wxyz1")),
            if list.target == Target::Line { Some("allowlist") } else { None }
        );
    }
}

#[test]
fn an_empty_allowlist_allows_nothing() {
    for all in [false, true] {
        assert_eq!(judge(&allowing(Allowlist { all, ..Allowlist::default() }), file("a", 1, "abcd1")), None);
    }
}

#[test]
fn with_all_every_criterion_must_hold() {
    let list = Allowlist { paths: texts(&["^a$"]), stopwords: texts(&["abc"]), all: true, ..Allowlist::default() };
    let all = allowing(list.clone());
    assert_eq!(judge(&all, file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&all, file("b", 1, "abcd1")), None);
    let any = allowing(Allowlist { all: false, ..list });
    assert_eq!(judge(&any, file("b", 1, "abcd1")), Some("allowlist"));
}

#[test]
fn an_allowlist_may_be_for_some_rules() {
    let list = |rules: &[&str]| Allowlist { rules: texts(rules), paths: texts(&["a"]), ..Allowlist::default() };
    assert_eq!(judge(&allowing(list(&["a-rule"])), file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&allowing(list(&["test"])), file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(judge(&allowing(list(&["b-rule"])), file("a", 1, "abcd1")), None);
}

#[test]
fn an_invalid_regex_of_an_allowlist_is_named() {
    let list = Allowlist { paths: texts(&["ok", "*.py"]), source: "unspill.toml:4".to_owned(), ..Allowlist::default() };
    let error = Suppressions::new(vec![list], vec![], None).unwrap_err();
    assert!(error.to_string().starts_with("unspill.toml:4: `paths`: invalid regex `*.py`"), "{error}");
}

#[test]
fn every_entry_that_would_allow_counts_as_used() {
    let list =
        |n: u32| Allowlist { paths: texts(&["^a$"]), source: format!("unspill.toml:{n}"), ..Allowlist::default() };
    let suppressions = Suppressions::new(vec![list(1), list(2)], vec![], None).unwrap();
    assert_eq!(suppressions.unused(None).len(), 2);
    assert_eq!(judge(&suppressions, file("a", 1, "abcd1")), Some("allowlist"));
    assert_eq!(suppressions.unused(None), Vec::<String>::new());
}

// Baselines

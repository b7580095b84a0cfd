//! Complaints about rules.

use super::*;

/// Each complaint as `line: gravity: field: what`, cut to what `expected` has.
fn complaints(text: &str) -> Vec<String> {
    lint(&PathBuf::from("rules.toml"), text, Form::Rules)
        .iter()
        .map(|c| format!("{}: {}: {}: {}", c.line, c.gravity.as_str(), c.field.as_deref().unwrap_or("-"), c.what))
        .collect()
}

#[test]
fn a_good_rule_has_no_complaints() {
    assert_eq!(complaints(FINE), Vec::<String>::new());
}

#[test]
fn lint_points_out_what_is_wrong() {
    let cases = [
        (("id = \"acme-key\"", "id = \"Acme\""), "4: error: id: `Acme` is not kebab-case"),
        (("description = \"Acme key\"\n", ""), "3: warning: description: is missing"),
        (("revoke = \"At acme.example\"\n", ""), "3: warning: revoke: is missing"),
        (("[rule.examples]\nmatch = ['acmekey_{{base36:20}}']\n", ""), "3: warning: examples: none that must match"),
        (("'\\bacmekey_", "'.*acmekey_"), "6: warning: pattern: begins with `.*`"),
        (("{20})", "{20,})"), "6: warning: pattern: has no upper bound"),
        (("{20})", "{20,500})"), "6: warning: pattern: can match 508 bytes"),
        (("[a-z0-9]", "(?u:[a-zé])"), "6: warning: pattern: has a class of Unicode characters"),
        (("acmekey_(", "("), "6: error: pattern: no literal"),
        (("acmekey_(", "key\\W("), "6: note: pattern: looks for"),
        (("{{base36:20}}", "{{base99:20}}"), "8: error: examples: `base99` is not a class"),
        (("revoke =", "entropy = 9.5\nrevoke ="), "7: error: entropy: is out of range"),
        (("revoke =", "path = '*.py'\nrevoke ="), "7: error: path: invalid regex"),
        (
            ("revoke =", "companions = [{ rule = \"acme-kee\" }]\nrevoke ="),
            "7: warning: companions: there is no rule `acme-kee`",
        ),
        (("revoke =", "checksum = \"githib\"\nrevoke ="), "7: error: checksum: there is no check `githib`"),
        (("revoke =", "within = 9\nrevoke ="), "7: error: within: belongs to `near`"),
        (("pattern = '\\bacmekey_(?<secret>[a-z0-9]{20})\\b'", "assigned = []"), "6: error: assigned: is empty"),
        (
            ("pattern = '\\bacmekey_(?<secret>[a-z0-9]{20})\\b'", "near = [\"ac\"]\nvalue = '[a-z]{20}'"),
            "6: error: near: `ac` is too short",
        ),
        (("provider =", "provder ="), "1: error: -: unknown key `provder`"),
    ];
    for ((from, to), expected) in cases {
        let text = FINE.replace(from, to);
        assert_ne!(text, FINE, "{from}");
        let found = complaints(&text);
        assert!(found.iter().any(|c| c.starts_with(expected)), "{expected}\n{found:#?}");
    }
}

#[test]
fn lint_tells_of_each_fault_once_and_of_files_without_rules() {
    assert_eq!(complaints(&FINE.replace("revoke =", "path = '*.py'\nrevoke =")).len(), 1);
    assert_eq!(complaints("provider = \"acme\"\n"), ["1: error: -: there is no [[rule]] in it"]);
    assert_eq!(lint(Path::new("unspill.toml"), "jobs = 2\n", Form::Configuration), []);
}

#[test]
fn the_checks_that_rules_may_name_are_those_of_the_built_in_ones() {
    let built_in = config::load(None).unwrap();
    let mut used: Vec<&str> = built_in.rules.rules().iter().filter_map(|rule| rule.checksum.as_deref()).collect();
    used.sort();
    used.dedup();
    assert_eq!(used, unspill::rules::file::CHECKSUMS);
}

#[test]
fn lint_takes_a_named_reach_for_a_bound() {
    let unbounded = FINE.replace("{20})", "{20,})");
    assert_eq!(complaints(&unbounded).len(), 1);
    assert_eq!(complaints(&unbounded.replace("revoke =", "reach = 4096\nrevoke =")), [""; 0]);
}

#[test]
fn lint_finds_doubles() {
    let double = format!("{FINE}{}", FINE.split_once("\n\n").unwrap().1);
    let found = complaints(&double);
    assert!(found[0].starts_with("11: error: id: another rule"), "{found:?}");
}

#[test]
fn complaints_read_like_those_of_a_compiler() {
    let found = lint(
        Path::new("rules.toml"),
        &FINE.replace("revoke =", "companions = [{ rule = \"acme-kee\" }]\nrevoke ="),
        Form::Rules,
    );
    assert_eq!(found[0].gravity, Gravity::Warning);
    assert_eq!(
        found[0].to_string(),
        "rules.toml:7:1: warning: rule `acme-key`: `companions`: there is no rule `acme-kee`\n  hint: did you mean `acme-key`?"
    );
}

#[test]
fn lint_reads_the_rules_of_a_configuration() {
    let text = format!("jobs = 2\n{}", FINE.split_once("\n\n").unwrap().1);
    assert_eq!(lint(Path::new("a.toml"), &text, Form::Configuration), vec![]);
    assert_eq!(lint(Path::new("a.toml"), &text, Form::Rules).len(), 1);
}

#[test]
fn lint_survives_what_is_no_toml() {
    let found = lint(Path::new("rules.toml"), "[[rule\n", Form::Rules);
    assert_eq!((found.len(), found[0].line, found[0].gravity), (1, 1, Gravity::Error));
}

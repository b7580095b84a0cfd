//! Configurations in gitleaks' form.

use super::*;

fn gitleaks(text: &str) -> Config {
    load_as(".gitleaks.toml", text).unwrap()
}

/// What the rule takes for the secret in `text`.
fn secret(rule: &Rule, text: &str) -> Option<String> {
    let Detect::Pattern { regex } = &rule.detect else { panic!("{:?}", rule.detect) };
    let regex = Regex::new(regex).unwrap();
    let mut captures = regex.create_captures();
    regex.captures(text, &mut captures);
    Some(text[captures.get_group_by_name("secret")?.range()].to_owned())
}

#[test]
fn a_gitleaks_rule_is_taken_over() {
    let config = gitleaks(
        "title = 'x'\n[[rules]]\nid = \"acme-token\"\ndescription = \"Acme token\"\nregex = '''(acme|ACME)_key\\s?=\\s?\"([a-z0-9]{32})\"'''\n\
         secretGroup = 2\nentropy = 3\nkeywords = [\"acme_\"]\npath = '''\\.py$'''\ntags = [\"acme\"]\n",
    );
    let rule = rule(&config, "acme-token");
    assert_eq!(config.rules.len(), 1);
    assert_eq!((&*rule.description, rule.entropy, rule.path.as_deref()), ("Acme token", 3.0, Some(r"\.py$")));
    assert!(rule.is_called("acme"));
    let value = "0a1b2c3d".repeat(4);
    assert_eq!(secret(rule, &format!("x = acme_key = \"{value}\"")), Some(value));
    assert_eq!(config.notes, Vec::<String>::new());
}

#[test]
fn without_a_group_the_first_one_or_the_whole_match_is_the_secret() {
    let config = gitleaks(
        "[[rules]]\nid = \"one\"\nregex = 'one:([a-z]{4})([a-z]{4})'\n[[rules]]\nid = \"whole\"\nregex = 'whole_[a-z]{4}'\n",
    );
    assert_eq!(secret(rule(&config, "one"), "one:abcdefgh").as_deref(), Some("abcd"));
    assert_eq!(secret(rule(&config, "whole"), "= whole_abcd;").as_deref(), Some("whole_abcd"));
}

#[test]
fn a_regex_without_literal_is_led_to_by_the_keywords() {
    let config = gitleaks("[[rules]]\nid = \"k\"\nregex = '\\b[0-9a-f]{32}\\b'\nkeywords = [\"acme\", \"x\"]\n");
    let rule = rule(&config, "k");
    assert_eq!(rule.literals.iter().map(|l| &*l.text).collect::<Vec<_>>(), ["acme"]);
    let value = "0a1b2c3d".repeat(4);
    assert_eq!(secret(rule, &format!("ACME_ID: {value}")), Some(value));
    assert!(config.notes.iter().any(|n| n.contains("behind a keyword")), "{:?}", config.notes);
}

#[test]
fn long_matches_are_reached() {
    let config = gitleaks(
        "[[rules]]\nid = \"long\"\nregex = 'long_[a-z]{600}'\n[[rules]]\nid = \"pem\"\nregex = '-----BEGIN[\\s\\S]*?END-----'\n\
         [[rules]]\nid = \"short\"\nregex = 'short_[a-z]{6}'\n",
    );
    assert_eq!(rule(&config, "long").reach, 605);
    assert_eq!(rule(&config, "pem").reach, 4096);
    assert_eq!(rule(&config, "short").reach, 256);
    assert!(config.notes.iter().any(|n| n.contains("`pem`") && n.contains("4096")), "{:?}", config.notes);
}

#[test]
fn allowlists_of_old_and_new_form_are_taken_over() {
    let config = gitleaks(
        "[allowlist]\ndescription = \"global\"\npaths = ['''vendor/''']\n\
         [[rules]]\nid = \"a_rule\"\nregex = 'acme_[a-z]{20}'\n[rules.allowlist]\nstopwords = [\"example\"]\n\
         [[rules.allowlists]]\ncondition = \"AND\"\nregexTarget = \"line\"\nregexes = ['''\\<x''']\npaths = ['a']\n\
         [[rules]]\nid = \"b\"\nregex = 'acmf_[a-z]{20}'\n",
    );
    let seen: Vec<_> = config.allowlists.iter().map(|l| (l.rules.join(","), l.all, l.target)).collect();
    let own = || "a-rule".to_owned();
    let expected =
        [(own(), false, Target::Secret), (own(), true, Target::Line), (String::new(), false, Target::Secret)];
    assert_eq!(seen, expected);
    assert_eq!(config.allowlists[1].regexes, ["<x"]);
    let new = gitleaks(
        "[extend]\nuseDefault = true\n[[allowlists]]\ntargetRules = [\"b\"]\ncommits = [\"0123456789abcdef\"]\n\
         [[allowlists]]\nregexes = ['x']\n",
    );
    assert_eq!(new.allowlists.iter().map(|l| l.rules.len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn an_allowlist_that_would_allow_more_than_meant_is_left_out() {
    let rule = "[[rules]]\nid = \"a\"\nregex = 'acme_[a-z]{20}'\n";
    let list = "[[rules.allowlists]]\nregexes = ['(?!x)']\npaths = ['a']\n";
    let any = gitleaks(&format!("{rule}{list}"));
    assert_eq!((any.allowlists.len(), any.notes.len()), (1, 1));
    let all = gitleaks(&format!("{rule}{list}condition = \"AND\"\n"));
    assert_eq!((all.allowlists.len(), all.notes.len()), (0, 2));
}

#[test]
fn extend_takes_in_the_built_in_rules_and_other_files() {
    let root = folder(&[
        (
            ".gitleaks.toml",
            "[extend]\nuseDefault = true\npath = \"base/more.toml\"\ndisabledRules = [\"github-personal-access-token\", \"no-such\"]\n",
        ),
        ("base/more.toml", "[[rules]]\nid = \"base\"\nregex = 'base_[a-z]{20}'\n"),
    ]);
    let config = config::load(Some(&root.path().join(".gitleaks.toml"))).unwrap();
    assert!(has(&config, "base"));
    assert!(!has(&config, "github-personal-access-token"));
    assert_eq!(config.rules.len(), config::load(None).unwrap().rules.len());
    assert!(config.notes.iter().any(|n| n.contains("no-such")), "{:?}", config.notes);
}

#[test]
fn a_rule_without_regex_changes_the_one_that_is_there() {
    let config = gitleaks(
        "[extend]\nuseDefault = true\n[[rules]]\nid = \"github-personal-access-token\"\nentropy = 4.5\ntags = [\"mine\"]\n\
         path = 'src/'\n[[rules.allowlists]]\npaths = ['x']\n",
    );
    let rule = rule(&config, "github-personal-access-token");
    assert_eq!((rule.entropy, rule.path.as_deref()), (4.5, Some("src/")));
    assert!(rule.is_called("mine") && rule.is_called("source-host"));
    assert_eq!(config.allowlists[0].rules, ["github-personal-access-token"]);
    assert_eq!(config.notes, Vec::<String>::new());
}

#[test]
fn names_of_gitleaks_rules_mean_those_of_the_same_kind() {
    let config = gitleaks(
        "[extend]\nuseDefault = true\ndisabledRules = [\"github-pat\", \"stripe-access-token\", \"heroku-api-key\"]\n\
         [[rules]]\nid = \"gcp-api-key\"\nentropy = 4.5\n[[rules.allowlists]]\npaths = ['x']\n\
         [[allowlists]]\ntargetRules = [\"private-key\", \"jwt\"]\npaths = ['y']\n",
    );
    for id in ["github-personal-access-token", "stripe-secret-key", "stripe-test-key", "heroku-api-key-legacy"] {
        assert!(!has(&config, id), "{id}");
    }
    assert!(has(&config, "heroku-api-key"), "another kind, of the same name");
    assert_eq!(rule(&config, "google-api-key").entropy, 4.5);
    assert_eq!(config.allowlists[0].rules, ["google-api-key"]);
    let keys = ["private-key-openssh", "private-key-pem", "private-key-pgp", "jwt", "jwt-unsigned"];
    assert_eq!(config.allowlists[1].rules, keys);
    assert_eq!(config.notes, Vec::<String>::new());
}

#[test]
fn names_of_gitleaks_rules_that_are_no_one_kind_here_are_pointed_out() {
    let config = gitleaks("[extend]\nuseDefault = true\ndisabledRules = [\"shopify-access-token\"]\n");
    assert!(config.notes[0].contains("`shopify-access-token`"), "{:?}", config.notes);
    assert!(has(&config, "shopify-token"));
}

#[test]
fn a_files_own_rule_is_what_its_name_means() {
    let config = gitleaks(
        "[extend]\nuseDefault = true\n[[rules]]\nid = \"github-pat\"\nregex = 'ghp_[a-z]{20}'\n\
         [[rules]]\nid = \"github-pat\"\nentropy = 2.5\n[[allowlists]]\ntargetRules = [\"github-pat\"]\npaths = ['y']\n",
    );
    assert_eq!(rule(&config, "github-pat").entropy, 2.5);
    assert_ne!(rule(&config, "github-personal-access-token").entropy, 2.5);
    assert_eq!(config.allowlists[0].rules, ["github-pat"]);
}

#[test]
fn a_circle_of_files_ends() {
    let root = folder(&[(".gitleaks.toml", "[extend]\npath = \".gitleaks.toml\"\n")]);
    let error = config::load(Some(&root.path().join(".gitleaks.toml"))).unwrap_err();
    assert!(error.to_string().contains("build on each other"), "{error}");
}

#[test]
fn required_rules_become_companions() {
    let config = gitleaks(
        "[[rules]]\nid = \"key\"\nregex = 'key_[a-z]{20}'\n[[rules.required]]\nid = \"ident\"\nwithinLines = 4\n\
         [[rules]]\nid = \"ident\"\nregex = 'ident_[a-z]{8}'\nskipReport = true\n",
    );
    let pair = &rule(&config, "key").companions[0];
    assert_eq!((&*pair.rule, pair.within, pair.required), ("ident", 400, true));
    assert!(rule(&config, "ident").identifier);
    assert!(config.notes.iter().any(|n| n.contains("required")), "{:?}", config.notes);
}

#[test]
fn a_rule_by_path_alone_is_taken_over() {
    let config = gitleaks("[[rules]]\nid = \"p12\"\npath = '''\\.p12$'''\n");
    assert_eq!(rule(&config, "p12").detect, Detect::Path);
}

#[test]
fn what_cannot_be_translated_is_named() {
    let config = gitleaks(
        "[[rules]]\nid = \"good\"\nregex = 'good_[a-z]{20}'\nfancy = 1\n[[rules]]\nid = \"bad\"\nregex = '(?<=x)bad_[a-z]{20}'\n\
         [[rules]]\nid = \"nothing\"\nregex = '[a-z]{20}'\n[[rules]]\nid = \"theirs\"\n[[rules.allowlists]]\npaths = ['x']\n",
    );
    assert_eq!(config.rules.len(), 1);
    for expected in
        ["line 4: `fancy`", "rule `bad` cannot be used", "rule `nothing` cannot be used", "rule `theirs` has no regex"]
    {
        assert!(config.notes.iter().any(|n| n.contains(expected)), "{expected}: {:?}", config.notes);
    }
    assert!(config.notes.iter().any(|n| n.contains("`regex`: invalid regex: look-around")), "{:?}", config.notes);
    assert!(config.notes.iter().all(|n| !n.contains('\n')), "{:?}", config.notes);
}

#[test]
fn a_gitleaks_file_that_leaves_no_rule_is_an_error() {
    let bad = load_as(".gitleaks.toml", "[[rules]]\nid = \"bad\"\nregex = '(?<=x)bad_[a-z]{20}'\n").unwrap_err();
    assert!(bad.to_string().contains(":1:1: error: rule `bad`: `regex`: invalid regex"), "{bad}");
    let none = load_as(".gitleaks.toml", "[allowlist]\npaths = ['x']\n").unwrap_err();
    assert!(matches!(none, ConfigError::NoRules { .. }));
}

#[test]
fn gitleaks_form_is_told_by_the_keys_where_the_name_does_not() {
    let text = "[[rules]]\nid = \"a\"\nregex = 'acme_[a-z]{20}'\n";
    assert_eq!(load_as("secrets.toml", text).unwrap().rules.len(), 1);
    assert!(has(&load_as("secrets.toml", OWN).unwrap(), "own"));
}

// Lint

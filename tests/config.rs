//! Configuration: where it is found, what it may say, how faults are told; gitleaks' format; lint of rules.

use std::fs;
use std::path::{Path, PathBuf};

use regex_automata::meta::Regex;
use tempfile::TempDir;
use unspill::config::{self, Config, ConfigError};
use unspill::model::rule::Detect;
use unspill::model::{Rule, Target};
use unspill::rules::lint::{Form, Gravity, lint};

/// A folder with these files; names that end in `/` are folders.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    root
}

fn load_as(name: &str, text: &str) -> Result<Config, ConfigError> {
    let root = folder(&[(name, text)]);
    config::load(Some(&root.path().join(name)))
}

fn load(text: &str) -> Config {
    load_as("unspill.toml", text).unwrap()
}

/// The message of the error, the folder's name taken out.
fn fault(text: &str) -> String {
    let message = load_as("unspill.toml", text).unwrap_err().to_string();
    message.rsplit_once("/unspill.toml").map_or(message.clone(), |(_, rest)| format!("unspill.toml{rest}"))
}

fn has(config: &Config, id: &str) -> bool {
    config.rules.find(id).is_some()
}

// Finding

fn found(root: &TempDir, start: &str) -> Option<String> {
    let path = config::find(None, None, &root.path().join(start)).unwrap()?;
    let root = root.path().canonicalize().unwrap();
    Some(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned())
}

#[test]
fn the_nearest_file_up_to_the_repositorys_root_is_found() {
    let root = folder(&[
        ("unspill.toml", ""),
        ("repo/.git/", ""),
        ("repo/.unspill.toml", ""),
        ("repo/a/unspill.toml", ""),
        ("repo/a/b/file.txt", ""),
        ("repo/c/.gitleaks.toml", ""),
        ("other/.git", "gitdir: elsewhere"),
        ("other/a/", ""),
        ("plain/a/", ""),
        ("plain/unspill.toml", ""),
    ]);
    assert_eq!(found(&root, "repo/a/b").as_deref(), Some("repo/a/unspill.toml"));
    assert_eq!(found(&root, "repo/a/b/file.txt").as_deref(), Some("repo/a/unspill.toml"));
    assert_eq!(found(&root, "repo").as_deref(), Some("repo/.unspill.toml"));
    assert_eq!(found(&root, "repo/c").as_deref(), Some("repo/.unspill.toml"), "our own file goes before gitleaks'");
    assert_eq!(found(&root, "other/a"), None, "not beyond the repository");
    assert_eq!(found(&root, "plain/a"), None, "without a repository the folder itself alone counts");
    assert_eq!(found(&root, "plain/a/..").as_deref(), Some("plain/unspill.toml"));
}

#[test]
fn gitleaks_file_is_found_where_there_is_no_other() {
    let root = folder(&[(".git/", ""), (".gitleaks.toml", ""), ("a/", "")]);
    assert_eq!(found(&root, "a").as_deref(), Some(".gitleaks.toml"));
}

#[test]
fn two_files_of_equal_right_are_an_error() {
    let root = folder(&[("unspill.toml", ""), (".unspill.toml", "")]);
    let error = config::find(None, None, root.path()).unwrap_err();
    assert!(matches!(error, ConfigError::Ambiguous { .. }));
    assert!(error.hint().is_some());
}

#[test]
fn named_files_go_first_and_must_be_there() {
    let root = folder(&[("unspill.toml", ""), ("a.toml", ""), ("b.toml", "")]);
    let (a, b) = (root.path().join("a.toml"), root.path().join("b.toml"));
    assert_eq!(config::find(Some(&a), Some(&b), root.path()).unwrap(), Some(a));
    assert_eq!(config::find(None, Some(&b), root.path()).unwrap(), Some(b));
    let missing = config::find(Some(Path::new("not/there.toml")), None, root.path());
    assert!(matches!(missing, Err(ConfigError::Unreadable { .. })));
}

// Reading

#[test]
fn without_a_file_the_built_in_rules_hold() {
    let config = config::load(None).unwrap();
    assert!(has(&config, "github-personal-access-token"));
    assert_eq!(config.settings, Default::default());
    assert_eq!(load("").settings, config.settings);
}

#[test]
fn settings_are_read() {
    let root = folder(&[(
        "unspill.toml",
        "min_confidence = \"high\"\nmax_file_size = \"10MB\"\njobs = 2\ncolor = \"never\"\nbaseline = \"b.json\"\n\
         report = [\"sarif=out.sarif\"]\nonly_rule = [\"cloud\"]\nallow_comments = false\narchive_depth = 0\n",
    )]);
    let settings = config::load(Some(&root.path().join("unspill.toml"))).unwrap().settings;
    assert_eq!(settings.min_confidence.map(|c| c.get()), Some(80));
    assert_eq!(settings.max_file_size, Some(10_000_000));
    assert_eq!(settings.jobs, Some(2));
    assert_eq!(settings.color, Some(config::Color::Never));
    assert_eq!(settings.baseline, Some(root.path().join("b.json")));
    assert_eq!(settings.report, Some(vec![format!("sarif={}", root.path().join("out.sarif").display())]));
    assert_eq!(settings.rule, Some(vec!["cloud".to_owned()]));
    assert_eq!(settings.allow_comments, Some(false));
    assert_eq!(settings.archive_depth, Some(0));
    assert_eq!(load("strict_checksums = true").settings.strict_checksums, Some(true));
    assert_eq!(load("min_confidence = 35").settings.min_confidence.map(|c| c.get()), Some(35));
}

#[test]
fn sizes_have_units() {
    assert_eq!(config::parse_size("512"), Ok(512));
    assert_eq!(config::parse_size("10 KB"), Ok(10_000));
    assert_eq!(config::parse_size("2MiB"), Ok(2 << 20));
    assert_eq!(config::parse_size("1g"), Ok(1 << 30));
    for wrong in ["", "MB", "-1", "1.5MB", "10 apples", "99999999999999999999", "99999999999999GB"] {
        assert!(config::parse_size(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_found_file_may_not_show_secrets_or_write_files() {
    let text = "show_secrets = true\noutput = \"x\"\nreport = [\"y.json\"]\njobs = 3\n";
    let root = folder(&[("unspill.toml", text)]);
    let found = config::open(None, None, root.path()).unwrap();
    assert_eq!((found.settings.show_secrets, found.settings.output, found.settings.report), (None, None, None));
    assert_eq!(found.settings.jobs, Some(3));
    assert_eq!(found.notes.len(), 3);
    let named = config::open(Some(&root.path().join("unspill.toml")), None, root.path()).unwrap();
    assert_eq!(named.settings.show_secrets, Some(true));
}

const OWN: &str = "[[rule]]\nid = \"own\"\npattern = 'own_(?<secret>[a-z]{20})'\n";

#[test]
fn own_rules_add_to_the_built_in_ones_or_replace_them() {
    let config = load(OWN);
    assert!(has(&config, "own") && has(&config, "github-personal-access-token"));
    let config = load(&OWN.replace("\"own\"", "\"github-personal-access-token\""));
    let (_, rule) = config.rules.find("github-personal-access-token").unwrap();
    assert!(matches!(&rule.detect, Detect::Pattern { regex } if regex.starts_with("own_")));
    assert_eq!(config.rules.len(), config::load(None).unwrap().rules.len());
}

#[test]
fn built_in_rules_can_be_switched_off() {
    let config = load(&format!("[rules]\nbuiltin = false\n{OWN}"));
    assert_eq!(config.rules.len(), 1);
    let config = load("disabled_rules = [\"github-personal-access-token\"]");
    assert!(!has(&config, "github-personal-access-token"));
    assert_eq!(config.rules.len() + 1, config::load(None).unwrap().rules.len());
}

#[test]
fn a_configuration_that_leaves_no_rule_is_an_error() {
    let error = load_as("unspill.toml", "[rules]\nbuiltin = false\n").unwrap_err();
    assert!(matches!(error, ConfigError::NoRules { .. }));
    assert!(error.hint().unwrap().contains("builtin"));
    let text = format!("disabled_rules = [\"own\"]\n[rules]\nbuiltin = false\n{OWN}");
    assert!(matches!(load_as("unspill.toml", &text), Err(ConfigError::NoRules { .. })));
}

#[test]
fn allowlists_are_read() {
    let config = load(
        "\n[[allow]]\ndescription = \"tests\"\nrules = [\"github-personal-access-token\"]\npaths = ['^tests/']\nregexes = ['x']\n\
         target = \"line\"\nstopwords = [\"example\"]\ncommits = [\"0123abc\"]\nall = true\n",
    );
    let list = &config.allowlists[0];
    assert_eq!((list.description.as_str(), list.target, list.all), ("tests", Target::Line, true));
    assert!(list.source.ends_with("unspill.toml:2"), "{}", list.source);
    assert_eq!(config.notes, Vec::<String>::new());
}

#[test]
fn a_rule_that_is_not_there_is_pointed_out() {
    let config = load("disabled_rules = [\"github-personal-acess-token\"]");
    assert!(config.notes[0].contains("did you mean `github-personal-access-token`?"), "{:?}", config.notes);
}

#[test]
fn faults_name_the_place_and_what_to_do() {
    let cases = [
        (
            "jobs = 2\nmin_confidnce = 3",
            "unspill.toml:2:1: error: unknown key `min_confidnce`\n  hint: did you mean `min_confidence`?",
        ),
        ("[[allow]]\npath = ['x']", "unspill.toml:2:1: error: unknown key `path`\n  hint: did you mean `paths`?"),
        (
            "[[rule]]\nid = \"a\"\nregexp = \"x\"",
            "unspill.toml:3:1: error: unknown key `regexp`\n  hint: the keys here are",
        ),
        ("jobs = \"two\"", "unspill.toml:1:8: error: expected a whole number, 1 or more, found the text \"two\""),
        ("exit_zero = 1", "unspill.toml:1:13: error: expected true or false, found the number 1"),
        ("min_confidence = \"hihg\"", "unspill.toml:1:18: error: `hihg` is not a confidence: use low, medium"),
        ("min_confidence = 101", "unspill.toml:1:18: error: `101` is not a confidence"),
        (
            "max_file_size = -1",
            "unspill.toml:1:17: error: expected a number of bytes, or a size such as \"10MB\", found the number -1",
        ),
        ("color = \"red\"", "unspill.toml:1:9: error: `red` is not a choice: use auto, always or never"),
        ("jobs = \n", "unspill.toml:1:8: error: "),
        ("[[rule]]\npattern = 'x'", "unspill.toml:1:1: error: missing key `id`"),
        (
            "[[rules]]\nid = \"a\"",
            "unspill.toml:1:3: error: `[[rules]]` is no list of rules\n  hint: did you mean `[[rule]]`?",
        ),
        (
            "[allow]\npaths = ['x']",
            "unspill.toml:1:2: error: `[allow]` may stand more than once\n  hint: write `[[allow]]`",
        ),
        ("[rule]\nid = \"a\"", "unspill.toml:1:2: error: `[rule]` may stand more than once\n  hint: write `[[rule]]`"),
        (
            "[[rule]]\nid = \"a\"\n[rule.companions]\nrule = \"b\"",
            "unspill.toml:3:7: error: `[rule.companions]` may stand more than once\n  hint: write `[[rule.companions]]`",
        ),
        (
            "[allowlist]\npaths = ['x']",
            "unspill.toml:1:2: error: unknown key `allowlist`\n  hint: did you mean `[[allow]]`? A configuration in gitleaks' form",
        ),
        ("[extend]\nuseDefault = true", "unspill.toml:1:2: error: unknown key `extend`\n  hint: leave it out: "),
        (
            "[[allow]]\nrules = [\"github\"]",
            "unspill.toml:1:1: error: `allow`: allows nothing: it has no criterion\n  hint: give one of `paths`, \
             `regexes`, `stopwords` or `commits`: `rules` only narrows; to drop a rule, use `disabled_rules`",
        ),
        ("[[allow]]\ndescription = \"x\"", "unspill.toml:1:1: error: `allow`: allows nothing"),
        ("[[allow]]\npaths = ['ok', '*.py']", "unspill.toml:2:16: error: `paths`: invalid regex: "),
        ("[[allow]]\npaths = ['']", "unspill.toml:2:10: error: `paths`: an empty text allows everything"),
        ("[[allow]]\nregexes = ['']", "unspill.toml:2:12: error: `regexes`: an empty text allows everything"),
        ("[[allow]]\nstopwords = ['a', '']", "unspill.toml:2:19: error: `stopwords`: an empty text allows everything"),
        ("[[allow]]\ncommits = ['HEAD']", "unspill.toml:2:12: error: `commits`: `HEAD` is not the id of a commit"),
        (
            "[[rule]]\nid = \"a\"\npattern = '(?<secret>[a-z'",
            "unspill.toml:3:1: error: rule `a`: `pattern`: invalid regex: ",
        ),
        (
            "[[rule]]\nid = \"a\"\npattern = 'token_[a-z]{9}'",
            "unspill.toml:3:1: error: rule `a`: `pattern`: has no group `secret`",
        ),
    ];
    for (text, expected) in cases {
        let message = fault(text);
        assert!(message.starts_with(expected), "{text}\n--- {message}\n--- {expected}");
    }
}

#[test]
fn all_faults_of_rules_are_told_at_once() {
    let message = fault("[[rule]]\nid = \"A\"\npattern = 'x'\n[[rule]]\nid = \"b\"\n");
    assert!(message.contains("rule `b`"), "{message}");
    let ConfigError::Invalid { faults } =
        load_as("unspill.toml", "[[rule]]\nid = \"A\"\npattern = 'x'\n[[rule]]\nid = \"b\"\n").unwrap_err()
    else {
        panic!("{message}")
    };
    assert!(faults.len() >= 3, "{faults:?}");
}

#[test]
fn what_is_no_file_is_not_read() {
    let root = folder(&[("unspill.toml/", "")]);
    assert!(matches!(config::load(Some(&root.path().join("unspill.toml"))), Err(ConfigError::Unreadable { .. })));
}

#[test]
fn a_file_in_another_encoding_is_told_of() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("unspill.toml");
    fs::write(&path, b"format = \"\xfc\"").unwrap();
    assert!(config::load(Some(&path)).unwrap_err().hint().unwrap().contains("UTF-8"));
}

#[test]
fn no_configuration_can_be_asked_for() {
    let root = folder(&[("unspill.toml", "jobs = 2")]);
    let config = config::open(Some(Path::new("/dev/null")), None, root.path()).unwrap();
    assert_eq!(config.settings, Default::default());
    assert!(has(&config, "github-personal-access-token"));
}

// The schema

#[test]
fn the_schema_knows_the_keys_that_are_read() {
    let schema = config::schema();
    let keys = |pointer: &str| -> Vec<String> {
        let mut keys: Vec<_> = schema
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}: {schema}"))
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let read = |text: &str| -> Vec<String> {
        let message = fault(text);
        let (_, list) = message.split_once("the keys here are ").unwrap();
        let mut keys: Vec<_> = list.split(", ").map(str::to_owned).collect();
        keys.sort();
        keys
    };
    assert_eq!(keys("/properties"), read("zzzzzzzz = 1"));
    assert_eq!(keys("/$defs/RuleSchema/properties"), read("[[rule]]\nid = \"a\"\nzzzzzzzz = 1"));
    assert_eq!(keys("/$defs/PairSchema/properties"), read("[[rule]]\nid = \"a\"\n[[rule.companions]]\nzzzzzzzz = 1"));
    let in_step = |rest: &str| read(&format!("[[rule]]\nid = \"a\"\n[[rule.verify]]\n{rest}"));
    assert_eq!(keys("/$defs/StepSchema/properties"), in_step("zzzzzzzz = 1"));
    assert_eq!(keys("/$defs/SettingSchema/properties"), in_step("set = [{ zzzzzzzz = 1 }]"));
    assert_eq!(keys("/$defs/ConditionSchema/properties"), in_step("active = { zzzzzzzz = 1 }"));
    assert_eq!(keys("/$defs/RawAllow/properties"), read("[[allow]]\nzzzzzzzz = 1"));
}

#[test]
fn the_schema_accepts_what_is_read() {
    let validator = jsonschema::validator_for(&config::schema()).unwrap();
    let accepts = |text: &str| {
        let value: serde_json::Value = toml::from_str(text).unwrap();
        validator.is_valid(&value)
    };
    assert!(accepts("strict_checksums = true\n"));
    assert!(accepts("min_confidence = 3\ncolor = \"auto\"\nmax_file_size = \"1MB\"\n"));
    assert!(accepts(&format!("disabled_rules = [\"x\"]\n[rules]\nbuiltin = false\n[[allow]]\npaths = [\"x\"]\n{OWN}")));
    assert!(!accepts("min_confidnce = 3"));
    assert!(!accepts("color = \"red\""));
}

// gitleaks' format

fn gitleaks(text: &str) -> Config {
    load_as(".gitleaks.toml", text).unwrap()
}

fn rule<'a>(config: &'a Config, id: &str) -> &'a Rule {
    config.rules.find(id).unwrap_or_else(|| panic!("{id}: {:?}", config.notes)).1
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

/// Each complaint as `line: gravity: field: what`, cut to what `expected` has.
fn complaints(text: &str) -> Vec<String> {
    lint(&PathBuf::from("rules.toml"), text, Form::Rules)
        .iter()
        .map(|c| format!("{}: {}: {}: {}", c.line, c.gravity.as_str(), c.field.as_deref().unwrap_or("-"), c.what))
        .collect()
}

const FINE: &str = "provider = \"acme\"\n\n[[rule]]\nid = \"acme-key\"\ndescription = \"Acme key\"\n\
                    pattern = '\\bacmekey_(?<secret>[a-z0-9]{20})\\b'\nrevoke = \"At acme.example\"\n\
                    [rule.examples]\nmatch = ['acmekey_{{base36:20}}']\n";

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
fn a_configuration_is_told_by_name_or_keys() {
    let is = |name: &str, text: &str| config::is_configuration(Path::new(name), text);
    assert!(is("a/unspill.toml", FINE) && is(".unspill.toml", ""));
    for text in ["jobs = 2", "[rules]\nbuiltin = false", "[[allow]]\npaths = ['x']", "disabled_rules = []"] {
        assert!(is("other.toml", &format!("{text}\n[[rule]]\nid = \"a\"\n")), "{text}");
    }
    assert!(!is("other.toml", FINE) && !is("other.toml", "provder = \"acme\"") && !is("other.toml", "[[rule"));
}

#[test]
fn a_file_of_rules_is_a_configuration_as_well() {
    let config = load_as("rules.toml", FINE).unwrap();
    assert_eq!(&*rule(&config, "acme-key").provider, "acme");
    assert!(has(&config, "github-personal-access-token"));
}

#[test]
fn lint_survives_what_is_no_toml() {
    let found = lint(Path::new("rules.toml"), "[[rule\n", Form::Rules);
    assert_eq!((found.len(), found[0].line, found[0].gravity), (1, 1, Gravity::Error));
}

#[test]
fn a_found_file_is_no_link_that_leads_out_of_the_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    let repo = folder.path().join("repo");
    std::fs::create_dir_all(repo.join(".git")).expect("a folder");
    let (inside, outside) = (repo.join("shared.toml"), folder.path().join("outside.toml"));
    for path in [&inside, &outside] {
        std::fs::write(path, "min_confidence = 10\n").expect("a file");
    }
    let link = repo.join("unspill.toml");
    std::os::unix::fs::symlink(&inside, &link).expect("a link");
    assert_eq!(
        config::find(None, None, &repo).expect("a file").and_then(|path| path.canonicalize().ok()),
        inside.canonicalize().ok()
    );
    std::fs::remove_file(&link).expect("a link");
    std::os::unix::fs::symlink(&outside, &link).expect("a link");
    assert!(matches!(config::find(None, None, &repo), Err(config::ConfigError::Unreadable { .. })));
    assert!(config::find(Some(&link), None, &repo).is_ok());
}

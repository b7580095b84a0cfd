//! Configuration: where it is found, what it may say, how faults are told.

mod gitleaks;
mod lint;

use std::fs;
use std::path::{Path, PathBuf};

use regex_automata::meta::Regex;
use tempfile::TempDir;
use unspill::config::{self, Config, ConfigError};
use unspill::model::rule::Detect;
use unspill::model::{Rule, Target};
use unspill::rules::lint::{Form, Gravity, lint};

/// A file of one rule with nothing to complain about.
const FINE: &str = "provider = \"acme\"\n\n[[rule]]\nid = \"acme-key\"\ndescription = \"Acme key\"\n\
                    pattern = '\\bacmekey_(?<secret>[a-z0-9]{20})\\b'\nrevoke = \"At acme.example\"\n\
                    [rule.examples]\nmatch = ['acmekey_{{base36:20}}']\n";

fn rule<'a>(config: &'a Config, id: &str) -> &'a Rule {
    config.rules.find(id).unwrap_or_else(|| panic!("{id}: {:?}", config.notes)).1
}

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

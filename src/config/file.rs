//! The configuration file as it is written: every key, and what it becomes.
//!
//! Top-level keys are settings that flags may override. `[rules] builtin = false` switches the built-in rules off,
//! `disabled_rules` takes some out, `[[rule]]` adds one (in the form of [`crate::rules::file`]) or replaces the built-in
//! one with its id, `[[allow]]` is an allowlist. [`super::schema`] has all of it as a JSON schema.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::schema::RuleSchema;
use super::values::{Parsed, Size};
use super::{Color, Settings};
use crate::model::{Confidence, Target};
use crate::rules::file::RawRule;

/// Configuration of unspill: `unspill.toml` or `.unspill.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Configuration of unspill")]
pub(super) struct ConfigFile {
    /// Lowest confidence of what is reported: `low` (20), `medium` (50), `high` (80) or a number from 0 to 100.
    #[schemars(extend("default" = "medium"), example = &"high", example = 65)]
    min_confidence: Option<Parsed<Confidence>>,
    /// Drop findings whose built-in checksum or structure is wrong; the summary counts them. By themselves they only lose
    /// confidence.
    #[schemars(extend("default" = false), example = true)]
    strict_checksums: Option<bool>,
    /// Format of the results, where neither `--format` nor the name of the file that they go to says it.
    #[schemars(extend(
        "default" = "text",
        "enum" = ["text", "json", "jsonl", "sarif", "gitleaks", "gitlab", "junit", "csv", "markdown"]
    ), example = &"jsonl")]
    format: Option<String>,
    /// File that results are written to, relative to the folder of this file; standard output where left out. Only in a
    /// file that is named with `--config`.
    #[schemars(example = &"findings.sarif")]
    output: Option<String>,
    /// Further files to write results to, each `FORMAT=PATH` or a path whose name tells the format, relative to the folder
    /// of this file. Only in a file that is named with `--config`.
    #[schemars(extend("default" = []), example = ["findings.json", "jsonl=findings.log"])]
    report: Option<Vec<String>>,
    /// Baseline of known findings that are not reported, relative to the folder of this file; see `unspill baseline create`.
    #[schemars(example = &"unspill-baseline.json")]
    baseline: Option<String>,
    /// The only rules to use: ids, providers or tags. All where left out.
    #[schemars(example = ["aws", "github-personal-access-token"])]
    only_rule: Option<Vec<String>>,
    /// Rules to leave out: ids, providers or tags. The flag overrides this list; `disabled_rules` are out whatever the
    /// flags say.
    #[schemars(extend("default" = []), example = ["jwt"])]
    skip_rule: Option<Vec<String>>,
    /// Number of threads, up to 512; one for each processor where left out.
    #[schemars(example = 2)]
    jobs: Option<NonZeroUsize>,
    /// Show secrets in clear, in every report. Only in a file that is named with `--config`.
    #[schemars(extend("default" = false), example = true)]
    show_secrets: Option<bool>,
    /// Exit with 0 even where there are findings; errors and incomplete scans still give 2. For `unspill ci` and for hooks
    /// only in a file that is named with `--config`: else a pull request could pass its own check.
    #[schemars(extend("default" = false), example = true)]
    exit_zero: Option<bool>,
    /// Largest file that is scanned: a number of bytes, or a size such as `10M`. K, M, G and KiB, MiB, GiB are powers of
    /// 1024, KB, MB and GB powers of 1000. Larger files are passed over and counted; no limit where left out.
    #[schemars(example = &"10M", example = 1_000_000)]
    max_file_size: Option<Parsed<Size>>,
    /// Scan files that git would ignore, too. A history holds none of them.
    #[schemars(extend("default" = false), example = true)]
    no_ignore: Option<bool>,
    /// Follow symbolic links to files and folders.
    #[schemars(extend("default" = false), example = true)]
    follow: Option<bool>,
    /// How many archives inside each other are opened; 0 opens none.
    #[schemars(extend("default" = 3), example = 1)]
    archive_depth: Option<usize>,
    /// When to use colour; `auto` is on a terminal, and honours NO_COLOR and CLICOLOR_FORCE.
    #[schemars(extend("default" = "auto"), example = &"never")]
    color: Option<Parsed<Color>>,
    /// Whether to show progress, on a terminal.
    #[schemars(extend("default" = true), example = false)]
    progress: Option<bool>,
    /// Whether comments such as `unspill:allow` on the line of a secret allow it.
    #[schemars(extend("default" = true), example = false)]
    allow_comments: Option<bool>,
    /// Whether what `.unspillignore` and `.gitleaksignore` list is allowed.
    #[schemars(extend("default" = true), example = false)]
    allow_files: Option<bool>,
    /// Whether the messages of commits and tags are scanned, in a history or a range.
    #[schemars(extend("default" = true), example = false)]
    messages: Option<bool>,
    /// Whether objects that no ref reaches are scanned, in a whole history.
    #[schemars(extend("default" = true), example = false)]
    unreachable: Option<bool>,
    /// Whether only the first parents of merges are followed.
    #[schemars(extend("default" = false), example = true)]
    first_parent: Option<bool>,
    /// Rules that are never used, by id, provider or tag: no flag brings them back.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["jwt"])]
    pub disabled_rules: Vec<Spanned<String>>,
    /// Provider of the rules in this file that do not name their own. A file of rules may thus be given as a configuration.
    #[schemars(extend("default" = "custom"), example = &"acme")]
    pub provider: Option<String>,
    /// What becomes of the built-in rules.
    #[serde(default)]
    pub rules: RulesTable,
    /// Rules of your own. One with the id of a built-in rule replaces it.
    #[serde(default, rename = "rule")]
    #[schemars(with = "Vec<RuleSchema>")]
    pub own_rules: Vec<Spanned<RawRule>>,
    /// What is allowed.
    #[serde(default)]
    #[schemars(with = "Vec<RawAllow>")]
    pub allow: Vec<Spanned<RawAllow>>,
}

/// What becomes of the built-in rules.
///
/// ```toml
/// # unspill.toml
/// [rules]
/// builtin = false
///
/// [[rule]]
/// id = "acme-api-key"
/// pattern = '\b(?<secret>acme_[0-9a-z]{32})\b'
/// ```
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesTable {
    /// false: do without the built-in rules. Then there must be a rule of your own.
    #[schemars(extend("default" = true), example = false)]
    pub builtin: Option<bool>,
}

/// What is allowed: any one criterion is enough, unless `all` is true. There must be one.
///
/// ```toml
/// # unspill.toml
/// [[allow]]
/// description = "made-up credentials of the tests"
/// paths = ['^tests/fixtures/']
///
/// [[allow]]
/// description = "the key that the vendor's documentation uses, in our notes"
/// rules = ["generic-api-key"]
/// paths = ['^notes/']
/// stopwords = ["example"]
/// all = true
/// ```
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllow {
    /// What it is for; shown as the reason.
    #[serde(default)]
    #[schemars(example = &"made-up credentials of the tests")]
    pub description: String,
    /// Ids, providers or tags of the rules that it is for; all where left out.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["generic-api-key"])]
    pub rules: Vec<Spanned<String>>,
    /// Ids of commits, or their first 7 digits or more.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["4c1d9f2"])]
    pub commits: Vec<Spanned<String>>,
    /// Regexes of which one must match somewhere in the path: the one below the root of the repository, or outside of
    /// repositories the one that reports show.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["^tests/fixtures/", r"\.lock$"])]
    pub paths: Vec<Spanned<String>>,
    /// Regexes of which one must match somewhere in what `target` names.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["^demo_"])]
    pub regexes: Vec<Spanned<String>>,
    /// What `regexes` look at: the secret alone, all that the rule matched, or the line.
    #[schemars(extend("default" = "secret"), example = &"line")]
    pub target: Option<Parsed<Target>>,
    /// Texts of which one must be part of the secret, whatever the case.
    #[serde(default)]
    #[schemars(with = "Vec<String>", example = ["example", "changeme"])]
    pub stopwords: Vec<Spanned<String>>,
    /// true: every kind of criterion that is given must hold.
    #[serde(default)]
    #[schemars(example = true)]
    pub all: bool,
}

impl ConfigFile {
    /// The settings in it; paths are resolved against `folder`, the file's.
    pub fn settings(&self, folder: &Path) -> Settings {
        let path = |text: &String| -> PathBuf { folder.join(text) };
        let report = |text: &String| match text.split_once('=') {
            Some((format, path)) => format!("{format}={}", folder.join(path).display()),
            None => folder.join(text).display().to_string(),
        };
        Settings {
            min_confidence: self.min_confidence.map(|v| v.0),
            strict_checksums: self.strict_checksums,
            format: self.format.clone(),
            output: self.output.as_ref().map(path),
            report: self.report.as_ref().map(|all| all.iter().map(report).collect()),
            baseline: self.baseline.as_ref().map(path),
            rule: self.only_rule.clone(),
            skip_rule: self.skip_rule.clone(),
            jobs: self.jobs.map(NonZeroUsize::get),
            show_secrets: self.show_secrets,
            exit_zero: self.exit_zero,
            max_file_size: self.max_file_size.map(|v| v.0.0),
            no_ignore: self.no_ignore,
            follow: self.follow,
            archive_depth: self.archive_depth,
            color: self.color.map(|v| v.0),
            progress: self.progress,
            allow_comments: self.allow_comments,
            allow_files: self.allow_files,
            messages: self.messages,
            unreachable: self.unreachable,
            first_parent: self.first_parent,
        }
    }
}

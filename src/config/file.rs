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
    /// Lowest confidence of what is reported: low, medium, high or a number from 0 to 100.
    min_confidence: Option<Parsed<Confidence>>,
    /// Drop findings whose built-in checksum or structure is wrong; they are counted.
    strict_checksums: Option<bool>,
    /// Format of the results: text, json, jsonl, sarif or gitleaks.
    format: Option<String>,
    /// File that results are written to, relative to this file. Only in a file that is named with --config.
    output: Option<String>,
    /// More reports, each FORMAT=PATH, relative to this file. Only in a file that is named with --config.
    report: Option<Vec<String>>,
    /// Baseline of known findings, relative to this file.
    baseline: Option<String>,
    /// Ids or tags of the only rules to use, as --rule.
    only_rule: Option<Vec<String>>,
    /// Ids or tags of rules to leave out, as --skip-rule, which overrides this.
    skip_rule: Option<Vec<String>>,
    /// Number of threads.
    jobs: Option<NonZeroUsize>,
    /// Show secrets in clear. Only in a file that is named with --config.
    show_secrets: Option<bool>,
    /// Exit with 0 even where there are findings.
    exit_zero: Option<bool>,
    /// Largest file that is scanned: bytes, or a size such as "10MB".
    max_file_size: Option<Parsed<Size>>,
    /// Scan files that git would ignore, too.
    no_ignore: Option<bool>,
    /// Follow symbolic links.
    follow: Option<bool>,
    /// How deep archives within archives are entered; 0 for none.
    archive_depth: Option<usize>,
    /// When to use colour: auto, always or never.
    color: Option<Parsed<Color>>,
    /// Whether to show progress.
    progress: Option<bool>,
    /// Whether comments such as `unspill:allow` count.
    allow_comments: Option<bool>,
    /// Whether the messages of commits and tags are scanned.
    messages: Option<bool>,
    /// Whether objects that no ref reaches are scanned.
    unreachable: Option<bool>,
    /// Whether only the first parents of merges are followed.
    first_parent: Option<bool>,
    /// Ids or tags of rules that are never used.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub disabled_rules: Vec<Spanned<String>>,
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
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesTable {
    /// false: do without the built-in rules.
    pub builtin: Option<bool>,
}

/// What is allowed: any one criterion is enough, unless `all` is true.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllow {
    /// What it is for; shown as the reason.
    #[serde(default)]
    pub description: String,
    /// Ids or tags of the rules that it is for; all where left out.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub rules: Vec<Spanned<String>>,
    /// Ids of commits, or their first 7 digits or more.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub commits: Vec<Spanned<String>>,
    /// Regexes of which one must match somewhere in the path.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub paths: Vec<Spanned<String>>,
    /// Regexes of which one must match somewhere in what `target` names.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub regexes: Vec<Spanned<String>>,
    /// What `regexes` look at: the secret alone (where left out), all that the rule matched, or the line.
    pub target: Option<Parsed<Target>>,
    /// Texts of which one must be part of the secret, whatever the case.
    #[serde(default)]
    pub stopwords: Vec<String>,
    /// true: every kind of criterion that is given must hold.
    #[serde(default)]
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
            messages: self.messages,
            unreachable: self.unreachable,
            first_parent: self.first_parent,
        }
    }
}

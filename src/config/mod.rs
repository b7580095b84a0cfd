//! Configuration: finding it, reading it, merging it; and reading gitleaks' format.

mod allow;
mod discover;
mod error;
mod file;
mod gitleaks;
mod read;
mod request_schema;
mod schema;
mod settings;
mod values;

pub use discover::{NAMES, find, folders, stay_within};
pub use error::ConfigError;
pub use gitleaks::gitleaks_means;
pub use schema::schema;
pub use settings::{Color, Settings};
pub use values::parse_size;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::rule::Verify;
use crate::model::{Allowlist, Rule};
use crate::rules::{RuleSet, builtin};

/// A configuration, read and merged with the built-in rules.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file that it was read from; `None` for the defaults.
    pub path: Option<PathBuf>,
    /// Whether nobody named that file: it was found beside what is scanned, and is of whoever wrote that.
    pub found: bool,
    /// What flags of the command line may override.
    pub settings: Settings,
    /// The rules, those that the file disables left out. Never empty. (`settings.rule` and `settings.skip_rule` are not
    /// applied yet: flags may override them.)
    pub rules: RuleSet,
    /// What is allowed.
    pub allowlists: Vec<Allowlist>,
    /// Where its top-level keys stand, as `file:line`.
    pub places: BTreeMap<String, String>,
    /// Remarks for the user: what could not be translated from a foreign format, what was disregarded.
    pub notes: Vec<String>,
}

impl Config {
    /// Where the top-level `key` stands: file and line, as far as they are known.
    pub fn place(&self, key: &str) -> String {
        let file = || self.path.as_ref().map_or("the configuration".to_owned(), |path| path.display().to_string());
        self.places.get(key).cloned().unwrap_or_else(file)
    }
}

/// Finds and loads the configuration in one: what a command calls.
///
/// A file that was found next to what is scanned (and not named by the user) comes from whoever wrote the repository:
/// its `show_secrets`, `output` and `report` and the `verify` of its rules are disregarded, with a note, so that no pull
/// request can spill secrets into a log, have them sent anywhere, or write files. Its `exit_zero` is for callers to judge.
///
/// # Errors
/// As [`find`] and [`load`].
pub fn open(explicit: Option<&Path>, env: Option<&Path>, start: &Path) -> Result<Config, ConfigError> {
    let path = find(explicit, env, start)?;
    let mut config = load(path.as_deref())?;
    if explicit.is_none() && env.is_none() {
        config.found = path.is_some();
        let mut dropped = config.settings.distrust();
        if distrust_requests(&mut config.rules) {
            dropped.push("verify");
        }
        let place = path.unwrap_or_default();
        config.notes.extend(dropped.into_iter().map(|key| {
            format!("`{key}` in {} is disregarded: only a file named with --config may set it", place.display())
        }));
    }
    Ok(config)
}

/// Whether a file is a configuration rather than a file of rules alone: by its name, or by a key that only a configuration
/// has.
pub fn is_configuration(path: &Path, text: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Ok(table) = toml::de::DeTable::parse(text) else { return false };
    let schema = schema();
    let known = schema.get("properties").and_then(|keys| keys.as_object());
    let is_ours = |key: &str| !matches!(key, "provider" | "rule") && known.is_some_and(|known| known.contains_key(key));
    matches!(name, "unspill.toml" | ".unspill.toml") || table.get_ref().keys().any(|key| is_ours(key.get_ref()))
}

/// Takes from rules that are not built in what they would have providers asked: it would send what is scanned wherever
/// they like. True if there was any.
fn distrust_requests(rules: &mut RuleSet) -> bool {
    let foreign = |rule: &&Arc<Rule>| rule.verify != Verify::NONE && !builtin::RULES.contains(rule);
    let without = |rule: &Arc<Rule>| Rule { verify: Verify::NONE, ..Rule::clone(rule) };
    let changed: Vec<Rule> = rules.rules().iter().filter(foreign).map(without).collect();
    let any = !changed.is_empty();
    rules.extend(changed);
    any
}

/// Reads the configuration at `path`; without one, the built-in rules and default settings. A file is in gitleaks'
/// form if its name or its keys say so.
///
/// # Errors
/// If the file cannot be read, has faults, or leaves no rule.
pub fn load(path: Option<&Path>) -> Result<Config, ConfigError> {
    let Some(path) = path else { return Ok(Config { rules: RuleSet::builtin(), ..Config::default() }) };
    let text = read::text(path)?;
    if gitleaks::is_gitleaks(path, &text) { gitleaks::config(path, &text) } else { read::config(path, &text) }
}

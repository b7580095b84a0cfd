//! gitleaks' configuration as it is written (v8.x, see the README of github.com/gitleaks/gitleaks). Its reader does not
//! mind the case of keys; here the usual spelling and all lower case are understood.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::rules::complaint::locate;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    pub extend: Extend,
    pub rules: Vec<Spanned<Rule>>,
    pub allowlist: Option<Spanned<Allow>>,
    pub allowlists: Vec<Spanned<Allow>>,
}

/// What the file builds on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extend {
    #[serde(rename = "useDefault", alias = "usedefault")]
    pub use_default: bool,
    pub path: Option<String>,
    pub url: Option<Spanned<String>>,
    #[serde(rename = "disabledRules", alias = "disabledrules")]
    pub disabled_rules: Vec<String>,
}

/// A rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    pub id: String,
    pub description: String,
    pub regex: Option<String>,
    #[serde(rename = "secretGroup", alias = "secretgroup")]
    pub secret_group: usize,
    pub entropy: Option<f32>,
    pub path: Option<String>,
    pub keywords: Vec<String>,
    pub tags: Vec<String>,
    pub allowlist: Option<Spanned<Allow>>,
    pub allowlists: Vec<Spanned<Allow>>,
    pub required: Vec<Required>,
    #[serde(rename = "skipReport", alias = "skipreport")]
    pub skip_report: bool,
}

/// Another rule that must hold nearby.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Required {
    pub id: String,
    #[serde(rename = "withinLines", alias = "withinlines")]
    pub within_lines: Option<u32>,
    #[serde(rename = "withinColumns", alias = "withincolumns")]
    pub within_columns: Option<u32>,
}

/// An allowlist, of old or new form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Allow {
    pub description: String,
    pub condition: Option<String>,
    pub commits: Vec<String>,
    pub paths: Vec<String>,
    #[serde(rename = "regexTarget", alias = "regextarget")]
    pub regex_target: Option<String>,
    pub regexes: Vec<String>,
    #[serde(alias = "stopWords", alias = "StopWords")]
    pub stopwords: Vec<String>,
    #[serde(rename = "targetRules", alias = "targetrules")]
    pub target_rules: Vec<String>,
}

const ALLOW: &[&str] =
    &["description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords", "targetrules"];
const RULE: &[&str] = &[
    "id",
    "description",
    "regex",
    "secretgroup",
    "entropy",
    "path",
    "keywords",
    "tags",
    "allowlist",
    "allowlists",
    "required",
    "skipreport",
];
const TOP: &[&str] = &["title", "description", "minversion", "extend", "rules", "allowlist", "allowlists"];
const EXTEND: &[&str] = &["usedefault", "path", "url", "disabledrules"];
const REQUIRED: &[&str] = &["id", "withinlines", "withincolumns"];

/// The keys below a table that this program does not know, each as ``line 3: `key` ``.
pub(super) fn unknown_keys(text: &str) -> Vec<String> {
    let mut unknown = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        walk(text, table.get_ref(), TOP, &mut unknown);
    }
    unknown
}

fn walk(text: &str, table: &DeTable<'_>, known: &[&str], unknown: &mut Vec<String>) {
    for (key, value) in table {
        let name = key.get_ref().to_ascii_lowercase();
        if !known.contains(&name.as_str()) {
            unknown.push(format!("line {}: `{}`", locate(text, key.span().start).0, key.get_ref()));
            continue;
        }
        let below = match name.as_str() {
            "allowlist" | "allowlists" => ALLOW,
            "rules" => RULE,
            "extend" => EXTEND,
            "required" => REQUIRED,
            _ => continue,
        };
        match value.get_ref() {
            DeValue::Table(table) => walk(text, table, below, unknown),
            DeValue::Array(tables) => {
                tables.iter().filter_map(|t| t.get_ref().as_table()).for_each(|t| walk(text, t, below, unknown));
            }
            _ => {}
        }
    }
}

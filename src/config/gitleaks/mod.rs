//! Reading gitleaks' configuration, so that moving over costs nothing.
//!
//! Rules become rules, allowlists allowlists; `[extend] useDefault` stands for the built-in rules of this program, and
//! `path` is relative to the file or, as gitleaks has it, to the current folder. Where a file names one of gitleaks' own
//! rules, those of the same kind are meant ([`ids`]), unless the file has a rule of that name itself. What cannot be
//! translated is named in the notes, and nothing is dropped silently.

mod allow;
mod format;
mod ids;
mod regex;
mod rule;

pub use ids::gitleaks_means;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, read};
use crate::model::{Allowlist, Rule};
use crate::rules::RuleSet;
use crate::rules::complaint::{Complaint, Document};

/// How many files may build on each other.
const DEEPEST: usize = 4;

/// Whether a file is in gitleaks' form: by its name, or by its keys.
pub(super) fn is_gitleaks(path: &Path, text: &str) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if name.contains("gitleaks") || name.contains("unspill") {
        return name.contains("gitleaks");
    }
    let Ok(table) = DeTable::parse(text) else { return false };
    table.get_ref().iter().any(|(key, value)| match key.get_ref().to_ascii_lowercase().as_str() {
        "extend" | "allowlist" | "allowlists" => true,
        "rules" => matches!(value.get_ref(), DeValue::Array(_)),
        _ => false,
    })
}

/// Reads the configuration with this `text`, which was read at `path`.
pub(super) fn config(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let mut merged = Merged::default();
    merged.file(path, text, 1)?;
    let Merged { rules, own: _, allowlists, mut notes, remarks, unusable } = merged;
    if rules.is_empty() {
        return Err(match unusable.is_empty() {
            true => ConfigError::NoRules { path: path.to_owned() },
            false => ConfigError::Invalid { faults: unusable },
        });
    }
    for list in &allowlists {
        for name in list.rules.iter().filter(|name| !rules.rules().iter().any(|rule| rule.is_called(name))) {
            notes.push(format!("{}: the allowlist is for rule `{name}`, but there is no such rule here", list.source));
        }
    }
    notes.extend(remarks.into_iter().map(|((file, what), rules)| format!("{file}: {}: {what}", list_rules(&rules))));
    let left_out = unusable.into_iter().map(|fault| {
        let Complaint { file, line, rule, what, .. } = fault;
        format!("{}:{line}: rule `{}` cannot be used: {what}", file.display(), rule.unwrap_or_default())
    });
    let notes = notes.into_iter().chain(left_out).map(|note| in_one_line(&note)).collect();
    Ok(Config { path: Some(path.to_owned()), rules, allowlists, notes, ..Config::default() })
}

/// A note without line breaks, which reports do not show: of what the regex parser draws, the last line says what is wrong.
fn in_one_line(note: &str) -> String {
    match (note.split_once("regex parse error:\n"), note.lines().last()) {
        (Some((before, _)), Some(last)) => format!("{before}{}", last.trim_start_matches("error: ")),
        _ => note.replace('\n', " "),
    }
}

/// `rule x`, or `rules x, y and z`, each id in backticks.
fn list_rules(ids: &[String]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match ids.split_last() {
        Some((last, [])) => format!("rule {last}"),
        Some((last, others)) => format!("rules {} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What a file and those that it builds on come to.
#[derive(Default)]
struct Merged {
    rules: RuleSet,
    /// Ids of those that the files define, which are what these ids mean in them.
    own: BTreeSet<String>,
    allowlists: Vec<Allowlist>,
    notes: Vec<String>,
    /// Remarks on rules, by file and words: many rules may share one.
    remarks: BTreeMap<(String, String), Vec<String>>,
    /// Rules that could not be translated.
    unusable: Vec<Complaint>,
}

impl Merged {
    fn file(&mut self, path: &Path, text: &str, depth: usize) -> Result<(), ConfigError> {
        let document = Document { path, text };
        let invalid = |fault| ConfigError::Invalid { faults: vec![fault] };
        let file: format::File = toml::from_str(text).map_err(|e| invalid(document.toml_error(&e)))?;
        for key in format::unknown_keys(text) {
            self.notes.push(format!("{}: {key} is not understood, and disregarded", path.display()));
        }
        self.extend(&document, &file.extend, depth)?;
        for rule in &file.rules {
            self.rule(&document, rule);
        }
        for allow in file.allowlist.iter().chain(&file.allowlists) {
            self.allow(&document, allow, None);
        }
        Ok(())
    }

    /// Takes in what a file builds on.
    fn extend(&mut self, document: &Document<'_>, extend: &format::Extend, depth: usize) -> Result<(), ConfigError> {
        let place = document.path.display();
        if extend.use_default {
            self.rules.extend(RuleSet::builtin().rules().iter().map(|rule| Rule::clone(rule)));
        }
        if let Some(url) = &extend.url {
            self.notes.push(format!("{place}: `extend.url` ({}) is disregarded: nothing is fetched", url.get_ref()));
        }
        if let Some(other) = &extend.path {
            if depth >= DEEPEST {
                let what = format!("more than {DEEPEST} files build on each other");
                return Err(ConfigError::Invalid {
                    faults: vec![document.error(0, what, "look for a circle of `extend`")],
                });
            }
            let beside: PathBuf = document.path.parent().unwrap_or(Path::new("")).join(other);
            let other = if beside.exists() || !Path::new(other).exists() { beside } else { PathBuf::from(other) };
            self.file(&other, &read::text(&other)?, depth + 1)?;
        }
        for theirs in &extend.disabled_rules {
            let ids = self.ids(theirs);
            let before = self.rules.len();
            self.rules.retain(|rule| !ids.iter().any(|id| rule.id == *id));
            if self.rules.len() == before {
                self.notes.push(format!("{place}: `disabledRules` names `{theirs}`, but there is no such rule here"));
            }
        }
        Ok(())
    }

    /// The rules that a file means by an id: its own, else those of the kind that gitleaks calls so, else the id itself.
    fn ids(&self, theirs: &str) -> Vec<String> {
        let id = rule::kebab(theirs);
        let ours = if self.own.contains(&id) { &[] } else { ids::ours(&id) };
        let present = ours.iter().filter(|id| self.rules.find(id).is_some());
        let present: Vec<String> = present.map(|id| (*id).to_owned()).collect();
        if present.is_empty() { vec![id] } else { present }
    }

    /// Takes in a rule with its allowlists. One without a regex adds to a rule that is there.
    fn rule(&mut self, document: &Document<'_>, spanned: &Spanned<format::Rule>) {
        let raw = spanned.get_ref();
        let id = rule::kebab(&raw.id);
        let place = super::allow::source(document.path, document.text, spanned.span().start);
        let mut ids = self.ids(&raw.id);
        let present: Vec<Rule> =
            ids.iter().filter_map(|id| self.rules.find(id)).map(|(_, rule)| Rule::clone(rule)).collect();
        let mut notes = Vec::new();
        let translated: Result<Vec<Rule>, String> = if raw.regex.is_none() && !present.is_empty() {
            present.into_iter().map(|rule| rule::changed(rule, raw, &mut notes)).collect()
        } else if raw.regex.is_none() && raw.path.is_none() {
            let what = "has no regex, and there is no rule of that name here to add to";
            self.notes.push(format!("{place}: rule `{id}` {what}"));
            return;
        } else {
            ids = vec![id.clone()];
            self.own.insert(id.clone());
            rule::translate(raw, &|id| self.ids(id), &mut notes).map(|rule| vec![rule])
        };
        match translated {
            Ok(rules) => self.rules.extend(rules),
            Err(what) => {
                let fault = document.error(spanned.span().start, what, "gitleaks' rules are described in its README");
                self.unusable.push(Complaint { rule: Some(raw.id.clone()), ..fault });
                return;
            }
        }
        notes.sort();
        notes.dedup();
        for note in notes {
            self.remarks.entry((document.path.display().to_string(), note)).or_default().push(id.clone());
        }
        for allow in raw.allowlist.iter().chain(&raw.allowlists) {
            self.allow(document, allow, Some(&ids));
        }
    }

    fn allow(&mut self, document: &Document<'_>, allow: &Spanned<format::Allow>, rules: Option<&[String]>) {
        let source = super::allow::source(document.path, document.text, allow.span().start);
        let allow = allow.get_ref();
        let target = || allow.target_rules.iter().flat_map(|id| self.ids(id)).collect();
        let rules_of = rules.map_or_else(target, <[String]>::to_vec);
        self.allowlists.extend(allow::translate(allow, rules_of, rules.is_some(), source, &mut self.notes));
    }
}

//! Reading a configuration file of our own form, and merging it with the built-in rules.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use toml::Spanned;
use toml::de::{DeString, DeTable};

use super::allow::allowlist;
use super::discover::NOTHING;
use super::file::ConfigFile;
use super::{Config, ConfigError};
use crate::rules::complaint::{Document, nearest};
use crate::rules::lint::{self, Places};
use crate::rules::{RuleSet, builtin};

/// The largest configuration that is read, in bytes: nobody writes more by hand.
const LARGEST: u64 = 16 << 20;

/// The text of a configuration.
pub(super) fn text(path: &Path) -> Result<String, ConfigError> {
    if path == Path::new(NOTHING) {
        return Ok(String::new());
    }
    let read = || -> io::Result<String> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("not a file"));
        }
        let mut text = String::new();
        if file.take(LARGEST + 1).read_to_string(&mut text)? as u64 > LARGEST {
            return Err(io::Error::other("larger than any configuration is"));
        }
        Ok(text)
    };
    read().map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })
}

/// The configuration with this `text`, which was read at `path`.
pub(super) fn config(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let document = Document { path, text };
    let invalid = |faults| ConfigError::Invalid { faults };
    let file: ConfigFile = toml::from_str(text).map_err(|error| invalid(vec![document.own_error(&error)]))?;

    let mut faults = Vec::new();
    let own = lint::errors(&document, &Places::new(text), file.provider.as_deref(), &file.own_rules, &mut faults);
    let allowlists = file.allow.iter().map(|raw| allowlist(&document, raw, &mut faults)).collect();
    if !faults.is_empty() {
        faults.sort_by_key(|f| (f.line, f.column));
        return Err(invalid(faults));
    }

    let mut rules = if file.rules.builtin == Some(false) { RuleSet::default() } else { RuleSet::builtin() };
    rules.extend(own.into_iter().map(|(_, rule)| rule));
    let mut notes = Vec::new();
    for name in file.disabled_rules.iter().chain(file.allow.iter().flat_map(|a| &a.get_ref().rules)) {
        notes.extend(unknown_name(&document, name, &rules));
    }
    rules.retain(|rule| !file.disabled_rules.iter().any(|name| rule.is_called(name.get_ref())));
    if rules.is_empty() {
        return Err(ConfigError::NoRules { path: path.to_owned() });
    }
    let settings = file.settings(path.parent().unwrap_or(Path::new("")));
    let places = places(&document);
    Ok(Config { path: Some(path.to_owned()), found: false, settings, rules, allowlists, places, notes })
}

/// Where the top-level keys stand.
fn places(document: &Document<'_>) -> BTreeMap<String, String> {
    let top = DeTable::parse(document.text).map(Spanned::into_inner).unwrap_or_default();
    let place = |key: &Spanned<DeString<'_>>| {
        (key.get_ref().to_string(), super::allow::source(document.path, document.text, key.span().start))
    };
    top.keys().map(place).collect()
}

/// A remark if no rule has this id, provider or tag. Not an error: rules come and go from version to version.
fn unknown_name(document: &Document<'_>, name: &Spanned<String>, rules: &RuleSet) -> Option<String> {
    let text = name.get_ref().as_str();
    let all = || rules.rules().iter().map(|r| &**r).chain(builtin::RULES);
    if all().any(|rule| rule.is_called(text)) {
        return None;
    }
    let place = super::allow::source(document.path, document.text, name.span().start);
    let near = nearest(text, all().flat_map(|r| std::iter::once(&*r.id).chain(r.tags.iter().map(|t| &**t))));
    let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
    Some(format!("{place}: no rule has the id, provider or tag `{text}`{hint}"))
}

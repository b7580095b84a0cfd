//! Lint: what is wrong with a file of rules, and what to do about it, at the place where it stands.
//!
//! Errors keep a rule from being used: [`errors`] finds them, and a configuration with rules of its own is held to the
//! same. Warnings and notes are about rules that work, but find too little, cost too much or help too little.

use std::collections::HashSet;
use std::path::Path;

use regex_syntax::hir::{Class, Hir, HirKind};
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;

use super::complaint::{Document, nearest};
use super::file::{RawRule, RuleFile};
use super::request::used;
use super::{builtin, examples, literals, request};
use crate::model::Rule;
use crate::model::request::Request;
use crate::model::rule::{Detect, Verify};

pub use super::complaint::{Complaint, Gravity};

/// Words that stand in much source code, so that a rule that looks for them is tried often.
const COMMON: [&str; 16] = [
    "access", "api", "auth", "client", "com", "config", "data", "http", "https", "https://", "key", "name", "pass",
    "secret", "token", "user",
];

/// What the rules stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A file of rules alone.
    Rules,
    /// A configuration. What else is in it is not looked at here.
    Configuration,
}

/// All complaints about the rules at `path` with content `text`, in the order of their places.
pub fn lint(path: &Path, text: &str, form: Form) -> Vec<Complaint> {
    let document = Document { path, text };
    let file = match read(&document, form) {
        Ok(file) => file,
        Err(complaint) => return vec![*complaint],
    };
    let places = Places::new(text);
    let mut complaints = Vec::new();
    if file.rules.is_empty() && form == Form::Rules {
        complaints.push(document.error(
            0,
            "there is no [[rule]] in it",
            "see `unspill rules show ID` for what one holds",
        ));
    }
    let built = errors(&document, &places, file.provider.as_deref(), &file.rules, &mut complaints);
    let known: HashSet<&str> =
        file.rules.iter().map(|r| r.get_ref().id.as_str()).chain(builtin::RULES.iter().map(|r| &*r.id)).collect();
    for (index, rule) in built {
        if let Some(raw) = file.rules.get(index) {
            let mut advice = Advice { document: &document, places: &places, index, raw, complaints: &mut complaints };
            advice.on_words(&known);
            advice.on_pattern(&rule);
            advice.on_request(&rule, &known);
        }
    }
    complaints.sort_by_key(|c| (c.line, c.column, c.gravity));
    complaints
}

/// The rules of a file that have no errors, in the order of their places.
pub fn usable(path: &Path, text: &str, form: Form) -> Vec<Rule> {
    let document = Document { path, text };
    let Ok(file) = read(&document, form) else { return Vec::new() };
    let built = errors(&document, &Places::new(text), file.provider.as_deref(), &file.rules, &mut Vec::new());
    built.into_iter().map(|(_, rule)| rule).collect()
}

/// The rules of a file.
///
/// # Errors
/// If it is not of this form.
pub fn read(document: &Document<'_>, form: Form) -> Result<RuleFile, Box<Complaint>> {
    #[derive(Deserialize)]
    struct WithinConfig {
        provider: Option<String>,
        #[serde(default, rename = "rule")]
        rules: Vec<Spanned<RawRule>>,
    }
    let read = match form {
        Form::Configuration => {
            toml::from_str(document.text).map(|WithinConfig { provider, rules }| RuleFile { provider, rules })
        }
        Form::Rules => toml::from_str(document.text),
    };
    read.map_err(|error| Box::new(document.own_error(&error)))
}

/// Builds rules, and adds what keeps them from being built to `complaints`. Gives those without errors, with their
/// position in `rules`.
pub fn errors(
    document: &Document<'_>,
    places: &Places<'_>,
    provider: Option<&str>,
    rules: &[Spanned<RawRule>],
    complaints: &mut Vec<Complaint>,
) -> Vec<(usize, Rule)> {
    let mut built = Vec::new();
    let mut ids = HashSet::new();
    for (index, spanned) in rules.iter().enumerate() {
        let raw = spanned.get_ref();
        let before = complaints.len();
        let mut complain = |field: &str, what: String, hint: String| {
            let offset = places.key(index, field).unwrap_or(spanned.span().start);
            let complaint = document.error(offset, what, hint);
            complaints.push(Complaint { rule: Some(raw.id.clone()), field: Some(field.to_owned()), ..complaint });
        };
        if !ids.insert(&raw.id) {
            complain(
                "id",
                "another rule of this file has it too".to_owned(),
                "give each rule an id of its own".to_owned(),
            );
        }
        if raw.entropy.is_some_and(|bits| !(0.0..=8.0).contains(&bits)) {
            complain("entropy", "is out of range".to_owned(), "use 0 to 8 bits per byte".to_owned());
        }
        match raw.build(provider) {
            Ok(rule) if complaints.len() == before => built.push((index, rule)),
            Ok(_) => {}
            Err(mut faults) => {
                // Of one key only the first fault: a regex that does not parse has no literals either.
                let mut seen = HashSet::new();
                faults.retain(|fault| seen.insert(fault.field));
                for fault in faults {
                    let offset = places.key(index, fault.field).unwrap_or(spanned.span().start);
                    let complaint = document.error(offset, fault.what, fault.hint);
                    let (rule, field) = (Some(raw.id.clone()), Some(fault.field.to_owned()));
                    complaints.push(Complaint { rule, field, ..complaint });
                }
            }
        }
    }
    built
}

/// Where the keys of rules stand in a file.
pub struct Places<'t>(Option<Spanned<DeTable<'t>>>);

impl<'t> Places<'t> {
    /// Those of a text; it answers nothing for one that is not TOML.
    pub fn new(text: &'t str) -> Self {
        Places(DeTable::parse(text).ok())
    }

    /// Offset of the key `field` of the rule at `index`.
    fn key(&self, index: usize, field: &str) -> Option<usize> {
        let top = self.0.as_ref()?.get_ref();
        let rules = top.iter().find(|(key, _)| key.get_ref() == "rule")?.1.get_ref().as_array()?;
        let rule = rules.get(index)?.get_ref().as_table()?;
        rule.keys().find(|key| key.get_ref() == field).map(|key| key.span().start)
    }
}

/// Gathers advice on one rule that has no errors.
struct Advice<'a> {
    document: &'a Document<'a>,
    places: &'a Places<'a>,
    index: usize,
    raw: &'a Spanned<RawRule>,
    complaints: &'a mut Vec<Complaint>,
}

impl Advice<'_> {
    fn add(&mut self, gravity: Gravity, field: &str, what: impl Into<String>, hint: &str) {
        let offset = self.places.key(self.index, field).unwrap_or(self.raw.span().start);
        let complaint = self.document.error(offset, what, hint);
        let (rule, field) = (Some(self.raw.get_ref().id.clone()), Some(field.to_owned()));
        self.complaints.push(Complaint { gravity, rule, field, ..complaint });
    }

    /// On what people read, and on names of other rules.
    fn on_words(&mut self, known: &HashSet<&str>) {
        let raw = self.raw.get_ref();
        if raw.description.is_empty() {
            self.add(Gravity::Warning, "description", "is missing", "say what it is, in a few words");
        }
        if raw.revoke.is_empty() && !raw.identifier {
            self.add(
                Gravity::Warning,
                "revoke",
                "is missing",
                "say how to revoke it: whoever finds one needs that first",
            );
        }
        if raw.examples.matching.is_empty() && raw.pattern.is_some() {
            let hint = "give texts that must match in [rule.examples], `match`, and others in `ignore`";
            self.add(Gravity::Warning, "examples", "none that must match", hint);
        }
        for example in raw.examples.matching.iter().chain(&raw.examples.non_matching) {
            if let Err(what) = examples::expand(example) {
                // An error for `rules test`; the rule itself can be used.
                let hint = "templates are {{hex:32}}, {{base62:20}} and the like; write `{{` in no other way";
                self.add(Gravity::Error, "examples", what, hint);
            }
        }
        for pair in &raw.companions {
            self.on_reference("companions", &pair.rule, known);
        }
        if let Some(other) = &raw.verify_like {
            self.on_reference("verify_like", other, known);
        }
    }

    /// On what a request is filled in with.
    fn on_request(&mut self, rule: &Rule, known: &HashSet<&str>) {
        let Verify::Steps(steps) = &rule.verify else { return };
        for name in used(steps).iter().filter(|name| request::is_rule(name)) {
            self.on_reference("verify", name, known);
        }
        if steps.iter().any(|step| matches!(step.request, Request::Http(_)) && step.answers.is_empty()) {
            let what = "has no recorded `answers`, so nobody knows whether it reads them right".to_owned();
            self.add(Gravity::Note, "verify", what, "add some out of the provider's documentation");
        }
    }

    /// On the id of another rule.
    fn on_reference(&mut self, field: &'static str, id: &str, known: &HashSet<&str>) {
        if !known.contains(id) {
            let hint = match nearest(id, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name the id of a rule of this file or of a built-in one".to_owned(),
            };
            self.add(Gravity::Warning, field, format!("there is no rule `{id}`"), &hint);
        }
    }

    /// On what a pattern costs, and on what it cannot find.
    fn on_pattern(&mut self, rule: &Rule) {
        let (field, regex) = match &rule.detect {
            Detect::Pattern { regex } => ("pattern", regex),
            Detect::Near { regex } => ("value", regex),
            Detect::Assigned { value: Some(value) } => ("value", value),
            Detect::Assigned { value: None } | Detect::Path => return,
        };
        let Ok(hir) = literals::parse(regex) else { return };
        if begins_with_anything(&hir) {
            let hint = "leave it out: a match may begin anywhere, and this makes each try as long as the reach";
            self.add(Gravity::Warning, field, "begins with `.*` or the like", hint);
        }
        if has_unicode_class(&hir) {
            let hint = "leave `(?u)` out: texts are bytes, and `\\w` and the like stand for ASCII";
            self.add(Gravity::Warning, field, "has a class of Unicode characters", hint);
        }
        match hir.properties().maximum_len() {
            // Who names the reach has set the bound: counting up to thousands would make a regex large and slow.
            None if is_unbounded(&hir) && self.raw.get_ref().reach.is_none() => {
                let what =
                    format!("has no upper bound: what is longer than the reach of {} bytes is not found", rule.reach);
                let hint = "write {20,100} instead of `+`, `*` or {20,}; or name the `reach` that is to bound it";
                self.add(Gravity::Warning, field, what, hint);
            }
            Some(longest) if longest > rule.reach as usize => {
                let what = format!("can match {longest} bytes, which the reach of {} does not hold", rule.reach);
                self.add(Gravity::Warning, field, what, "raise `reach`, or lower the upper bounds");
            }
            _ => {}
        }
        if matches!(rule.detect, Detect::Assigned { .. }) {
            return;
        }
        for literal in rule.literals.iter() {
            if literal.text.len() == 3 || COMMON.contains(&&*literal.text) {
                let what = format!("looks for `{}`, which stands in many places", literal.text);
                self.add(Gravity::Note, field, what, "a longer or rarer literal makes it faster");
            }
        }
    }
}

/// Whether a regex begins with a repetition of any byte that has no upper bound.
fn begins_with_anything(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) => begins_with_anything(&capture.sub),
        HirKind::Concat(parts) => parts.first().is_some_and(begins_with_anything),
        HirKind::Alternation(parts) => parts.iter().any(begins_with_anything),
        HirKind::Repetition(repetition) => repetition.max.is_none() && is_nearly_all(&repetition.sub),
        _ => false,
    }
}

/// Whether it is a class of so many bytes that it may be `.`.
fn is_nearly_all(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().map(|r| usize::from(r.end() - r.start()) + 1).sum::<usize>() >= 250
        }
        _ => false,
    }
}

/// Whether there is a class of characters in it that are no bytes.
fn has_unicode_class(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(class) => matches!(class, Class::Unicode(class) if !class.is_ascii()),
        HirKind::Repetition(repetition) => has_unicode_class(&repetition.sub),
        HirKind::Capture(capture) => has_unicode_class(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_unicode_class),
        _ => false,
    }
}

fn is_unbounded(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => repetition.max.is_none() || is_unbounded(&repetition.sub),
        HirKind::Capture(capture) => is_unbounded(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(is_unbounded),
        _ => false,
    }
}

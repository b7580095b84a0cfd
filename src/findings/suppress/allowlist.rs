//! Allowlists at work: their regexes compiled, their criteria tried on one place of a finding.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bstr::ByteSlice;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use crate::model::rule::{Detect, Str};
use crate::model::{Allowlist, Finding, Occurrence, Rule, Target};

use super::SuppressError;

/// An allowlist that is ready for use.
#[derive(Debug)]
pub(super) struct Compiled {
    /// As it was read.
    pub list: Allowlist,
    paths: Option<Regex>,
    regexes: Option<Regex>,
    /// In lower case.
    stopwords: Vec<String>,
    /// Regexes of rules, by the rule's id, for [`Target::Match`]; compiled as they are asked for.
    rules: Mutex<HashMap<Str, Option<Regex>>>,
}

impl Compiled {
    pub fn new(list: Allowlist) -> Result<Self, SuppressError> {
        Ok(Compiled {
            paths: compile("paths", &list.paths, &list)?,
            regexes: compile("regexes", &list.regexes, &list)?,
            stopwords: list.stopwords.iter().map(|word| word.to_ascii_lowercase()).collect(),
            list,
            rules: Mutex::default(),
        })
    }

    /// Whether this allows `finding` at one of its places.
    pub fn allows(&self, finding: &Finding, occurrence: &Occurrence) -> bool {
        if !self.is_for(&finding.rule) {
            return false;
        }
        let commit = || match occurrence.commit.as_ref().or(occurrence.origin.commit()) {
            Some(commit) => {
                let id = commit.id.to_string();
                self.list.commits.iter().any(|c| c.len() >= 7 && id.starts_with(&c.to_ascii_lowercase()))
            }
            None => false,
        };
        let path = || self.paths.as_ref().is_some_and(|r| r.is_match(occurrence.origin.path().as_slice()));
        let regex = || self.regexes.as_ref().is_some_and(|r| self.target(r, finding, occurrence));
        let stopword = || {
            let secret = finding.secret.expose().to_ascii_lowercase();
            self.stopwords.iter().any(|word| secret.contains_str(word))
        };
        let criteria: [(bool, &dyn Fn() -> bool); 4] = [
            (!self.list.commits.is_empty(), &commit),
            (self.paths.is_some(), &path),
            (self.regexes.is_some(), &regex),
            (!self.stopwords.is_empty(), &stopword),
        ];
        let mut given = criteria.iter().filter(|(given, _)| *given).peekable();
        given.peek().is_some()
            && if self.list.all { given.all(|(_, holds)| holds()) } else { given.any(|(_, holds)| holds()) }
    }

    fn is_for(&self, rule: &Rule) -> bool {
        let rules = &self.list.rules;
        rules.is_empty() || rules.iter().any(|name| rule.is_called(name))
    }

    fn target(&self, regex: &Regex, finding: &Finding, occurrence: &Occurrence) -> bool {
        match self.list.target {
            Target::Secret => regex.is_match(finding.secret.expose()),
            Target::Line => occurrence.excerpt.inspect(|line, _| regex.is_match(line)),
            Target::Match => occurrence.excerpt.inspect(|line, secret| {
                let rule = self.pattern(&finding.rule);
                let about = |m: &regex_automata::Match| m.start() <= secret.start && secret.end <= m.end();
                let whole = rule.and_then(|rule| rule.find_iter(line).find(about)).and_then(|m| line.get(m.range()));
                regex.is_match(whole.unwrap_or(line))
            }),
        }
    }

    /// The pattern of a rule. Findings do not keep what it matched, so that is looked for again in the excerpt; where
    /// the excerpt does not hold all of it, or the rule has no pattern, the line stands for it.
    fn pattern(&self, rule: &Rule) -> Option<Regex> {
        let (Detect::Pattern { regex } | Detect::Near { regex }) = &rule.detect else { return None };
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.entry(rule.id.clone()).or_insert_with(|| build(&[regex]).ok()).clone()
    }
}

fn compile(key: &str, patterns: &[String], list: &Allowlist) -> Result<Option<Regex>, SuppressError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    build(patterns).map(Some).map_err(|error| {
        let (pattern, why) = match error.pattern().and_then(|id| patterns.get(id.as_usize())) {
            Some(pattern) => (pattern.as_str(), error.syntax_error().map_or(error.to_string(), ToString::to_string)),
            None => ("", error.to_string()),
        };
        SuppressError {
            place: list.source.clone(),
            what: format!("`{key}`: invalid regex `{pattern}`: {why}"),
            hint: Some("see the syntax of the regex crate; special characters of a path need `\\` in front".to_owned()),
            cause: None,
        }
    })
}

/// One regex for all patterns, which are read as those of rules are: bytes, ASCII classes.
fn build<P: AsRef<str>>(patterns: &[P]) -> Result<Regex, Box<regex_automata::meta::BuildError>> {
    Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(Regex::config().utf8_empty(false))
        .build_many(patterns)
        .map_err(Box::new)
}

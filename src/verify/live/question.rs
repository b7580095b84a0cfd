//! A question: one credential, and all that its provider has to be told to ask about it.
//!
//! Findings of one credential in many places, and of its several parts, come to the same question; it is asked once.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use regex_automata::meta::Regex;
use ring::digest;
use zeroize::Zeroizing;

use super::variables::{Text, Variables, missing};
use crate::model::request::Step;
use crate::model::rule::Verify;
use crate::model::{Cause, Companion, Doubt, Finding, Rule, Secret};
use crate::rules::RuleSet;
use crate::rules::request::used;

/// What tells one question from others: a hash of what is asked and of every value in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All of it could be compared with hashes of guesses.
        f.write_str("Key(…)")
    }
}

/// One credential to ask about.
#[derive(Clone)]
pub struct Question {
    /// The rule whose steps are taken.
    pub rule: Arc<Rule>,
    /// What the steps are filled in with.
    pub variables: Variables,
    /// Whether its parts surely belong together: a refusal says nothing of the secret otherwise.
    pub sure: bool,
    /// What tells it from others.
    pub key: Key,
}

/// A credential whose parts are known, by the rule that found each.
pub struct Credential<'a> {
    /// The rule of the secret.
    pub rule: &'a Arc<Rule>,
    /// The secret.
    pub secret: &'a Secret,
    /// Other parts, the nearest of each rule first.
    pub parts: Vec<Known<'a>>,
}

/// A part of a credential other than its secret.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The rule that found it.
    pub rule: &'a str,
    /// Its value.
    pub secret: &'a Secret,
    /// Whether it surely belongs to the secret, and is not one of several that might.
    pub sure: bool,
}

impl<'a> Credential<'a> {
    /// That of a finding.
    pub fn of(finding: &'a Finding) -> Self {
        let line = finding.first().place.line;
        let mut near: Vec<&Companion> = finding.companions.iter().collect();
        near.sort_by_key(|part| part.line.abs_diff(line));
        let others = |part: &Companion| finding.companions.iter().filter(|other| other.rule == part.rule).count() > 1;
        let parts = near
            .into_iter()
            .map(|part| Known { rule: &part.rule, secret: &part.secret, sure: part.sole && !others(part) })
            .collect();
        Credential { rule: &finding.rule, secret: &finding.secret, parts }
    }

    fn part(&self, rule: &str) -> Option<&'a Secret> {
        self.parts.iter().find(|part| part.rule == rule).map(|part| part.secret)
    }

    /// The question about it.
    ///
    /// # Errors
    /// If there is no way to ask, or it is not of the form that the request needs.
    pub fn question(&self, rules: &RuleSet) -> Result<Question, Doubt> {
        let mut variables = Variables::default();
        for part in self.parts.iter().rev() {
            variables.set(part.rule, text(part.secret)?);
        }
        let rule = match &self.rule.verify {
            Verify::Like(other) => {
                let other = rules.find(other).map(|(_, rule)| rule).ok_or_else(no_request)?;
                let secret = match self.part(&other.id) {
                    Some(secret) => secret,
                    // This is the lesser half of a pair, and without the other there is nothing to ask with.
                    None if used(steps(other)).contains(&*self.rule.id) => return Err(missing(&other.id)),
                    None => self.secret,
                };
                variables.set(self.rule.id.clone(), text(self.secret)?);
                variables.set("secret", text(secret)?);
                other
            }
            Verify::Steps(_) => {
                variables.set("secret", text(self.secret)?);
                self.rule
            }
        };
        let steps = steps(rule);
        if steps.is_empty() {
            return Err(no_request());
        }
        for split in steps.iter().filter_map(|step| step.split.as_deref()) {
            take_apart(split, &mut variables)?;
        }
        let used = used(steps);
        let is_used = |part: &&Known<'_>| used.contains(part.rule) || part.rule == rule.id;
        let sure = self.parts.iter().filter(is_used).all(|part| part.sure);
        let key = key(rule, steps, &used, sure, &variables);
        Ok(Question { rule: Arc::clone(rule), variables, sure, key })
    }
}

/// Whether there is no way to ask about what a rule finds.
pub fn is_silent(rule: &Rule) -> bool {
    rule.verify == Verify::NONE
}

/// The steps that a rule has itself.
pub fn steps(rule: &Rule) -> &[Step] {
    match &rule.verify {
        Verify::Steps(steps) => steps,
        Verify::Like(_) => &[],
    }
}

fn no_request() -> Doubt {
    Doubt::new(Cause::NoRequest, "no way is known to ask about this kind of credential")
}

fn text(secret: &Secret) -> Result<Text, Doubt> {
    let text = std::str::from_utf8(secret.expose()).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| Doubt::new(Cause::Incomplete, "it holds bytes that are no text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Makes variables of the named groups of a regex on the secret.
fn take_apart(split: &str, variables: &mut Variables) -> Result<(), Doubt> {
    let unfit = || Doubt::new(Cause::Incomplete, "it does not have the parts that a credential of this kind has");
    let secret = variables.get("secret").cloned().unwrap_or_default();
    let regex = Regex::new(split).map_err(|_| unfit())?;
    let mut captures = regex.create_captures();
    regex.captures(secret.as_str(), &mut captures);
    if !captures.is_match() {
        return Err(unfit());
    }
    for (name, span) in regex.group_info().pattern_names(regex_automata::PatternID::ZERO).zip(captures.iter()) {
        if let (Some(name), Some(span)) = (name, span) {
            variables.set(name, Text::new(secret[span.range()].to_owned()));
        }
    }
    Ok(())
}

/// Hashes what is asked. Only variables that the steps use count: what else stands beside a secret makes no difference.
fn key(rule: &Rule, steps: &[Step], used: &BTreeSet<String>, sure: bool, variables: &Variables) -> Key {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut take = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_le_bytes());
        context.update(bytes);
    };
    take(rule.id.as_bytes());
    // Steps of another version of the rule are another question.
    take(format!("{steps:?}").as_bytes());
    take(&[u8::from(sure)]);
    for (name, value) in variables.iter().filter(|(name, _)| used.contains(*name)) {
        take(name.as_bytes());
        take(value.as_bytes());
    }
    let mut key = [0; 32];
    key.copy_from_slice(context.finish().as_ref());
    Key(key)
}

#[cfg(test)]
mod tests;

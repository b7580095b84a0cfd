//! Reading rules from TOML: the form that people write, and how it becomes a [`Rule`].
//!
//! The build script includes this file to lay the built-in rules out as constants, so it may lean on the rule model
//! and the literal analysis alone.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::rule::{Detect, List, Literal, Pair, Probe, Rule, Severity, Str, Verify};
use crate::rules::request::{self, RawStep};
use crate::rules::{head::Head, literals, probe};

/// Bytes on either side of a literal that a rule may look at, unless it says otherwise.
pub const DEFAULT_REACH: u32 = 256;
/// The same for rules on assigned values: a name, an operator, and the longest value that is read.
pub const ASSIGNED_REACH: u32 = 512;
/// The farthest that any rule may look, in bytes.
pub const MAX_REACH: u32 = 16 * 1024;
/// How far behind a service's name its value may begin, unless the rule says otherwise, in bytes.
const DEFAULT_WITHIN: u32 = 40;
/// How far apart two parts of a credential may stand, unless the rule says otherwise, in bytes.
const DEFAULT_PAIR_WITHIN: u32 = 512;
/// The checks of structure that `checksum` may name. A test holds them to those of the built-in rules.
pub const CHECKSUMS: &[&str] = &[
    "artifactory-reference",
    "atlassian",
    "aws-bedrock",
    "aws-key-id",
    "azure-annotated",
    "azure-devops",
    "azure-identifiable",
    "basic",
    "bech32",
    "bitbucket",
    "cloudflare",
    "discord",
    "entra",
    "github",
    "github-fine-grained",
    "gitlab-routable",
    "google-service-account",
    "grafana",
    "grafana-key",
    "heroku",
    "jwt",
    "mapbox",
    "nats-nkey",
    "npm",
    "onepassword",
    "openssh",
    "password-hash",
    "pem",
    "pgp",
    "putty",
    "pypi",
    "sentry",
    "slack",
    "stripe",
    "telegram",
    "vault",
    "vercel",
    "zuplo",
];

/// A file of rules.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Provider of every rule in the file that does not name its own.
    #[serde(default)]
    pub provider: Option<String>,
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<toml::Spanned<RawRule>>,
}

/// A rule as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    pub id: String,
    pub provider: Option<String>,
    #[serde(default)]
    pub description: String,
    pub severity: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// Regex with a group `secret`: a form that is distinctive by itself. Where `secret` stands in a repetition that is a
    /// group `list`, as in `data:(?<list>(?:(?<secret>[a-z]+);)+)`, each turn of it is a match of its own.
    pub pattern: Option<String>,
    /// Names of a service, of which one must stand before the value.
    pub near: Option<Vec<String>>,
    /// Words of a key's name to which the value is assigned.
    pub assigned: Option<Vec<String>>,
    /// With `near` and `assigned`: regex for the value.
    pub value: Option<String>,
    /// With `near`: how many bytes may stand between name and value.
    pub within: Option<u32>,
    /// Literals of which each match contains one; derived from the pattern where left out.
    pub keywords: Option<Vec<String>>,
    pub reach: Option<u32>,
    pub entropy: Option<f32>,
    pub path: Option<String>,
    pub confidence: Option<u8>,
    #[serde(default)]
    pub identifier: bool,
    #[serde(default)]
    pub companions: Vec<RawPair>,
    pub checksum: Option<String>,
    #[serde(default)]
    pub risk: String,
    #[serde(default)]
    pub revoke: String,
    #[serde(default)]
    pub store: String,
    #[serde(default)]
    pub docs: String,
    #[serde(default)]
    pub examples: RawExamples,
    /// How the provider is asked whether it works: one request, or a few.
    #[serde(default)]
    pub verify: Vec<RawStep>,
    /// Id of a rule whose `verify` holds for this one, too.
    pub verify_like: Option<String>,
}

/// A companion as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPair {
    pub rule: String,
    pub within: Option<u32>,
    #[serde(default)]
    pub required: bool,
}

/// Examples as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawExamples {
    #[serde(default, rename = "match")]
    pub matching: Vec<String>,
    #[serde(default, rename = "ignore")]
    pub non_matching: Vec<String>,
}

/// What is wrong with a rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    /// The key of the rule that is at fault.
    pub field: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl RuleFault {
    fn new(field: &'static str, what: impl Into<String>, hint: impl Into<String>) -> Self {
        RuleFault { field, what: what.into(), hint: hint.into() }
    }
}

impl RawRule {
    /// Makes the rule that this describes; `provider` is the file's.
    ///
    /// # Errors
    /// All faults of the rule that can be told without running it.
    pub fn build(&self, provider: Option<&str>) -> Result<Rule, Vec<RuleFault>> {
        let mut faults = Vec::new();
        let severity = self.severity(&mut faults);
        let reach = match &self.assigned {
            Some(_) => self.reach.unwrap_or(0).max(ASSIGNED_REACH),
            None => self.reach.unwrap_or(DEFAULT_REACH),
        };
        if reach == 0 || reach > MAX_REACH {
            faults.push(RuleFault::new(
                "reach",
                format!("{reach} is out of range"),
                format!("use 1 to {MAX_REACH} bytes"),
            ));
        }
        if self.id.is_empty() || !self.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            faults.push(RuleFault::new("id", format!("`{}` is not kebab-case", self.id), "use a-z, 0-9 and `-`"));
        }
        if let Some(Err(error)) = self.path.as_deref().map(literals::parse) {
            let hint = "see the syntax of the regex crate; it is a regex, not a glob: `\\.env$`";
            faults.push(RuleFault::new("path", format!("invalid regex: {error}"), hint));
        }
        if let Some(name) = self.checksum.as_deref().filter(|name| !CHECKSUMS.contains(name)) {
            let hint = format!("leave it out, or name one of {}", CHECKSUMS.join(", "));
            faults.push(RuleFault::new("checksum", format!("there is no check `{name}`"), hint));
        }
        if self.within.is_some() && self.near.is_none() {
            faults.push(RuleFault::new("within", "belongs to `near`", "leave it out"));
        }
        let confidence = self.confidence.unwrap_or(self.default_confidence());
        if confidence > 100 {
            faults.push(RuleFault::new("confidence", format!("{confidence} is out of range"), "use 0 to 100"));
        }
        let detect = self.detect(&mut faults);
        let literals = match &detect {
            Some(detect) => self.literals(detect, &mut faults),
            None => Vec::new(),
        };
        let verify = self.verify(&mut faults);
        match detect {
            Some(detect) if faults.is_empty() => Ok(Rule {
                id: owned(&self.id),
                provider: owned(self.provider.as_deref().or(provider).unwrap_or("custom")),
                description: owned(if self.description.is_empty() { &self.id } else { &self.description }),
                severity,
                tags: list(&self.tags),
                detect,
                literals: Cow::Owned(literals),
                reach,
                entropy: self.entropy.unwrap_or(0.0),
                path: self.path.as_deref().map(owned),
                confidence,
                identifier: self.identifier,
                companions: Cow::Owned(
                    self.companions
                        .iter()
                        .map(|p| Pair {
                            rule: owned(&p.rule),
                            within: p.within.unwrap_or(DEFAULT_PAIR_WITHIN),
                            required: p.required,
                        })
                        .collect(),
                ),
                checksum: self.checksum.as_deref().map(owned),
                verify,
                risk: owned(&self.risk),
                revoke: owned(&self.revoke),
                store: owned(&self.store),
                docs: owned(&self.docs),
                matching: list(&self.examples.matching),
                non_matching: list(&self.examples.non_matching),
            }),
            _ => Err(faults),
        }
    }

    fn verify(&self, faults: &mut Vec<RuleFault>) -> Verify {
        if self.identifier && (self.verify_like.is_some() || !self.verify.is_empty()) {
            faults.push(RuleFault::new("verify", "an identifier is no credential to ask about", "leave it out"));
        }
        match (&self.verify_like, &self.verify[..]) {
            (Some(like), []) => Verify::Like(owned(like)),
            (Some(_), _) => {
                faults.push(RuleFault::new("verify_like", "the rule has a `verify`, too", "leave one of them out"));
                Verify::NONE
            }
            (None, []) => Verify::NONE,
            (None, steps) => match request::build(steps) {
                Ok(steps) => Verify::Steps(steps.into()),
                Err(all) => {
                    let hint = "see the page on verification for what it may hold";
                    faults.extend(all.into_iter().map(|what| RuleFault::new("verify", what, hint)));
                    Verify::NONE
                }
            },
        }
    }

    fn severity(&self, faults: &mut Vec<RuleFault>) -> Severity {
        match self.severity.as_deref().unwrap_or("high").parse() {
            Ok(severity) => severity,
            Err(what) => {
                faults.push(RuleFault::new("severity", what, "leave it out for high"));
                Severity::High
            }
        }
    }

    fn default_confidence(&self) -> u8 {
        match (&self.near, &self.assigned) {
            (Some(_), _) => 60,
            (_, Some(_)) => 50,
            _ => 85,
        }
    }

    fn detect(&self, faults: &mut Vec<RuleFault>) -> Option<Detect> {
        let value = self.value.as_deref();
        match (&self.pattern, &self.near, &self.assigned) {
            (Some(pattern), None, None) => {
                check_regex("pattern", pattern, true, faults);
                if value.is_some() {
                    faults.push(RuleFault::new("value", "belongs to `near` and `assigned`", "put it into the pattern"));
                }
                Some(Detect::Pattern { regex: owned(pattern) })
            }
            (None, Some(names), None) => {
                let Some(value) = value else {
                    faults.push(RuleFault::new("near", "has no `value`", "add the regex of the value"));
                    return None;
                };
                check_regex("value", value, false, faults);
                let within = self.within.unwrap_or(DEFAULT_WITHIN);
                let names: Vec<String> = names.iter().map(|n| regex_syntax::escape(n)).collect();
                Some(Detect::Near { regex: owned(&near_regex(&names.join("|"), within, value)) })
            }
            (None, None, Some(_)) => {
                if let Some(value) = value {
                    check_regex("value", value, false, faults);
                }
                Some(Detect::Assigned { value: value.map(owned) })
            }
            (None, None, None) if self.path.is_some() => Some(Detect::Path),
            (None, None, None) => {
                faults.push(RuleFault::new(
                    "id",
                    "nothing to look for",
                    "give one of `pattern`, `near`, `assigned` or `path`",
                ));
                None
            }
            _ => {
                faults.push(RuleFault::new(
                    "pattern",
                    "more than one way to detect",
                    "give one of `pattern`, `near` or `assigned`",
                ));
                None
            }
        }
    }

    fn literals(&self, detect: &Detect, faults: &mut Vec<RuleFault>) -> Vec<Literal> {
        let named = |words: &[String], lead| -> Vec<Literal> {
            let literal = |word: &String| owned(&word.to_ascii_lowercase());
            words.iter().map(|w| Literal { text: literal(w), lead, probe: Probe::default() }).collect()
        };
        let mut literals = match (detect, &self.keywords) {
            (Detect::Path, _) => return Vec::new(),
            (Detect::Near { .. }, _) => named(self.near.as_deref().unwrap_or_default(), Some(0)),
            (Detect::Assigned { .. }, _) => named(self.assigned.as_deref().unwrap_or_default(), None),
            (Detect::Pattern { regex }, Some(words)) => literals::with_leads(regex, named(words, None)),
            (Detect::Pattern { regex }, None) => literals::required(regex),
        };
        let field = match detect {
            Detect::Near { .. } => "near",
            Detect::Assigned { .. } => "assigned",
            _ if self.keywords.is_some() => "keywords",
            _ => "pattern",
        };
        if literals.is_empty() && field == "pattern" {
            faults.push(RuleFault::new(
                field,
                "no literal of 3 bytes or more stands in every match, so the rule would have to be tried at every byte",
                "name them in `keywords`, or look for a name with `near`",
            ));
        } else if literals.is_empty() {
            faults.push(RuleFault::new(field, "is empty", "name one at least, of 3 bytes or more"));
        }
        let head = match detect {
            Detect::Pattern { regex } => {
                literals.iter_mut().for_each(literals::shorten);
                Head::of(regex)
            }
            _ => Head::default(),
        };
        literals.iter_mut().for_each(|literal| probe::choose(literal, &head));
        for literal in literals.iter().filter(|l| l.text.len() < 3) {
            faults.push(RuleFault::new(field, format!("`{}` is too short", literal.text), "use 3 bytes or more"));
        }
        literals
    }
}

/// A service's name, then a value that stands by itself: up to `within` bytes behind it, or glued to it by a hyphen or an
/// underscore. A hyphen may also stand between the value and a word that says that it is one: `token-…`.
fn near_regex(names: &str, within: u32, value: &str) -> String {
    const ALONE: &str = "[^0-9A-Za-z_+/-]|(?i:key|token|secret|access|private)[-_]";
    format!("(?i:{names})(?:[-_]|(?s:.){{0,{within}}}?(?:{ALONE}))(?<secret>{value})(?:[^0-9A-Za-z_+/=-]|\\z)")
}

fn check_regex(field: &'static str, regex: &str, needs_secret: bool, faults: &mut Vec<RuleFault>) {
    match literals::parse(regex) {
        Err(error) => {
            faults.push(RuleFault::new(field, format!("invalid regex: {error}"), "see the syntax of the regex crate"))
        }
        Ok(_) if needs_secret && !regex.contains("(?<secret>") && !regex.contains("(?P<secret>") => {
            faults.push(RuleFault::new(field, "has no group `secret`", "put `(?<secret>…)` about the credential"));
        }
        Ok(hir) if hir.properties().minimum_len() == Some(0) => {
            faults.push(RuleFault::new(field, "matches the empty text", "require at least one character"));
        }
        Ok(_) => {}
    }
}

fn owned(text: &str) -> Str {
    Cow::Owned(text.to_owned())
}

fn list(texts: &[String]) -> List<Str> {
    Cow::Owned(texts.iter().map(|t| owned(t)).collect())
}

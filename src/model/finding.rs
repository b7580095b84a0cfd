//! A finding: one secret, by one rule, at one path, with every place where it stands there.

use std::fmt;
use std::sync::Arc;

use super::{Commit, Confidence, Encoding, Excerpt, Origin, Place, Reason, Rule, Secret, Traits, Verdict};

/// One secret found by one rule under one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: Arc<Rule>,
    /// The secret.
    pub secret: Secret,
    /// The other parts of a credential of several parts.
    pub companions: Vec<Companion>,
    /// What tells this finding from others, across runs.
    pub fingerprint: Fingerprint,
    /// How sure it is.
    pub confidence: Confidence,
    /// What makes up the confidence; the points add up to it.
    pub reasons: Vec<Reason>,
    /// What evidence of place has to know of the value.
    pub traits: Traits,
    /// What verification says.
    pub verdict: Verdict,
    /// Where it stands: at least one place; sorted by origin and place, the one to show first in front.
    pub occurrences: Vec<Occurrence>,
    /// Why it is not to be reported, if so.
    pub suppression: Option<Suppression>,
}

impl Finding {
    /// The occurrence to show where only one is shown.
    pub fn first(&self) -> &Occurrence {
        &self.occurrences[0]
    }
}

/// The other part of a credential: the key id that belongs to a secret key, the user that belongs to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Id of the rule that found it.
    pub rule: String,
    /// Its value.
    pub secret: Secret,
    /// Whether it is the only one of its rule that could be meant.
    pub sole: bool,
    /// The line that it begins on, from 1.
    pub line: u64,
    /// The line that it ends on, from 1.
    pub end_line: u64,
}

/// One place where a finding's secret stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// The file, blob or stream.
    pub origin: Origin,
    /// The place in it.
    pub place: Place,
    /// The line about it.
    pub excerpt: Excerpt,
    /// Encodings that it was found under, outermost first.
    pub chain: Vec<Encoding>,
    /// The commit that brought it there, where that is known.
    pub commit: Option<Arc<Commit>>,
    /// Whether the path still holds the secret at HEAD; `None` outside histories.
    pub at_head: Option<bool>,
    /// True for what no ref reaches.
    pub unreachable: bool,
    /// Hash of its first line, see [`line_hashes`](super::line_hashes); `None` where the whole text was not at hand.
    pub line_hash: Option<String>,
}

/// What tells a finding from others across runs: rule, path and secret, never line or commit.
///
/// Written `rule:path-hash:secret-hash`. See the fingerprint module of `findings` for how it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a finding is known and not to be reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// An inline comment on its line; the reason that it gives.
    Comment { reason: Option<String> },
    /// An entry of `.unspillignore` or `.gitleaksignore`: file name and line of the entry.
    IgnoreFile { file: String, line: usize },
    /// An allowlist of the configuration; its description.
    Allowlist { description: String },
    /// It stands in the baseline.
    Baseline,
}

impl Suppression {
    /// The stable word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Suppression::Comment { .. } => "comment",
            Suppression::IgnoreFile { .. } => "ignore-file",
            Suppression::Allowlist { .. } => "allowlist",
            Suppression::Baseline => "baseline",
        }
    }

    /// Why, in words.
    pub fn justification(&self) -> String {
        match self {
            Suppression::Comment { reason: Some(reason) } => format!("allowed by a comment: {reason}"),
            Suppression::Comment { reason: None } => "allowed by a comment".to_owned(),
            Suppression::IgnoreFile { file, line } => format!("listed in {file}, line {line}"),
            Suppression::Allowlist { description } => format!("allowed by the configuration: {description}"),
            Suppression::Baseline => "known in the baseline".to_owned(),
        }
    }
}

//! A rule: what one kind of credential looks like, and what to do about it.
//!
//! Everything in a rule is borrowed or owned (`Cow`), so that the built-in rules are constants of the binary, laid out
//! by the build and ready without any parsing, while rules of a user's file have the same type.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::model::byte_set::ByteSet;
use crate::model::request::Step;

/// Text that is a constant of the binary or was read from a file.
pub type Str = Cow<'static, str>;
/// A list of such texts or of other parts of a rule.
pub type List<T> = Cow<'static, [T]>;

/// Position of a rule in its rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIndex(pub u32);

/// One kind of credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique, kebab-case: `github-personal-access-token`.
    pub id: Str,
    /// Who issues it, kebab-case: `github`; `generic` for kinds that nobody issues.
    pub provider: Str,
    /// What it is, in a few words.
    pub description: Str,
    /// How bad a leak is.
    pub severity: Severity,
    /// For `--rule` and `--skip-rule`: `cloud`, `ci`, `ai`, `payment` …
    pub tags: List<Str>,
    /// How it is found.
    pub detect: Detect,
    /// Each match contains one of these. Never empty, except for [`Detect::Path`].
    pub literals: List<Literal>,
    /// Bytes on either side of a literal within which a match must lie.
    pub reach: u32,
    /// Lowest Shannon entropy of the secret, in bits per byte; 0 for no limit.
    pub entropy: f32,
    /// Regex on the path: the rule holds only where it matches.
    pub path: Option<Str>,
    /// Confidence of a match before evidence is weighed, 0 to 100.
    pub confidence: u8,
    /// True for what is no secret by itself (a client id, a host): only ever a companion.
    pub identifier: bool,
    /// Other parts of the same credential.
    pub companions: List<Pair>,
    /// Name of the offline check of its structure, if it has one.
    pub checksum: Option<Str>,
    /// How its provider is asked whether it works.
    pub verify: Verify,
    /// What an attacker can do with it, in one line.
    pub risk: Str,
    /// How to revoke it, in one line.
    pub revoke: Str,
    /// Where it should live instead, in one line.
    pub store: Str,
    /// The documentation that the form was checked against.
    pub docs: Str,
    /// Texts that must match; templates as in `rules::examples`.
    pub matching: List<Str>,
    /// Texts that must not.
    pub non_matching: List<Str>,
}

impl Rule {
    /// Whether `name` is the rule's id, its provider or one of its tags: how flags and configurations name rules.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.provider == name || self.tags.iter().any(|tag| tag == name)
    }
}

/// How a provider is asked whether a credential works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verify {
    /// By these steps; not at all, if there are none.
    Steps(List<Step>),
    /// As another rule's, of this id. Where that other part was found beside this one, they are one credential, and that
    /// part is its secret.
    Like(Str),
}

impl Verify {
    /// No way is known.
    pub const NONE: Verify = Verify::Steps(Cow::Borrowed(&[]));
}

/// How a rule finds its matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Detect {
    /// By a regex with a group named `secret`, of distinctive form.
    Pattern { regex: Str },
    /// By a service's name (the literals) and, within reach behind it, a value of the regex's form. The regex is
    /// complete: it begins with the name.
    Near { regex: Str },
    /// By the name of a key (the literals) to which a value is assigned; the regex, if any, must match all of the value.
    Assigned { value: Option<Str> },
    /// By the path alone: the rule's `path` condition; the file need not be read.
    Path,
}

impl Rule {
    /// True for kinds that nobody in particular issues: passwords, headers, URLs.
    pub fn is_generic(&self) -> bool {
        self.tags.iter().any(|tag| tag == "generic")
    }

    /// True for values that have no form of their own, such as passwords: what they are is for a model to weigh.
    pub fn is_free_form(&self) -> bool {
        !self.identifier
            && (matches!(self.detect, Detect::Assigned { .. }) || self.tags.iter().any(|tag| tag == "free-form"))
    }

    /// Which of two rules that match the same bytes is the more telling: higher wins.
    pub fn specificity(&self) -> u8 {
        match self.detect {
            Detect::Path => 0,
            Detect::Assigned { .. } => 1,
            Detect::Pattern { .. } if self.is_generic() => 2,
            Detect::Near { .. } => 3,
            Detect::Pattern { .. } => 4,
        }
    }
}

/// A literal that a match must contain, compared without regard to ASCII case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal {
    /// Lower-case text, 3 bytes or more.
    pub text: Str,
    /// If every match has exactly so many bytes before this literal, that number: the regex is then tried at one place
    /// only. `None`: the match may begin anywhere within reach.
    pub lead: Option<u16>,
    /// What the prefilter looks for, to find it.
    pub probe: Probe,
}

/// The part of a literal that the prefilter looks for: up to [`Probe::LONGEST`] bytes of it. Of a shorter literal, what
/// must follow it counts, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probe {
    /// Offset of the part in the literal.
    pub start: u8,
    /// Offset in the part of the four bytes, its gram, that stand in few texts.
    pub gram: u8,
    /// What may stand at the places that follow the literal.
    pub tail: List<ByteSet>,
}

impl Probe {
    /// The most bytes that are looked at to see whether a probe is there.
    pub const LONGEST: usize = 8;
}

/// The other part of a credential that consists of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Id of the rule that finds it.
    pub rule: Str,
    /// How far away it may stand, in bytes between the two.
    pub within: u32,
    /// True if this rule's match is worth nothing without it.
    pub required: bool,
}

/// How bad a leak is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// `low`, `medium`, `high` or `critical`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "low" => Ok(Severity::Low),
            "medium" => Ok(Severity::Medium),
            "high" => Ok(Severity::High),
            "critical" => Ok(Severity::Critical),
            _ => Err(format!("`{text}` is not a severity: use low, medium, high or critical")),
        }
    }
}

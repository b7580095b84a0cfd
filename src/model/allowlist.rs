//! An allowlist: what a configuration says is fine. Plain data as it was read; `findings::suppress` puts it to use.

/// Criteria that excuse a finding.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Allowlist {
    /// What it is for, in words; shown as the reason of the suppression.
    pub description: String,
    /// Ids or tags of the rules that it is for; empty for all.
    pub rules: Vec<String>,
    /// Ids of commits, or the first digits of them (7 or more).
    pub commits: Vec<String>,
    /// Regexes of which one must match somewhere in the path.
    pub paths: Vec<String>,
    /// Regexes of which one must match somewhere in what `target` names.
    pub regexes: Vec<String>,
    /// What `regexes` look at.
    pub target: Target,
    /// Texts of which one must be part of the secret, compared without regard to ASCII case.
    pub stopwords: Vec<String>,
    /// True if every kind of criterion that is given must hold, false if any one is enough.
    pub all: bool,
    /// Where it was read: `file:line`; empty for one that is not to be pointed out where it excuses nothing.
    pub source: String,
}

impl Allowlist {
    /// True if it has no criterion at all, and so excuses nothing.
    pub fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.paths.is_empty() && self.regexes.is_empty() && self.stopwords.is_empty()
    }
}

/// What the regexes of an allowlist look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Target {
    /// The secret alone.
    #[default]
    Secret,
    /// All that the rule's pattern matched.
    Match,
    /// The line that the secret stands on.
    Line,
}

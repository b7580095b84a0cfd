//! What verification says of a finding.

use std::fmt;

/// Whether a credential still works, or at least has the form of one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Nothing was checked. It may well be active.
    #[default]
    NotChecked,
    /// Its checksum or structure holds, in words: how that was seen.
    WellFormed(String),
    /// Its checksum or structure does not hold, in words: what is wrong.
    Malformed(String),
    /// It has the form of one, and nothing in it that a check could prove or disprove; in words: what it tells.
    NotCheckable(String),
    /// It is no secret at all, in words: what it is instead.
    NotSecret(String),
    /// The provider accepted it, and told this about it.
    Active(Details),
    /// The provider refused it, in words: how.
    Inactive(String),
    /// The provider was to be asked, and nothing is known all the same: it may well be active.
    Unknown(Doubt),
}

/// What a provider tells of an active credential: a name (`user`, `scopes`, `expires` …) and a value, sorted by name.
pub type Details = Vec<(String, String)>;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doubt {
    /// The kind of reason.
    pub cause: Cause,
    /// The reason in words. It never holds a secret.
    pub text: String,
}

impl Doubt {
    /// A doubt of this kind.
    pub fn new(cause: Cause, text: impl Into<String>) -> Self {
        Doubt { cause, text: text.into() }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The kinds of reasons for which there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// There is no way to ask about it.
    NoRequest,
    /// Something that the request needs was not found with it, or is not of the form that it should be.
    Incomplete,
    /// The provider's own server refused it, and it may be for one that somebody else runs.
    Elsewhere,
    /// Its server is at an address, or of a name, that is not asked.
    Blocked,
    /// The server's name was not found.
    Dns,
    /// No connection came about, or it broke off.
    Connect,
    /// No secure connection came about.
    Tls,
    /// No answer came in time.
    Timeout,
    /// The server wants fewer requests.
    RateLimited,
    /// The server failed.
    ServerError,
    /// The server answered with a status that tells nothing.
    UnexpectedStatus,
    /// The server answered with a body that tells nothing.
    UnexpectedBody,
    /// The time for all of verification was over.
    Deadline,
    /// Verification was broken off by the user.
    Interrupted,
}

impl Cause {
    /// The stable word for it in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Cause::NoRequest => "no-request",
            Cause::Incomplete => "incomplete",
            Cause::Elsewhere => "elsewhere",
            Cause::Blocked => "blocked",
            Cause::Dns => "dns",
            Cause::Connect => "connect",
            Cause::Tls => "tls",
            Cause::Timeout => "timeout",
            Cause::RateLimited => "rate-limited",
            Cause::ServerError => "server-error",
            Cause::UnexpectedStatus => "unexpected-status",
            Cause::UnexpectedBody => "unexpected-body",
            Cause::Deadline => "deadline",
            Cause::Interrupted => "interrupted",
        }
    }
}

impl Verdict {
    /// All words of [`Verdict::as_str`].
    pub const WORDS: [&'static str; 8] =
        ["not-checked", "well-formed", "malformed", "not-checkable", "not-a-secret", "active", "inactive", "unknown"];

    /// The stable word for it in reports.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Verdict::NotChecked => "not-checked",
            Verdict::WellFormed(_) => "well-formed",
            Verdict::Malformed(_) => "malformed",
            Verdict::NotCheckable(_) => "not-checkable",
            Verdict::NotSecret(_) => "not-a-secret",
            Verdict::Active(_) => "active",
            Verdict::Inactive(_) => "inactive",
            Verdict::Unknown(_) => "unknown",
        }
    }

    /// The reason in words, where there is one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Verdict::WellFormed(why)
            | Verdict::Malformed(why)
            | Verdict::NotCheckable(why)
            | Verdict::NotSecret(why)
            | Verdict::Inactive(why) => Some(why),
            Verdict::Unknown(doubt) => Some(&doubt.text),
            Verdict::NotChecked | Verdict::Active(_) => None,
        }
    }

    /// What the provider told, where it was asked and accepted the credential.
    pub fn details(&self) -> &[(String, String)] {
        match self {
            Verdict::Active(details) => details,
            _ => &[],
        }
    }
}

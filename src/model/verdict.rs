//! What verification says of a finding.

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
    /// The provider accepted it.
    Active,
    /// The provider refused it.
    Inactive,
    /// It was asked about, without an answer; the reason in words.
    Unknown(String),
}

impl Verdict {
    /// The stable word for it in reports.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Verdict::NotChecked => "not-checked",
            Verdict::WellFormed(_) => "well-formed",
            Verdict::Malformed(_) => "malformed",
            Verdict::NotCheckable(_) => "not-checkable",
            Verdict::NotSecret(_) => "not-a-secret",
            Verdict::Active => "active",
            Verdict::Inactive => "inactive",
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
            | Verdict::Unknown(why) => Some(why),
            Verdict::NotChecked | Verdict::Active | Verdict::Inactive => None,
        }
    }
}

//! How sure a finding is: a number from 0 to 100, the words for it, and the reasons that make it up.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Confidence that a match is a real credential: 0 (surely not) to 100 (surely).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// Clamps `points` into 0..=100.
    pub fn new(points: i32) -> Self {
        Confidence(points.clamp(0, 100) as u8)
    }

    /// The number, 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The highest level that this confidence reaches; below `low` it still answers `Low`.
    pub fn level(self) -> Level {
        match self.0 {
            n if n >= Level::High.threshold().0 => Level::High,
            n if n >= Level::Medium.threshold().0 => Level::Medium,
            _ => Level::Low,
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Parses `low`, `medium`, `high` or a number from 0 to 100.
impl FromStr for Confidence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "low" => Ok(Level::Low.threshold()),
            "medium" => Ok(Level::Medium.threshold()),
            "high" => Ok(Level::High.threshold()),
            _ => match text.parse::<u8>() {
                Ok(n) if n <= 100 => Ok(Confidence(n)),
                _ => Err(format!("`{text}` is not a confidence: use low, medium, high or a number from 0 to 100")),
            },
        }
    }
}

/// The words for confidence, as thresholds on the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 20 or more: worth a look in an audit.
    Low,
    /// 50 or more: more likely than not; the default threshold.
    Medium,
    /// 80 or more: act on it.
    High,
}

impl Level {
    /// The lowest confidence that belongs to this level.
    pub const fn threshold(self) -> Confidence {
        Confidence(match self {
            Level::Low => 20,
            Level::Medium => 50,
            Level::High => 80,
        })
    }

    /// `low`, `medium` or `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One piece of evidence and what it contributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable kebab-case name of the evidence, e.g. `distinctive-form`.
    pub name: &'static str,
    /// Points added to (or taken from) the confidence, -100 to 100.
    pub points: i32,
    /// The evidence in words, for people. Never contains any part of the secret.
    pub text: Cow<'static, str>,
}

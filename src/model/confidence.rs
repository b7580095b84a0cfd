//! How sure a finding is: a number from 0 to 100, the words for it, and the reasons that make it up.

use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::sync::Arc;

/// Confidence that a match is a real credential: 0 (surely not) to 100 (surely).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u8);

impl Confidence {
    /// Clamps `points` into 0..=100.
    pub fn new(points: i32) -> Self {
        Confidence(points.clamp(0, 100) as u8)
    }

    /// What all the evidence comes to. Each reason is told the points by which it moved the confidence, in their order: together
    /// they are the confidence.
    pub fn of(reasons: &mut [Reason]) -> Self {
        let mut sum = LogOdds::default();
        let mut confidence = Confidence(0);
        for reason in reasons {
            sum = sum + reason.weight;
            let now = Confidence::from(sum);
            reason.points = i32::from(now.0) - i32::from(confidence.0);
            confidence = now;
        }
        confidence
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

/// The weight of evidence: log-odds (natural logarithm) in thousandths. 0 is as likely as not, 2197 is nine to one. Weights
/// of independent evidence add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogOdds(pub i32);

impl LogOdds {
    /// Beyond doubt, as far as a confidence shows it.
    const SURE: i32 = 7_000;
    /// What no other evidence makes up for.
    pub const NEVER: LogOdds = LogOdds(-60_000);
}

impl Add for LogOdds {
    type Output = LogOdds;

    fn add(self, other: LogOdds) -> LogOdds {
        LogOdds(self.0.saturating_add(other.0))
    }
}

impl Sub for LogOdds {
    type Output = LogOdds;

    fn sub(self, other: LogOdds) -> LogOdds {
        LogOdds(self.0.saturating_sub(other.0))
    }
}

impl Sum for LogOdds {
    fn sum<I: Iterator<Item = LogOdds>>(weights: I) -> LogOdds {
        weights.fold(LogOdds(0), Add::add)
    }
}

impl From<Confidence> for LogOdds {
    fn from(confidence: Confidence) -> LogOdds {
        LogOdds(match f64::from(confidence.0) / 100.0 {
            p if p <= 0.0 => -LogOdds::SURE,
            p if p >= 1.0 => LogOdds::SURE,
            p => ((p / (1.0 - p)).ln() * 1000.0).round() as i32,
        })
    }
}

impl From<LogOdds> for Confidence {
    fn from(log_odds: LogOdds) -> Confidence {
        let odds = (f64::from(log_odds.0) / 1000.0).exp();
        Confidence((100.0 * odds / (1.0 + odds)).round() as u8)
    }
}

/// One piece of evidence and what it contributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable kebab-case name of the evidence, e.g. `distinctive-form`.
    pub name: &'static str,
    /// What it weighs.
    pub weight: LogOdds,
    /// Points that it moved the confidence by, -100 to 100: known once [all evidence](Confidence::of) is in.
    pub points: i32,
    /// The evidence in words, for people. Never contains any part of the secret.
    pub text: Cow<'static, str>,
}

/// What evidence of place has to know of a value, and is known only where its text is at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// The few numbers that are always kept.
    pub few: [i16; Traits::FEW],
    /// All features of the value, where somebody wants to see them.
    pub all: Option<Arc<[i16]>>,
}

impl Traits {
    /// How many numbers are always kept.
    pub const FEW: usize = 8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_and_log_odds_say_the_same() {
        for n in 0..=100 {
            assert_eq!(Confidence::from(LogOdds::from(Confidence(n))), Confidence(n));
        }
        assert_eq!(LogOdds::from(Confidence(90)), LogOdds(2197));
        assert_eq!(Confidence::from(LogOdds::NEVER), Confidence(0));
    }

    #[test]
    fn points_add_up_to_the_confidence() {
        let reason = |weight| Reason { name: "x", weight: LogOdds(weight), points: 0, text: "x".into() };
        let mut reasons = [reason(0), reason(3000), reason(-800), reason(0)];
        let confidence = Confidence::of(&mut reasons);
        assert_eq!(confidence, Confidence(90));
        assert_eq!(reasons.each_ref().map(|r| r.points), [50, 45, -5, 0]);
    }
}

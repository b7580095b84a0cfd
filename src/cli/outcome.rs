//! What a run came to, and the exit code that says so.

use std::process::ExitCode;

/// What a run came to. Of two the later one wins: what could not be read weighs more than what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing to report: 0.
    Clean,
    /// There are findings: 1.
    Findings,
    /// An error, or something that should have been scanned was not: 2.
    Failed,
}

impl Outcome {
    /// The outcome under `--exit-zero`: findings count as clean, failure stays.
    pub fn forgiving(self, exit_zero: bool) -> Outcome {
        match self {
            Outcome::Findings if exit_zero => Outcome::Clean,
            other => other,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_outweighs_findings_and_is_never_forgiven() {
        assert_eq!(Outcome::Findings.max(Outcome::Failed), Outcome::Failed);
        assert_eq!(Outcome::Failed.forgiving(true), Outcome::Failed);
        assert_eq!(Outcome::Findings.forgiving(true), Outcome::Clean);
        assert_eq!(Outcome::Findings.forgiving(false), Outcome::Findings);
    }
}

//! Live verdicts in a report: asks about its findings, weighs what comes of it, and leaves out what is not wanted.

use crate::engine::score::Score;
use crate::model::{Confidence, Failure, Finding, Progress, Report, Verdict};
use crate::rules::RuleSet;
use crate::verify::live::question::Credential;
use crate::verify::live::{Answers, Verifier};

/// Points for a credential that its provider accepts: it can be nothing else.
const ACTIVE: i32 = 100;

/// Asks about all findings to act on but those that are no secret at all; each comes out active, inactive or unknown.
/// `rules` are those that rules refer to each other in.
///
/// # Errors
/// If the cache of verdicts cannot be used.
pub fn verify(
    report: &mut Report,
    verifier: &Verifier,
    rules: &RuleSet,
    progress: &Progress,
) -> Result<Answers, Failure> {
    let asked = |finding: &Finding| !matches!(finding.verdict, Verdict::NotSecret(_));
    let credentials: Vec<Credential<'_>> = report.findings.iter().filter(|f| asked(f)).map(Credential::of).collect();
    let mut answers = verifier.verify(&credentials, rules, progress)?;
    let verdicts = std::mem::take(&mut answers.verdicts);
    for (finding, verdict) in report.findings.iter_mut().filter(|f| asked(f)).zip(verdicts) {
        take(finding, verdict);
    }
    report.stats.requests = Some(answers.requests);
    Ok(answers)
}

/// Gives a finding its verdict. What its structure told stays among the reasons.
fn take(finding: &mut Finding, verdict: Verdict) {
    if let Verdict::Active(_) = verdict {
        let mut score = Score::from(std::mem::take(&mut finding.reasons), std::mem::take(&mut finding.traits));
        score.add(ACTIVE, "active", "its provider accepts it");
        finding.confidence = Confidence::of(&mut score.reasons);
        (finding.reasons, finding.traits) = (score.reasons, score.traits);
    }
    finding.verdict = verdict;
}

/// Leaves out all findings but those with one of these verdicts, and counts them.
pub fn keep_only(report: &mut Report, verdicts: &[String]) {
    let (kept, left_out) = std::mem::take(&mut report.findings)
        .into_iter()
        .partition(|finding: &Finding| verdicts.iter().any(|word| word == finding.verdict.as_str()));
    report.findings = kept;
    for finding in left_out {
        *report.stats.left_out.entry(finding.verdict.as_str()).or_default() += 1;
    }
}

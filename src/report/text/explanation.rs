//! An explanation: one candidate, what became of it, and each contribution to its confidence in a column that adds up.

use std::io::{self, Write};

use super::super::printable::printable;
use super::super::redact::Redactor;
use super::finding::{self, Field, LABEL};
use super::style::{self, ALARM, CARE, FAINT, Paint, STRONG, WELL, wrap};
use super::{DEFAULT_WIDTH, Look};
use crate::model::{Confidence, Finding, Level, LogOdds, Reason, Report};
use crate::report::ReportOptions;

/// A candidate and what became of it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The candidate, with the places that were asked about.
    pub finding: Finding,
    /// What a scan makes of it.
    pub outcome: Outcome,
    /// The numbers that a model was told of it, by kind of evidence; empty for what no model weighs.
    pub features: Vec<(&'static str, Vec<(String, i16)>)>,
}

/// What a scan makes of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is reported.
    Reported,
    /// It is known and allowed.
    Suppressed,
    /// Its confidence is under the threshold.
    Below,
    /// Its checksum or structure is wrong, and such are to be dropped.
    Malformed,
    /// At this place nothing is reported, but the same value is on another line.
    Elsewhere(u64),
    /// Something about it that nothing else makes up for, in words.
    Never(String),
    /// Another rule has more to say of the same bytes: which, in words.
    Displaced(String),
}

impl Outcome {
    /// The stable word for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Outcome::Reported => "reported",
            Outcome::Suppressed => "suppressed",
            Outcome::Below => "below-threshold",
            Outcome::Malformed => "malformed",
            Outcome::Elsewhere(_) => "elsewhere",
            Outcome::Never(_) => "never",
            Outcome::Displaced(_) => "displaced",
        }
    }
}

/// Writes what `explanations` have to say, against the threshold; `report` is what their secrets are to be masked by.
///
/// # Errors
/// Those of `out`.
pub fn write(
    explanations: &[Explanation],
    threshold: Confidence,
    report: &Report,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = Look {
        paint: Paint { color: options.color },
        width: if options.width == 0 { DEFAULT_WIDTH } else { options.width },
        verbose: options.verbosity > 0,
        redactor: &Redactor::new(report, options),
    };
    for one in explanations {
        if options.verbosity < 0 {
            let place = look.paint.with(STRONG, finding::place(one.finding.first()));
            let (id, word) = (printable(&one.finding.rule.id), one.outcome.as_str());
            writeln!(out, "{place} {id} {} {word}", one.finding.confidence)?;
            continue;
        }
        match &one.outcome {
            Outcome::Displaced(why) if !look.verbose => brief(one, why, &look, out)?,
            _ => full(one, threshold, &look, out)?,
        }
        writeln!(out)?;
    }
    Ok(())
}

/// On two lines: what another rule has told already.
fn brief(one: &Explanation, why: &str, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let place = look.paint.with(STRONG, finding::place(one.finding.first()));
    writeln!(out, "{place}\nalso {} [{}]", printable(&one.finding.rule.description), printable(&one.finding.rule.id))?;
    Field::new("outcome", format!("left out: {}", look.redactor.text(why))).write(look, out)
}

fn full(one: &Explanation, threshold: Confidence, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let found = &one.finding;
    finding::head(found, look, out)?;
    let mut fields = vec![Field::new("outcome", outcome(one, threshold)).styled(match one.outcome {
        Outcome::Reported => ALARM,
        Outcome::Suppressed | Outcome::Malformed => CARE,
        _ => WELL,
    })];
    if let Some(suppression) = &found.suppression {
        fields.push(Field::new("suppressed", look.redactor.text(&suppression.justification())));
    }
    let first = found.first();
    if first.place.end_line > first.place.line {
        fields.push(Field::new("lines", format!("{} to {}", first.place.line, first.place.end_line)));
    }
    // The excerpt may be cut, and shows what was decoded in its encoded form.
    fields.extend(look.redactor.exposed(&found.secret).map(|secret| Field::new("value", secret).whole()));
    if !first.chain.is_empty() {
        let innermost_first: Vec<&str> = first.chain.iter().rev().map(|e| e.as_str()).collect();
        fields.push(Field::new("found", format!("in {}", innermost_first.join(" within "))));
    }
    let lines: Vec<String> = found.occurrences.iter().skip(1).map(|o| o.place.line.to_string()).collect();
    if !lines.is_empty() {
        let on = if lines.len() == 1 { "on line" } else { "on lines" };
        fields.push(Field::new("also", format!("{on} {}", lines.join(", "))));
    }
    fields.extend(finding::verdict(&found.verdict, look.redactor));
    fields.iter().try_for_each(|field| field.write(look, out))?;
    evidence(found, look, out)?;
    if look.verbose {
        features(one, look, out)?;
    }
    Ok(())
}

/// What a scan makes of it, and by how much it misses the threshold.
fn outcome(one: &Explanation, threshold: Confidence) -> String {
    let confidence = one.finding.confidence;
    match &one.outcome {
        Outcome::Reported => format!("reported: {confidence} reaches the threshold of {}", named(threshold)),
        Outcome::Suppressed => "not reported: it is allowed".to_owned(),
        Outcome::Malformed => "not reported: its checksum or structure is wrong, and such are dropped".to_owned(),
        Outcome::Elsewhere(line) => {
            format!("not counted at this place, where too little speaks for it; line {line} has the same value")
        }
        Outcome::Never(why) => format!("never reported: {why}"),
        Outcome::Displaced(why) => format!("left out: {why}"),
        Outcome::Below => {
            let under = format!("not reported: {confidence} is under the threshold of {}", named(threshold));
            let low = Level::Low.threshold();
            if confidence >= low {
                format!("{under}; --min-confidence {confidence} reports it")
            } else if threshold > low {
                format!("{under}, and even under {}", named(low))
            } else {
                under
            }
        }
    }
}

/// `50 (medium)`, or the number alone where there is no word for just this one.
fn named(threshold: Confidence) -> String {
    let levels = [Level::Low, Level::Medium, Level::High];
    match levels.into_iter().find(|level| level.threshold() == threshold) {
        Some(level) => format!("{threshold} ({level})"),
        None => threshold.to_string(),
    }
}

/// The contributions in their order, and what they come to.
fn evidence(finding: &Finding, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let faint = |text: &str| look.paint.with(FAINT, text);
    writeln!(out, "  {}{}", faint(&format!("{:LABEL$}", "evidence")), faint("points   weight"))?;
    let name = finding.reasons.iter().map(|r| r.name.len()).max().unwrap_or(0);
    // Behind the label, the points, the weight, the name, and the blanks between them.
    let room = look.width.saturating_sub(2 + LABEL + 6 + 9 + 2 + name + 2);
    for reason in &finding.reasons {
        let mut lines = wrap(&printable(&look.redactor.text(&reason.text)), room.max(20)).into_iter();
        let words = lines.next().unwrap_or_default();
        let points = format!("{:+}", reason.points);
        let lead = format!("  {:LABEL$}{points:>6}{:>9}  {:name$}", "", weight(reason), reason.name);
        writeln!(out, "{lead}  {words}")?;
        for words in lines {
            writeln!(out, "{:1$}  {words}", "", style::columns(&lead))?;
        }
    }
    let total = finding.confidence;
    let level = if total >= Level::Low.threshold() { total.level().as_str() } else { "under low" };
    let total = look.paint.with(STRONG, format!("{:>6}", total.get()));
    writeln!(out, "  {:LABEL$}{total}{:>9}  confidence ({level})", "", "")
}

/// Log-odds; what nothing makes up for has no number that says anything.
fn weight(reason: &Reason) -> String {
    if reason.weight <= LogOdds::NEVER {
        return "never".to_owned();
    }
    format!("{:+.2}", f64::from(reason.weight.0) / 1000.0)
}

/// What the model was told.
fn features(one: &Explanation, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    if one.features.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {}", look.paint.with(FAINT, "told the model (what is not 0)"))?;
    for (kind, values) in &one.features {
        let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Field::new(kind, values.join(", ")).write(look, out)?;
    }
    Ok(())
}

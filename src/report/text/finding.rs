//! One finding: where it stands, what it looks like, how sure it is and why, and what to do about it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::super::facts;
use super::super::printable::printable;
use super::super::redact::Redactor;
use super::style::{self, ALARM, CARE, FAINT, Paint, STRONG, wrap};
use super::{Look, excerpt};
use crate::model::{Companion, Finding, Occurrence, Verdict};

/// Reasons that are shown unless more is asked for.
const MAIN_REASONS: usize = 3;
/// Further places that are named before the rest is only counted.
const NAMED_PLACES: usize = 5;
/// Columns of the labels.
pub(super) const LABEL: usize = 13;

/// Writes a finding on one line: place, rule and confidence, and what its provider says, if that was asked.
pub(super) fn line(finding: &Finding, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let place = paint.with(STRONG, place(finding.first()));
    let asked = matches!(finding.verdict, Verdict::Active(_) | Verdict::Inactive(_) | Verdict::Unknown(_));
    let verdict = if asked { format!(" {}", finding.verdict.as_str()) } else { String::new() };
    writeln!(out, "{place} {} {}{verdict}", printable(&finding.rule.id), finding.confidence)
}

/// Writes all of a finding.
pub(super) fn full(finding: &Finding, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(finding, look, out)?;
    fields(finding, look).iter().try_for_each(|field| field.write(look, out))
}

/// Writes where a finding stands, what it is, and the line that it stands on.
pub(super) fn head(finding: &Finding, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (rule, first, paint) = (&finding.rule, finding.first(), look.paint);
    writeln!(out, "{}", paint.with(STRONG, place(first)))?;
    let severity = paint.with(style::severity(rule.severity), rule.severity);
    let id = paint.with(FAINT, format!("[{}]", printable(&rule.id)));
    let heading = printable(&rule.description);
    let room = look.width.saturating_sub(rule.severity.as_str().len() + rule.id.len() + 5);
    if style::columns(&heading) <= room {
        writeln!(out, "{severity}: {heading} {id}")?;
    } else {
        writeln!(out, "{severity}: {heading}\n  {id}")?;
    }
    writeln!(out)?;
    let excerpt = excerpt::lines(&look.redactor.excerpt(&first.excerpt), first.place.line, look.width, paint);
    for line in &excerpt {
        writeln!(out, "{line}")?;
    }
    if !excerpt.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// `path:line:column` of an occurrence.
pub(super) fn place(occurrence: &Occurrence) -> String {
    let path = printable(&facts::path(&occurrence.origin).to_string());
    format!("{path}:{}:{}", occurrence.place.line, occurrence.place.column)
}

/// A label and what stands behind it.
pub(super) struct Field {
    label: &'static str,
    text: String,
    style: Option<anstyle::Style>,
    /// Whether it stays on one line, however long, so that it can be copied.
    whole: bool,
}

impl Field {
    pub(super) fn new(label: &'static str, text: impl Into<String>) -> Self {
        Field { label, text: printable(&text.into()), style: None, whole: false }
    }

    pub(super) fn styled(self, style: anstyle::Style) -> Self {
        Field { style: Some(style), ..self }
    }

    pub(super) fn whole(self) -> Self {
        Field { whole: true, ..self }
    }

    pub(super) fn write(&self, look: &Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut label = self.label;
        let wrapped = (!self.whole).then(|| wrap(&self.text, look.width.saturating_sub(LABEL + 2)));
        for line in wrapped.unwrap_or_else(|| vec![self.text.clone()]) {
            let line = self.style.map_or_else(|| line.clone(), |style| look.paint.with(style, &line));
            writeln!(out, "  {}{line}", look.paint.with(FAINT, format_args!("{label:LABEL$}")))?;
            label = "";
        }
        Ok(())
    }
}

fn fields(finding: &Finding, look: &Look<'_>) -> Vec<Field> {
    let (rule, first) = (&finding.rule, finding.first());
    let mut fields = Vec::new();
    if first.place.end_line > first.place.line {
        fields.push(Field::new("lines", format!("{} to {}", first.place.line, first.place.end_line)));
    }
    // The excerpt may be cut, and shows what was decoded in its encoded form.
    fields.extend(look.redactor.exposed(&finding.secret).map(|secret| Field::new("secret", secret).whole()));
    fields.push(Field::new("confidence", confidence(finding, look.verbose)));
    fields.extend(finding.companions.iter().map(|c| companion(c, look.redactor)));
    if !first.chain.is_empty() {
        let innermost_first: Vec<&str> = first.chain.iter().rev().map(|e| e.as_str()).collect();
        fields.push(Field::new("found", format!("in {}", innermost_first.join(" within "))));
    }
    fields.extend(history(first));
    if let Some(places) = further(finding, look.verbose) {
        fields.push(Field::new("also", places));
    }
    fields.extend(verdict(&finding.verdict, look.redactor));
    if let Some(suppression) = &finding.suppression {
        fields.push(Field::new("suppressed", look.redactor.text(&suppression.justification())));
    }
    let advice = [("risk", &rule.risk, look.verbose), ("revoke", &rule.revoke, true), ("store", &rule.store, true)];
    let told = advice.into_iter().filter(|(_, text, wanted)| *wanted && !text.is_empty());
    fields.extend(told.map(|(label, text, _)| Field::new(label, text.as_ref())));
    fields.push(Field::new("fingerprint", finding.fingerprint.to_string()).styled(FAINT).whole());
    fields
}

/// The number, the word, and the reasons that weigh most.
pub(super) fn confidence(finding: &Finding, all: bool) -> String {
    let reasons = facts::weightiest_first(finding);
    let shown = if all { reasons.len() } else { MAIN_REASONS };
    let reasons: Vec<String> = reasons.iter().take(shown).map(|r| format!("{} ({:+})", r.text, r.points)).collect();
    let what = format!("{} ({})", finding.confidence, finding.confidence.level());
    if reasons.is_empty() { what } else { format!("{what}: {}", reasons.join(", ")) }
}

/// Another part of the same credential.
fn companion(companion: &Companion, redactor: &Redactor<'_>) -> Field {
    let place = format!("{} on {}", companion.rule, facts::lines(companion));
    match redactor.exposed(&companion.secret) {
        Some(secret) => Field::new("with", format!("{place}: {secret}")).whole(),
        None => Field::new("with", place),
    }
}

/// Who brought it, and whether it is still there.
fn history(occurrence: &Occurrence) -> Option<Field> {
    let mut parts = Vec::new();
    if let Some(commit) = facts::commit(occurrence) {
        parts.push(format!("{} by {}, {}", commit.id.to_hex_with_len(12), commit.author, commit.date));
    }
    if occurrence.unreachable {
        parts.push("unreachable: no ref leads to it, yet the repository still has it".to_owned());
    } else {
        match occurrence.at_head {
            Some(true) => parts.push("still at HEAD".to_owned()),
            Some(false) => parts.push("no longer at HEAD, yet still in the history".to_owned()),
            None => {}
        }
    }
    let label = if facts::commit(occurrence).is_some() { "commit" } else { "history" };
    (!parts.is_empty()).then(|| Field::new(label, parts.join("; ")))
}

/// The other places of the secret under the same path.
fn further(finding: &Finding, all: bool) -> Option<String> {
    let first = finding.first();
    let home = facts::commit(first).map(|c| c.id);
    let others: BTreeSet<_> = finding
        .occurrences
        .iter()
        .map(|o| (facts::commit(o).map(|c| c.id).filter(|id| Some(*id) != home), o.place.line))
        .filter(|place| *place != (None, first.place.line))
        .collect();
    let shown = if all || others.len() <= NAMED_PLACES { others.len() } else { NAMED_PLACES - 1 };
    let named: Vec<String> = others
        .iter()
        .take(shown)
        .map(|(commit, line)| match commit {
            Some(id) => format!("{line} in {}", id.to_hex_with_len(12)),
            None => line.to_string(),
        })
        .collect();
    let on = if others.len() == 1 { "on line" } else { "on lines" };
    match others.len() - shown {
        0 if others.is_empty() => None,
        0 => Some(format!("{on} {}", and(&named))),
        more => Some(format!("{on} {} and {more} more", named.join(", "))),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// What verification says, if there was any: that nothing was checked says nothing about the secret.
pub(super) fn verdict(verdict: &Verdict, redactor: &Redactor<'_>) -> Option<Field> {
    let with = |what: &str| match verdict.reason() {
        Some(why) => format!("{what}: {}", redactor.text(why)),
        None => what.to_owned(),
    };
    match verdict {
        Verdict::NotChecked => None,
        Verdict::WellFormed(_) => Some(Field::new("checked", with("well-formed")).styled(CARE)),
        Verdict::Malformed(_) => Some(Field::new("checked", with("malformed"))),
        Verdict::NotCheckable(_) => Some(Field::new("checked", with("not checkable offline"))),
        Verdict::NotSecret(_) => Some(Field::new("checked", with("not a secret"))),
        Verdict::Active(details) => {
            let told = details.iter().map(|(name, value)| format!(", {name} {}", redactor.text(value)));
            let what = format!("active: the provider accepts it{}", told.collect::<String>());
            Some(Field::new("verified", what).styled(ALARM))
        }
        Verdict::Inactive(_) => Some(Field::new("verified", with("inactive"))),
        Verdict::Unknown(_) => Some(Field::new("verified", with("unknown, it may be active")).styled(CARE)),
    }
}

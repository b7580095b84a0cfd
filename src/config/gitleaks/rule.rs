//! A rule of gitleaks as one of ours.
//!
//! gitleaks looks for a rule's keywords anywhere in a file and then runs the regex over all of it; here a literal of the
//! match itself leads to it. Where the regex has such literals they take the place of the keywords. Where it has none,
//! the secret is looked for in the bytes behind a keyword.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::format;
use super::regex::{Translated, plain, with_secret};
use crate::model::Rule;
use crate::model::rule::{Literal, Str};
use crate::rules::file::{DEFAULT_REACH, MAX_REACH, RawPair, RawRule};
use crate::rules::literals;

/// How far behind a keyword a secret is looked for, in bytes, where the regex has no literal.
const BEHIND_KEYWORD: u32 = 256;
/// The reach of a regex without upper bound that stays within lines, in bytes.
const UNBOUNDED_LINE: u32 = 1024;
/// The reach of one that crosses lines, in bytes: enough for a private key of 4096 bits.
const UNBOUNDED_TEXT: u32 = 4096;
/// What a line counts for where `required` gives a distance in lines, in bytes.
const LINE: u32 = 80;

/// A rule of gitleaks in our form, with remarks on what is not as it was. The remarks do not name the rule. `ids` are what
/// an id of a rule means.
///
/// # Errors
/// Why the rule cannot be used, in words.
pub(super) fn translate(
    rule: &format::Rule,
    ids: &dyn Fn(&str) -> Vec<String>,
    notes: &mut Vec<String>,
) -> Result<Rule, String> {
    let id = kebab(&rule.id);
    if id.is_empty() {
        return Err("it has no id".to_owned());
    }
    if id != rule.id {
        notes.push(format!("the id is `{id}` here"));
    }
    let path = rule.path.as_deref().map(plain).transpose().map_err(|e| format!("`path`: {e}"))?;
    let mut raw = RawRule {
        description: if rule.description.is_empty() { rule.id.clone() } else { rule.description.clone() },
        tags: rule.tags.clone(),
        entropy: rule.entropy.filter(|bits| *bits > 0.0),
        path: path.map(|p| p.regex),
        identifier: rule.skip_report,
        companions: rule.required.iter().map(|r| pair(r, ids, notes)).collect(),
        id,
        ..RawRule::default()
    };
    if let Some(regex) = &rule.regex {
        let Translated { regex, hir, note } =
            with_secret(regex, rule.secret_group).map_err(|e| format!("`regex`: {e}"))?;
        notes.extend(note);
        let reach = reach(&hir, notes);
        if literals::required(&regex).is_empty() {
            raw.pattern = Some(behind(&rule.keywords, &regex)?);
            raw.reach = Some((reach + BEHIND_KEYWORD).min(MAX_REACH));
            notes.push(format!(
                "no literal of 3 bytes in the regex: it is only tried in the {BEHIND_KEYWORD} bytes behind a keyword"
            ));
        } else {
            if !rule.keywords.is_empty() && !within(&rule.keywords, &regex) {
                notes.push(
                    "the keywords are no part of the regex: that they stand elsewhere in the file is not asked for"
                        .to_owned(),
                );
            }
            raw.pattern = Some(regex);
            raw.reach = Some(reach);
        }
    }
    raw.build(None).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(|f| format!("`{}`: {}", f.field, f.what)).collect();
        faults.join("; ")
    })
}

/// A rule that is there already, with what `changes` (which has no regex) says of it.
///
/// # Errors
/// If its path is no valid regex.
pub(super) fn changed(mut rule: Rule, changes: &format::Rule, notes: &mut Vec<String>) -> Result<Rule, String> {
    if !changes.description.is_empty() {
        rule.description = changes.description.clone().into();
    }
    if let Some(entropy) = changes.entropy.filter(|bits| *bits > 0.0) {
        rule.entropy = entropy;
    }
    if let Some(path) = &changes.path {
        rule.path = Some(plain(path).map_err(|e| format!("`path`: {e}"))?.regex.into());
    }
    let new: Vec<Str> = changes.tags.iter().map(|tag| Str::from(tag.clone())).collect();
    rule.tags.to_mut().extend(new);
    if !changes.keywords.is_empty() || !changes.required.is_empty() || changes.secret_group > 0 {
        notes.push("changes to keywords, secretGroup and required rules are not taken over".to_owned());
    }
    Ok(rule)
}

/// An id of our form.
pub(super) fn kebab(id: &str) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    id.trim_matches('-').to_owned()
}

/// How far a rule must look: as far as its longest match.
fn reach(hir: &Hir, notes: &mut Vec<String>) -> u32 {
    match hir.properties().maximum_len().map(u32::try_from) {
        Some(Ok(longest)) if longest <= MAX_REACH => longest.max(DEFAULT_REACH),
        Some(_) => {
            notes.push(format!("matches longer than {MAX_REACH} bytes are not found"));
            MAX_REACH
        }
        None => {
            let reach = if crosses_lines(hir) { UNBOUNDED_TEXT } else { UNBOUNDED_LINE };
            notes.push(format!("no upper bound in the regex: matches longer than {reach} bytes are not found"));
            reach
        }
    }
}

/// Whether it has a repetition without upper bound of a class that takes nearly everything, line ends included.
fn crosses_lines(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let wide = match repetition.sub.kind() {
                HirKind::Class(Class::Bytes(class)) => {
                    let size: usize = class.ranges().iter().map(|r| usize::from(r.end() - r.start()) + 1).sum();
                    size > 64 && class.ranges().iter().any(|r| r.start() <= b'\n' && b'\n' <= r.end())
                }
                _ => false,
            };
            (repetition.max.is_none() && wide) || crosses_lines(&repetition.sub)
        }
        HirKind::Capture(capture) => crosses_lines(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(crosses_lines),
        _ => false,
    }
}

/// Whether the keywords are part of the regex, so that to look for its literals asks for the same: each literal holds
/// one or is part of one, or one is written out in it.
fn within(keywords: &[String], regex: &str) -> bool {
    let keywords: Vec<String> = keywords.iter().map(|k| k.to_ascii_lowercase()).collect();
    let written = regex.to_ascii_lowercase().replace('\\', "");
    let in_literal = |l: &Literal| keywords.iter().any(|k| l.text.contains(k.as_str()) || k.contains(&*l.text));
    keywords.iter().any(|k| written.contains(k)) || literals::required(regex).iter().all(in_literal)
}

/// A regex for what `regex` matches behind a keyword.
fn behind(keywords: &[String], regex: &str) -> Result<String, String> {
    let usable: Vec<String> = keywords.iter().filter(|k| k.len() >= 3).map(|k| regex_syntax::escape(k)).collect();
    if usable.is_empty() {
        return Err(
            "neither its regex has a literal of 3 bytes or more, nor does it have a keyword of such length".to_owned()
        );
    }
    Ok(format!("(?i:{})(?s:.){{0,{BEHIND_KEYWORD}}}?(?:{regex})", usable.join("|")))
}

/// Another rule that is required nearby, as a companion; distances in lines become bytes.
fn pair(required: &format::Required, ids: &dyn Fn(&str) -> Vec<String>, notes: &mut Vec<String>) -> RawPair {
    let within = match (required.within_lines, required.within_columns) {
        (Some(0), Some(columns)) | (None, Some(columns)) => columns,
        (Some(lines), _) => lines.saturating_add(1).saturating_mul(LINE),
        (None, None) => MAX_REACH,
    };
    let within = within.clamp(1, MAX_REACH);
    // A companion is one rule; where one of theirs is several here, that is for the note to show.
    let rule = match ids(&required.id).as_slice() {
        [one] => one.clone(),
        _ => kebab(&required.id),
    };
    notes.push(format!("`{rule}` is required within {within} bytes: distances are counted in bytes here"));
    RawPair { rule, within: Some(within), required: true }
}

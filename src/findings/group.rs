//! Grouping: raw findings of one rule, path and secret become one finding with all its places.
//!
//! What comes out does not depend on the order of what goes in: threads may hand their raw findings over as they like.
//! Three things are decided here, and only here:
//!
//! - **A comment speaks for its own line.** If each place of a finding has one, the finding is suppressed. If only some
//!   have, those places are left out and the finding is reported with the others.
//! - **A history names one commit.** Of places that commits brought, those of the earliest commit are kept: of the
//!   earliest that a ref reaches, if any does. The finding stands at HEAD if any of all the places does, and counts as
//!   unreachable only if all are.
//! - **The best evidence counts.** Confidence and reasons are those of the raw finding with the greatest log-odds; the
//!   companions are those of all.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::sync::Arc;

use bstr::BString;

use crate::model::rule::Str;
use crate::model::{
    Companion, Confidence, Finding, LogOdds, Occurrence, Reason, Rule, Secret, Suppression, Traits, Verdict,
};

use super::fingerprint;

/// A match, with all that was copied out of its blob while that was at hand.
#[derive(Clone, Debug)]
pub struct RawFinding {
    /// The rule that matched.
    pub rule: Arc<Rule>,
    /// The secret.
    pub secret: Secret,
    /// Sum of the weights of `reasons`.
    pub log_odds: LogOdds,
    /// The evidence so far.
    pub reasons: Vec<Reason>,
    /// What evidence of place has to know.
    pub traits: Traits,
    /// Other parts of the same credential.
    pub companions: Vec<Companion>,
    /// Where it stands.
    pub occurrence: Occurrence,
    /// Set if a comment on its line allows it.
    pub comment: Option<Suppression>,
}

/// Groups by rule, path and secret; sorted by these. The outcome does not depend on the order of `raw`.
pub fn group(raw: Vec<RawFinding>) -> Vec<Finding> {
    let mut groups: HashMap<(Str, BString, Secret), Vec<RawFinding>> = HashMap::new();
    for one in raw {
        let key = (one.rule.id.clone(), one.occurrence.origin.path(), one.secret.clone());
        groups.entry(key).or_default().push(one);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    groups.into_iter().filter_map(|((_, path, secret), raw)| finding(&path, secret, raw)).collect()
}

/// The finding that raw ones of one rule, path and secret make up; `None` only if there are none.
fn finding(path: &BString, secret: Secret, raw: Vec<RawFinding>) -> Option<Finding> {
    let (allowed, open): (Vec<_>, Vec<_>) = raw.into_iter().partition(|raw| raw.comment.is_some());
    let suppressed = open.is_empty();
    let counted = if suppressed { allowed } else { open };
    let suppression = suppressed.then(|| comment(&counted, &secret)).flatten();

    let best = counted.iter().min_by(|a, b| by_evidence(a, b))?;
    let rule = best.rule.clone();
    let (confidence, reasons) = (Confidence::from(best.log_odds), best.reasons.clone());
    let traits = best.traits.clone();
    let mut companions: Vec<Companion> = Vec::new();
    let mut occurrences = Vec::with_capacity(counted.len());
    for raw in counted {
        companions.extend(raw.companions);
        occurrences.push(raw.occurrence);
    }
    companions.sort_by(|a, b| (&a.rule, &a.secret, a.line).cmp(&(&b.rule, &b.secret, b.line)));
    companions.dedup_by(|later, first| {
        let same = later.rule == first.rule && later.secret == first.secret;
        first.sole |= same && later.sole;
        same
    });

    Some(Finding {
        fingerprint: fingerprint::of(&rule, path.as_ref(), secret.expose()),
        rule,
        secret,
        companions,
        confidence,
        reasons,
        traits,
        verdict: Verdict::NotChecked,
        occurrences: places(occurrences),
        suppression,
    })
}

/// The comment of the first place, but never a reason that holds the secret itself (which happens in long lines).
fn comment(raw: &[RawFinding], secret: &Secret) -> Option<Suppression> {
    let first = raw.iter().min_by(|a, b| {
        by_place(&a.occurrence, &b.occurrence).then_with(|| reason(&a.comment).cmp(&reason(&b.comment)))
    })?;
    match &first.comment {
        Some(Suppression::Comment { reason: Some(reason) })
            if memchr::memmem::find(reason.as_bytes(), secret.expose()).is_some() =>
        {
            Some(Suppression::Comment { reason: None })
        }
        comment => comment.clone(),
    }
}

pub(super) fn reason(comment: &Option<Suppression>) -> Option<String> {
    comment.as_ref().map(Suppression::justification)
}

/// The best evidence first; among equals the order of the reasons decides, so that it is always the same one.
pub(super) fn by_evidence(a: &RawFinding, b: &RawFinding) -> Ordering {
    let key = |raw: &RawFinding| Reverse(raw.log_odds);
    let reasons = |raw: &RawFinding| -> Vec<(&'static str, i32, String)> {
        raw.reasons.iter().map(|r| (r.name, r.weight.0, r.text.clone().into_owned())).collect()
    };
    key(a).cmp(&key(b)).then_with(|| if a.reasons == b.reasons { Ordering::Equal } else { reasons(a).cmp(&reasons(b)) })
}

/// Sorts places, drops doubles, and keeps of a history the earliest commit's.
fn places(mut all: Vec<Occurrence>) -> Vec<Occurrence> {
    let at_head = all.iter().filter_map(|o| o.at_head).reduce(|a, b| a || b);
    let unreachable = all.iter().all(|o| o.unreachable);
    if !unreachable {
        all.retain(|o| !o.unreachable);
    }
    let earliest = all.iter().filter_map(|o| o.commit.as_ref()).min().cloned();
    if let Some(earliest) = earliest {
        all.retain(|o| o.commit.as_ref() == Some(&earliest));
    }
    all.sort_by(by_place);
    all.dedup_by(|later, first| later.origin == first.origin && later.place == first.place);
    for occurrence in &mut all {
        occurrence.at_head = at_head;
        occurrence.unreachable = unreachable;
    }
    all
}

/// By origin and place; what differs only in how it was read comes with the fewest encodings first.
pub(super) fn by_place(a: &Occurrence, b: &Occurrence) -> Ordering {
    let excerpt =
        |o: &Occurrence| (o.excerpt.masked().text, o.excerpt.inspect(|text, focus| (text.to_vec(), focus.start)));
    (&a.origin, &a.place, a.chain.len(), &a.chain)
        .cmp(&(&b.origin, &b.place, b.chain.len(), &b.chain))
        .then_with(|| a.commit.cmp(&b.commit))
        .then_with(|| b.line_hash.cmp(&a.line_hash))
        .then_with(|| if a.excerpt == b.excerpt { Ordering::Equal } else { excerpt(a).cmp(&excerpt(b)) })
}

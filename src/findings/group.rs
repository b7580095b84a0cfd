//! Grouping: raw findings of one rule, path and secret become one finding with all its places.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Companion, Confidence, Finding, Occurrence, Reason, Rule, Secret, Suppression, Verdict};

use super::fingerprint;

/// A match, with all that was copied out of its blob while that was at hand.
#[derive(Clone, Debug)]
pub struct RawFinding {
    /// The rule that matched.
    pub rule: Arc<Rule>,
    /// The secret.
    pub secret: Secret,
    /// Sum of the points of `reasons`, not clamped.
    pub points: i32,
    /// The evidence so far.
    pub reasons: Vec<Reason>,
    /// Other parts of the same credential.
    pub companions: Vec<Companion>,
    /// Where it stands.
    pub occurrence: Occurrence,
    /// Set if a comment on its line allows it.
    pub comment: Option<Suppression>,
}

/// Groups by rule, path and secret. The outcome does not depend on the order of `raw`.
pub fn group(raw: Vec<RawFinding>) -> Vec<Finding> {
    let mut groups: BTreeMap<_, Vec<RawFinding>> = BTreeMap::new();
    for one in raw {
        groups.entry((one.rule.id.clone(), one.occurrence.origin.path(), one.secret.clone())).or_default().push(one);
    }
    groups
        .into_iter()
        .filter_map(|((_, path, secret), group)| {
            let best = group.iter().max_by_key(|raw| raw.points)?;
            Some(Finding {
                rule: best.rule.clone(),
                fingerprint: fingerprint::of(&best.rule, path.as_ref(), secret.expose()),
                companions: best.companions.clone(),
                confidence: Confidence::new(best.points),
                reasons: best.reasons.clone(),
                verdict: Verdict::NotChecked,
                suppression: best.comment.clone(),
                occurrences: group.iter().map(|raw| raw.occurrence.clone()).collect(),
                secret,
            })
        })
        .collect()
}

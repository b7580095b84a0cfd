//! Values that have no form of their own: what a name, a command or the syntax of a URL makes a secret of. The model
//! weighs them, by their features.

use std::cmp::Reverse;

use super::features::{Features, Kind, Subject};
use super::forest::MODEL;
use super::placeholder::Stand;
use super::{JUST_LOW, Score, Weighing, may_reach};
use crate::model::rule::Detect;
use crate::model::{Confidence, Level, LogOdds};
use bstr::BStr;

/// Weighs a value by its own bytes and those about it.
pub(super) fn weigh(subject: &Subject<'_>, weighing: Weighing, score: &mut Score) {
    let features = Features::of(subject);
    let prior = LogOdds::from(Confidence::new(subject.rule.confidence.into()));
    let sum = prior + MODEL.local.sum(&features);
    if !weighing.all && !may_reach(subject.rule, sum, Level::Low.threshold()) {
        // Nobody will ask why.
        score.log_odds = sum;
        return;
    }
    let weights = MODEL.local.weigh(&features);
    let prior = prior + weights.base;
    match subject.rule.detect {
        Detect::Assigned { .. } => score.weigh(prior, "key-name", "most values with such a name are no secrets"),
        _ => score.weigh(prior, "form", "most values that stand so are no secrets"),
    }
    let mut evidence: Vec<(Kind, LogOdds)> = Kind::ALL.into_iter().zip(weights.of).collect();
    evidence.sort_by_key(|(kind, weight)| (Reverse(weight.0.abs()), *kind));
    for (kind, weight) in evidence.into_iter().filter(|(_, weight)| *weight != LogOdds(0)) {
        let (speaks_for, speaks_against) = describe(kind);
        let speaks_for = match subject.stand {
            Some(_) if kind == Kind::Placeholder => "its wording does not speak against it",
            _ => speaks_for,
        };
        score.weigh(weight, kind.name(), if weight > LogOdds(0) { speaks_for } else { speaks_against });
    }
    // The model has seen few of them: they are rare where examples are collected, and common everywhere else.
    if let Some(Stand::Placeholder | Stand::Word) = subject.stand {
        score.limit(JUST_LOW, "stands-for", "it is a text that stands for a secret in examples");
    }
    score.traits.few = features.traits(score.log_odds);
    if weighing.all {
        score.traits.all = Some(features.values().as_slice().into());
    }
}

/// Weighs where a value stands: the path of its file.
pub(super) fn place(path: &BStr, score: &mut Score) {
    let mut features = Features::of_traits(&score.traits.few);
    features.set_place(path);
    let weights = MODEL.place.weigh(&features);
    let weight = weights.base + weights.of.into_iter().sum();
    let (speaks_for, speaks_against) = describe(Kind::Place);
    score.weigh(weight, Kind::Place.name(), if weight > LogOdds(0) { speaks_for } else { speaks_against });
    if let Some(mut all) = score.traits.all.as_deref().and_then(Features::from) {
        all.set_place(path);
        score.traits.all = Some(all.values().as_slice().into());
    }
}

/// The most that evidence of place can add.
pub(super) fn most_from_place() -> LogOdds {
    MODEL.place.most()
}

/// What a kind of evidence says for a secret and against it.
fn describe(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Name => ("its name is one that secrets have", "its name is one that other things have"),
        Kind::Words => ("it does not read as words", "it reads as words"),
        Kind::Chance => ("its characters look random", "its characters do not look random"),
        Kind::Form => ("it has the shape of a secret", "it has the shape of something else"),
        Kind::Placeholder => ("it is no placeholder", "it reads like a placeholder"),
        Kind::Syntax => ("it stands as secrets do in code", "it stands as other things do in code"),
        Kind::Place => ("files of this kind hold secrets", "files of this kind hold examples or generated text"),
    }
}

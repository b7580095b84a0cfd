//! Scoring: all evidence about a match becomes one confidence with named reasons.
//!
//! In two steps. [`local`] weighs what the match's own bytes say, as soon as it stands; a match that nothing can bring
//! to `low` any more is dropped at once. [`place`] weighs where it stands, once per finding, after grouping: so that
//! matching itself stays local.

mod dictionary;
pub mod entropy;
pub mod features;
mod forest;
mod formed;
pub mod forms;
mod free_form;
mod key;
mod language;
mod lexicon;
mod path;
mod placeholder;
mod shape;

use std::borrow::Cow;
use std::ops::Range;

use bstr::BStr;

use crate::model::rule::Detect;
use crate::model::{Confidence, Level, LogOdds, Match, Reason, Rule, Traits};
use forms::{Forms, Length};
use placeholder::Stand;

/// The most points that evidence of place can add.
pub const MOST_FROM_PLACE: i32 = 20;

/// Points of what shows in audits only.
pub const JUST_LOW: i32 = Level::Low.threshold().get() as i32 + 2;

/// Points of what no threshold shows.
const UNDER_LOW: i32 = 12;

/// Evidence that is being put together.
#[derive(Default)]
pub struct Score {
    /// The sum of the reasons' weights.
    pub log_odds: LogOdds,
    /// The evidence.
    pub reasons: Vec<Reason>,
    /// What evidence of place has to know.
    pub traits: Traits,
}

impl Score {
    /// Goes on from reasons.
    pub fn from(reasons: Vec<Reason>, traits: Traits) -> Self {
        Score { log_odds: reasons.iter().map(|reason| reason.weight).sum(), reasons, traits }
    }

    /// Adds evidence.
    pub fn weigh(&mut self, weight: LogOdds, name: &'static str, text: impl Into<Cow<'static, str>>) {
        self.log_odds = self.log_odds + weight;
        self.reasons.push(Reason { name, weight, points: 0, text: text.into() });
    }

    /// Adds evidence that moves the confidence by so many points of 100.
    pub fn add(&mut self, points: i32, name: &'static str, text: impl Into<Cow<'static, str>>) {
        if points != 0 {
            let then = Confidence::new(self.points() + points);
            self.weigh(LogOdds::from(then) - self.log_odds, name, text);
        }
    }

    /// Adds evidence that leaves a confidence of at most so many points.
    pub fn limit(&mut self, points: i32, name: &'static str, text: impl Into<Cow<'static, str>>) {
        self.add((points - self.points()).min(0), name, text);
    }

    /// The confidence so far, 0 to 100.
    pub fn points(&self) -> i32 {
        Confidence::from(self.log_odds).get().into()
    }
}

/// How to weigh.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weighing {
    /// Keeps what can reach no threshold, and all features of what the model weighs.
    pub all: bool,
}

/// Weighs what the bytes of a match say; nothing if it cannot reach `low` any more. `bytes` is the text that the match's
/// spans lie in.
pub fn local(
    rule: &Rule,
    matched: &Match,
    judged: &Range<usize>,
    bytes: &[u8],
    forms: &Forms,
    weighing: Weighing,
) -> Option<Score> {
    let secret = &bytes[judged.clone()];
    if secret.is_empty() {
        return None;
    }
    let mut score = Score::default();
    let stand = placeholder::stand(secret);
    let void = void(rule, matched.key.as_ref(), judged, bytes, stand);
    if void.is_some() && !weighing.all {
        return None;
    }
    if rule.is_free_form() {
        let (whole, name, value) = (matched.whole.clone(), matched.key.clone(), judged.clone());
        free_form::weigh(&features::Subject { rule, bytes, whole, name, value, stand }, weighing, &mut score);
    } else {
        formed::weigh(rule, matched, judged, bytes, stand, &mut score);
    }
    // Asked last, of the few that stand: tables are made for it.
    let low = Level::Low.threshold();
    if may_reach(rule, score.log_odds, low) || weighing.all {
        by_forms(rule, matched, bytes, secret, forms, &mut score);
    }
    if let Some((name, text)) = void {
        score.weigh(LogOdds::NEVER, name, text);
    }
    (may_reach(rule, score.log_odds, low) || weighing.all).then_some(score)
}

/// What no other evidence makes up for: name and words of it.
fn void(
    rule: &Rule,
    name: Option<&Range<usize>>,
    judged: &Range<usize>,
    bytes: &[u8],
    stand: Option<Stand>,
) -> Option<(&'static str, &'static str)> {
    let secret = &bytes[judged.clone()];
    // The beginning of `sk_live_{{ key }}` or of `prefix.<your-token>`.
    let behind = &bytes[judged.end..];
    if [&b"{{"[..], b"${", b"<your"].iter().any(|open| behind.starts_with(open)) {
        return Some(("template", "a template goes on behind it"));
    }
    if entropy::shannon(secret) < rule.entropy {
        return Some(("plain", "its characters vary too little for this rule"));
    }
    if shape::is_glue(secret) {
        return Some(("code", "it stands between two strings of code"));
    }
    if let Detect::Assigned { .. } = rule.detect {
        if shape::is_hash(secret) {
            return Some(("hash", "it is a hash of a password"));
        }
        let name = name.map_or(&b""[..], |name| &bytes[name.clone()]);
        // What a baseline of detect-secrets holds of each secret: its SHA-1.
        if name == b"hashed_secret" && secret.len() == 40 && secret.iter().all(u8::is_ascii_hexdigit) {
            return Some(("hash", "it is the hash of a secret"));
        }
        if shape::is_key_id(secret) && shape::has(&name.to_ascii_lowercase(), b"sign") {
            return Some(("key-id", "it is the id of an OpenPGP key"));
        }
        if secret.starts_with(b"0x") && secret.len() <= 10 && secret[2..].iter().all(u8::is_ascii_hexdigit) {
            return Some(("number", "it is a number"));
        }
    }
    (stand == Some(Stand::Reference)).then_some(("reference", "it says where a secret is"))
}

/// Whether what is known of a place can still bring a match of `rule` to a threshold.
pub fn may_reach(rule: &Rule, log_odds: LogOdds, threshold: Confidence) -> bool {
    if rule.is_free_form() {
        return log_odds + free_form::most_from_place() >= LogOdds::from(threshold);
    }
    i32::from(Confidence::from(log_odds).get()) >= (i32::from(threshold.get()) - MOST_FROM_PLACE).max(1)
}

/// So many bytes before a name are looked at for the name of a service. Well within what the outcome of a hit depends on.
const NEARBY: usize = 80;

/// Evidence from what the rules know of forms, for values that do not bring their own.
fn by_forms(rule: &Rule, matched: &Match, bytes: &[u8], secret: &[u8], forms: &Forms, score: &mut Score) {
    if matches!(rule.detect, Detect::Pattern { .. } | Detect::Path) {
        return;
    }
    if let Some(miss) = forms.near_miss(secret, rule) {
        let id = &miss.rule.id;
        match miss.length {
            // A part of a credential that is no secret by itself.
            _ if miss.rule.identifier => {
                score.add(-60, "identifier", format!("it begins like an identifier, one of `{id}`"))
            }
            Length::Short => {
                score.add(-80, "near-miss", format!("it begins like one of `{id}`, and is too short for it"))
            }
            Length::Long => {
                score.add(-80, "near-miss", format!("it begins like one of `{id}`, and is a character too long for it"))
            }
            Length::Other if !shape::is_of_token(secret) => score.add(
                -80,
                "near-miss",
                format!("it begins like one of `{id}`, and has signs in it that no token has"),
            ),
            Length::Other => score.add(-20, "near-miss", format!("it begins like one of `{id}`, and has not its form")),
        }
    }
    let Some(key) = matched.key.clone() else { return };
    let name = &bytes[key.clone()];
    if !key::holds_token(name) {
        return;
    }
    // A name that says no more than `api_key` is of the service that the text before it names.
    let near = if forms::is_service(name) { key.clone() } else { key.start.saturating_sub(NEARBY)..key.end };
    // What follows in a query is no part of it.
    let value = secret.split(|b| *b == b'&').next().unwrap_or(secret);
    if let Some(other) = forms.off_by_few(value, &bytes[near]) {
        let text = format!("it is some characters off the form of `{}`, which is named here", other.id);
        // The service may have forms that the rules do not know: worth a look in an audit.
        score.add((JUST_LOW - score.points()).clamp(-45, 0), "other-form", text);
    }
    if !shape::is_of_token(secret) {
        score.limit(UNDER_LOW, "punctuation", "it has signs in it that keys and tokens do not have");
    }
}

/// Adds evidence of place to a finding's: the path that it stands under.
pub fn place(path: &BStr, rule: &Rule, score: &mut Score) {
    if rule.is_free_form() {
        free_form::place(path, score);
    } else {
        path::weigh(path, rule, score);
    }
}

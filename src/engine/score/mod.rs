//! Scoring: all evidence about a match becomes one confidence with named reasons.
//!
//! In two steps. [`local`] weighs what the match's own bytes say, as soon as it stands; a match that nothing can bring
//! to `low` any more is dropped at once. [`place`] weighs where it stands, once per finding, after grouping: so that
//! matching itself stays local.

mod dictionary;
pub mod entropy;
pub mod features;
pub mod forms;
mod key;
mod language;
mod path;
mod placeholder;
mod shape;

use std::borrow::Cow;
use std::ops::Range;

use bstr::BStr;

use crate::model::rule::Detect;
use crate::model::{Confidence, Level, LogOdds, Match, Reason, Rule, Traits};
use features::Features;
use forms::{Forms, Length};
use placeholder::Stand;
use shape::{has, letters};

/// The most points that evidence of place can add.
pub const MOST_FROM_PLACE: i32 = 20;

/// Points of what shows in audits only.
pub const JUST_LOW: i32 = Level::Low.threshold().get() as i32 + 2;

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
    let entropy = entropy::shannon(secret);
    // The beginning of `sk_live_{{ key }}` or of `prefix.<your-token>`.
    let behind = &bytes[judged.end..];
    let templated = [&b"{{"[..], b"${", b"<your"].iter().any(|open| behind.starts_with(open));
    let stand = placeholder::stand(secret);
    let void = entropy < rule.entropy || templated || stand == Some(Stand::Reference);
    if void && !weighing.all {
        return None;
    }
    let mut score = Score::default();
    let prior = i32::from(rule.confidence);
    match rule.detect {
        Detect::Pattern { .. } | Detect::Path => score.add(prior, "form", "it has the form of this credential"),
        Detect::Near { .. } => score.add(prior, "name-nearby", "it stands near the service's name"),
        Detect::Assigned { .. } => score.add(prior, "key-name", "it is assigned to a name that holds secrets"),
    }
    match (stand, &rule.detect) {
        (Some(Stand::Placeholder), Detect::Assigned { .. }) => {
            score.add(-80, "placeholder", "it reads like a placeholder");
        }
        (Some(Stand::Placeholder), _) => score.add(-65, "placeholder", "it reads like a placeholder"),
        (Some(Stand::Example), Detect::Assigned { .. }) => score.add(-45, "example", "it holds a word of examples"),
        (Some(Stand::Example), _) if rule.is_generic() => score.add(-50, "example", "it holds a word of examples"),
        // Of this very form all the same: worth a look in an audit.
        (Some(Stand::Example), _) => {
            score.add((JUST_LOW - prior).clamp(-50, 0), "example", "it holds a word of examples");
        }
        (Some(Stand::Counting), Detect::Assigned { .. }) => score.add(-45, "example", "it counts up"),
        (Some(Stand::Word), _) => score.add(-40, "plain-word", "it is a word that stands for a secret in examples"),
        (Some(Stand::Counting | Stand::Reference) | None, _) => {}
    }
    let assigned_to = matches!(rule.detect, Detect::Assigned { .. });
    let repeats = stand != Some(Stand::Placeholder) && entropy::share_of_runs(secret) > 0.5 && secret.len() >= 8;
    if assigned_to && repeats {
        score.add(-45, "sequence", "most of it repeats or counts up");
    } else if repeats || (stand == Some(Stand::Counting) && !assigned_to) {
        // Surely made up, and yet of this very form: worth a look in an audit, and no more.
        score.add((JUST_LOW - score.points()).min(0), "sequence", "it repeats or counts up");
    }
    if let Detect::Near { .. } = rule.detect
        && shape::is_pin(&bytes[..judged.start], secret)
    {
        score.add(-50, "pin", "it pins a version by its hash");
    }
    if placeholder::is_demo_jwt(secret) {
        score.add((JUST_LOW - score.points()).clamp(-45, 0), "demo", "it is the token that demonstrations show");
    }
    if rule.is_generic() && !assigned_to {
        let whole = &matched.whole;
        let (before, behind) = (&bytes[whole.start..judged.start], &bytes[judged.end..whole.end]);
        if behind.starts_with(b"@") && has(before, b"://") && shape::is_made_up_url(before, secret, behind) {
            score.add(-15, "made-up-url", "the URL is one of an example");
        }
        if shape::is_glue(secret) {
            score.add(-65, "code", "it stands between two strings of code");
        }
    }
    if let Detect::Assigned { .. } = rule.detect {
        assigned(matched, bytes, secret, entropy, &mut score);
    } else if !repeats && stand != Some(Stand::Counting) && reads_as_words(rule, matched, judged, secret) {
        score.add(-45, "words", "it reads as words");
    }
    if (assigned_to || rule.is_generic()) && shape::encodes_words(secret) {
        score.add((JUST_LOW - score.points()).clamp(-45, 0), "encodes-words", "it is base64 of words");
    }
    let floor = (i32::from(Level::Low.threshold().get()) - MOST_FROM_PLACE).max(1);
    // Asked last, of the few that stand: tables are made for it.
    if score.points() >= floor || weighing.all {
        by_forms(rule, matched, bytes, secret, forms, &mut score);
    }
    if weighing.all {
        if entropy < rule.entropy {
            score.weigh(LogOdds::NEVER, "plain", "its characters vary too little for this rule");
        }
        if templated {
            score.weigh(LogOdds::NEVER, "template", "a template goes on behind it");
        }
        if stand == Some(Stand::Reference) {
            score.weigh(LogOdds::NEVER, "reference", "it says where the secret is, and is none");
        }
        if rule.is_generic() {
            let (whole, name, value) = (matched.whole.clone(), matched.key.clone(), judged.clone());
            let subject = features::Subject { rule, bytes, whole, name, value };
            score.traits.all = Some(features::Features::of(&subject).values().as_slice().into());
        }
    }
    (score.points() >= floor || weighing.all).then_some(score)
}

/// True for words where a credential that is not assigned should stand.
fn reads_as_words(rule: &Rule, matched: &Match, judged: &Range<usize>, secret: &[u8]) -> bool {
    let words = language::share_of_words(secret);
    if rule.is_generic() || matches!(rule.detect, Detect::Near { .. }) {
        return words > 0.6;
    }
    // A short head and letters, as in `s.makeClientController`, have the form of a token only by chance.
    let is_name = secret.len() >= 20 && !secret.iter().any(u8::is_ascii_digit);
    words > 0.8 && is_name && !rule.identifier && *judged == matched.secret
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
        score.add(-70, "punctuation", "it has signs in it that keys and tokens do not have");
    }
}

/// Evidence for values that nothing but a name makes a secret of.
fn assigned(matched: &Match, bytes: &[u8], secret: &[u8], entropy: f32, score: &mut Score) {
    if let Some(key) = matched.key.as_ref().map(|key| &bytes[key.clone()]) {
        score.add(key::weigh(key), "key-describes", "the name says that its value is no secret");
        // `git-credential-store: git-credential-store.o`
        let (name, value) = (letters(key), letters(secret));
        if (name.len() >= 10 && has(&value, &name)) || (value.len() >= 10 && has(&name, &value)) {
            score.add(-60, "repeats-name", "it repeats the name that it is assigned to");
        }
    }
    if matched.key.as_ref().is_some_and(|key| shape::is_verdict(bytes, key)) {
        score.add(-70, "verdict", "it is a line of a log of tests");
    }
    let words = language::share_of_words(secret);
    let classes = entropy::classes(secret);
    let quoted = is_quoted(bytes, &matched.secret);
    if secret.contains(&b' ') {
        score.add(-50, "sentence", "it has spaces in it");
    }
    if shape::looks_like_code(secret, quoted, words) {
        score.add(if quoted { -25 } else { -45 }, "code", "it reads as code");
    }
    if !forms::is_service(secret) {
        score.add(-40, "kind", "it says what kind of secret there is");
    }
    if shape::is_host(secret) {
        score.add(-70, "host", "it is the name of a host");
    }
    if shape::is_constant(secret) {
        score.add(-25, "constant", "it reads as the name of a constant");
    }
    if shape::is_list(secret) {
        score.add(-25, "list", "it is a list of names");
    }
    if shape::is_key_id(secret) {
        score.add(-20, "key-id", "it has the form of an OpenPGP key's id");
    }
    if shape::is_number(secret) {
        score.add(-40, "number", "it is a number");
    }
    if secret.starts_with(b"/") || secret.starts_with(b"./") || secret.starts_with(b"../") || has(secret, b"://") {
        score.add(-45, "location", "it is a path or an address");
    }
    if shape::is_hash(secret) {
        score.add(-70, "hash", "it is a hash of a password");
    }
    match words {
        w if w > 0.8 => score.add(-25, "words", "it reads as words"),
        w if w > 0.5 => score.add(-10, "words", "half of it reads as words"),
        w if w < 0.2 && secret.len() >= 12 => score.add(14, "no-words", "it does not read as words"),
        w if w < 0.2 && secret.len() >= 8 => score.add(10, "no-words", "it does not read as words"),
        w if w < 0.2 => score.add(4, "no-words", "it does not read as words"),
        _ => {}
    }
    let bits = entropy * secret.len() as f32;
    match bits {
        b if b > 100.0 && classes >= 2 && words < 0.4 => score.add(25, "random", "it looks random"),
        b if b > 48.0 && words < 0.4 => score.add(10, "random", "it looks rather random"),
        b if b < 9.0 => score.add(-25, "short", "it is very short or plain"),
        b if b < 14.0 && words > 0.2 => score.add(-8, "short", "it is short or plain"),
        _ => {}
    }
    if classes >= 3 && secret.len() >= 8 {
        score.add(8, "mixed", "it mixes several kinds of characters");
    }
}

/// True if the value stands right behind a quote.
fn is_quoted(bytes: &[u8], span: &Range<usize>) -> bool {
    span.start.checked_sub(1).is_some_and(|i| matches!(bytes[i], b'"' | b'\'' | b'`'))
}

/// Adds evidence of place to a finding's: the path that it stands under.
pub fn place(path: &BStr, places: usize, rule: &Rule, score: &mut Score) {
    if let Some(mut features) = score.traits.all.as_deref().and_then(Features::from) {
        features.set_place(path, places);
        score.traits.all = Some(features.values().as_slice().into());
    }
    path::weigh(path, rule, score);
}

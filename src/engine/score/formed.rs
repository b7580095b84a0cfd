//! Values of a form: what a provider issues, and what a service's name stands beside. The rule says how telling the form
//! is; what else speaks against such a value is the same for all of them.

use std::ops::Range;

use super::placeholder::{self, Stand};
use super::{JUST_LOW, Score, entropy, language, shape};
use crate::model::rule::Detect;
use crate::model::{Confidence, LogOdds, Match, Rule};

/// Weighs the part `judged` of a match.
pub(super) fn weigh(rule: &Rule, matched: &Match, judged: &Range<usize>, bytes: &[u8], score: &mut Score) {
    let secret = &bytes[judged.clone()];
    let is_near = matches!(rule.detect, Detect::Near { .. });
    let prior = i32::from(rule.confidence);
    let (name, text) = if is_near {
        ("name-nearby", "it stands near the service's name")
    } else {
        ("form", "it has the form of this credential")
    };
    score.weigh(LogOdds::from(Confidence::new(prior)), name, text);
    let stand = placeholder::stand(secret);
    match stand {
        Some(Stand::Placeholder) => score.add(-65, "placeholder", "it reads like a placeholder"),
        Some(Stand::Example) if rule.is_generic() => score.add(-50, "example", "it holds a word of examples"),
        // Of this very form all the same: worth a look in an audit.
        Some(Stand::Example) => {
            score.add((JUST_LOW - prior).clamp(-50, 0), "example", "it holds a word of examples");
        }
        Some(Stand::Word) => score.add(-40, "plain-word", "it is a word that stands for a secret in examples"),
        Some(Stand::Counting | Stand::Reference) | None => {}
    }
    let runs = entropy::share_of_runs(secret) > 0.5 && secret.len() >= 8;
    let repeats = (runs && stand != Some(Stand::Placeholder)) || stand == Some(Stand::Counting);
    if repeats {
        // Surely made up, and yet of this very form: worth a look in an audit, and no more.
        score.limit(JUST_LOW, "sequence", "it repeats or counts up");
    }
    if shape::is_encrypted_key(&bytes[matched.secret.clone()]) {
        score.limit(36, "encrypted", "the key is of no use without its passphrase");
    }
    if is_near && shape::is_pin(&bytes[..judged.start], secret) {
        score.add(-50, "pin", "it pins a version by its hash");
    }
    if placeholder::is_demo_jwt(secret) {
        score.limit(JUST_LOW, "demo", "it is the token that demonstrations show");
    }
    // What people choose, in a URL or behind a flag.
    if (rule.is_generic() || *judged != matched.secret) && names_itself(secret) {
        score.add(-50, "names-itself", "it is a name that says what would stand there");
    }
    if rule.is_generic() {
        let (before, behind) = (&bytes[matched.whole.start..judged.start], &bytes[judged.end..matched.whole.end]);
        let in_url = behind.starts_with(b"@") && shape::has(before, b"://");
        if in_url && shape::is_made_up_url(before, secret, behind) {
            score.add(-15, "made-up-url", "the URL is one of an example");
        }
    }
    if !repeats && reads_as_words(rule, matched, judged, secret) {
        score.add(-45, "words", "it reads as words");
    }
    if rule.is_generic() && shape::encodes_words(secret) {
        score.limit(JUST_LOW, "encodes-words", "it is base64 of words");
    }
}

/// True for names such as `db_password` and `API_KEY`, which hold the word for what they stand for, and no digit.
fn names_itself(secret: &[u8]) -> bool {
    let parts = super::key::parts(secret);
    let is_name = secret.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'));
    let is_kind = |part: &String| {
        matches!(part.as_str(), "password" | "pass" | "passwd" | "pwd" | "secret" | "token" | "key" | "id")
    };
    is_name && parts.len() >= 2 && parts.last().is_some_and(is_kind)
}

/// True for words where a credential of a form should stand.
fn reads_as_words(rule: &Rule, matched: &Match, judged: &Range<usize>, secret: &[u8]) -> bool {
    if rule.is_called("identifier") {
        return false;
    }
    let words = language::share_of_words(secret);
    if rule.is_generic() || matches!(rule.detect, Detect::Near { .. }) {
        return words > 0.6 || (secret.len() <= 5 && language::read(secret).known == 1.0);
    }
    // A short head and letters, as in `s.makeClientController`, have the form of a token only by chance.
    let is_name = secret.len() >= 20 && !secret.iter().any(u8::is_ascii_digit);
    words > 0.8 && is_name && !rule.identifier && *judged == matched.secret
}

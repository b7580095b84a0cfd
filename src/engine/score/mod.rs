//! Scoring: all evidence about a match becomes one confidence with named reasons.
//!
//! In two steps. [`local`] weighs what the match's own bytes say, as soon as it stands; a match that nothing can bring
//! to `low` any more is dropped at once. [`place`] weighs where it stands, once per finding, after grouping: so that
//! matching itself stays local.

pub mod entropy;
mod key;
mod language;
mod path;
mod placeholder;

use std::borrow::Cow;
use std::ops::Range;

use bstr::BStr;

use crate::model::rule::Detect;
use crate::model::{Confidence, Level, Match, Reason, Rule};
use placeholder::Stand;

/// The most points that evidence of place can add.
pub const MOST_FROM_PLACE: i32 = 20;

/// Points of what shows in audits only.
const JUST_LOW: i32 = Level::Low.threshold().get() as i32 + 2;

/// Evidence that is being put together.
pub struct Score {
    /// The sum of the reasons' points.
    pub points: i32,
    /// The evidence.
    pub reasons: Vec<Reason>,
}

impl Score {
    fn add(&mut self, points: i32, name: &'static str, text: impl Into<Cow<'static, str>>) {
        if points != 0 {
            self.points += points;
            self.reasons.push(Reason { name, points, text: text.into() });
        }
    }
}

/// Weighs what the bytes of a match say; nothing if it cannot reach `low` any more. `bytes` is the text that the match's
/// spans lie in.
pub fn local(rule: &Rule, matched: &Match, judged: &Range<usize>, bytes: &[u8]) -> Option<Score> {
    let secret = &bytes[judged.clone()];
    if secret.is_empty() {
        return None;
    }
    let entropy = entropy::shannon(secret);
    // The beginning of `sk_live_{{ key }}` or of `prefix.<your-token>`.
    let behind = &bytes[judged.end..];
    let templated = [&b"{{"[..], b"${", b"<your"].iter().any(|open| behind.starts_with(open));
    if entropy < rule.entropy || templated {
        return None;
    }
    let mut score = Score { points: 0, reasons: Vec::new() };
    let prior = i32::from(rule.confidence);
    match rule.detect {
        Detect::Pattern { .. } | Detect::Path => score.add(prior, "form", "it has the form of this credential"),
        Detect::Near { .. } => score.add(prior, "name-nearby", "it stands near the service's name"),
        Detect::Assigned { .. } => score.add(prior, "key-name", "it is assigned to a name that holds secrets"),
    }
    let stand = placeholder::stand(secret);
    match (stand, &rule.detect) {
        (Some(Stand::Reference), _) => return None,
        (Some(Stand::Placeholder), _) => score.add(-65, "placeholder", "it reads like a placeholder"),
        (Some(Stand::Example), Detect::Assigned { .. }) => score.add(-45, "example", "it holds a word of examples"),
        (Some(Stand::Example), _) => score.add(-50, "example", "it holds a word of examples"),
        (Some(Stand::Word), _) => score.add(-40, "plain-word", "it is a word that stands for a secret in examples"),
        (None, _) => {}
    }
    if stand != Some(Stand::Placeholder) && entropy::share_of_runs(secret) > 0.5 && secret.len() >= 8 {
        let points = match rule.detect {
            Detect::Assigned { .. } => -45,
            // Surely made up, and yet of this very form: worth a look in an audit, and no more.
            _ => JUST_LOW.saturating_sub(prior).min(0),
        };
        score.add(points, "sequence", "most of it repeats or counts up");
    }
    if let Detect::Assigned { .. } = rule.detect {
        assigned(matched, bytes, secret, entropy, &mut score);
    } else if (rule.is_generic() || matches!(rule.detect, Detect::Near { .. }))
        && language::share_of_words(secret) > 0.6
    {
        score.add(-40, "words", "it reads as words");
    }
    let floor = i32::from(Level::Low.threshold().get()) - MOST_FROM_PLACE;
    (score.points >= floor.max(1)).then_some(score)
}

/// Evidence for values that nothing but a name makes a secret of.
fn assigned(matched: &Match, bytes: &[u8], secret: &[u8], entropy: f32, score: &mut Score) {
    if let Some(key) = matched.key.as_ref().map(|key| &bytes[key.clone()]) {
        score.add(key::weigh(key), "key-describes", "the name says that its value is no secret");
        // `git-credential-store: git-credential-store.o`
        if key.len() >= 10 && has(&secret.to_ascii_lowercase(), &key.to_ascii_lowercase()) {
            score.add(-40, "repeats-name", "it repeats the name that it is assigned to");
        }
    }
    let words = language::share_of_words(secret);
    let classes = entropy::classes(secret);
    let quoted = is_quoted(bytes, &matched.secret);
    if secret.contains(&b' ') {
        score.add(-50, "sentence", "it has spaces in it");
    }
    if looks_like_code(secret, quoted, words) {
        score.add(if quoted { -25 } else { -45 }, "code", "it reads as code");
    }
    if is_number(secret) {
        score.add(-40, "number", "it is a number");
    }
    if secret.starts_with(b"/") || secret.starts_with(b"./") || secret.starts_with(b"../") || has(secret, b"://") {
        score.add(-45, "location", "it is a path or an address");
    }
    if is_hash(secret) {
        score.add(-30, "hash", "it is a hash of a password");
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

fn has(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// True for decimal and hexadecimal numbers, versions, object identifiers and dates.
fn is_number(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"0x").filter(|rest| rest.len() <= 16);
    digits.is_some_and(|rest| rest.iter().all(u8::is_ascii_hexdigit))
        || value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'+'))
}

/// True for what crypt(3) and its kin make of a password: typed as a hash by a rule of its own.
fn is_hash(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"{CRYPT}").unwrap_or(value);
    [
        &b"$argon2"[..],
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$1$",
        b"$5$",
        b"$6$",
        b"$apr1$",
        b"$y$",
        b"{SSHA",
        b"{SHA",
        b"pbkdf2",
    ]
    .iter()
    .any(|start| value.starts_with(start))
}

/// Beginnings of expressions that read a value from somewhere.
const CODE_STARTS: &[&str] = &[
    "self.",
    "this.",
    "request.",
    "req.",
    "options.",
    "opts.",
    "args.",
    "props.",
    "ctx.",
    "context.",
    "config.",
    "settings.",
    "project.",
    "params.",
    "cfg.",
    "conf.",
    "data.",
    "module.",
    "local.",
    "var.",
    "vars.",
    "secrets.",
    "new ",
    "await ",
    "String.",
    "str(",
];

/// True if the value stands right behind a quote.
fn is_quoted(bytes: &[u8], span: &Range<usize>) -> bool {
    span.start.checked_sub(1).is_some_and(|i| matches!(bytes[i], b'"' | b'\'' | b'`'))
}

/// True for calls, indexing, paths of names, regexes and other expressions; for bare text also for plain names, if they
/// read as words.
fn looks_like_code(value: &[u8], quoted: bool, words: f32) -> bool {
    let signs: [&[u8]; 12] = [b"()", b"->", b"::", b"=>", b"&&", b"||", b"A-Z", b"a-z", b"0-9", b"(?", b"\\d", b"\\w"];
    if CODE_STARTS.iter().any(|start| value.starts_with(start.as_bytes())) || signs.iter().any(|sign| has(value, sign))
    {
        return true;
    }
    let is_name = value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$'))
        && !value[0].is_ascii_digit();
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if quoted {
        // "user.password.label", "PASSWORD_FIELD"
        let parted = value.iter().filter(|b| matches!(b, b'_' | b'.')).count();
        return is_name && digits == 0 && parted >= 1 && words > 0.3;
    }
    let expression = value.iter().any(|b| matches!(b, b'(' | b'[' | b'{')) || matches!(value[0], b'&' | b'*');
    (is_name && digits * 6 <= value.len() && (words > 0.3 || value.len() < 5)) || expression
}

/// Adds evidence of place to a finding's: the path that it stands under.
pub fn place(path: &BStr, rule: &Rule, reasons: &mut Vec<Reason>) -> Confidence {
    let mut score = Score { points: reasons.iter().map(|r| r.points).sum(), reasons: std::mem::take(reasons) };
    path::weigh(path, rule, &mut score);
    *reasons = score.reasons;
    Confidence::new(score.points)
}

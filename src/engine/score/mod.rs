//! Scoring: all evidence about a match becomes one confidence with named reasons.
//!
//! In two steps. [`local`] weighs what the match's own bytes say, as soon as it stands; a match that nothing can bring
//! to `low` any more is dropped at once. [`place`] weighs where it stands, once per finding, after grouping: so that
//! matching itself stays local.

pub mod entropy;
pub mod forms;
mod key;
mod language;
mod path;
mod placeholder;

use std::borrow::Cow;
use std::ops::Range;

use bstr::BStr;

use crate::model::rule::Detect;
use crate::model::{Confidence, Level, Match, Reason, Rule};
use forms::{Forms, Length};
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
pub fn local(rule: &Rule, matched: &Match, judged: &Range<usize>, bytes: &[u8], forms: &Forms) -> Option<Score> {
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
        (Some(Stand::Placeholder), Detect::Assigned { .. }) => {
            score.add(-80, "placeholder", "it reads like a placeholder");
        }
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
    } else if reads_as_words(rule, matched, judged, secret) {
        score.add(-45, "words", "it reads as words");
    }
    let floor = (i32::from(Level::Low.threshold().get()) - MOST_FROM_PLACE).max(1);
    // Asked last, of the few that stand: tables are made for it.
    if score.points >= floor {
        by_forms(rule, matched, bytes, secret, forms, &mut score);
    }
    (score.points >= floor).then_some(score)
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
        score.add((JUST_LOW - score.points).clamp(-45, 0), "other-form", text);
    }
    if !is_of_token(secret) {
        score.add(-70, "punctuation", "it has signs in it that keys and tokens do not have");
    }
}

/// True for the characters that issued keys are made of: letters, digits, those of base64 and what parts are joined by.
fn is_of_token(value: &[u8]) -> bool {
    value.iter().enumerate().all(|(i, byte)| match byte {
        b'%' => value[i + 1..].iter().take(2).filter(|b| b.is_ascii_hexdigit()).count() == 2,
        _ => byte.is_ascii_alphanumeric() || b"_-.+/=~:|@*,&\\".contains(byte),
    })
}

/// Evidence for values that nothing but a name makes a secret of.
fn assigned(matched: &Match, bytes: &[u8], secret: &[u8], entropy: f32, score: &mut Score) {
    if let Some(key) = matched.key.as_ref().map(|key| &bytes[key.clone()]) {
        score.add(key::weigh(key), "key-describes", "the name says that its value is no secret");
        // `git-credential-store: git-credential-store.o`
        if key.len() >= 10 && has(&letters(secret), &letters(key)) {
            score.add(-50, "repeats-name", "it repeats the name that it is assigned to");
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
    if !forms::is_service(secret) {
        score.add(-40, "kind", "it says what kind of secret there is");
    }
    if is_host(secret) {
        score.add(-70, "host", "it is the name of a host");
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

/// The letters and digits of a text, in lower case.
fn letters(text: &[u8]) -> Vec<u8> {
    text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

/// Ends of names of hosts that values which are none do not have by chance.
const DOMAINS: &str = "com net org io dev app cloud internal local localhost svc edu gov de uk fr eu us cn ru jp";

/// True for names of hosts, with a port or without: `db-1.example.com:5432`.
fn is_host(value: &[u8]) -> bool {
    let name = match value.iter().rposition(|b| *b == b':') {
        Some(colon) if value[colon + 1..].iter().all(u8::is_ascii_digit) => &value[..colon],
        _ => value,
    };
    let labels: Vec<&[u8]> = name.split(|b| *b == b'.').collect();
    let is_label = |l: &&[u8]| !l.is_empty() && l.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    let is_domain = |l: &&[u8]| DOMAINS.split_ascii_whitespace().any(|domain| domain.as_bytes() == *l);
    labels.len() >= 2 && labels.iter().all(is_label) && labels.last().is_some_and(is_domain)
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
    // `",rememberLabel:"`: what stands between two strings, and `#add-password`, which selects an element.
    let between = matches!(value, [b',' | b';' | b')' | b']' | b'}', ..]);
    let selects = matches!(value, [b'#' | b'.', b'a'..=b'z', ..]) && words > 0.6;
    if between || selects {
        return true;
    }
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
    let expression = expression || has(value, b"=!");
    (is_name && digits * 6 <= value.len() && (words > 0.3 || value.len() < 5)) || expression
}

/// Adds evidence of place to a finding's: the path that it stands under.
pub fn place(path: &BStr, rule: &Rule, reasons: &mut Vec<Reason>) -> Confidence {
    let mut score = Score { points: reasons.iter().map(|r| r.points).sum(), reasons: std::mem::take(reasons) };
    path::weigh(path, rule, &mut score);
    *reasons = score.reasons;
    Confidence::new(score.points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts_are_told() {
        for host in ["db-1.acme.com", "localhost.local:5432", "a.b.svc"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for other in ["acme", "k9xQ.2vB7", "hunter2.", "pass:word.com:x", "a..com"] {
            assert!(!is_host(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn signs_that_issued_keys_do_not_have_are_told() {
        for key in ["k9xQ2vB7", "k9x-Q2v_B7.x/y+z==", "id:k9xQ2v", "k9%2BxQ"] {
            assert!(is_of_token(key.as_bytes()), "{key}");
        }
        for other in ["k9x^Q2vB7", "k9%xQ", "what?", "k9$xQ"] {
            assert!(!is_of_token(other.as_bytes()), "{other}");
        }
    }
}

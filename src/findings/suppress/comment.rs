//! Comments that allow a finding on their line.
//!
//! ```text
//! marker  = "unspill:allow" [ rules ] [ reason ]             for the line that it stands on
//!         | "unspill:allow-next-line" [ rules ] [ reason ]   for the line below
//! rules   = "(" id { "," id } ")"                            only these rules; all where left out
//!         | known { "," known }                              the same, if the first word is the id of a rule that there is
//! reason  = the rest of the comment; "--", "-" or ":" in front of it is left out
//! ```
//!
//! `password = "…"  # unspill:allow(assigned-password) the fixture's own`. Without brackets, words are a reason, and all
//! rules are allowed; but whoever writes `unspill:allow jwt` means that rule, so the id of a rule counts as if it stood in
//! brackets. A reason that begins with such a word needs a `--` in front. Markers are written in lower case and stand
//! by themselves: `unspill:allowed` is none. One whose brackets are empty or not closed allows nothing, so that a slip
//! shows. Which comment syntax is around does not matter. The markers of other programs count as they do for these:
//! anywhere in the line, for all rules.

use bstr::ByteSlice;
use memchr::memmem;

use crate::model::{Rule, Suppression};

const ALLOW: &[u8] = b"unspill:allow";
const NEXT_LINE: &[u8] = b"-next-line";
/// Markers of gitleaks, TruffleHog, Kingfisher and detect-secrets, for the line that they stand on.
const FOREIGN: [&[u8]; 5] = [
    b"gitleaks:allow",
    b"trufflehog:ignore",
    b"kingfisher:ignore",
    b"pragma: allowlist secret",
    b"pragma: whitelist secret",
];
/// Markers of detect-secrets for the line below.
const FOREIGN_NEXT_LINE: [&[u8]; 2] = [b"pragma: allowlist nextline secret", b"pragma: whitelist nextline secret"];
/// A reason is cut after so many bytes.
const LONGEST_REASON: usize = 200;

/// Whether a comment on `line`, or one with `allow-next-line` on the line before, allows what `rule` found on it.
/// For a finding of several lines, ask for its first and for its last.
/// `is_rule` knows the ids of all rules there are.
pub fn comment(
    line: &[u8],
    line_before: Option<&[u8]>,
    rule: &Rule,
    is_rule: impl Fn(&str) -> bool,
) -> Option<Suppression> {
    let own = || marker(line, false, rule, &is_rule);
    let before = || marker(line_before?, true, rule, &is_rule);
    let foreign = || {
        let is_marked = |line: &[u8], markers: &[&[u8]]| markers.iter().any(|m| memmem::find(line, m).is_some());
        let before = || line_before.is_some_and(|line| is_marked(line, &FOREIGN_NEXT_LINE));
        (is_marked(line, &FOREIGN) || before()).then_some(None)
    };
    own().or_else(before).or_else(foreign).map(|reason| Suppression::Comment { reason })
}

/// The reason (if one is given) of the first marker in `line` that allows `rule`.
fn marker(line: &[u8], next_line: bool, rule: &Rule, is_rule: &dyn Fn(&str) -> bool) -> Option<Option<String>> {
    memmem::find_iter(line, ALLOW).find_map(|start| {
        let by_itself = start.checked_sub(1).and_then(|i| line.get(i)).is_none_or(|b| !is_word(*b));
        let mut rest = line.get(start + ALLOW.len()..)?;
        if next_line {
            rest = rest.strip_prefix(NEXT_LINE)?;
        }
        if !by_itself || rest.first().is_some_and(|b| is_word(*b)) {
            return None;
        }
        if let Some(inner) = rest.strip_prefix(b"(") {
            let close = memchr::memchr(b')', inner)?;
            let (ids, behind) = inner.split_at(close);
            if !ids.split(|b| *b == b',').any(|id| id.trim_ascii() == rule.id.as_bytes()) {
                return None;
            }
            rest = behind.get(1..).unwrap_or_default();
        } else {
            let (ids, behind) = known_ids(rest, is_rule);
            if !ids.is_empty() && !ids.contains(&&*rule.id) {
                return None;
            }
            rest = behind;
        }
        Some(reason(rest))
    })
}

/// The ids of rules that stand first in `rest`, with commas between them, and what is behind them.
fn known_ids<'l>(rest: &'l [u8], is_rule: &dyn Fn(&str) -> bool) -> (Vec<&'l str>, &'l [u8]) {
    let (mut ids, mut behind) = (Vec::new(), rest);
    let mut next = rest.strip_prefix(b":").unwrap_or(rest);
    while let Some((id, after)) = word(next.trim_ascii_start()).filter(|(id, _)| is_rule(id)) {
        ids.push(id);
        behind = after;
        match after.trim_ascii_start().strip_prefix(b",") {
            Some(more) => next = more,
            None => break,
        }
    }
    // A comma that no further id follows is no part of the reason.
    let reason = behind.trim_ascii_start().strip_prefix(b",").filter(|_| !ids.is_empty());
    (ids, reason.unwrap_or(behind))
}

/// The word that `text` begins with, if it may be an id and nothing more is joined to it, as in `jwt.io`.
fn word(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = text.iter().position(|b| !is_word(*b)).unwrap_or(text.len());
    // The dashes of `-->` are none of the id's.
    let end = text.get(..end)?.trim_end_with(|c| c == '-').len();
    let (id, behind) = text.split_at_checked(end)?;
    let joined = match behind {
        [b'.' | b':' | b'/' | b'@' | b'=' | b'+' | b'\\', next, ..] => is_word(*next),
        _ => false,
    };
    (!joined).then(|| str::from_utf8(id).ok().map(|id| (id, behind)))?
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The text of a reason: up to where its comment or the string about it ends, for behind that may be another secret.
fn reason(rest: &[u8]) -> Option<String> {
    const ENDS: [&[u8]; 9] = [b"*/", b"-->", b"\"", b"'", b"`", b"#}", b"%>", b"\n", b"\r"];
    let end = ENDS.iter().filter_map(|end| memmem::find(rest, end)).min().unwrap_or(rest.len());
    let text = String::from_utf8_lossy(rest.get(..end.min(LONGEST_REASON))?).into_owned();
    let text = text.trim();
    let text = text.strip_prefix("--").or(text.strip_prefix(['-', ':'])).unwrap_or(text).trim();
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    (!text.is_empty()).then_some(text)
}

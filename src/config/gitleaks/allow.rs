//! An allowlist of gitleaks as one of ours.

use super::format::Allow;
use super::regex::plain;
use crate::model::{Allowlist, Target};

/// The allowlist, for `rules` (all, if there are none): `own`, if it stands within a rule. Nothing if it would allow
/// nothing. Remarks on what is not as it was go to `notes`.
pub(super) fn translate(
    allow: &Allow,
    rules: Vec<String>,
    own: bool,
    source: String,
    notes: &mut Vec<String>,
) -> Option<Allowlist> {
    let mut note = |what: String| notes.push(format!("{source}: {what}"));
    let all = match allow.condition.as_deref().map(str::to_ascii_uppercase).as_deref() {
        None | Some("" | "OR" | "||") => false,
        Some("AND" | "&&") => true,
        Some(other) => {
            note(format!("the allowlist's condition `{other}` is not understood: the allowlist is disregarded"));
            return None;
        }
    };
    let target = match allow.regex_target.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "secret") => Target::Secret,
        Some("match") => Target::Match,
        Some("line") => Target::Line,
        Some(other) => {
            note(format!("the allowlist's regexTarget `{other}` is not understood: the allowlist is disregarded"));
            return None;
        }
    };
    let mut lost = false;
    let mut regexes = |all: &[String]| -> Vec<String> {
        let translated = all.iter().filter_map(|regex| match plain(regex) {
            Ok(translated) => Some(translated.regex),
            Err(why) => {
                note(format!("`{regex}` of an allowlist is disregarded: {why}"));
                lost = true;
                None
            }
        });
        translated.collect()
    };
    // One of a rule's own belongs to what the rule is: that it excuses nothing just now is no news, so it names no place.
    let (description, place) = match (own, allow.description.as_str()) {
        (false, words) => (words.to_owned(), source.clone()),
        (true, "") => (source.clone(), String::new()),
        (true, words) => (words.to_owned(), String::new()),
    };
    let list = Allowlist {
        description,
        rules,
        commits: allow.commits.clone(),
        paths: regexes(&allow.paths),
        regexes: regexes(&allow.regexes),
        target,
        stopwords: allow.stopwords.clone(),
        all,
        source: place,
    };
    if all && lost {
        // One criterion less would allow more than was meant.
        notes.push(format!("{source}: the allowlist is disregarded, since all its criteria would have to hold"));
        return None;
    }
    if list.is_empty() {
        notes.push(format!("{source}: the allowlist has no criterion, and allows nothing"));
        return None;
    }
    Some(list)
}

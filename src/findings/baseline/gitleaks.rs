//! A report of gitleaks (`--report-format json`) as a baseline: what its own `--baseline-path` takes.
//!
//! gitleaks takes a finding for known if nothing of it changed, its lines and its rule included. Here a finding is known
//! if the report has the **same secret at the same path**, wherever in the file and by whatever rule: the same, or one a
//! whole part of the other ([`is_same`]), for the two programs do not always agree on where a credential begins.
//!
//! A report that was written with `--redact` has no secrets. That something stands on the same line as a known secret
//! proves nothing: the next secret is most likely put in just there. Only what a commit holds never changes, so **a
//! redacted entry knows what stands at its place in its commit**, and one without a commit (of `gitleaks dir`) nothing.
//!
//! Line 0 stands for the file as a whole: what was found by its name alone.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::memmem;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::{Baseline, Entry, Known};
use crate::findings::foreign;
use crate::model::rule::Detect;
use crate::model::{Finding, Fingerprint, Occurrence, Secret};

/// What gitleaks puts in place of a secret.
const REDACTED: &str = "REDACTED";
/// So long a part of a value must be to stand for the whole, in bytes.
const SHORTEST_PART: usize = 8;
/// What columns may be off by: gitleaks counts bytes, from another place on all lines but the first.
const COLUMNS_OFF: u64 = 2;

/// What a report knows, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gitleaks {
    paths: HashMap<Vec<u8>, AtPath>,
}

/// What it knows of one path; with positions of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct AtPath {
    secrets: HashMap<Secret, usize>,
    places: Vec<(Place, usize)>,
    /// The file as a whole.
    file: Option<usize>,
}

/// Where a redacted secret stands. Lines and columns count from 1; those of the end are the last ones.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    commit: String,
    start: (u64, u64),
    end: (u64, u64),
}

/// A finding as gitleaks writes it; keys that are not needed are left out.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(rename = "RuleID", default)]
    rule: String,
    file: String,
    #[serde(borrow)]
    secret: Cow<'a, str>,
    #[serde(default)]
    commit: String,
    #[serde(default)]
    fingerprint: String,
    #[serde(default)]
    start_line: u64,
    #[serde(default)]
    start_column: u64,
    #[serde(default)]
    end_line: u64,
    #[serde(default)]
    end_column: u64,
}

/// Reads it.
///
/// # Errors
/// If it is no such report.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Baseline, serde_json::Error> {
    let rows: Vec<Row<'_>> = serde_json::from_slice(bytes)?;
    let (mut entries, mut known, mut useless, mut bound) = (Vec::new(), Gitleaks::default(), 0, 0);
    for mut row in rows {
        let path = foreign::path(&row.file);
        let at_path = known.paths.entry(path.clone().into_bytes()).or_default();
        let at = entries.len();
        let is_new = if row.start_line == 0 && matches!(&*row.secret, "" | REDACTED) {
            *at_path.file.get_or_insert(at) == at
        } else if !is_redacted(&row.secret) {
            // One credential may have been found by several rules, and in many commits.
            *at_path.secrets.entry(Secret::new(row.secret.as_bytes())).or_insert(at) == at
        } else if row.commit.is_empty() {
            useless += 1;
            false
        } else {
            bound += 1;
            let (start, end) = ((row.start_line, row.start_column), (row.end_line, row.end_column));
            at_path.places.push((Place { commit: row.commit.to_ascii_lowercase(), start, end }, at));
            true
        };
        if let Cow::Owned(secret) = &mut row.secret {
            secret.zeroize();
        }
        if is_new {
            entries.push(Entry { path, rule: row.rule, fingerprint: Fingerprint(row.fingerprint) });
        }
    }
    let count = |n: usize| if n == 1 { "1 entry is".to_owned() } else { format!("{n} entries are") };
    let mut warnings = Vec::new();
    if bound > 0 {
        warnings.push(format!(
            "{file}: {} redacted, and known only in the history, at the commit and place named",
            count(bound)
        ));
    }
    if useless > 0 {
        warnings.push(format!(
            "{file}: {} without secret and commit, and not used: another secret may stand on that line by now; \
             write the report without --redact, or use `unspill baseline create`",
            count(useless)
        ));
    }
    Ok(Baseline { entries, known: Known::Gitleaks(known), warnings })
}

/// Whether gitleaks left out the secret: all of it, or (`--redact=50`) its end.
fn is_redacted(secret: &str) -> bool {
    matches!(secret, "" | REDACTED) || secret.ends_with("...")
}

impl Gitleaks {
    /// The positions of the entries that know `finding`.
    pub fn positions(&self, finding: &Finding) -> Vec<usize> {
        let Some(at_path) = self.paths.get(finding.first().origin.path().as_slice()) else { return Vec::new() };
        if finding.rule.detect == Detect::Path {
            return at_path.file.into_iter().collect();
        }
        let secret = finding.secret.expose();
        let mut positions: Vec<usize> = match at_path.secrets.get(&finding.secret) {
            Some(at) => vec![*at],
            None => at_path.secrets.iter().filter(|(s, _)| is_same(secret, s.expose())).map(|(_, at)| *at).collect(),
        };
        positions.extend(at_path.known_places(finding).unwrap_or_default());
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    /// A hash of all that is known.
    pub fn identity(&self) -> String {
        let mut paths: Vec<_> = self.paths.iter().collect();
        paths.sort_by_key(|(path, _)| *path);
        let mut hasher = Sha256::new();
        for (path, AtPath { secrets, places, file }) in paths {
            let mut secrets: Vec<_> = secrets.keys().collect();
            secrets.sort_unstable();
            for part in std::iter::once(path.as_slice()).chain(secrets.iter().map(|s| s.expose())) {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            hasher.update(format!("{places:?} {file:?}"));
        }
        data_encoding::HEXLOWER.encode(&hasher.finalize())
    }
}

impl AtPath {
    /// The positions of the places that know each one of a finding's; `None` if one is not known.
    fn known_places(&self, finding: &Finding) -> Option<Vec<usize>> {
        if self.places.is_empty() {
            return None;
        }
        let of = |occurrence: &Occurrence| self.places.iter().find(|(place, _)| place.holds(occurrence));
        finding.occurrences.iter().map(|occurrence| of(occurrence).map(|(_, at)| *at)).collect()
    }
}

impl Place {
    fn holds(&self, occurrence: &Occurrence) -> bool {
        let Some(commit) = occurrence.commit.as_ref().or(occurrence.origin.commit()) else { return false };
        let place = &occurrence.place;
        let start = (self.start.0, self.start.1.saturating_sub(COLUMNS_OFF));
        let end = (self.end.0, self.end.1.saturating_add(COLUMNS_OFF));
        let within = start <= (place.line, place.column) && (place.end_line, place.end_column) <= end;
        let id = commit.id.to_string();
        within && id == self.commit
    }
}

/// Whether two values are the same credential: equal, or one a part of the other that no letter, digit, `_` or `-`
/// touches. If theirs is the shorter one, it must make up half of ours at least, so that a known word does not excuse the
/// secret beside it.
fn is_same(ours: &[u8], theirs: &[u8]) -> bool {
    ours == theirs || is_part(ours, theirs) || (theirs.len() >= ours.len() / 2 && is_part(theirs, ours))
}

fn is_part(part: &[u8], whole: &[u8]) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    part.len() >= SHORTEST_PART
        && memmem::find_iter(whole, part).any(|start| {
            let before = start.checked_sub(1).and_then(|at| whole.get(at));
            !is_word(before) && !is_word(whole.get(start + part.len()))
        })
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn a_whole_part_is_the_same_and_a_piece_is_not() {
        for (ours, theirs) in [
            ("k9rJJeGkihPz", "k9rJJeGkihPz"),
            ("k9rJJeGkihPz", "\"admin:k9rJJeGkihPz\""),
            ("token: 0TEdAGaTtuAS2peah0", "0TEdAGaTtuAS2peah0"),
        ] {
            assert!(is_same(ours.as_bytes(), theirs.as_bytes()), "{ours} {theirs}");
        }
        for (ours, theirs) in [
            ("k9rJJeGkihPz", "k9rJJeGkihPzX"),
            ("k9rJJeGkihPz-2", "k9rJJeGkihPz"),
            ("short", "a:short"),
            ("username:k9rJJeGkihPz", "username"),
            ("k9rJJeGkihPz", ""),
        ] {
            assert!(!is_same(ours.as_bytes(), theirs.as_bytes()), "{ours} {theirs}");
        }
    }
}

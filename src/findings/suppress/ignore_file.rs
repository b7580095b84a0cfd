//! Ignore files: `.unspillignore`, and the `.gitleaksignore` of those who move over.
//!
//! `.unspillignore` has a fingerprint a line; `#` begins a comment, at the start of a line or behind a fingerprint (the
//! reason); blank lines are fine. Fingerprints name no line or commit, so entries live as long as the secret does.
//!
//! `.gitleaksignore` has gitleaks' fingerprints, `file:rule:line` or `commit:file:rule:line`. An entry fits a place of the
//! same file and line (and commit, where it names one). Their rule ids are not ours: whether its rule may be the one that
//! found something there is for the caller to know ([`super::Suppressions::reading_ids`]); else it fits whatever the rule.

use std::fs;
use std::path::Path;

use super::SuppressError;
use crate::findings::{fingerprint, foreign};

/// The entries of an ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreFile {
    /// The file, as it was named.
    pub(super) file: String,
    /// Its entries, each with its line, from 1.
    pub(super) entries: Vec<(usize, Entry)>,
}

/// What is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The finding with this fingerprint.
    Fingerprint(String),
    /// What a rule of this name finds on this line of this path, in this commit.
    Place { commit: Option<String>, path: String, rule: String, line: u64 },
}

impl IgnoreFile {
    /// Reads an ignore file; one whose name ends in `.gitleaksignore` in gitleaks' form.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not of the form.
    pub fn read(path: &Path) -> Result<IgnoreFile, SuppressError> {
        let place = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|cause| SuppressError::unreadable(place.clone(), cause))?;
        Self::parse(&place, &text)
    }

    /// Reads the text of an ignore file that is called `file`.
    ///
    /// # Errors
    /// If a line is not of the form.
    pub fn parse(file: &str, text: &str) -> Result<IgnoreFile, SuppressError> {
        let foreign = file.ends_with(".gitleaksignore");
        let mut entries = Vec::new();
        for (index, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = if foreign { gitleaks(line) } else { own(line) };
            entries.push((
                index + 1,
                entry.map_err(|(what, hint)| SuppressError {
                    place: format!("{file}:{}", index + 1),
                    what,
                    hint: Some(hint.to_owned()),
                    cause: None,
                })?,
            ));
        }
        Ok(IgnoreFile { file: file.to_owned(), entries })
    }
}

fn own(line: &str) -> Result<Entry, (String, &'static str)> {
    let (entry, behind) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    if !fingerprint::is_well_formed(entry) {
        return Err((
            "this is not a fingerprint".to_owned(),
            "copy it from a report: rule, hash of the path and hash of the secret, with `:` between them",
        ));
    }
    match behind.trim_start() {
        "" => Ok(Entry::Fingerprint(entry.to_owned())),
        reason if reason.starts_with('#') => Ok(Entry::Fingerprint(entry.to_owned())),
        _ => Err(("text behind the fingerprint".to_owned(), "begin the reason with `#`")),
    }
}

fn gitleaks(line: &str) -> Result<Entry, (String, &'static str)> {
    const HINT: &str = "write file:rule:line or commit:file:rule:line";
    // The line is not repeated: a link may have led anywhere.
    let wrong = |what: &str| (format!("this {what}"), HINT);
    let mut parts = line.rsplitn(3, ':');
    let (Some(number), Some(rule), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong("is not a gitleaks fingerprint"));
    };
    let number = number.parse().map_err(|_| wrong("does not end in a line number"))?;
    let (commit, path) = match path.split_once(':') {
        Some((id, path)) if matches!(id.len(), 40 | 64) && id.bytes().all(|b| b.is_ascii_hexdigit()) => {
            (Some(id.to_ascii_lowercase()), path)
        }
        _ => (None, path),
    };
    if path.is_empty() {
        return Err(wrong("names no file"));
    }
    Ok(Entry::Place { commit, path: foreign::path(path), rule: rule.to_owned(), line: number })
}

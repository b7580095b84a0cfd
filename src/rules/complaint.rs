//! Complaints: what is wrong in a TOML file, told the way compilers tell it: where, what, and what to do.

use std::fmt;
use std::path::{Path, PathBuf};

use super::slips;

/// How bad a complaint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// The file or rule cannot be used.
    Error,
    /// It can be used, but not as it should be.
    Warning,
    /// Worth knowing.
    Note,
}

impl Gravity {
    /// `error`, `warning` or `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Gravity::Error => "error",
            Gravity::Warning => "warning",
            Gravity::Note => "note",
        }
    }
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How bad it is.
    pub gravity: Gravity,
    /// The rule, where it is about one.
    pub rule: Option<String>,
    /// The key, where it is about one.
    pub field: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: Option<String>,
}

/// As compilers write: ``file:line:column: error: rule `x`: `key`: what``, then the hint on a line of its own.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}: ", self.file.display(), self.line, self.column, self.gravity.as_str())?;
        if let Some(rule) = &self.rule {
            write!(f, "rule `{rule}`: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "`{field}`: ")?;
        }
        f.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// A file that complaints are about.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its path, as it is shown.
    pub path: &'a Path,
    /// All of its text.
    pub text: &'a str,
}

impl Document<'_> {
    /// An error at byte `offset`.
    pub fn error(&self, offset: usize, what: impl Into<String>, hint: impl Into<String>) -> Complaint {
        let (line, column) = locate(self.text, offset);
        let hint = Some(hint.into()).filter(|h| !h.is_empty());
        let (gravity, what) = (Gravity::Error, what.into());
        Complaint { file: self.path.to_owned(), line, column, gravity, rule: None, field: None, what, hint }
    }

    /// What the TOML reader says of a file of rules or a configuration of our own form.
    pub fn own_error(&self, error: &toml::de::Error) -> Complaint {
        slips::in_shape(self).unwrap_or_else(|| self.toml_error(error))
    }

    /// What the TOML reader says, in our words where they are better.
    pub fn toml_error(&self, error: &toml::de::Error) -> Complaint {
        let offset = error.span().map_or(0, |span| span.start);
        let message = error.message().trim_end_matches('\n');
        match unknown_key(message) {
            Some((key, known)) => {
                let hint = match nearest(key, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys here are {}", known.join(", ")),
                };
                self.error(offset, format!("unknown key `{key}`"), hint)
            }
            None => {
                let what = slips::of_kind(message).unwrap_or_else(|| message.replace("missing field", "missing key"));
                self.error(offset, what, "")
            }
        }
    }
}

/// Line and column (in characters) of the byte at `offset`, both from 1.
pub fn locate(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before.get(start..).unwrap_or_default().chars().count() + 1)
}

/// The key and the known ones of serde's message ``unknown field `x`, expected one of `a`, `b` ``.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let (key, expected) = message.strip_prefix("unknown field `")?.split_once('`')?;
    Some((key, expected.split('`').skip(1).step_by(2).collect()))
}

/// The one of `known` that `word` is most likely a slip for: by few edits for its length, or the one that is the same
/// but for case and separators.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', '_'], "");
    let wanted = plain(word);
    let scored = known.into_iter().map(|candidate| (edits(&wanted, &plain(candidate)), candidate));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= wanted.chars().count().max(3) / 3).then_some(best)
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_words() {
        let known = ["min_confidence", "format", "jobs"];
        assert_eq!(nearest("min-confidnece", known), Some("min_confidence"));
        assert_eq!(nearest("MinConfidence", known), Some("min_confidence"));
        assert_eq!(nearest("fromat", known), Some("format"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", known), None);
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(locate("a\nüb", 4), (2, 2));
        assert_eq!(locate("", 9), (1, 1));
    }
}

//! What reports show of secrets: the one place that decides between mask and clear text.
//!
//! Excerpts know the secrets of their own line and mask them. Words that people wrote (the reason in a comment, a path
//! in a message) may repeat a secret of the report elsewhere, so they go through [`Redactor::text`]. Paths stay as
//! they are: a place that cannot be found is no use to anyone.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{ReportOptions, facts};
use crate::model::{Excerpt, Report, Secret, Shown};

/// The shortest secret that is looked for in free text, in bytes: shorter ones are words like any other.
const SHORTEST: usize = 8;
/// A secret of lower-case letters alone is looked for from this length on. To mask every `password` because one secret
/// is `password` would give it away.
const SHORTEST_WORD: usize = 16;

/// Shows secrets as the options say.
pub(super) struct Redactor<'a> {
    show: bool,
    /// All secrets of the report, longest first, by their first [`SHORTEST`] bytes.
    known: HashMap<&'a [u8], Vec<&'a Secret>>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(report: &'a Report, options: &ReportOptions) -> Self {
        let mut known: HashMap<&[u8], Vec<&Secret>> = HashMap::new();
        let findings = report.findings.iter().chain(&report.suppressed).filter(|f| !facts::is_path_alone(f));
        let secrets = findings.flat_map(|f| std::iter::once(&f.secret).chain(f.companions.iter().map(|c| &c.secret)));
        for secret in secrets.filter(|s| !options.show_secrets && is_telling(s.expose())) {
            if let Some(start) = secret.expose().get(..SHORTEST) {
                known.entry(start).or_default().push(secret);
            }
        }
        for secrets in known.values_mut() {
            secrets.sort_by(|a, b| b.expose().len().cmp(&a.expose().len()).then_with(|| a.cmp(b)));
            secrets.dedup();
        }
        Redactor { show: options.show_secrets, known }
    }

    /// True if secrets are shown in clear.
    pub(super) fn shows(&self) -> bool {
        self.show
    }

    /// The secret, in clear or masked.
    pub(super) fn secret(&self, secret: &Secret) -> String {
        if self.show { clear(secret) } else { secret.masked() }
    }

    /// The secret in clear, if that was asked for.
    pub(super) fn exposed(&self, secret: &Secret) -> Option<String> {
        self.show.then(|| clear(secret))
    }

    /// The excerpt, in clear or with every secret masked.
    pub(super) fn excerpt(&self, excerpt: &Excerpt) -> Shown {
        if self.show {
            return excerpt.clear();
        }
        let Shown { text, focus } = excerpt.masked();
        let (before, rest) = text.split_at(focus.start);
        let (secret, after) = rest.split_at(focus.end - focus.start);
        let mut text = self.text(before).into_owned();
        let start = text.len();
        text.push_str(secret);
        let focus = start..text.len();
        text.push_str(&self.text(after));
        Shown { text, focus }
    }

    /// `text` with every secret of the report masked in it, unless they are to be shown.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.known.is_empty() || text.len() < SHORTEST {
            return Cow::Borrowed(text);
        }
        let bytes = text.as_bytes();
        let mut redacted: Vec<u8> = Vec::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(start) = bytes.get(at..at + SHORTEST) {
            let here = self.known.get(start).and_then(|all| all.iter().find(|s| bytes[at..].starts_with(s.expose())));
            match here {
                Some(secret) => {
                    redacted.extend_from_slice(&bytes[copied..at]);
                    redacted.extend_from_slice(secret.masked().as_bytes());
                    at += secret.expose().len();
                    copied = at;
                }
                None => at += 1,
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        redacted.extend_from_slice(&bytes[copied..]);
        Cow::Owned(String::from_utf8_lossy(&redacted).into_owned())
    }
}

/// Whether a text is unlikely to stand somewhere but for being the secret.
fn is_telling(secret: &[u8]) -> bool {
    secret.len() >= SHORTEST_WORD || !secret.iter().all(|b| b.is_ascii_lowercase() || b"_- ".contains(b))
}

fn clear(secret: &Secret) -> String {
    String::from_utf8_lossy(secret.expose()).into_owned()
}

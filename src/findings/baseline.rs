//! Baselines: findings that are known, in a file that is committed.

use std::io::{self, Write};
use std::path::Path;

use crate::model::{Finding, Fingerprint};

use super::suppress::SuppressError;

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// One known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What tells it from others.
    pub fingerprint: Fingerprint,
    /// The rule's id: for people.
    pub rule: String,
    /// The path: for people.
    pub path: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// If the file cannot be read, or is no baseline of a version that is understood.
    pub fn read(path: &Path) -> Result<Baseline, SuppressError> {
        let _ = path;
        Ok(Baseline::default())
    }

    /// A baseline of all `findings`, suppressed ones left out.
    pub fn create(findings: &[Finding]) -> Baseline {
        let _ = findings;
        Baseline::default()
    }

    /// Whether a finding is known.
    pub fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.entries.binary_search_by(|e| e.fingerprint.cmp(fingerprint)).is_ok()
    }

    /// The known findings, sorted by fingerprint.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes the baseline: the same findings give the same bytes.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"{}\n")
    }

    /// Findings that are not in the baseline, and entries of the baseline that are not among `findings`.
    pub fn diff<'a, 'b>(&'a self, findings: &'b [Finding]) -> (Vec<&'b Finding>, Vec<&'a Entry>) {
        let new = findings.iter().filter(|f| !self.contains(&f.fingerprint)).collect();
        let found: std::collections::HashSet<&Fingerprint> = findings.iter().map(|f| &f.fingerprint).collect();
        let gone = self.entries.iter().filter(|e| !found.contains(&e.fingerprint)).collect();
        (new, gone)
    }
}

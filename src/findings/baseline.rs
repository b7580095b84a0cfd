//! Baselines: findings that are known, in a file that is committed and reviewed.
//!
//! A baseline is JSON with one finding a line, sorted, so that two branches merge and a diff reads well. It holds the
//! fingerprint, and for people the rule and the path; no line (it would change with every edit) and no part of a secret.
//!
//! ```json
//! {
//!   "version": 1,
//!   "findings": [
//!     {"path": "src/config.py", "rule": "pkcs12-file", "fingerprint": "pkcs12-file:8d3c…:1f0a2"}
//!   ]
//! }
//! ```

use std::collections::HashMap;
use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::{Finding, Fingerprint, Suppression};

use super::fingerprint;
use super::suppress::SuppressError;

/// The version of the form that is written, and the only one that is read.
const VERSION: u64 = 1;

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Sorted, without doubles.
    entries: Vec<Entry>,
    /// Positions in `entries`.
    positions: HashMap<Fingerprint, usize>,
}

/// One known finding. Sorted by path, then rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The path: for people.
    pub path: String,
    /// The rule's id: for people.
    pub rule: String,
    /// What tells it from others.
    pub fingerprint: Fingerprint,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[allow(dead_code, reason = "read before, as the rest depends on it")]
    version: u64,
    findings: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    rule: String,
    fingerprint: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// If the file cannot be read, or is no baseline of a version that is understood.
    pub fn read(path: &Path) -> Result<Baseline, SuppressError> {
        let place = path.display().to_string();
        let bytes = fs::read(path).map_err(|cause| SuppressError::unreadable(place.clone(), cause))?;
        Self::parse(&place, &bytes)
    }

    /// Reads the bytes of a baseline that is called `file`.
    ///
    /// # Errors
    /// If it is no baseline of a version that is understood.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Baseline, SuppressError> {
        let error = |line: usize, what: String, hint: &str| SuppressError {
            place: if line == 0 { file.to_owned() } else { format!("{file}:{line}") },
            what,
            hint: Some(hint.to_owned()),
            cause: None,
        };
        const DAMAGED: &str = "restore it, or write it anew with `unspill baseline create`";
        const FOREIGN: &str =
            "this looks like the report of another scanner: write a baseline with `unspill baseline create`";
        let hint = if bytes.trim_ascii_start().starts_with(b"[") { FOREIGN } else { DAMAGED };
        let damaged = |e: serde_json::Error| error(e.line(), format!("not a baseline of unspill: {e}"), hint);
        let Version { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version != VERSION {
            let what = format!("version {version} of the baseline is not understood");
            return Err(error(0, what, "use the version of unspill that wrote it, or write it anew"));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(damaged)?;
        if let Some(row) = document.findings.iter().find(|row| !fingerprint::is_well_formed(&row.fingerprint)) {
            return Err(error(0, format!("`{}` is not a fingerprint", row.fingerprint), DAMAGED));
        }
        let entry = |row: Row| Entry { path: row.path, rule: row.rule, fingerprint: Fingerprint(row.fingerprint) };
        Ok(Self::new(document.findings.into_iter().map(entry).collect()))
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        entries.dedup();
        let positions = entries.iter().enumerate().map(|(at, entry)| (entry.fingerprint.clone(), at)).collect();
        Baseline { entries, positions }
    }

    /// A baseline of `findings`; those that are suppressed in another way than by a baseline are left out.
    pub fn create(findings: &[Finding]) -> Baseline {
        let counts = |f: &&Finding| matches!(f.suppression, None | Some(Suppression::Baseline));
        let entry = |f: &Finding| Entry {
            path: f.first().origin.path().to_string(),
            rule: f.rule.id.to_string(),
            fingerprint: f.fingerprint.clone(),
        };
        Self::new(findings.iter().filter(counts).map(entry).collect())
    }

    /// Whether a finding is known.
    pub fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.positions.contains_key(fingerprint)
    }

    /// The position of a finding in [`Baseline::entries`].
    pub(super) fn position(&self, fingerprint: &Fingerprint) -> Option<usize> {
        self.positions.get(fingerprint).copied()
    }

    /// The known findings, sorted by path and rule.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes the baseline: the same findings give the same bytes.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\n  \"version\": {VERSION},\n  \"findings\": [")?;
        for (at, entry) in self.entries.iter().enumerate() {
            let Entry { path, rule, fingerprint } = entry.clone();
            out.write_all(if at == 0 { b"\n    " } else { b",\n    " })?;
            serde_json::to_writer(&mut *out, &Row { path, rule, fingerprint: fingerprint.0 })?;
        }
        out.write_all(if self.entries.is_empty() { b"]\n}\n" } else { b"\n  ]\n}\n" })
    }

    /// Findings that are not in the baseline, and entries of the baseline that are not among `findings`. Give it all
    /// findings of a run, but none that are suppressed in another way.
    pub fn diff<'a, 'b>(&'a self, findings: &'b [Finding]) -> (Vec<&'b Finding>, Vec<&'a Entry>) {
        let new = findings.iter().filter(|f| !self.contains(&f.fingerprint)).collect();
        let found: HashSet<&Fingerprint> = findings.iter().map(|f| &f.fingerprint).collect();
        let gone = self.entries.iter().filter(|e| !found.contains(&e.fingerprint)).collect();
        (new, gone)
    }
}

//! Baselines: findings that are known, in a file that is committed and reviewed.
//!
//! Three forms are read, told apart by what is in them. Ours alone is written: it holds no part of a secret.
//!
//! | form | known is |
//! | --- | --- |
//! | [ours](own) | the finding with this fingerprint |
//! | [gitleaks' report in JSON](gitleaks) | this secret at this path |
//! | [detect-secrets' `.secrets.baseline`](detect_secrets) | the secret with this SHA-1 at this path |

mod detect_secrets;
mod gitleaks;
mod own;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::model::{Finding, Fingerprint, Suppression};

use super::suppress::SuppressError;
use detect_secrets::DetectSecrets;
use gitleaks::Gitleaks;

/// What to do about a file that is no baseline.
const WRITE_ANEW: &str = "restore it, or write it anew with `unspill baseline create`";
/// What a file may be.
const KINDS: &str = "no baseline of unspill, JSON report of gitleaks or baseline of detect-secrets";

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Without doubles; those of our own form are sorted.
    entries: Vec<Entry>,
    known: Known,
    warnings: Vec<String>,
}

/// One known finding. Sorted by path, then rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The path: for people.
    pub path: String,
    /// The rule's id, or what another program calls the kind: for people.
    pub rule: String,
    /// What tells it from others, in our own form; else the place as the other program has it, for people.
    pub fingerprint: Fingerprint,
}

/// How a finding is looked up: what comes of it are positions in the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    Own(HashMap<Fingerprint, usize>),
    Gitleaks(Gitleaks),
    DetectSecrets(DetectSecrets),
}

impl Default for Known {
    fn default() -> Self {
        Known::Own(HashMap::new())
    }
}

/// The keys that tell objects of one form from those of another.
#[derive(Deserialize)]
struct Keys {
    results: Option<IgnoredAny>,
    plugins_used: Option<IgnoredAny>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// If the file cannot be read, or is no baseline of a form and version that is understood.
    pub fn read(path: &Path) -> Result<Baseline, SuppressError> {
        let place = path.display().to_string();
        let bytes = read(path).map_err(|cause| SuppressError::unreadable(place.clone(), cause))?;
        Self::parse(&place, &bytes)
    }

    /// Reads the bytes of a baseline that is called `file`.
    ///
    /// # Errors
    /// If it is no baseline of a form and version that is understood.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Baseline, SuppressError> {
        // Editors and shells of Windows put this in front.
        let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let damaged = |error: serde_json::Error| {
            let what = format!("{KINDS}: {error}");
            invalid(file, error.line(), what, WRITE_ANEW)
        };
        if bytes.trim_ascii_start().starts_with(b"[") {
            return gitleaks::parse(file, bytes).map_err(damaged);
        }
        match serde_json::from_slice(bytes).map_err(damaged)? {
            Keys { results: None, plugins_used: None } => own::parse(file, bytes),
            Keys { .. } => detect_secrets::parse(file, bytes).map_err(damaged),
        }
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        entries.dedup();
        let positions = entries.iter().enumerate().map(|(at, entry)| (entry.fingerprint.clone(), at)).collect();
        Baseline { entries, known: Known::Own(positions), warnings: Vec::new() }
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
    pub fn contains(&self, finding: &Finding) -> bool {
        !self.positions(finding).is_empty()
    }

    /// The positions in [`Baseline::entries`] of those that know a finding.
    pub(super) fn positions(&self, finding: &Finding) -> Vec<usize> {
        match &self.known {
            Known::Own(positions) => positions.get(&finding.fingerprint).copied().into_iter().collect(),
            Known::Gitleaks(report) => report.positions(finding),
            Known::DetectSecrets(baseline) => baseline.positions(finding),
        }
    }

    /// The known findings.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether the fingerprints of entries are ours, so that each names its rule.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.known, Known::Own(_))
    }

    /// What of a foreign baseline cannot be used, in sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Text that is another one wherever other findings are known. It shows no secret.
    pub(super) fn identity(&self) -> String {
        match &self.known {
            Known::Own(_) => format!("{:?}", self.entries),
            Known::Gitleaks(report) => format!("{:?} {}", self.entries, report.identity()),
            Known::DetectSecrets(baseline) => format!("{:?} {baseline:?}", self.entries),
        }
    }

    /// Writes the baseline in our own form: the same findings give the same bytes.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        own::write(&self.entries, out)
    }

    /// Findings that are not in the baseline, and entries of the baseline that are not among `findings`. Give it all
    /// findings of a run, but none that are suppressed in another way.
    pub fn diff<'a, 'b>(&'a self, findings: &'b [Finding]) -> (Vec<&'b Finding>, Vec<&'a Entry>) {
        let mut found = vec![false; self.entries.len()];
        let mut is_new = |finding: &&Finding| {
            let positions = self.positions(finding);
            positions.iter().filter_map(|at| found.get_mut(*at).map(|found| *found = true)).count() == 0
        };
        let new = findings.iter().filter(|finding| is_new(finding)).collect();
        let gone = self.entries.iter().zip(found).filter(|(_, found)| !found).map(|(entry, _)| entry).collect();
        (new, gone)
    }
}

/// The bytes of a file, wiped when dropped: a report of gitleaks holds secrets.
fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    // Room for all of it, so that it is not moved about while it is read, and no part left behind.
    let room = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1).min(1 << 30);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// An error at a line of a baseline, from 1; 0 for the file as a whole.
fn invalid(file: &str, line: usize, what: String, hint: &str) -> SuppressError {
    let place = if line == 0 { file.to_owned() } else { format!("{file}:{line}") };
    SuppressError { place, what, hint: Some(hint.to_owned()), cause: None }
}

//! Suppression: what is known and allowed, by comments, ignore files, allowlists and the baseline.
//!
//! A finding is suppressed where a fingerprint names it, or where each of its places is allowed. Everything that would
//! allow it counts as used, not only what comes first: else an entry would seem useless because another one is there.

mod allowlist;
mod comment;
mod error;
mod ignore_file;

pub use comment::comment;
pub use error::SuppressError;
pub use ignore_file::IgnoreFile;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use sha2::{Digest, Sha256};

use crate::model::rule::Detect;
use crate::model::{Allowlist, Finding, Occurrence, Rule, Suppression};

use super::{Baseline, baseline, fingerprint};
use allowlist::Compiled;
use ignore_file::Entry;

/// All that a run knows of what is allowed, apart from comments. Judges from any number of threads.
#[derive(Debug, Default)]
pub struct Suppressions {
    allowlists: Vec<(Compiled, Used)>,
    ignored: Vec<Ignored>,
    /// Positions in `ignored`, by fingerprint and by path.
    by_fingerprint: HashMap<String, Vec<usize>>,
    by_path: HashMap<Vec<u8>, Vec<usize>>,
    baseline: Option<Baseline>,
    baseline_used: Vec<Used>,
    means: Option<Means>,
}

/// Whether a rule of another program (first) may be one of ours (second).
type Means = fn(&str, &Rule) -> bool;

/// Whether an entry was of use so far.
type Used = AtomicBool;

/// An entry of an ignore file.
#[derive(Debug)]
struct Ignored {
    file: String,
    line: usize,
    entry: Entry,
    used: Used,
}

impl Ignored {
    fn suppression(&self) -> Suppression {
        Suppression::IgnoreFile { file: self.file.clone(), line: self.line }
    }
}

impl Suppressions {
    /// Takes in what was read.
    ///
    /// # Errors
    /// If a regex of an allowlist is invalid.
    pub fn new(
        allowlists: Vec<Allowlist>,
        ignore_files: Vec<IgnoreFile>,
        baseline: Option<Baseline>,
    ) -> Result<Self, SuppressError> {
        let mut all = Suppressions::default();
        for list in allowlists {
            all.allowlists.push((Compiled::new(list)?, Used::default()));
        }
        for IgnoreFile { file, entries } in ignore_files {
            for (line, entry) in entries {
                let at = all.ignored.len();
                match &entry {
                    Entry::Fingerprint(text) => all.by_fingerprint.entry(text.clone()).or_default().push(at),
                    Entry::Place { path, .. } => all.by_path.entry(path.clone().into_bytes()).or_default().push(at),
                }
                all.ignored.push(Ignored { file: file.clone(), line, entry, used: Used::default() });
            }
        }
        all.baseline_used = baseline.iter().flat_map(|b| b.entries()).map(|_| Used::default()).collect();
        all.baseline = baseline;
        Ok(all)
    }

    /// The same, where `means` tells which rule of ours a rule id in a `.gitleaksignore` may stand for.
    #[must_use]
    pub fn reading_ids(self, means: fn(&str, &Rule) -> bool) -> Self {
        Suppressions { means: Some(means), ..self }
    }

    /// A digest of all that is allowed and known.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut part = |text: String| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        part(format!("{:?}", self.allowlists.iter().map(|(list, _)| &list.list).collect::<Vec<_>>()));
        part(format!("{:?}", self.ignored.iter().map(|i| (&i.file, i.line, &i.entry)).collect::<Vec<_>>()));
        part(format!("{:?}", self.baseline.as_ref().map(Baseline::identity)));
        hasher.finalize().into()
    }

    /// Why `finding` is not to be reported; `None` if it is. One that is suppressed by a comment already stays so.
    pub fn judge(&self, finding: &Finding) -> Option<Suppression> {
        let named = self.by_fingerprint.get(&finding.fingerprint.0).into_iter().flatten();
        let named = named.filter_map(|at| self.ignored.get(*at));
        let named = named.inspect(|i| i.used.store(true, Relaxed)).map(Ignored::suppression).reduce(|first, _| first);

        // No short cut: each place marks what allows it as used.
        let places: Vec<Option<Suppression>> =
            finding.occurrences.iter().map(|o| self.judge_place(finding, o)).collect();
        let everywhere = places.into_iter().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().next());

        let known = self.baseline.as_ref().map(|b| b.positions(finding)).unwrap_or_default();
        known.iter().filter_map(|at| self.baseline_used.get(*at)).for_each(|used| used.store(true, Relaxed));
        let known = (!known.is_empty()).then_some(Suppression::Baseline);
        finding.suppression.clone().or(named).or(everywhere).or(known)
    }

    fn judge_place(&self, finding: &Finding, occurrence: &Occurrence) -> Option<Suppression> {
        let allowed =
            self.allowlists.iter().filter(|(list, _)| list.allows(finding, occurrence)).map(|(list, used)| {
                used.store(true, Relaxed);
                Suppression::Allowlist { description: describe(&list.list) }
            });
        let entries = self.by_path.get(occurrence.origin.path().as_slice()).into_iter().flatten();
        let ignored =
            entries.filter_map(|at| self.ignored.get(*at)).filter(|i| self.fits(&i.entry, finding, occurrence));
        let ignored = ignored.map(|i| {
            i.used.store(true, Relaxed);
            i.suppression()
        });
        allowed.chain(ignored).reduce(|first, _| first)
    }

    /// Whether an entry that names a place means this one; its path is known to.
    fn fits(&self, entry: &Entry, finding: &Finding, occurrence: &Occurrence) -> bool {
        let Entry::Place { commit, rule, line, .. } = entry else { return false };
        let id = || occurrence.commit.as_ref().or(occurrence.origin.commit()).map(|commit| commit.id.to_string());
        let commit_fits = || commit.is_none() || *commit == id();
        let rule_fits = || self.means.is_none_or(|means| means(rule, &finding.rule));
        let line_fits = match finding.rule.detect {
            // What its name tells is true of the file as a whole, which gitleaks calls line 0.
            Detect::Path => *line == 0,
            _ => (occurrence.place.line..=occurrence.place.end_line).contains(line),
        };
        line_fits && commit_fits() && rule_fits()
    }

    /// Remarks on entries that no finding needed so far. Of meaning only after a scan of everything that the entries are
    /// for; where some rules were left out, `in_use` knows those that were not, and only entries that can be for these
    /// alone are named.
    pub fn unused(&self, in_use: Option<&dyn Fn(&str) -> bool>) -> Vec<String> {
        let unused = |used: &Used| !used.load(Relaxed);
        let is_used = |rule: &str| in_use.is_none_or(|in_use| in_use(rule));
        let names_used = |fingerprint: &str| fingerprint::rule(fingerprint).is_some_and(is_used);
        let ignored = self.ignored.iter().filter(|i| {
            let may_tell = match &i.entry {
                Entry::Fingerprint(text) => names_used(text),
                Entry::Place { .. } => in_use.is_none(),
            };
            may_tell && unused(&i.used)
        });
        let ignored = ignored.map(|i| format!("{} line {} matches nothing any more", i.file, i.line));
        let lists = self.allowlists.iter().filter(|(list, used)| {
            let rules = &list.list.rules;
            let may_tell = in_use.is_none() || (!rules.is_empty() && rules.iter().all(|rule| is_used(rule)));
            may_tell && !list.list.source.is_empty() && unused(used)
        });
        let lists = lists.map(|(list, _)| match list.list.description.as_str() {
            "" => format!("the allowlist at {} matches nothing any more", list.list.source),
            words => format!("the allowlist `{words}` at {} matches nothing any more", list.list.source),
        });
        let known = self.baseline.iter().flat_map(|baseline| {
            let may_tell =
                |entry: &baseline::Entry| in_use.is_none() || (baseline.is_own() && names_used(&entry.fingerprint.0));
            baseline.entries().iter().map(may_tell)
        });
        let gone = known.zip(&self.baseline_used).filter(|(may_tell, used)| *may_tell && unused(used)).count();
        let baseline = match gone {
            0 => None,
            1 => Some("1 finding of the baseline is gone".to_owned()),
            n => Some(format!("{n} findings of the baseline are gone")),
        };
        ignored.chain(lists).chain(baseline).collect()
    }
}

/// The words for a suppression: the allowlist's own, else where it stands.
fn describe(list: &Allowlist) -> String {
    if list.description.is_empty() { list.source.clone() } else { list.description.clone() }
}

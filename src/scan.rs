//! The pipeline, and the only place that wires it: source → engine → findings → verify → report.

mod locate;
pub mod memory;
mod named;
pub mod verified;
mod worker;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use bstr::BStr;

use crate::engine::Engine;
use crate::engine::score::{self, Score};
use crate::findings::{RawFinding, Suppressions, group};
use crate::model::{Confidence, Finding, Level, Origin, Progress, Report, Stats, Verdict};
use crate::source::{Attribution, Home, Sighting, Source, SourceError};
use crate::verify::offline;
use worker::{Gathered, Gatherer};

/// Points for a secret whose own checksum or structure holds.
const WELL_FORMED: i32 = 12;
/// Points for one whose checksum or structure is wrong.
const MALFORMED: i32 = -25;
/// Points for what structure shows to be no secret at all.
const NOT_SECRET: i32 = -100;

/// How to scan.
#[derive(Debug)]
pub struct ScanOptions {
    /// Findings under it are counted, and not reported.
    pub min_confidence: Confidence,
    /// Whether comments in the scanned text can allow findings.
    pub allow_comments: bool,
    /// Hash the lines that findings stand on, for reports that want it.
    pub line_hashes: bool,
    /// What is known and allowed.
    pub suppressions: Suppressions,
    /// Drop findings whose checksum or structure is wrong; they are counted.
    pub strict_checksums: bool,
    /// Which entries among them to point out that allow nothing any more.
    pub note_unused: NoteUnused,
}

/// Which entries that allow nothing any more are pointed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteUnused {
    /// None: only a part is scanned of what they are for.
    Nothing,
    /// Those that can be for rules in use alone: some rules are left out.
    RulesInUse,
    /// All.
    All,
}

impl ScanOptions {
    /// The defaults, with these suppressions.
    pub fn new(suppressions: Suppressions) -> Self {
        ScanOptions {
            min_confidence: Level::Medium.threshold(),
            allow_comments: true,
            line_hashes: false,
            suppressions,
            strict_checksums: false,
            note_unused: NoteUnused::All,
        }
    }
}

/// Scans a source and reports on it. The report is the same for any number of threads, but for the time it took.
///
/// # Errors
/// If the source cannot be scanned at all. What cannot be read of it is in the report's problems.
pub fn run(
    engine: &Engine,
    source: &dyn Source,
    options: &ScanOptions,
    progress: &Progress,
) -> Result<Report, SourceError> {
    let started = Instant::now();
    let home = source.home();
    let gathered = gather(engine, source, &home, options, progress)?;
    let sightings = sightings(&gathered.raw, engine, source)?;
    let (raw, counts) = gathered.split();
    let named = named::attributed(engine, &sightings).map(|named| named.placed);
    let raw = raw.into_iter().flat_map(|one| sighted(one, &sightings)).chain(named).collect();
    let mut report = conclude(raw, counts, engine, source, options);
    show(&mut report, &home);
    report.stats.elapsed = started.elapsed();
    Ok(report)
}

/// Lets workers scan all of a source.
fn gather(
    engine: &Engine,
    source: &dyn Source,
    home: &Home,
    options: &ScanOptions,
    progress: &Progress,
) -> Result<Gathered, SourceError> {
    let gatherer = Gatherer::new(engine, home, options, progress);
    source.run(&gatherer)?;
    let mut gathered = gatherer.finish();
    gathered.problems.extend(engine.problems());
    Ok(gathered)
}

/// Makes a report of raw findings that were given their places; `counts` are of all that was gathered.
fn conclude(
    raw: Vec<RawFinding>,
    counts: Gathered,
    engine: &Engine,
    source: &dyn Source,
    options: &ScanOptions,
) -> Report {
    let Gathered { raw: _, problems, skipped, commits, items, bytes, below_threshold } = counts;
    let findings = group(raw.into_iter().filter(|one| stands(one, engine)).collect());
    let mut report = Report {
        scope: source.scope(),
        problems,
        stats: Stats { items, bytes, commits, skipped, below_threshold, ..Stats::default() },
        rules: engine.rules().rules().to_vec(),
        min_confidence: Some(options.min_confidence),
        ..Report::default()
    };
    for finding in findings {
        file(judged(finding), options, &mut report);
    }
    let in_use = |rule: &str| engine.rules().find(rule).is_some();
    report.notes.extend(match options.note_unused {
        NoteUnused::Nothing => Vec::new(),
        NoteUnused::RulesInUse => options.suppressions.unused(Some(&in_use)),
        NoteUnused::All => options.suppressions.unused(None),
    });
    report.sort();
    report
}

/// Gives findings the paths that people know, now that all is decided by those of the repository.
fn show(report: &mut Report, home: &Home) {
    if home.is_here() {
        return;
    }
    for finding in report.findings.iter_mut().chain(&mut report.suppressed) {
        for occurrence in &mut finding.occurrences {
            occurrence.origin = home.shown(&occurrence.origin);
        }
    }
    report.sort();
}

/// Whether the rule holds for the path that it turned out to stand under.
fn stands(raw: &RawFinding, engine: &Engine) -> bool {
    engine.holds_for_path(&raw.rule, raw.occurrence.origin.path().as_ref())
}

/// Asks the source for the paths and commits of all objects with raw findings, and of files with telling names.
fn sightings(raw: &[RawFinding], engine: &Engine, source: &dyn Source) -> Result<Attribution, SourceError> {
    let wanted: HashSet<_> = raw.iter().filter_map(|r| r.occurrence.origin.object()).collect();
    let mut wanted: Vec<_> = wanted.into_iter().collect();
    wanted.sort_unstable();
    let is_telling = |name: &BStr| engine.may_scan_name(name);
    source.attribute(&wanted, engine.looks_at_names().then_some(&is_telling))
}

/// One raw finding for each place where its object stands.
fn sighted(raw: RawFinding, attribution: &Attribution) -> Vec<RawFinding> {
    let Some(id) = raw.occurrence.origin.object() else { return vec![raw] };
    let Some(sightings) = attribution.get(&id).filter(|s| !s.is_empty()) else { return vec![raw] };
    sightings.iter().map(|sighting| placed(&raw, sighting)).collect()
}

/// A raw finding at one of the places where its object stands.
fn placed(raw: &RawFinding, sighting: &Sighting) -> RawFinding {
    let mut one = raw.clone();
    if let Some(commit) = &sighting.commit {
        let outermost = Origin::Committed { commit: Arc::clone(commit), path: sighting.path.clone() };
        one.occurrence.origin = one.occurrence.origin.with_outermost(outermost);
    } else if !sighting.path.is_empty() {
        one.occurrence.origin = one.occurrence.origin.with_outermost(Origin::File { path: sighting.path.clone() });
    }
    one.occurrence.commit.clone_from(&sighting.commit);
    one.occurrence.at_head = Some(sighting.at_head);
    one.occurrence.unreachable = sighting.unreachable;
    one
}

/// Weighs what is not local: the place, and what the secret's own structure proves.
fn judged(mut finding: Finding) -> Finding {
    finding.verdict = offline::check_finding(&finding);
    let mut score = Score::from(std::mem::take(&mut finding.reasons), std::mem::take(&mut finding.traits));
    match &finding.verdict {
        Verdict::WellFormed(why) => score.add(WELL_FORMED, "well-formed", why.clone()),
        // Of this very form all the same: what an audit would show of it, it still shows.
        Verdict::Malformed(why) => {
            score.add(MALFORMED.max((score::JUST_LOW - score.points()).min(0)), "malformed", why.clone());
        }
        Verdict::NotSecret(why) => score.add(NOT_SECRET, "not-a-secret", why.clone()),
        _ => {}
    }
    let path = finding.first().origin.path();
    score::place(path.as_ref(), &finding.rule, &mut score);
    finding.confidence = Confidence::of(&mut score.reasons);
    (finding.reasons, finding.traits) = (score.reasons, score.traits);
    finding
}

/// Puts a finding where it belongs in the report.
fn file(mut finding: Finding, options: &ScanOptions, report: &mut Report) {
    // Asked in any case: an entry that allows what a comment allows too is no unused one.
    let allowed = options.suppressions.judge(&finding);
    finding.suppression = finding.suppression.or(allowed);
    if finding.confidence < options.min_confidence {
        report.stats.below_threshold += 1;
    } else if options.strict_checksums && matches!(finding.verdict, Verdict::Malformed(_)) {
        report.stats.malformed += 1;
    } else if finding.suppression.is_some() {
        report.suppressed.push(finding);
    } else {
        report.findings.push(finding);
    }
}

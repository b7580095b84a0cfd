//! A scan from settled arguments to exit code: make the source, run the pipeline, write the results, name what was
//! missed. What `dir`, `git`, `stdin` and `baseline` have in common.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Outcome;
use super::errors;
use super::git::PartArgs;
use super::output::{Told, count, write_report};
use super::progress::Bar;
use super::settings::{Plan, Results};
use crate::engine::Engine;
use crate::findings::Suppressions;
use crate::model::{Confidence, Problem, Progress, Report, Scope, Stats};
use crate::report::Format;
use crate::scan::memory::{self, Reuse};
use crate::scan::{self, NoteUnused, ScanOptions};
use crate::source::archive::Limits;
use crate::source::git::{Git, GitOptions};
use crate::source::stdin::Stdin;
use crate::source::worktree::{self, Worktree, WorktreeOptions};
use crate::source::{Source, SourceError};

/// Problems that are named on stderr before the rest is only counted.
const NAMED_PROBLEMS: usize = 10;

/// Files and folders as a source; `exclude` are files to leave out.
pub fn folders(paths: Vec<PathBuf>, follow: bool, exclude: Vec<PathBuf>, plan: &Plan) -> Box<dyn Source> {
    let options = WorktreeOptions {
        follow: follow || plan.settings().follow == Some(true),
        no_ignore: plan.no_ignore,
        max_file_size: plan.max_file_size,
        archives: limits(plan),
        jobs: plan.jobs,
        exclude,
    };
    Box::new(Worktree::new(paths, options))
}

/// A repository as a source.
///
/// # Errors
/// If there is none, or it cannot be opened; or if git does not say what is pushed.
pub fn repository(repo: Option<PathBuf>, part: PartArgs, plan: &Plan) -> anyhow::Result<Git> {
    let settings = plan.settings();
    let options = GitOptions {
        first_parent: part.first_parent || settings.first_parent == Some(true),
        unreachable: !part.no_unreachable && settings.unreachable != Some(false),
        messages: !part.no_messages && settings.messages != Some(false),
        archives: limits(plan),
        max_blob_size: plan.max_file_size,
        jobs: plan.jobs,
        mode: part.mode()?,
    };
    Ok(Git::open(repo.as_deref(), options)?)
}

/// Standard input as a source.
pub fn stream(name: &str, plan: &Plan) -> Box<dyn Source> {
    Box::new(Stdin::new(name, Box::new(io::stdin()), limits(plan)))
}

/// Bytes that were read already, as a source.
pub fn bytes(name: &str, bytes: Vec<u8>, plan: &Plan) -> Box<dyn Source> {
    Box::new(Stdin::new(name, Box::new(io::Cursor::new(bytes)), limits(plan)))
}

fn limits(plan: &Plan) -> Limits {
    Limits { depth: plan.archive_depth, ..Limits::default() }
}

/// Scans `source` and writes the results.
///
/// # Errors
/// If it cannot be scanned at all, or results cannot be written.
pub fn run(source: &dyn Source, plan: &Plan, results: &Results) -> anyhow::Result<Outcome> {
    let suppressions = plan.suppressions(results.baseline.as_deref())?;
    finish(scan(source, plan, suppressions, wants_line_hashes(results))?, plan, results)
}

/// The same for a history, with a cache of what was scanned before.
///
/// # Errors
/// As [`run`], or if `cache` is another kind of file.
pub fn run_again(git: &Git, cache: &Path, plan: &Plan, results: &Results) -> anyhow::Result<Outcome> {
    let suppressions = plan.suppressions(results.baseline.as_deref())?;
    let mut audit = None;
    let report = scan_by(plan, suppressions, wants_line_hashes(results), |engine, options, progress| {
        let done = memory::run(engine, git, &options, progress, cache)?;
        audit = Some((done.reuse, done.warnings));
        Ok(done.report)
    })?;
    if let Some((reuse, warnings)) = audit {
        warnings.iter().for_each(|warning| errors::warn(warning, None));
        if plan.verbosity > 0 {
            errors::note(&match reuse {
                Reuse::Nothing => "nothing was known from before: all was scanned".to_owned(),
                Reuse::Objects(n) => format!("{n} objects were known from before, and not scanned again"),
                Reuse::Outcome => "nothing is new since the last scan".to_owned(),
            });
        }
    }
    finish(report, plan, results)
}

fn wants_line_hashes(results: &Results) -> bool {
    results.destinations.iter().any(|d| d.format == Format::Sarif)
}

fn finish(mut report: Report, plan: &Plan, results: &Results) -> anyhow::Result<Outcome> {
    plan.verification.apply(&mut report, &plan.config.rules)?;
    write_report(&report, results, plan.verbosity)?;
    tell(&report, results, plan.verbosity);
    Ok(outcome(&report).forgiving(results.exit_zero))
}

/// Scans `source`; a progress bar shows as long as it takes. `line_hashes`: hash the lines of findings, for SARIF.
///
/// # Errors
/// If it cannot be scanned at all.
pub fn scan(source: &dyn Source, plan: &Plan, suppressions: Suppressions, line_hashes: bool) -> anyhow::Result<Report> {
    scan_by(plan, suppressions, line_hashes, |engine, options, progress| scan::run(engine, source, &options, progress))
}

/// Lets `body` scan by what is planned.
fn scan_by(
    plan: &Plan,
    suppressions: Suppressions,
    line_hashes: bool,
    body: impl FnOnce(&Engine, ScanOptions, &Progress) -> Result<Report, SourceError>,
) -> anyhow::Result<Report> {
    if let Some(jobs) = plan.jobs {
        // An error means that the pool is already there, which is as good.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let engine = Engine::new(plan.config.rules.clone());
    scan_with(&engine, plan, suppressions, line_hashes, body)
}

/// Looks at sources twice: as any scan does, and keeping all.
pub struct Scales<'a> {
    plan: &'a Plan,
    baseline: Option<PathBuf>,
    as_ever: Engine,
    keeping_all: Engine,
}

/// What comes of it.
pub struct Weighed {
    /// What a scan tells of.
    pub told: Report,
    /// All candidates, however unlikely, with all that is known of them.
    pub all: Report,
}

impl<'a> Scales<'a> {
    /// Goes by what is planned; `baseline` is what is known.
    pub fn new(plan: &'a Plan, baseline: Option<PathBuf>) -> Self {
        let engine = || Engine::new(plan.config.rules.clone());
        Scales { plan, baseline, as_ever: engine(), keeping_all: engine().keeping_all() }
    }

    /// Looks at the source that `source` makes.
    ///
    /// # Errors
    /// If it cannot be scanned at all.
    pub fn weigh(&self, source: impl Fn() -> Box<dyn Source>) -> anyhow::Result<Weighed> {
        let scan = |engine: &Engine, all: bool| {
            let suppressions = self.plan.suppressions(self.baseline.as_deref())?;
            scan_with(engine, self.plan, suppressions, false, |engine, options, progress| {
                let (min_confidence, strict_checksums) =
                    if all { (Confidence::new(0), false) } else { (options.min_confidence, options.strict_checksums) };
                let options =
                    ScanOptions { min_confidence, strict_checksums, note_unused: NoteUnused::Nothing, ..options };
                scan::run(engine, source().as_ref(), &options, progress)
            })
        };
        Ok(Weighed { told: scan(&self.as_ever, false)?, all: scan(&self.keeping_all, true)? })
    }
}

/// Lets `body` scan by what is planned, with this engine.
fn scan_with(
    engine: &Engine,
    plan: &Plan,
    suppressions: Suppressions,
    line_hashes: bool,
    body: impl FnOnce(&Engine, ScanOptions, &Progress) -> Result<Report, SourceError>,
) -> anyhow::Result<Report> {
    let options = ScanOptions {
        min_confidence: plan.min_confidence,
        allow_comments: plan.allow_comments,
        line_hashes,
        strict_checksums: plan.strict_checksums,
        note_unused: match plan {
            Plan { partial: true, .. } => NoteUnused::Nothing,
            Plan { narrowed: true, .. } => NoteUnused::RulesInUse,
            _ => NoteUnused::All,
        },
        ..ScanOptions::new(suppressions)
    };
    let progress = Arc::new(Progress::default());
    let bar = Bar::start(&progress, plan.progress);
    let scanned = body(engine, options, &progress);
    drop(bar);
    let mut report = scanned?;
    if !plan.no_ignore && scans_nothing(&report) {
        report.notes.push("git ignores all files here: --no-ignore scans them".to_owned());
    }
    report.notes.extend(plan.config.notes.iter().cloned());
    report.sort();
    Ok(report)
}

/// Whether a walk of folders came upon no file, though there are some.
fn scans_nothing(report: &Report) -> bool {
    let Scope::Folder { roots, .. } = &report.scope else { return false };
    let (Stats { items: 0, skipped, .. }, true) = (&report.stats, report.problems.is_empty()) else { return false };
    skipped.is_empty() && worktree::has_files(&roots.iter().map(PathBuf::from).collect::<Vec<_>>())
}

/// What a report comes to.
pub fn outcome(report: &Report) -> Outcome {
    match report {
        report if report.is_incomplete() => Outcome::Failed,
        report if !report.findings.is_empty() => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

/// Names on stderr what could not be scanned, so that it is seen whatever becomes of the results.
pub fn name_problems(problems: &[Problem], verbosity: i8) {
    let shown = if verbosity > 0 { problems.len() } else { NAMED_PROBLEMS };
    for problem in problems.iter().take(shown) {
        errors::warn(&format!("{}: {}", problem.place, problem.what), problem.hint.as_deref());
    }
    if problems.len() > shown {
        errors::warn(&format!("{} more problems", problems.len() - shown), Some("-v names them all"));
    }
    if !problems.is_empty() {
        errors::incomplete();
    }
}

/// Tells on stderr what the results do not show on the same terminal anyway.
fn tell(report: &Report, results: &Results, verbosity: i8) {
    let text_on_stdout =
        results.destinations.iter().any(|d| d.path.is_none() && d.format == Format::Text) && verbosity >= 0;
    if text_on_stdout && results.told == Told::All && io::stdout().is_terminal() && io::stderr().is_terminal() {
        return;
    }
    if !text_on_stdout && verbosity >= 0 {
        report.notes.iter().for_each(|note| errors::note(note));
        for path in results.files().iter().take(1) {
            errors::note(&format!("{} written to {}", count(report.findings.len(), "finding"), path.display()));
        }
    }
    name_problems(&report.problems, verbosity);
}

/// Opens what `path` is taken for in `baseline`: a repository's history if `git`, else files.
///
/// # Errors
/// If the repository cannot be opened.
pub fn folder_or_history(path: Option<PathBuf>, git: bool, plan: &Plan) -> anyhow::Result<Box<dyn Source>> {
    if git {
        return Ok(Box::new(repository(path, PartArgs::default(), plan)?));
    }
    let path = path.unwrap_or_else(|| PathBuf::from("."));
    Ok(folders(vec![path], false, Vec::new(), plan))
}

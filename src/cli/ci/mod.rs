//! `unspill ci`: the scan of a CI job. The environment says where it runs and what is new there; the commits that this
//! takes are fetched if they have to be; results go where the CI shows them.
//!
//! ```text
//! environment ──▶ detect ──▶ settle ──▶ scan ──▶ ranking ──▶ github (annotations, summary, comment, outputs), sarif, text
//!                 one file   checkout:            fail_on
//!                 for each   git fetch
//! ```

mod azure;
mod bitbucket;
mod checkout;
mod circleci;
mod detect;
mod environment;
mod fail_on;
mod github;
mod gitlab;
mod influence;
mod jenkins;
mod ranking;
mod sarif;
mod settle;

use std::path::{Path, PathBuf};

use checkout::Checkout;
use detect::{Base, Ci, Part, Task, named};
use environment::Environment;
use fail_on::{Condition, FailOn};
use ranking::{Ranked, ranked};
use settle::{Settled, settle};

use super::args::Global;
use super::common::{ResultArgs, ScanArgs};
use super::errors::Failure;
use super::git::PartArgs;
use super::settings::{Plan, Results};
use super::verification::VerifyArgs;
use super::{Outcome, errors, job, output};
use crate::model::Report;
use crate::report::markdown::Links;
use crate::report::{Format, printable};

/// Scan in a CI job what is new: finds out from its environment what that is
///
/// Known are GitHub Actions, GitLab CI, Azure Pipelines, Bitbucket Pipelines, CircleCI and Jenkins. For a pull request
/// that is what it adds to its base, for a push what came since the one before, for all else the whole history. If the
/// checkout is too shallow for that, what is missing is fetched from its remote. Under GitHub Actions findings are shown
/// at their lines and in the job's summary. Secrets are masked everywhere.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The checkout [default: the one about the current folder]
    #[arg(value_name = "REPO")]
    repo: Option<PathBuf>,
    /// Scan what came after this commit or branch, whatever the environment says; without a value it has no effect
    #[arg(long, value_name = "REV", help_heading = "What to scan")]
    base: Option<String>,
    /// Scan up to this commit [default: HEAD]
    #[arg(long, value_name = "REV", requires = "base", help_heading = "What to scan")]
    head: Option<String>,
    /// Fail only for findings with severity=LEVEL, confidence=LEVEL or verdict=WORD, as in severity=high,verdict=active:
    /// each that is named must hold, of the same kind any
    #[arg(long, value_name = "KIND=VALUE", value_delimiter = ',', help_heading = "Results")]
    fail_on: Vec<Condition>,
    /// Write SARIF to this file, cut to what GitHub code scanning takes
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    sarif: Option<PathBuf>,
    /// Annotate nothing (GitHub Actions)
    #[arg(long, help_heading = "Results")]
    no_annotations: bool,
    /// Write no job summary (GitHub Actions)
    #[arg(long, help_heading = "Results")]
    no_summary: bool,
    /// Write the findings into one comment on the pull request, and keep that up to date (GitHub Actions); takes a token
    /// in GITHUB_TOKEN with the permission pull-requests: write
    #[arg(long, help_heading = "Results")]
    comment: bool,
    #[command(flatten)]
    scan: ScanArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    results: ResultArgs,
}

/// What came of it.
#[derive(Debug)]
struct Done<'a> {
    report: &'a Report,
    /// Its findings, the worst first.
    ranked: Vec<Ranked<'a>>,
    /// What was scanned, in words.
    what: String,
    /// The SARIF file, if one was written.
    sarif: Option<PathBuf>,
    /// What was left out of it, in words.
    cut: Vec<String>,
    /// What the change itself has to do with what is reported, in words.
    influence: Option<String>,
    /// Where files and commits are shown.
    links: Links,
    outcome: Outcome,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let environment = Environment::of_process();
    let ci = Ci::of(&environment);
    let shown = github::Shown { annotations: !args.no_annotations, summary: !args.no_summary, comment: args.comment };
    let folder = args.repo.clone().unwrap_or_else(|| PathBuf::from("."));
    let step = (ci == Some(Ci::GitHub)).then(|| github::Step::begin(&environment, shown, &folder));
    if args.comment && step.is_none() {
        errors::note("--comment is for pull requests at GitHub: none is written");
    }
    let mut report = Report::default();
    let result = scan(args, global, ci, &environment, &mut report);
    let told = step.map_or(Ok(()), |step| step.end(&result));
    let outcome = result.map(|done| done.outcome)?;
    told.map(|()| outcome)
}

/// Tells of arguments that cannot be understood, as of any other failure.
pub fn refused(complaint: &clap::Error) -> Outcome {
    let environment = Environment::of_process();
    let shown = github::Shown { annotations: true, summary: false, comment: false };
    let step =
        (Ci::of(&environment) == Some(Ci::GitHub)).then(|| github::Step::begin(&environment, shown, Path::new(".")));
    // Nobody may be reading.
    let _ = complaint.print();
    if let Some(step) = step {
        let text = complaint.to_string();
        let line = text.lines().next().unwrap_or_default();
        let failure = Failure::new(line.strip_prefix("error: ").unwrap_or(line));
        if let Err(error) = step.end(&Err(failure.into())) {
            errors::print(&error);
        }
    }
    Outcome::Failed
}

fn scan<'a>(
    args: Args,
    global: &Global,
    ci: Option<Ci>,
    environment: &Environment,
    report: &'a mut Report,
) -> anyhow::Result<Done<'a>> {
    let start = args.repo.clone().unwrap_or_else(|| PathBuf::from("."));
    let mut plan = Plan::new(&args.scan, global, start.as_path())?;
    plan.heed_findings(args.results.exit_zero);
    let fail_on = FailOn::new(args.fail_on, args.verify.is_asked())?;
    plan = plan.verifying(args.verify)?;
    let started = ci.and_then(|ci| ci.started(environment));
    let mut results = Results::started(args.results, &plan, started)?;
    results.links = ci.map(|ci| ci.links(environment)).unwrap_or_default();
    if std::mem::take(&mut results.show_secrets) {
        errors::warn("secrets stay masked: what a CI job prints is read by many", None);
    }
    if let Some(path) = &args.sarif {
        output::check(path)?;
    }
    let task = task(ci, environment, args.base, args.head)?;
    let hint = ci.map_or("fetch them before, as with git fetch --unshallow", Ci::full_clone);
    let checkout = Checkout::open(&start, hint)?;
    let settled = settle(task.part, &checkout)?;
    let event = printable(&task.event);
    let of_event = |what: String| named(&what, "for ", &event);
    let (part, head, words) = match settled {
        Settled::Scan { part, head } => {
            let words = of_event(in_words(&part));
            (part, head.unwrap_or_else(|| "HEAD".to_owned()), words)
        }
        // A range of nothing, so that every result is written as ever.
        Settled::Nothing(why) => {
            let part = PartArgs { range: Some("HEAD..HEAD".to_owned()), ..PartArgs::default() };
            (part, "HEAD".to_owned(), format!("{}: {why}", of_event("nothing".to_owned())))
        }
    };
    if plan.verbosity >= 0 {
        errors::note(&match ci {
            Some(ci) => format!("{}, {words}", ci.name()),
            None => words.clone(),
        });
    }
    let deciding = match part.range.as_deref().and_then(|range| range.split_once("..")) {
        Some((from, to)) => {
            let named = [plan.config.path.as_deref(), results.baseline.as_deref()];
            let named: Vec<&Path> = named.into_iter().flatten().collect();
            influence::changed_files(&checkout, from, to, &named)
        }
        None => Vec::new(),
    };
    let is_change = part.range.is_some();
    plan.partial |= part.range.is_some() || part.reference.is_some();
    let git = job::repository(args.repo, part, &plan)?;
    let suppressions = plan.suppressions(results.baseline.as_deref())?;
    let hashes = args.sarif.is_some() || results.destinations.iter().any(|d| d.format == Format::Sarif);
    *report = job::scan(&git, &plan, suppressions, hashes)?;
    plan.verification.apply(report, &plan.config.rules)?;
    let report: &'a Report = report;
    output::write_report(report, &results, plan.verbosity)?;
    job::name_problems(&report.problems, plan.verbosity);
    let ranked = ranked(&report.findings, &fail_on, &git, &head);
    let cut = match &args.sarif {
        Some(path) => sarif::write(path, report, &ranked, sarif::CODE_SCANNING)?,
        None => Vec::new(),
    };
    cut.iter().for_each(|what| errors::warn(what, None));
    let influence = influence::remark(&deciding, report).filter(|_| is_change);
    influence.iter().for_each(|what| errors::note(&printable(what)));
    let outcome = outcome(report, &ranked).forgiving(results.exit_zero);
    let sarif = args.sarif.map(|path| absolute(&path));
    Ok(Done { report, ranked, what: words, sarif, cut, influence, links: results.links, outcome })
}

/// What to scan: as the user says, or else the CI.
fn task(
    ci: Option<Ci>,
    environment: &Environment,
    base: Option<String>,
    head: Option<String>,
) -> Result<Task, Failure> {
    let is_given = |base: &String| !base.is_empty() && !base.bytes().all(|b| b == b'0');
    match (base.filter(is_given), ci) {
        (Some(base), _) => {
            let to = head.filter(|head| !head.is_empty()).unwrap_or_else(|| "HEAD".to_owned());
            Ok(Task { event: String::new(), part: Part::New { to: to.into(), base: Base::Exactly(base) } })
        }
        (None, Some(ci)) => ci.task(environment),
        (None, None) => Err(Failure::new("this is no CI job that is known")
            .hint("say what is new with --base, as in `unspill ci --base main`, or use `unspill git`")),
    }
}

fn in_words(part: &PartArgs) -> String {
    let short = |id: &str| id.get(..10).unwrap_or(id).to_owned();
    match (&part.range, &part.reference) {
        (Some(range), _) => format!("commits {}", range.split("..").map(short).collect::<Vec<_>>().join("..")),
        (None, Some(id)) => format!("history of {}", short(id)),
        (None, None) => "whole history".to_owned(),
    }
}

/// What it comes to: findings count only if they fail the job.
fn outcome(report: &Report, ranked: &[Ranked<'_>]) -> Outcome {
    match job::outcome(report) {
        Outcome::Findings if !ranked.iter().any(|ranked| ranked.fails) => Outcome::Clean,
        outcome => outcome,
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

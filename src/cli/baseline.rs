//! `unspill baseline`: records findings that are known, and shows what has changed since.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::Global;
use super::common::ScanArgs;
use super::settings::{Plan, warn_of};
use super::{Outcome, job, output};
use crate::findings::{Baseline, Suppressions};

/// Record findings that are known, and see what has changed since
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan, and record all findings as known
    ///
    /// Commit the file and give it to later scans with --baseline: they report only what is new. It holds no secret.
    Create(CreateArgs),
    /// Scan, and show which findings are new and which are gone since a baseline was recorded
    ///
    /// Exits with 1 if there are new ones.
    Diff(DiffArgs),
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// Folder, file or (with --git) repository to scan
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Scan the history of the repository instead of its files
    #[arg(long)]
    git: bool,
    /// File to write; - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "unspill-baseline.json")]
    output: PathBuf,
    #[command(flatten)]
    scan: ScanArgs,
}

#[derive(Debug, clap::Args)]
struct DiffArgs {
    /// The baseline: one of unspill, a JSON report of gitleaks or a .secrets.baseline of detect-secrets
    #[arg(value_name = "BASELINE")]
    baseline: PathBuf,
    /// Folder, file or (with --git) repository to scan
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Scan the history of the repository instead of its files
    #[arg(long)]
    git: bool,
    #[command(flatten)]
    scan: ScanArgs,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    match args.command {
        Command::Create(args) => create(args, global),
        Command::Diff(args) => diff(args, global),
    }
}

fn create(args: CreateArgs, global: &Global) -> anyhow::Result<Outcome> {
    let file = (args.output.as_os_str() != "-").then_some(args.output);
    file.as_deref().map(output::check).transpose()?;
    let (plan, suppressions) = plan(&args.scan, args.path.as_deref(), global)?;
    let source = job::folder_or_history(args.path, args.git, &plan)?;
    let report = job::scan(source.as_ref(), &plan, suppressions, false)?;
    let baseline = Baseline::create(&report.findings);
    match file {
        None => output::write_stdout(|out| baseline.write(out))?,
        Some(file) => {
            output::write_file(&file, true, |out| baseline.write(out))?;
            if plan.verbosity >= 0 {
                let known = output::count(baseline.entries().len(), "finding");
                output::print(&format!("{known} recorded in {}\n", file.display()))?;
            }
        }
    }
    job::name_problems(&report.problems, plan.verbosity);
    Ok(if report.is_incomplete() { Outcome::Failed } else { Outcome::Clean })
}

fn diff(args: DiffArgs, global: &Global) -> anyhow::Result<Outcome> {
    let baseline = Baseline::read(&args.baseline)?;
    warn_of(&baseline);
    let (plan, suppressions) = plan(&args.scan, args.path.as_deref(), global)?;
    let source = job::folder_or_history(args.path, args.git, &plan)?;
    let report = job::scan(source.as_ref(), &plan, suppressions, false)?;
    let (new, gone) = baseline.diff(&report.findings);
    let mut text = String::new();
    for finding in &new {
        let first = finding.first();
        let _ = writeln!(text, "+ {}  {}:{}  {}", finding.rule.id, first.origin, first.place.line, finding.fingerprint);
    }
    for entry in &gone {
        let _ = writeln!(text, "- {}  {}  {}", entry.rule, entry.path, entry.fingerprint);
    }
    let _ = writeln!(text, "{} new, {} gone, {} known", new.len(), gone.len(), report.findings.len() - new.len());
    output::print(&text)?;
    job::name_problems(&report.problems, plan.verbosity);
    let found = if new.is_empty() { Outcome::Clean } else { Outcome::Findings };
    Ok(if report.is_incomplete() { Outcome::Failed } else { found })
}

/// How to scan; a baseline that the configuration names does not count, or all that it knows would be missing.
fn plan(args: &ScanArgs, path: Option<&Path>, global: &Global) -> anyhow::Result<(Plan, Suppressions)> {
    let plan = Plan::new(args, global, path.unwrap_or(Path::new(".")))?;
    let suppressions = plan.suppressions(None)?;
    Ok((plan, suppressions))
}

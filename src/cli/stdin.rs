//! `unspill stdin`: scans standard input.

use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::Global;
use super::common::{ResultArgs, ScanArgs};
use super::settings::{Plan, Results};
use super::verification::VerifyArgs;
use super::{Outcome, errors, job};

/// Scan standard input, of any length
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name to report for the stream; rules that depend on the path go by it
    #[arg(long, value_name = "NAME", default_value = "stdin")]
    stdin_name: String,
    #[command(flatten)]
    scan: ScanArgs,
    #[command(flatten)]
    verify: VerifyArgs,
    #[command(flatten)]
    results: ResultArgs,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let mut plan = Plan::new(&args.scan, global, Path::new("."))?.verifying(args.verify)?;
    plan.partial = true;
    if io::stdin().is_terminal() && plan.verbosity >= 0 {
        errors::note("reading what you type; Ctrl-D ends it");
    }
    let results = Results::new(args.results, &plan)?;
    let source = job::stream(&args.stdin_name, &plan);
    job::run(source.as_ref(), &plan, &results)
}

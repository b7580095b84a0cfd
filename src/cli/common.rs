//! Arguments that several subcommands share: how to scan, and what becomes of the findings.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::ReportTarget;
use crate::config::parse_size;
use crate::model::Confidence;
use crate::report::Format;

/// Threads that a user may ask for; with many more the machine is busy with nothing else than starting them.
pub const MOST_JOBS: usize = 512;

/// How to scan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Scanning")]
pub struct ScanArgs {
    /// Configuration file [default: unspill.toml, .unspill.toml or .gitleaks.toml beside what is scanned, or above it
    /// in the same repository]; /dev/null for none [env: UNSPILL_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Report findings of this confidence or more: low, medium, high or 0 to 100 [default: medium]
    #[arg(long, value_name = "LEVEL", env = "UNSPILL_MIN_CONFIDENCE", hide_env_values = true)]
    pub min_confidence: Option<Confidence>,
    /// Drop findings whose built-in checksum or structure is wrong; the summary counts them
    #[arg(long)]
    pub strict_checksums: bool,
    /// Use only these rules: ids, providers or tags; repeat or separate with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub rule: Vec<String>,
    /// Leave these rules out: ids, providers or tags; repeat or separate with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub skip_rule: Vec<String>,
    /// Threads to use [default: one for each processor]
    #[arg(short, long, value_name = "N", value_parser = jobs, env = "UNSPILL_JOBS", hide_env_values = true)]
    pub jobs: Option<NonZeroUsize>,
    /// Pass over files that are larger: bytes, or with a unit as in 500kB, 10M or 1GiB [default: no limit]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, env = "UNSPILL_MAX_FILE_SIZE", hide_env_values = true)]
    pub max_file_size: Option<u64>,
    /// How many archives inside each other to open; 0 opens none [default: 3]
    #[arg(long, value_name = "N")]
    pub archive_depth: Option<u32>,
    /// Scan files that git would ignore as well (a history holds none of them)
    #[arg(long)]
    pub no_ignore: bool,
    /// Report findings on lines that a comment allows, too
    #[arg(long)]
    pub ignore_allow_comments: bool,
    /// Report findings that .unspillignore or .gitleaksignore list, too
    #[arg(long)]
    pub ignore_allow_files: bool,
    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// What becomes of the findings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Results")]
pub struct ResultArgs {
    /// Do not report findings that this file knows, see `unspill baseline create`; a JSON report of gitleaks or a
    /// .secrets.baseline of detect-secrets will do
    #[arg(long, value_name = "FILE", env = "UNSPILL_BASELINE", hide_env_values = true)]
    pub baseline: Option<PathBuf>,
    /// Format of the results [default: as the name of --output says, else text]
    #[arg(short, long, value_name = "FORMAT", value_parser = format())]
    pub format: Option<Format>,
    /// Write the results to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the results to a further file; may be repeated
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub report: Vec<ReportTarget>,
    /// Show secrets in clear
    #[arg(long)]
    pub show_secrets: bool,
    /// Exit with 0 even if there are findings; errors and incomplete scans still give 2
    #[arg(long)]
    pub exit_zero: bool,
}

/// Parses the names of formats, so that help lists them and a slip gets a suggestion.
pub fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|(name, _)| name)).try_map(|name| name.parse::<Format>())
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let jobs = text.parse().ok().filter(|jobs: &NonZeroUsize| jobs.get() <= MOST_JOBS);
    jobs.ok_or_else(|| format!("use a number of threads, 1 to {MOST_JOBS}"))
}

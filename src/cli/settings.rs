//! From arguments, environment and configuration to what a run goes by. A flag wins over the environment (clap sees to
//! that), that over the configuration file, and that over the default.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::{env, fs};

use super::args::{Color, Global};
use super::clock;
use super::common::{MOST_JOBS, ResultArgs, ScanArgs};
use super::errors::{self, Failure};
use super::output::{Destination, ReportTarget, Told, destinations};
use super::select;
use super::verification::{Verification, VerifyArgs};
use crate::config::{self, Config, Settings};
use crate::findings::{Baseline, IgnoreFile, Suppressions};
use crate::model::{Confidence, Level};
use crate::report::Format;
use crate::report::markdown::Links;

/// Archives inside each other that are opened unless told otherwise.
const ARCHIVE_DEPTH: u32 = 3;
/// Files that list fingerprints of what is allowed.
pub const IGNORE_FILES: [&str; 2] = [".unspillignore", ".gitleaksignore"];

/// How to scan, all sources of settings merged.
#[derive(Debug)]
pub struct Plan {
    /// The configuration, its rules narrowed down to those that the user wants.
    pub config: Config,
    /// Where configuration and ignore files are looked for: what the run is about. `None`: nowhere.
    pub start: Option<PathBuf>,
    /// The threshold.
    pub min_confidence: Confidence,
    /// Drop findings whose checksum or structure is wrong.
    pub strict_checksums: bool,
    /// Threads, if the user has a say in it.
    pub jobs: Option<usize>,
    /// In bytes.
    pub max_file_size: Option<u64>,
    /// Archives inside each other that are opened.
    pub archive_depth: u32,
    /// Scan what git ignores, too.
    pub no_ignore: bool,
    /// Whether a comment on its line excuses a finding.
    pub allow_comments: bool,
    /// Whether files that list fingerprints excuse findings.
    pub allow_files: bool,
    /// Whether only a part of what the configuration is for is scanned, so that it is no wonder if nothing in it needs
    /// some of its allowlists and ignore files.
    pub partial: bool,
    /// Whether some rules are left out, so that entries for these are none to wonder at either.
    pub narrowed: bool,
    /// Whether and how providers are asked.
    pub verification: Verification,
    /// Whether a progress bar may be shown.
    pub progress: bool,
    /// 0: normal; more with each `-v`; less with each `-q`.
    pub verbosity: i8,
}

impl Plan {
    /// Reads the configuration that belongs to `start`, if anything does, and merges.
    ///
    /// # Errors
    /// If the configuration cannot be used, or names of rules are wrong.
    pub fn new<'p>(args: &ScanArgs, global: &Global, start: impl Into<Option<&'p Path>>) -> anyhow::Result<Plan> {
        let start = start.into();
        let mut config = configuration(args.config.as_deref(), start)?;
        if let (Color::Auto, Some(color)) = (global.color, config.settings.color) {
            Color::from(color).apply();
        }
        let names = |flag: &Vec<String>, file: &Option<Vec<String>>| {
            if flag.is_empty() { file.clone().unwrap_or_default() } else { flag.clone() }
        };
        let only = names(&args.rule, &config.settings.rule);
        let skip = names(&args.skip_rule, &config.settings.skip_rule);
        for (key, flag, names) in [("only_rule", &args.rule, &only), ("skip_rule", &args.skip_rule, &skip)] {
            if flag.is_empty() {
                select::check(&config.rules, names).map_err(|wrong| {
                    let what = format!("{}: `{key}`: {}", config.place(key), wrong.what);
                    Failure { what, ..wrong }
                })?;
            }
        }
        select::narrow(&mut config.rules, &only, &skip)?;
        if global.verbosity() == -1 {
            // A short report has no notes in it, but what changes what is found must be told.
            config.notes.iter().for_each(|note| errors::note(note));
        }
        let settings = &config.settings;
        let archive_depth = settings.archive_depth.map(|depth| u32::try_from(depth).unwrap_or(u32::MAX));
        Ok(Plan {
            start: start.map(Path::to_owned),
            min_confidence: args.min_confidence.or(settings.min_confidence).unwrap_or(Level::Medium.threshold()),
            strict_checksums: args.strict_checksums || settings.strict_checksums == Some(true),
            jobs: args.jobs.map(|n| n.get()).or(settings.jobs).map(|jobs| jobs.clamp(1, MOST_JOBS)),
            max_file_size: args.max_file_size.or(settings.max_file_size),
            archive_depth: args.archive_depth.or(archive_depth).unwrap_or(ARCHIVE_DEPTH),
            no_ignore: args.no_ignore || settings.no_ignore == Some(true),
            allow_comments: !args.ignore_allow_comments && settings.allow_comments != Some(false),
            allow_files: !args.ignore_allow_files && settings.allow_files != Some(false),
            partial: false,
            narrowed: !only.is_empty() || !skip.is_empty(),
            progress: !args.no_progress && settings.progress != Some(false) && global.verbosity() >= 0,
            verification: Verification::none(),
            verbosity: global.verbosity(),
            config,
        })
    }

    /// The same, with what is to be asked of providers.
    ///
    /// # Errors
    /// If that cannot be asked.
    pub fn verifying(self, args: VerifyArgs) -> anyhow::Result<Plan> {
        let verification = args.plan(&self.config.rules, self.progress, self.verbosity)?;
        Ok(Plan { verification, ..self })
    }

    /// What the configuration file sets.
    pub fn settings(&self) -> &Settings {
        &self.config.settings
    }

    /// Disregards an `exit_zero` that nobody named the file of, with a warning unless the flag was `asked` for: for runs
    /// that guard against whoever wrote that file.
    pub fn heed_findings(&mut self, asked: bool) {
        let set = self.config.found && self.config.settings.exit_zero.take() == Some(true);
        if let (true, false, Some(path)) = (set, asked, &self.config.path) {
            let what = format!("`exit_zero` in {} is disregarded: it would let this check pass", path.display());
            errors::warn(&what, Some("give --exit-zero, or name the file with --config"));
        }
    }

    /// All that is known and allowed, apart from comments.
    ///
    /// # Errors
    /// If a file cannot be read or has faults.
    pub fn suppressions(&self, baseline: Option<&Path>) -> anyhow::Result<Suppressions> {
        let mut ignore_files = Vec::new();
        let folders = match self.start.as_ref().filter(|_| self.allow_files) {
            Some(start) => config::folders(start),
            None => Vec::new(),
        };
        for folder in &folders {
            for path in IGNORE_FILES.map(|name| folder.join(name)) {
                if path.is_file() {
                    let whose = |cause| Failure::new(format!("{} cannot be used", path.display())).cause(cause);
                    config::stay_within(&path, &folders).map_err(whose)?;
                    ignore_files.push(IgnoreFile::read(&path)?);
                }
            }
        }
        let baseline = baseline.map(Baseline::read).transpose()?;
        // Once, however often a run has to read it.
        static WARNED: Once = Once::new();
        WARNED.call_once(|| warn_of(baseline.as_ref()));
        let all = Suppressions::new(self.config.allowlists.clone(), ignore_files, baseline)?;
        Ok(all.reading_ids(config::gitleaks_means))
    }
}

/// Tells what of a baseline cannot be used.
pub fn warn_of<'b>(baseline: impl Into<Option<&'b Baseline>>) {
    baseline.into().iter().flat_map(|b| b.warnings()).for_each(|warning| errors::warn(warning, None));
}

/// The configuration that `flag` or the environment names, or else the one that belongs to `start`, if anything does.
///
/// # Errors
/// If it cannot be used.
pub fn configuration<'p>(flag: Option<&Path>, start: impl Into<Option<&'p Path>>) -> anyhow::Result<Config> {
    let variable = env::var_os("UNSPILL_CONFIG").filter(|value| !value.is_empty()).map(PathBuf::from);
    let named = flag.or(variable.as_deref());
    Ok(match start.into() {
        None if named.is_none() => config::load(None)?,
        start => config::open(flag, variable.as_deref(), start.unwrap_or(Path::new(".")))?,
    })
}

/// What becomes of the findings, all sources of settings merged.
#[derive(Debug)]
pub struct Results {
    /// Findings that are known.
    pub baseline: Option<PathBuf>,
    /// Where to write what.
    pub destinations: Vec<Destination>,
    /// Show secrets in clear.
    pub show_secrets: bool,
    /// Findings are no reason for exit code 1.
    pub exit_zero: bool,
    /// Whom text on standard output is for.
    pub told: Told,
    /// The time that is told of the scan, in seconds since 1970; 0 if no format tells any.
    pub seconds: i64,
    /// Where files and commits are shown.
    pub links: Links,
}

impl Results {
    /// Merges, and checks that there is a place for every file to be written.
    ///
    /// # Errors
    /// If a format, a path or the time cannot be used.
    pub fn new(args: ResultArgs, plan: &Plan) -> anyhow::Result<Results> {
        Results::started(args, plan, None)
    }

    /// The same for a job of which `started` tells when it began: the name of a variable, and its value.
    ///
    /// # Errors
    /// As [`Results::new`].
    pub fn started(args: ResultArgs, plan: &Plan, started: Option<(&str, &str)>) -> anyhow::Result<Results> {
        let settings = plan.settings();
        let wrong = |key: &str, what: String| Failure::new(format!("{}: `{key}`: {what}", plan.config.place(key)));
        let reports = match &settings.report {
            Some(texts) if args.report.is_empty() => {
                let parsed: Result<Vec<ReportTarget>, String> = texts.iter().map(|text| text.parse()).collect();
                parsed.map_err(|what| wrong("report", what))?
            }
            _ => args.report,
        };
        let default_format = settings.format.as_deref().map(str::parse).transpose();
        let default_format = default_format.map_err(|what| wrong("format", what))?;
        let output = args.output.or_else(|| settings.output.clone());
        let destinations = destinations(args.format, default_format, output, reports)?;
        let tells_time = destinations.iter().any(|destination| destination.format == Format::Gitlab);
        Ok(Results {
            baseline: baseline(args.baseline, plan)?,
            seconds: if tells_time { clock::seconds(started)? } else { 0 },
            destinations,
            links: Links::default(),
            show_secrets: args.show_secrets || settings.show_secrets == Some(true),
            exit_zero: args.exit_zero || settings.exit_zero == Some(true),
            told: Told::All,
        })
    }
}

/// The file of known findings that `flag`, or else the configuration, names.
///
/// # Errors
/// If there is no such file.
pub fn baseline(flag: Option<PathBuf>, plan: &Plan) -> Result<Option<PathBuf>, Failure> {
    const VARIABLE: &str = "UNSPILL_BASELINE";
    let (path, named) = match (flag, &plan.settings().baseline) {
        // The variable stands for the flag where that is not given.
        (Some(path), _) if env::var_os(VARIABLE).is_some_and(|value| value == path) => (path, VARIABLE.to_owned()),
        (Some(path), _) => (path, "--baseline".to_owned()),
        (None, Some(path)) => (path.clone(), format!("`baseline` in {}", plan.config.place("baseline"))),
        (None, None) => return Ok(None),
    };
    match fs::metadata(&path) {
        Ok(_) => Ok(Some(path)),
        Err(cause) => Err(Failure::new(format!("cannot read the baseline {}, which {named} names", path.display()))
            .hint("check the path; `unspill baseline create` makes such a file")
            .cause(cause)),
    }
}

impl Results {
    /// The files that are written, so that the scan can leave them out.
    pub fn files(&self) -> Vec<PathBuf> {
        self.destinations.iter().filter_map(|destination| destination.path.clone()).collect()
    }
}

impl From<config::Color> for Color {
    fn from(color: config::Color) -> Color {
        match color {
            config::Color::Auto => Color::Auto,
            config::Color::Always => Color::Always,
            config::Color::Never => Color::Never,
        }
    }
}

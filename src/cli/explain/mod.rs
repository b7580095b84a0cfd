//! `unspill explain`: shows all candidates on some lines, reported or not, and what speaks for and against each.

mod absence;
mod target;
mod weigh;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::args::Global;
use super::common::ScanArgs;
use super::job::{Scales, Weighed};
use super::settings::{self, Plan};
use super::{Outcome, dir, errors, job, output};
use crate::model::{Confidence, Origin, Report};
use crate::report::ReportOptions;
use crate::report::text::{self, Explanation};
use target::{Input, Target};

const AFTER_HELP: &str = "\
Examples:
  unspill explain app.py:12           why is this reported, or why not?
  unspill explain app.py:12:8         the same, with the column that reports show
  unspill explain app.py:10-20 -v     some lines, with all that the model was told
  unspill explain .env config/        all candidates in a file and a folder
  git show HEAD:app.py | unspill explain stdin:12

Exit codes: 0 explained, whether or not anything would be reported; 2 error, such as no such file
or line.";

/// Explain why a value is reported, or is not
///
/// Shows every candidate on the lines, also those that a scan drops: what became of it, and each contribution to its
/// confidence. The points add up to the confidence; the weights are the same in log-odds, where they add up as they are.
/// A file that is named is looked at even if git ignores it.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// A file, a line or range of lines of it (app.py:12, app.py:12-20), a folder, or - or stdin:LINE for standard input
    #[arg(value_name = "FILE[:LINE[-LINE]]", required = true)]
    targets: Vec<OsString>,
    /// Format of the explanation
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    /// Show values in clear
    #[arg(long)]
    show_secrets: bool,
    /// Findings that are known, see `unspill baseline create`
    #[arg(long, value_name = "FILE", env = "UNSPILL_BASELINE", hide_env_values = true)]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    scan: ScanArgs,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, with all features: what the training of the model reads
    Jsonl,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let targets = args.targets.iter().map(|text| Target::parse(text, Path::exists));
    let targets = targets.collect::<Result<Vec<Target>, _>>()?;
    targets.iter().try_for_each(absence::check_folder)?;
    let paths: Vec<PathBuf> = targets.iter().filter_map(|target| target.path().map(Path::to_owned)).collect();
    let start = if paths.is_empty() { PathBuf::from(".") } else { dir::start(&paths) };
    let plan = Plan::new(&args.scan, global, start.as_path())?;
    let baseline = settings::baseline(args.baseline, &plan)?;
    let options = ReportOptions {
        show_secrets: args.show_secrets || plan.settings().show_secrets == Some(true),
        color: output::colored(),
        verbosity: plan.verbosity,
        width: output::width(),
        ..ReportOptions::default()
    };
    let scales = Scales::new(&plan, baseline);
    let mut stream = None;
    let mut outcome = Outcome::Clean;
    for target in &targets {
        let weighed = match &target.input {
            Input::Stdin => {
                let bytes = match &mut stream {
                    Some(bytes) => bytes,
                    none => none.insert(read_stdin(&plan)?),
                };
                scales.weigh(|| job::bytes("stdin", bytes.clone(), &plan))?
            }
            Input::Path(path) | Input::Member(path, _) => {
                scales.weigh(|| job::folders(vec![path.clone()], false, Vec::new(), &plan))?
            }
        };
        job::name_problems(&weighed.all.problems, plan.verbosity);
        if weighed.all.is_incomplete() {
            outcome = Outcome::Failed;
        }
        show(target, weighed, stream.as_deref(), args.format, &plan, &options)?;
    }
    Ok(outcome)
}

/// Shows what there is to say of a target.
fn show(
    target: &Target,
    weighed: Weighed,
    stream: Option<&[u8]>,
    format: Format,
    plan: &Plan,
    options: &ReportOptions,
) -> anyhow::Result<()> {
    let passed_over = weighed.all.stats.skipped.clone();
    let all = weigh::explanations(weighed, plan);
    let nearest = absence::nearest(target, &all);
    let wanted: Vec<(usize, Explanation)> = all.into_iter().filter_map(|one| narrowed(one, target)).collect();
    if wanted.is_empty() {
        let why = absence::why(target, &passed_over, nearest, stream, plan)?;
        return match format {
            Format::Text if plan.verbosity >= 0 => output::print(&why),
            _ => Ok(()),
        };
    }
    match format {
        // Nothing but errors.
        Format::Text if plan.verbosity < -1 => Ok(()),
        Format::Jsonl => {
            let lines: String =
                wanted.iter().flat_map(|(places, one)| lines(one, *places, plan.min_confidence, options)).collect();
            output::print(&lines)
        }
        Format::Text => {
            let (_, explanations): (Vec<usize>, Vec<Explanation>) = wanted.into_iter().unzip();
            let report =
                Report { findings: explanations.iter().map(|e| e.finding.clone()).collect(), ..Report::default() };
            output::write_stdout(|out| {
                text::explain(&explanations, plan.min_confidence, &report, options, out)?;
                notes(&explanations, plan, out)
            })
        }
    }
}

/// What is to be known of the numbers.
fn notes(explanations: &[Explanation], plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    if plan.verbosity < 0 || explanations.iter().all(|one| one.features.is_empty()) {
        return Ok(());
    }
    let more = if plan.verbosity == 0 { "; -v shows what it was told" } else { "" };
    writeln!(out, "Values without a form of their own are weighed by a trained model{more}.")
}

/// An explanation with only those places that were asked about, and how many there were.
fn narrowed(mut one: Explanation, target: &Target) -> Option<(usize, Explanation)> {
    let places = one.finding.occurrences.len();
    one.finding.occurrences.retain(|o| {
        let here = match (&target.input, &o.origin) {
            (Input::Member(_, path), origin) => origin.path() == path.as_bytes(),
            (_, Origin::Member { .. }) => target.lines.is_none(),
            _ => true,
        };
        here && target.wants(o.place.line, o.place.end_line)
    });
    (!one.finding.occurrences.is_empty()).then_some((places, one))
}

/// One JSON object for each place, on a line of its own.
fn lines(one: &Explanation, places: usize, threshold: Confidence, options: &ReportOptions) -> Vec<String> {
    let (finding, outcome) = (&one.finding, one.outcome.as_str());
    let features: Map<String, Value> =
        one.features.iter().flat_map(|(_, values)| values).map(|(name, value)| (name.clone(), json!(value))).collect();
    let secret = if options.show_secrets {
        String::from_utf8_lossy(finding.secret.expose()).into_owned()
    } else {
        finding.secret.masked()
    };
    let line = |occurrence: &crate::model::Occurrence| {
        let place = occurrence.place;
        let object = json!({
            "file": occurrence.origin.path().to_string(),
            "line": place.line,
            "column": place.column,
            "end_line": place.end_line,
            "rule": finding.rule.id,
            "prior": finding.rule.confidence,
            "confidence": finding.confidence.get(),
            "threshold": threshold.get(),
            "outcome": outcome,
            "suppression": finding.suppression.as_ref().map(crate::model::Suppression::justification),
            "reasons": finding.reasons.iter().map(|r| json!([r.name, r.weight.0, r.points])).collect::<Vec<_>>(),
            "texts": finding.reasons.iter().map(|r| (r.name, r.text.as_ref())).collect::<BTreeMap<_, _>>(),
            "verdict": finding.verdict.as_str(),
            "secret": secret,
            "fingerprint": finding.fingerprint.0,
            "places": places,
            "features": features.clone(),
        });
        format!("{object}\n")
    };
    finding.occurrences.iter().map(line).collect()
}

fn read_stdin(plan: &Plan) -> anyhow::Result<Vec<u8>> {
    if io::stdin().is_terminal() && plan.verbosity >= 0 {
        errors::note("reading what you type; Ctrl-D ends it");
    }
    let mut bytes = Vec::new();
    let read = io::stdin().read_to_end(&mut bytes);
    read.map_err(|error| errors::Failure::new("cannot read standard input").cause(error))?;
    Ok(bytes)
}

impl Target {
    /// The file or folder that is read.
    fn path(&self) -> Option<&Path> {
        match &self.input {
            Input::Stdin => None,
            Input::Path(path) | Input::Member(path, _) => Some(path),
        }
    }

    /// The name as reports have it.
    fn name(&self) -> String {
        match &self.input {
            Input::Stdin => "stdin".to_owned(),
            Input::Path(path) => path.display().to_string(),
            Input::Member(_, path) => path.clone(),
        }
    }

    /// Name and lines.
    fn shown(&self) -> String {
        match self.lines.clone().map(RangeInclusive::into_inner) {
            None => self.name(),
            Some((from, to)) if from == to => format!("{}:{from}", self.name()),
            Some((from, to)) => format!("{}:{from}-{to}", self.name()),
        }
    }
}

//! `unspill explain`: shows all candidates on some lines, reported or not, and what speaks for and against each.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::args::Global;
use super::common::ScanArgs;
use super::settings::Plan;
use super::{Outcome, dir, job, output};
use crate::engine::score::features;
use crate::model::Finding;

/// Explain why a value is reported, or is not
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders
    #[arg(value_name = "FILE[:LINE]", required = true)]
    targets: Vec<PathBuf>,
    /// Format of the explanation
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    scan: ScanArgs,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, with all features: what the training of the model reads.
    Jsonl,
}

/// Runs it.
pub fn run(args: Args, global: &Global) -> anyhow::Result<Outcome> {
    let plan = Plan::new(&args.scan, global, &dir::start(&args.targets))?;
    let source = job::folders(args.targets, false, Vec::new(), &plan);
    let report = job::weigh(source.as_ref(), &plan)?;
    let mut text = String::new();
    for finding in &report.findings {
        for place in lines(finding) {
            text.push_str(&place.to_string());
            text.push('\n');
        }
    }
    output::print(&text)?;
    Ok(Outcome::Clean)
}

fn lines(finding: &Finding) -> impl Iterator<Item = Value> + '_ {
    let features: Map<String, Value> = finding
        .traits
        .all
        .iter()
        .flat_map(|all| all.iter().enumerate())
        .filter(|(_, value)| **value != 0)
        .map(|(at, value)| (features::describe(at).0, json!(value)))
        .collect();
    finding.occurrences.iter().map(move |one| {
        json!({
            "file": one.origin.path().to_string(),
            "line": one.place.line,
            "end_line": one.place.end_line,
            "rule": finding.rule.id,
            "prior": finding.rule.confidence,
            "confidence": finding.confidence.get(),
            "reasons": finding.reasons.iter().map(|r| json!([r.name, r.weight.0, r.points])).collect::<Vec<_>>(),
            "verdict": finding.verdict.as_str(),
            "secret": String::from_utf8_lossy(finding.secret.expose()),
            "places": finding.occurrences.len(),
            "features": features.clone(),
        })
    })
}

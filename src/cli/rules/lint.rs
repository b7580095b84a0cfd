//! `unspill rules lint`: what is wrong with files of rules, and what their rules cost.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::cli::errors::Failure;
use crate::cli::{Outcome, output};
use crate::engine::Engine;
use crate::engine::cost::{self, Cost};
use crate::model::Rule;
use crate::rules::RuleSet;
use crate::rules::lint::{Gravity, lint, usable};

/// So many literals of a rule are named.
const NAMED: usize = 3;

/// Say what is wrong with files of rules
///
/// Exits with 1 if there is anything to complain about.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files of rules, or configurations with rules
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Say which literals anchor each rule, and what it costs on a sample of text
    #[arg(long)]
    cost: bool,
    /// The sample, and `--cost`; without it, the built-in rules in words and source code are taken
    #[arg(long, value_name = "FILE")]
    sample: Option<PathBuf>,
}

/// Runs it. Notes alone are no reason to fail.
pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Clean;
    let mut text = String::new();
    let mut rules = Vec::new();
    for file in &args.files {
        let content = super::read(file)?;
        let form = super::form(file, &content);
        for complaint in lint(file, &content, form) {
            let _ = writeln!(text, "{complaint}");
            if complaint.gravity < Gravity::Note {
                outcome = Outcome::Findings;
            }
        }
        rules.extend(usable(file, &content, form));
    }
    if text.is_empty() {
        text = format!("{}: nothing to complain about\n", output::count(args.files.len(), "file"));
    }
    if args.cost || args.sample.is_some() {
        let sample = match &args.sample {
            Some(path) => {
                fs::read(path).map_err(|error| Failure::new(format!("cannot read {}", path.display())).cause(error))?
            }
            None => cost::sample().into_bytes(),
        };
        text.push_str(&costs(rules, &sample));
    }
    output::print(&text)?;
    Ok(outcome)
}

/// One line for each rule, the dearest first.
fn costs(rules: Vec<Rule>, sample: &[u8]) -> String {
    let engine = Engine::new(RuleSet::new(rules));
    let costs = engine.costs(sample);
    let mut rows: Vec<(&Rule, Cost)> =
        engine.rules().iter().map(|(index, rule)| (&**rule, costs[index.0 as usize])).collect();
    rows.sort_by_key(|(rule, cost)| (Reverse((cost.tries, cost.hits)), rule.id.clone()));
    let width = rows.iter().map(|(rule, _)| rule.id.len()).max().unwrap_or(0).max("RULE".len());
    let rate = |count: usize| count as f64 * 1e6 / sample.len().max(1) as f64;
    let mut text = format!("\n{:width$}  {:>9}  {:>9}  LITERALS\n", "RULE", "HITS/MB", "TRIES/MB");
    for (rule, Cost { hits, tries }) in rows {
        let _ = writeln!(text, "{:width$}  {:9.1}  {:9.1}  {}", rule.id, rate(hits), rate(tries), literals(rule));
    }
    text
}

/// The literals that a rule looks for.
fn literals(rule: &Rule) -> String {
    let named: Vec<String> = rule.literals.iter().take(NAMED).map(|literal| format!("`{}`", literal.text)).collect();
    let named = named.join(", ").replace('\n', "\\n").replace('\t', "\\t");
    match rule.literals.len().saturating_sub(NAMED) {
        0 if named.is_empty() => "none: it looks at paths".to_owned(),
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

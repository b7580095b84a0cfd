//! `unspill rules test`: tries the examples of rules.
//!
//! The answers that a rule's `verify` has recorded are judged by its conditions, too.
//!
//! Rules of files are tried among the built-in ones, as they would be in a scan: of rules that match the same bytes only
//! the most telling counts, and it should be the one that the example is for.

use std::path::{Path, PathBuf};

use crate::cli::errors::Failure;
use crate::cli::{Outcome, output};
use crate::engine::Engine;
use crate::engine::examples::check_examples;
use crate::model::Rule;
use crate::rules::complaint::Document;
use crate::rules::{RuleSet, lint};
use crate::verify::live::trials;

/// Runs it.
pub fn run(files: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut set = RuleSet::builtin();
    let tried: Vec<Rule> = if files.is_empty() {
        set.rules().iter().map(|rule| Rule::clone(rule)).collect()
    } else {
        let mut rules = Vec::new();
        for file in files {
            rules.extend(read(file)?);
        }
        set.extend(rules.iter().cloned());
        rules
    };
    let engine = Engine::new(set);
    let (mut text, mut failed, mut examples) = (String::new(), 0, 0);
    for rule in &tried {
        examples += rule.matching.len() + rule.non_matching.len();
        let failures = check_examples(&engine, rule);
        failed += failures.len();
        for failure in failures {
            let template = failure.template.replace('\n', "\n    ");
            text.push_str(&format!("{}: {}\n    {template}\n", rule.id, failure.what));
        }
        for trial in trials(rule) {
            examples += 1;
            if let Some(fault) = trial.fault {
                failed += 1;
                text.push_str(&format!(
                    "{}: step {} of verify, answer {} {fault}\n",
                    rule.id, trial.step, trial.answer
                ));
            }
        }
    }
    let (rules, examples) = (output::count(tried.len(), "rule"), output::count(examples, "example"));
    text.push_str(&format!("{rules}, {examples}, {failed} failed\n"));
    output::print(&text)?;
    Ok(if failed == 0 { Outcome::Clean } else { Outcome::Findings })
}

fn read(path: &Path) -> anyhow::Result<Vec<Rule>> {
    let text = super::read(path)?;
    let fault = |what: String| {
        let hint = format!("`unspill rules lint {}` tells more", path.display());
        Failure::new(format!("cannot use {}", path.display())).cause(Failure::new(what)).hint(hint)
    };
    let document = Document { path, text: &text };
    let file = lint::read(&document, super::form(path, &text)).map_err(|complaint| fault(complaint.to_string()))?;
    let mut rules = Vec::new();
    for raw in &file.rules {
        let raw = raw.get_ref();
        let rule = raw.build(file.provider.as_deref()).map_err(|faults| {
            let faults: Vec<String> = faults.iter().map(|f| format!("{}: {}: {}", raw.id, f.field, f.what)).collect();
            fault(faults.join("\n"))
        })?;
        rules.push(rule);
    }
    if rules.is_empty() {
        return Err(fault("there is no [[rule]] in it".to_owned()).into());
    }
    Ok(rules)
}

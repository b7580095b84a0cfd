//! `unspill rules show`: everything about one rule.

use std::path::PathBuf;

use anstyle::Style;
use serde_json::json;

use super::configured;
use crate::cli::select::no_such_rule;
use crate::cli::{Outcome, output};
use crate::model::Rule;
use crate::model::request::Request;
use crate::model::rule::{Detect, Literal, Verify};

/// Show everything about a rule
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule's id
    #[arg(value_name = "ID")]
    id: String,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let rules = configured(args.config.as_deref())?;
    let Some((_, rule)) = rules.find(&args.id) else {
        return Err(no_such_rule(&rules, &args.id, |_| true).into());
    };
    if args.json {
        super::print_json(&document(rule))?;
    } else {
        output::print(&page(rule, output::colored()))?;
    }
    Ok(Outcome::Clean)
}

/// How a rule detects: the kind's name, and its regex if it has one.
fn detection(detect: &Detect) -> (&'static str, Option<&str>) {
    match detect {
        Detect::Pattern { regex } => ("pattern", Some(regex)),
        Detect::Near { regex } => ("near", Some(regex)),
        Detect::Assigned { value } => ("assigned", value.as_deref()),
        Detect::Path => ("path", None),
    }
}

fn page(rule: &Rule, colored: bool) -> String {
    let bold = if colored { Style::new().bold() } else { Style::new() };
    let mut text = format!("{bold}{}{bold:#}\n{}\n\n", rule.id, rule.description);
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("{:12} {value}\n", format!("{label}:")));
        }
    };
    let (kind, regex) = detection(&rule.detect);
    line("Provider", &rule.provider);
    line("Severity", rule.severity.as_str());
    line("Tags", &rule.tags.join(", "));
    line("Found by", kind);
    line("Regex", regex.unwrap_or_default());
    line("Path", rule.path.as_deref().unwrap_or_default());
    line("Literals", &rule.literals.iter().map(literal).collect::<Vec<_>>().join(", "));
    line("Reach", &format!("{} bytes", rule.reach));
    if rule.entropy > 0.0 {
        line("Entropy", &format!("at least {} bits per byte", rule.entropy));
    }
    line("Confidence", &format!("{} before evidence is weighed", rule.confidence));
    if rule.identifier {
        line("Role", "only ever the other part of a credential");
    }
    for pair in rule.companions.iter() {
        let needed = if pair.required { "required" } else { "optional" };
        line("Goes with", &format!("{} within {} bytes, {needed}", pair.rule, pair.within));
    }
    line("Checksum", rule.checksum.as_deref().unwrap_or_default());
    match &rule.verify {
        Verify::Like(other) => line("Verified", &format!("like {other}")),
        Verify::Steps(steps) => {
            for step in steps.iter() {
                match &step.request {
                    Request::Http(http) => line("Verified", &format!("{} {} ({})", http.method, http.url, step.docs)),
                    Request::Login(_) => line("Verified", &format!("by a login, with --verify=deep ({})", step.docs)),
                }
            }
        }
    }
    line("Risk", &rule.risk);
    line("Revoke", &rule.revoke);
    line("Store", &rule.store);
    line("Docs", &rule.docs);
    for (title, examples) in [("Matches", &rule.matching), ("Does not match", &rule.non_matching)] {
        if !examples.is_empty() {
            text.push_str(&format!("\n{bold}{title}{bold:#}\n"));
        }
        for example in examples.iter() {
            for line in example.lines() {
                text.push_str(&format!("  {line}\n"));
            }
        }
    }
    text
}

fn literal(literal: &Literal) -> String {
    match literal.lead {
        Some(lead) => format!("`{}` after {lead} bytes", literal.text),
        None => format!("`{}`", literal.text),
    }
}

fn document(rule: &Rule) -> serde_json::Value {
    let (kind, regex) = detection(&rule.detect);
    let literals = rule.literals.iter().map(|l| json!({ "text": l.text, "lead": l.lead }));
    let companions =
        rule.companions.iter().map(|p| json!({ "rule": p.rule, "within": p.within, "required": p.required }));
    json!({
        "id": rule.id,
        "provider": rule.provider,
        "description": rule.description,
        "severity": rule.severity.as_str(),
        "tags": rule.tags,
        "detect": kind,
        "regex": regex,
        "path": rule.path,
        "literals": literals.collect::<Vec<_>>(),
        "reach": rule.reach,
        "entropy": rule.entropy,
        "confidence": rule.confidence,
        "identifier": rule.identifier,
        "companions": companions.collect::<Vec<_>>(),
        "checksum": rule.checksum,
        "verify": verify(&rule.verify),
        "risk": rule.risk,
        "revoke": rule.revoke,
        "store": rule.store,
        "docs": rule.docs,
        "matching": rule.matching,
        "non_matching": rule.non_matching,
    })
}

fn verify(verify: &Verify) -> serde_json::Value {
    match verify {
        Verify::Like(other) => json!({ "like": other }),
        Verify::Steps(steps) => steps
            .iter()
            .map(|step| match &step.request {
                Request::Http(http) => {
                    json!({ "method": http.method, "url": http.url, "host": http.host, "docs": step.docs })
                }
                Request::Login(_) => json!({ "login": true, "docs": step.docs }),
            })
            .collect(),
    }
}

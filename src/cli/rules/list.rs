//! `unspill rules list`: one line for each rule.

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::configured;
use crate::cli::Outcome;
use crate::cli::output::{self, Form};
use crate::cli::select::narrow;
use crate::model::{Rule, Severity};

/// List all rules: those built in, and those of the configuration
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these: ids, providers or tags
    #[arg(value_name = "RULE")]
    names: Vec<String>,
    /// Format of the list
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    provider: &'a str,
    severity: &'static str,
    tags: &'a [std::borrow::Cow<'static, str>],
    description: &'a str,
}

impl<'a> From<&'a Rule> for Entry<'a> {
    fn from(rule: &'a Rule) -> Self {
        Entry {
            id: &rule.id,
            provider: &rule.provider,
            severity: rule.severity.as_str(),
            tags: &rule.tags,
            description: &rule.description,
        }
    }
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut rules = configured(args.config.as_deref())?;
    narrow(&mut rules, &args.names, &[])?;
    let entries: Vec<Entry<'_>> = rules.rules().iter().map(|rule| Entry::from(&**rule)).collect();
    match args.format {
        Form::Json => super::print_json(&entries)?,
        Form::Text => output::print(&table(&entries))?,
    }
    Ok(Outcome::Clean)
}

fn table(entries: &[Entry<'_>]) -> String {
    let tags: Vec<String> = entries.iter().map(|entry| entry.tags.join(",")).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>, title: &str| texts.max().unwrap_or(0).max(title.len());
    let id = widest(&mut entries.iter().map(|entry| entry.id.len()), "ID");
    let tag = widest(&mut tags.iter().map(String::len), "TAGS");
    let mut text = format!("{:id$}  {:8}  {:tag$}  DESCRIPTION\n", "ID", "SEVERITY", "TAGS");
    for (entry, tags) in entries.iter().zip(&tags) {
        let style = style(entry.severity);
        let severity = format!("{style}{:8}{style:#}", entry.severity);
        let _ = writeln!(text, "{:id$}  {severity}  {tags:tag$}  {}", entry.id, entry.description);
    }
    if output::colored() { text } else { anstream::adapter::strip_str(&text).to_string() }
}

fn style(severity: &str) -> Style {
    match severity.parse() {
        Ok(Severity::Critical) => AnsiColor::Red.on_default().bold(),
        Ok(Severity::High) => AnsiColor::Red.on_default(),
        Ok(Severity::Medium) => AnsiColor::Yellow.on_default(),
        _ => Style::new(),
    }
}

//! `unspill rules`: lists, shows, checks and tries rules.

mod endpoints;
mod lint;
mod list;
mod show;
mod test;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::errors::Failure;
use super::{Outcome, output};
use crate::config;
use crate::rules::lint::Form;

/// List, show, check and try rules
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all rules: those built in, and those of the configuration
    List(list::Args),
    /// Show everything about a rule
    Show(show::Args),
    Lint(lint::Args),
    /// List every server that `--verify` might contact, and for what
    Endpoints(endpoints::Args),
    /// Try the examples of rules
    ///
    /// Exits with 1 if an example that should match does not, or one that should not does.
    Test {
        /// Files of rules, or configurations with rules; without any, the built-in rules
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Runs it.
pub fn run(args: Args) -> anyhow::Result<Outcome> {
    match args.command {
        Command::List(args) => list::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Endpoints(args) => endpoints::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Test { files } => test::run(&files),
    }
}

/// The text of a file of rules.
fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}", path.display())).cause(error).into())
}

/// What the rules of a file stand in.
fn form(path: &Path, text: &str) -> Form {
    if config::is_configuration(path, text) { Form::Configuration } else { Form::Rules }
}

/// The rules of a run in the current folder: the configuration's, or those built in.
fn configured(config: Option<&Path>) -> anyhow::Result<crate::rules::RuleSet> {
    super::settings::configuration(config, Path::new(".")).map(|config| config.rules)
}

/// Prints a document.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    output::write_stdout(|out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

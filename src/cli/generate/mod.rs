//! `unspill generate`: shell completions, man pages, schemas and pages of reference, made of what the program itself
//! knows.

mod reference;

use std::path::{Path, PathBuf};

use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Cli;
use super::errors::Failure;
use super::{Outcome, output};
use crate::config;
use crate::report::json;

/// Generate shell completions, man pages, schemas and pages of reference
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Completions for a shell, to standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Man pages of all commands, into a folder; without one, the page of unspill itself to standard output
    Man {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// JSON schema of the configuration file
    ConfigSchema,
    /// JSON schema of the json report
    ReportSchema {
        /// Of one line of the jsonl report instead
        #[arg(long)]
        lines: bool,
    },
    /// Reference of configuration, command line and rules, as pages of Markdown, into a folder
    ///
    /// They are the pages below docs/reference: configuration.md, command-line.md, rules.md and a page of rules for each
    /// letter that a provider begins with, in a folder of its own. Pages that are there are written over.
    Reference {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// Runs it.
pub fn run(args: Args) -> anyhow::Result<Outcome> {
    match args.command {
        Command::Completions { shell } => completions(shell)?,
        Command::Man { folder: None } => output::write_stdout(|out| man_page(whole()).render(out))?,
        Command::Man { folder: Some(folder) } => man_pages(&folder)?,
        Command::ConfigSchema => schema(&config::schema())?,
        Command::ReportSchema { lines: false } => schema(&json::schema())?,
        Command::Reference { folder } => reference::write(&folder)?,
        Command::ReportSchema { lines: true } => schema(&json::line_schema())?,
    }
    Ok(Outcome::Clean)
}

fn completions(shell: Shell) -> anyhow::Result<()> {
    // The generators panic where they cannot write, so they write to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "unspill", &mut text);
    output::write_stdout(|out| out.write_all(&text))
}

/// The command with everything filled in that help and man pages show.
fn whole() -> clap::Command {
    // Of the version only the number: the same pages, whatever they are built from.
    let mut command = Cli::command().disable_help_subcommand(true).long_version(env!("CARGO_PKG_VERSION"));
    command.build();
    command
}

fn man_pages(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot make the folder {}", folder.display())).cause(error))?;
    man_page_and_below(&whole(), folder)
}

fn man_page_and_below(command: &clap::Command, folder: &Path) -> anyhow::Result<()> {
    let page = man_page(command.clone());
    output::write_file(&folder.join(page.get_filename()), true, |out| page.render(out))?;
    command.get_subcommands().try_for_each(|sub| man_page_and_below(sub, folder))
}

fn man_page(command: clap::Command) -> Man {
    Man::new(command).source(concat!("unspill ", env!("CARGO_PKG_VERSION"))).manual("unspill")
}

fn schema(schema: &serde_json::Value) -> anyhow::Result<()> {
    output::write_stdout(|out| {
        serde_json::to_writer_pretty(&mut *out, schema)?;
        out.write_all(b"\n")
    })
}

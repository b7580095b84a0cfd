//! The command line: the only place that reads arguments or prints.
//!
//! [`main`] parses, runs one subcommand and turns its [`Outcome`] into an exit code. Each subcommand is a file with two
//! things in it: `Args`, what the user wrote, and `run`, what becomes of it. What several of them share stands in
//! [`common`] (arguments), [`job`] (from arguments to a finished report) and [`output`] (where results go).

pub mod args;
mod baseline;
mod ci;
mod clock;
mod common;
mod dir;
mod errors;
mod explain;
mod generate;
mod git;
mod hook;
mod install;
mod job;
mod outcome;
mod output;
mod panics;
mod progress;
mod push;
mod rules;
mod select;
mod settings;
mod stdin;
mod suggest;
mod verification;
mod verify;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use args::{Cli, Command};
pub use outcome::Outcome;

/// Runs the program: 0 clean, 1 findings, 2 error or incomplete.
pub fn main() -> ExitCode {
    panics::install();
    // What could not be told must not look like a clean result, so a panic is an error like any other.
    catch_unwind(AssertUnwindSafe(program)).unwrap_or(Outcome::Failed.into())
}

fn program() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() && std::env::args_os().nth(1).is_some_and(|first| first == "ci") {
                return ci::refused(&error).into();
            }
            // Nobody may be reading; that help or a complaint went unread changes nothing.
            let _ = error.print();
            return if error.use_stderr() { Outcome::Failed } else { Outcome::Clean }.into();
        }
    };
    cli.global.color.apply();
    match run(cli) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            errors::print(&error);
            Outcome::Failed.into()
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { global, command } = cli;
    match command {
        None => output::print(args::SHORT_HELP).map(|()| Outcome::Clean),
        Some(Command::Dir(args)) => dir::run(args, &global),
        Some(Command::Git(args)) => git::run(args, &global),
        Some(Command::Stdin(args)) => stdin::run(args, &global),
        Some(Command::Ci(args)) => ci::run(args, &global),
        Some(Command::Explain(args)) => explain::run(args, &global),
        Some(Command::Verify(args)) => verify::run(args, &global),
        Some(Command::Rules(args)) => rules::run(args),
        Some(Command::Baseline(args)) => baseline::run(args, &global),
        Some(Command::Install(args)) => install::install(args),
        Some(Command::Uninstall(args)) => install::uninstall(args),
        Some(Command::Generate(args)) => generate::run(args),
    }
}

//! The arguments as the user wrote them: the program as a whole.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::suggest::nearest;
use super::{baseline, ci, dir, explain, generate, git, install, rules, stdin, verify};

/// What `unspill` alone prints: the three commonest uses.
pub const SHORT_HELP: &str = "\
unspill finds credentials that were spilled into files, commits and streams.

  unspill dir                 scan the files below the current folder
  unspill git --staged        scan what is about to be committed (for a pre-commit hook)
  unspill git                 scan the whole history of the repository

Exit code: 0 clean, 1 findings, 2 error or incomplete scan.
`unspill --help` lists all commands, `unspill COMMAND --help` all options of one.
";

const AFTER_HELP: &str = "\
Exit codes:
  0  clean
  1  findings
  2  error, or something could not be scanned (also where there are findings)

Nothing is sent over the network, unless --verify asks providers whether credentials work. In a CI job,
`unspill ci` fetches the commits that it needs from the remote of the checkout.";

/// Finds credentials that were spilled into files, git history and streams, and says how sure it is and why.
#[derive(Debug, Parser)]
#[command(name = "unspill", version, long_version = env!("UNSPILL_VERSION"), about, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Parses the arguments of the program.
    ///
    /// # Errors
    /// A complaint with a suggestion, or help or version that was asked for.
    pub fn read() -> Result<Cli, Error> {
        // CI systems set variables that have no value: such a one counts as unset.
        let unset = |variable: &OsStr| env::var_os(variable).is_some_and(|value| value.is_empty());
        parse(without_variables(Cli::command(), unset)).map_err(|mut error| {
            match error.kind() {
                ErrorKind::InvalidSubcommand => suggest_command(&mut error),
                ErrorKind::UnknownArgument => suggest_option(&mut error),
                ErrorKind::ValueValidation => blame_variable(&mut error),
                _ => {}
            }
            error
        })
    }
}

fn parse(mut command: clap::Command) -> Result<Cli, Error> {
    let matches = command.try_get_matches_from_mut(env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// The command, heeding no variable that is `unset`.
fn without_variables(command: clap::Command, unset: impl Fn(&OsStr) -> bool + Copy) -> clap::Command {
    let arg = |arg: clap::Arg| match arg.get_env() {
        Some(variable) if unset(variable) => arg.env(Resettable::<clap::builder::OsStr>::Reset),
        _ => arg,
    };
    command.mut_args(arg).mut_subcommands(|command| without_variables(command, unset))
}

/// Names the variable that a wrong value comes from, where it is not the flag's: without variables there is no such error.
fn blame_variable(error: &mut Error) {
    let Some(ContextValue::String(arg)) = error.get(ContextKind::InvalidArg) else { return };
    let flag_is_wrong = parse(without_variables(Cli::command(), |_| true))
        .is_err_and(|again| again.get(ContextKind::InvalidArg) == error.get(ContextKind::InvalidArg));
    let long = arg.split(' ').next().and_then(|flag| flag.strip_prefix("--"));
    let command = Cli::command();
    let mut args = command.get_subcommands().flat_map(clap::Command::get_arguments);
    let variable = args.find(|arg| arg.get_long() == long && arg.get_env().is_some()).and_then(clap::Arg::get_env);
    if let (false, Some(variable)) = (flag_is_wrong, variable) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable.to_string_lossy().into_owned()));
    }
}

/// Commands of other scanners, and what does the same here.
const FOREIGN: [(&str, &str); 7] = [
    ("detect", "to scan a history: unspill git; to scan files: unspill dir PATH"),
    ("scan", "to scan files: unspill dir PATH; to scan a history: unspill git"),
    ("protect", "to scan what is about to be committed: unspill git --staged"),
    ("filesystem", "to scan files: unspill dir PATH"),
    ("directory", "to scan files: unspill dir PATH"),
    ("file", "to scan files: unspill dir PATH"),
    ("version", "to see the version: unspill --version"),
];

/// Adds what was probably meant by a first argument that is no command: a path to scan, the command of another scanner, or
/// a slip of the fingers.
fn suggest_command(error: &mut Error) {
    let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand) else { return };
    let command = Cli::command();
    let near = nearest(wrong, command.get_subcommands().map(clap::Command::get_name));
    let foreign = FOREIGN.iter().find(|(name, _)| name == wrong).map(|(_, tip)| (*tip).to_owned());
    let path = Path::new(wrong).exists().then(|| format!("to scan files and folders: unspill dir {wrong}"));
    if let Some(tip) = path.or(foreign) {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    } else if let Some(near) = near {
        let near = near.to_owned();
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near]));
    }
}

/// Adds what was probably meant by an option that the command has not: one of another command, or a path that begins with
/// a dash. Nothing else that begins with one is likely to be a value.
fn suggest_option(error: &mut Error) {
    let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidArg) else { return };
    let command = Cli::command();
    let long = wrong.strip_prefix("--").unwrap_or_default();
    let has = |command: &&clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(long));
    let owners: Vec<_> =
        command.get_subcommands().filter(has).map(|c| format!("unspill {} {wrong}", c.get_name())).collect();
    let path = env::args_os().skip(1).find(|arg| {
        arg.to_str().is_some_and(|arg| arg.starts_with('-') && arg.starts_with(&**wrong)) && Path::new(arg).exists()
    });
    let tip = match (path, owners.is_empty()) {
        (Some(path), _) => Some(format!("to scan a path that begins with a dash: unspill dir -- {}", path.display())),
        (None, false) => Some(format!("it is an option of another command: {}", owners.join(", "))),
        (None, true) => None,
    };
    error.remove(ContextKind::Suggested);
    if let Some(tip) = tip {
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files and folders
    Dir(dir::Args),
    /// Scan a git repository: its history, a range of commits, a push, or what is staged
    Git(git::Args),
    /// Scan standard input
    Stdin(stdin::Args),
    /// Scan in a CI job what is new: finds out from its environment what that is
    Ci(ci::Args),
    /// Explain why a value is reported, or is not
    Explain(explain::Args),
    /// Ask the provider whether a credential that you have works
    Verify(verify::Args),
    /// List, show, check and try rules
    Rules(rules::Args),
    /// Record findings that are known, and see what has changed since
    Baseline(baseline::Args),
    /// Have git run unspill before a commit or a push
    Install(install::InstallArgs),
    /// Take out what `unspill install` put in
    Uninstall(install::UninstallArgs),
    /// Generate shell completions, man pages, schemas and pages of reference
    Generate(generate::Args),
}

/// Options that every subcommand takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// When to colour output: auto, always or never; auto honours NO_COLOR and CLICOLOR_FORCE [default: auto]
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t)]
    #[arg(hide_default_value = true, hide_possible_values = true)]
    pub color: Color,
    /// Show more: suppressed findings, every reason, every problem
    #[arg(short, long, action = ArgAction::Count, global = true)]
    verbose: u8,
    /// Show less: findings on one line each (-q), nothing but errors (-qq)
    #[arg(short, long, action = ArgAction::Count, global = true, conflicts_with = "verbose")]
    quiet: u8,
}

impl Global {
    /// 0: normal; 1 more with each `-v`; 1 less with each `-q`.
    pub fn verbosity(&self) -> i8 {
        self.verbose.min(i8::MAX as u8) as i8 - self.quiet.min(i8::MAX as u8) as i8
    }
}

/// When to colour output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// Makes it so for all output from here on.
    pub fn apply(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}

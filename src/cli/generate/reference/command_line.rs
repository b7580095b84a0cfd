//! The reference of the command line: every command with its arguments and options, as clap knows them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, Command};

use super::markdown::{code, codes, prose};
use crate::cli::generate::whole;

const INTRO: &str = "\
# Command line

Every command, with what it takes. `unspill COMMAND --help` prints the same, `unspill generate man DIR` writes it as man pages.
A flag wins over its environment variable, that over the [configuration](configuration.md), and that over the default.
";

/// A variable that clap does not read, as it counts for what is scanned.
const CONFIG: (&str, &str) = ("UNSPILL_CONFIG", "--config");

/// The page.
pub fn page() -> String {
    let command = whole();
    let mut page = INTRO.to_owned();
    if let Some(text) = command.get_after_help() {
        let text = text.to_string().replace("Exit codes:\n", "");
        let more = "[Exit codes](../exit-codes.md) has those of every command.";
        let _ = write!(page, "\n## Exit codes\n\n{}\n\n{more}\n", blocks(&text));
    }
    page.push_str("\n## Environment variables\n\n");
    for (variable, option) in environment(&command) {
        let _ = writeln!(page, "- {}: as {}", code(&variable), code(&option));
    }
    page.push_str("\n## Options of every command\n\n");
    for arg in command.get_arguments().filter(|arg| arg.is_global_set() || is_help(arg)) {
        argument(arg, &mut page);
    }
    below(&command, &mut page);
    page
}

fn below(command: &Command, page: &mut String) {
    for sub in command.get_subcommands() {
        section(sub, page);
        below(sub, page);
    }
}

fn section(command: &Command, page: &mut String) {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().replace("\n       ", "\n");
    let _ = write!(page, "\n## {name}\n\n{}\n\n```text\n{usage}\n```\n", paragraphs(&about, ""));
    let mut headings: Vec<Option<&str>> = Vec::new();
    let own: Vec<&Arg> = command.get_arguments().filter(|arg| is_own(arg)).collect();
    for arg in &own {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    for heading in headings {
        page.push('\n');
        if let Some(heading) = heading {
            let _ = write!(page, "**{}**\n\n", prose(heading));
        }
        own.iter().filter(|arg| arg.get_help_heading() == heading).for_each(|arg| argument(arg, page));
    }
    if let Some(text) = command.get_after_long_help().or(command.get_after_help()) {
        let _ = write!(page, "\n{}\n", blocks(&text.to_string()));
    }
}

fn is_own(arg: &Arg) -> bool {
    !arg.is_global_set() && !arg.is_hide_set() && !is_help(arg)
}

fn is_help(arg: &Arg) -> bool {
    matches!(arg.get_id().as_str(), "help" | "version")
}

fn argument(arg: &Arg, page: &mut String) {
    let short = arg.get_short().map(|short| format!("{}, ", code(&format!("-{short}")))).unwrap_or_default();
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let _ = write!(page, "- {short}{}: {}", code(&arg.to_string()), paragraphs(&help, "  "));
    let takes_value = arg.get_action().takes_values();
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
    if takes_value && !values.is_empty() && !arg.is_hide_possible_values_set() {
        let _ = write!(page, "; one of {}", codes(values));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|text| text.to_string_lossy().into_owned()).collect();
    if takes_value && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        let _ = write!(page, "; {} where left out", codes(defaults.iter().map(String::as_str)));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(page, "; environment variable {}", code(&variable.to_string_lossy()));
    }
    page.push('\n');
}

/// Text that stands below a command's options: what is laid out by spaces stays as it is.
fn blocks(text: &str) -> String {
    let one = |block: &str| match block.starts_with("  ") {
        true => format!("```text\n{block}\n```"),
        false => prose(block),
    };
    text.split("\n\n").map(one).collect::<Vec<_>>().join("\n\n")
}

/// Help of several paragraphs, those after the first indented.
fn paragraphs(text: &str, indent: &str) -> String {
    let text = remarks(text);
    let paragraphs = text.split("\n\n").map(|paragraph| prose(paragraph.trim()).replace('\n', &format!("\n{indent}")));
    paragraphs.collect::<Vec<_>>().join(&format!("\n\n{indent}"))
}

/// Remarks in brackets, which mean links in Markdown, in parentheses.
fn remarks(text: &str) -> String {
    let mut text = text.to_owned();
    for (remark, plain) in [("[default: ", "(default: "), ("[env: ", "(environment variable ")] {
        if let Some((before, rest)) = text.split_once(remark)
            && let Some((inside, after)) = rest.split_once(']')
        {
            text = format!("{before}{plain}{inside}){after}");
        }
    }
    text
}

/// Every variable that an option heeds.
fn environment(command: &Command) -> BTreeMap<String, String> {
    let mut all = BTreeMap::from([(CONFIG.0.to_owned(), CONFIG.1.to_owned())]);
    let mut commands = vec![command];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands());
        for arg in command.get_arguments() {
            if let (Some(variable), Some(long)) = (arg.get_env(), arg.get_long()) {
                all.insert(variable.to_string_lossy().into_owned(), format!("--{long}"));
            }
        }
    }
    all
}

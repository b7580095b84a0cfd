//! Errors as users see them: what went wrong, what caused it, what to do about it. No `Debug` output, no backtrace.

use std::error::Error;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::config::ConfigError;
use crate::findings::suppress::SuppressError;
pub use crate::model::Failure;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Prints an error with its causes and hints to stderr.
pub fn print(error: &anyhow::Error) {
    // When nobody reads stderr there is nobody to tell.
    let _ = anstream::stderr().write_all(render(error).as_bytes());
}

/// Prints something that does not stop the run but that the user must know.
pub fn warn(what: &str, hint: Option<&str>) {
    let mut text = labelled("", "warning", WARNING, what);
    if let Some(hint) = hint {
        text.push_str(&labelled("  ", "hint", HINT, hint));
    }
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Prints a remark that does not affect the outcome.
pub fn note(what: &str) {
    let _ = anstream::stderr().write_all(labelled("", "note", HINT, what).as_bytes());
}

/// Prints that not all was scanned.
pub fn incomplete() {
    let what = "the scan is incomplete: what could not be read may hold secrets";
    let _ = anstream::stderr().write_all(labelled("", "error", ERROR, what).as_bytes());
}

/// The same text without colours, for places that say themselves that it is an error.
pub fn plain(error: &anyhow::Error) -> String {
    let text = anstream::adapter::strip_str(&render(error)).to_string();
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

fn render(error: &anyhow::Error) -> String {
    let mut text = String::new();
    let mut hints = Vec::new();
    let mut last = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let what = cause.to_string();
        // Many errors repeat their cause in their own words, and a cause of one word (`NotFound`) tells nobody anything.
        if depth == 0 {
            text.push_str(&labelled("", "error", ERROR, &what));
        } else if !last.contains(&what) && what.contains(' ') {
            text.push_str(&labelled("  ", "caused by", ERROR, &what));
        }
        last = what;
        hints.extend(hint_of(cause));
    }
    for hint in hints {
        text.push_str(&labelled("  ", "hint", HINT, hint));
    }
    text
}

/// `label: what`, with further lines set in below it.
fn labelled(indent: &str, label: &str, style: Style, what: &str) -> String {
    let mut lines = what.trim_end().lines().map(uncommanding);
    let mut text = format!("{indent}{style}{label}:{style:#} {}\n", lines.next().unwrap_or_default());
    for line in lines {
        text.push_str(&format!("{indent}  {line}\n"));
    }
    text
}

/// A line in which a CI sees no command to itself, whatever it quotes (`::error::`, `##[group]`).
fn uncommanding(line: &str) -> String {
    let inner = line.trim_start();
    let margin = line.get(..line.len() - inner.len()).unwrap_or_default();
    let mark = if inner.starts_with("::") { "| " } else { "" };
    format!("{margin}{mark}{}", inner.replace("##[", "## ["))
}

fn hint_of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e str> {
    let of_failure = error.downcast_ref::<Failure>().and_then(|e| e.hint.as_deref());
    let of_config = error.downcast_ref::<ConfigError>().and_then(ConfigError::hint);
    let of_suppress = error.downcast_ref::<SuppressError>().and_then(|e| e.hint.as_deref());
    of_failure.or(of_config).or(of_suppress)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(error: Failure) -> String {
        anstream::adapter::strip_str(&render(&error.into())).to_string()
    }

    #[test]
    fn causes_and_hints_stand_below_the_error() {
        let cause = Failure::new("no such folder").hint("make it");
        let text = plain(Failure::new("cannot write x.json").cause(cause));
        assert_eq!(text, "error: cannot write x.json\n  caused by: no such folder\n  hint: make it\n");
    }

    #[test]
    fn a_cause_that_was_already_told_is_left_out() {
        let text = plain(Failure::new("cannot read x: access denied").cause(Failure::new("access denied")));
        assert_eq!(text, "error: cannot read x: access denied\n");
        assert_eq!(plain(Failure::new("no such name").cause(Failure::new("NotFound"))), "error: no such name\n");
    }

    #[test]
    fn no_line_is_a_command_of_a_ci() {
        let text = plain(Failure::new("one ##[warning]x\n  ::add-mask::e\n::error::x"));
        assert_eq!(text, "error: one ## [warning]x\n    | ::add-mask::e\n  | ::error::x\n");
    }

    #[test]
    fn further_lines_are_set_in() {
        assert_eq!(plain(Failure::new("one\ntwo")), "error: one\n  two\n");
    }
}

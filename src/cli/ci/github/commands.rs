//! Workflow commands: lines on standard output that the runner acts on.
//!
//! The runner looks for them in all that a step prints, and a scan prints what others wrote: names of files, lines of
//! text. So commands are switched off while it does, until a token comes that nobody can guess.
//!
//! Syntax: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>; escapes as in `command.ts` of
//! actions/toolkit.

use std::fmt::Write as _;

use ring::rand::{SecureRandom, SystemRandom};

use crate::cli::output;

/// Commands, switched off.
pub struct Commands {
    token: Option<String>,
}

impl Commands {
    /// Switches them off.
    pub fn stop() -> Self {
        let token = token();
        if let Some(token) = &token {
            // If standard output cannot be written, the results will tell.
            let _ = output::print(&format!("::stop-commands::{token}\n"));
        }
        Commands { token }
    }

    /// Switches them on again.
    pub fn resume(self) {}
}

impl Drop for Commands {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            let _ = output::print(&format!("::{token}::\n"));
        }
    }
}

/// A text that nobody can guess; `None` if the system has no random numbers.
pub fn token() -> Option<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(data_encoding::HEXLOWER.encode(&bytes))
}

/// A command: `::name key=value,key=value::message` and a line end.
pub fn command(name: &str, properties: &[(&str, String)], message: &str) -> String {
    let mut line = format!("::{name}");
    for (i, (key, value)) in properties.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(line, "{}{key}={}", if i == 0 { ' ' } else { ',' }, escape(value, true));
    }
    format!("{line}::{}\n", escape(message, false))
}

/// Escapes what would end a value. In properties that is `:` and `,` as well.
fn escape(text: &str, property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if property => escaped.push_str("%3A"),
            ',' if property => escaped.push_str("%2C"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_value_is_escaped() {
        let properties = [("file", "a,b:c%\r\n::error::".to_owned()), ("line", "3".to_owned())];
        assert_eq!(
            command("error", &properties, "100%: a,\r\nb"),
            "::error file=a%2Cb%3Ac%25%0D%0A%3A%3Aerror%3A%3A,line=3::100%25: a,%0D%0Ab\n"
        );
        assert_eq!(command("notice", &[], "x"), "::notice::x\n");
    }

    #[test]
    fn tokens_are_never_the_same() {
        assert_ne!(token(), token());
    }
}

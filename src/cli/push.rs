//! What a hook was told of a push: git's lines on standard input, and git's arguments.

use std::io::{self, IsTerminal};

use super::errors::Failure;
use crate::source::git::{Push, Receiver};

/// Reads standard input for git's pre-push hook. `arguments` are git's own: the remote's name, and its URL, which is also
/// its name if it has none.
///
/// # Errors
/// If it is not what git writes.
pub fn pushed(mut arguments: Vec<String>) -> Result<Push, Failure> {
    let named = arguments.len() < 2 || arguments.first() != arguments.get(1);
    let remote = if named && !arguments.is_empty() { Some(arguments.swap_remove(0)) } else { None };
    read("--pre-push", Receiver::Remote(remote))
}

/// Reads standard input for git's pre-receive hook.
///
/// # Errors
/// If it is not what git writes.
pub fn received() -> Result<Push, Failure> {
    read("--pre-receive", Receiver::Here)
}

fn read(flag: &str, receiver: Receiver) -> Result<Push, Failure> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let hook = flag.trim_start_matches('-');
        return Err(Failure::new(format!("{flag} reads what git tells its hook on standard input, not a terminal"))
            .hint(format!("call it from the hook {hook}; to scan commits by hand, use `unspill git --range A..B`")));
    }
    Push::read(receiver, stdin.lock())
}

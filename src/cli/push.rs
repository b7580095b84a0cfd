//! What a hook was told of a push: git's lines on standard input, and git's arguments.

use std::env;
use std::io::{self, IsTerminal};

use super::errors::Failure;
use crate::source::git::{Mode, Push, Receiver};

/// What there is to scan for git's pre-push hook. `arguments` are git's own: the remote's name, and its URL, which is
/// also its name if it has none.
///
/// # Errors
/// If nobody says what is pushed.
pub fn pushed(arguments: Vec<String>) -> Result<Mode, Failure> {
    let mut arguments = arguments.into_iter();
    let (name, url) = (arguments.next(), arguments.next());
    let remote = name.filter(|name| url.as_ref() != Some(name));
    let push = read("--pre-push", Receiver::Remote(remote))?;
    // pre-commit and prek read the lines themselves, and run no hook if there are none: a push of nothing it is not.
    if push.updates.is_empty() && env::var_os("PRE_COMMIT").is_some() {
        return Err(Failure::new("pre-commit does not pass on what git says of a push")
            .hint("use `unspill git --hook`, which goes by what pre-commit says itself"));
    }
    Ok(Mode::Push(push))
}

/// What there is to scan for git's pre-receive hook.
///
/// # Errors
/// If git does not say what is pushed.
pub fn received() -> Result<Mode, Failure> {
    read("--pre-receive", Receiver::Here).map(Mode::Push)
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

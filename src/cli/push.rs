//! What a hook was told of a push: git's lines on standard input, and git's arguments.
//!
//! pre-commit and prek read the lines themselves and hand on only what they make of them, in the environment: the first
//! ref that has anything new. An empty standard input is then no push of nothing.

use std::env;
use std::io::{self, IsTerminal};

use gix::ObjectId;

use super::errors::Failure;
use crate::source::git::{Mode, Push, Receiver, Update};

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
    if push.updates.is_empty() && variable("").is_some() { managed(push) } else { Ok(Mode::Push(push)) }
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

/// What pre-commit says of a push. A branch alone is one of which the remote has nothing at all.
fn managed(push: Push) -> Result<Mode, Failure> {
    let remote = match push.receiver {
        Receiver::Remote(None) => Receiver::Remote(variable("_REMOTE_NAME")),
        named => named,
    };
    match (variable("_FROM_REF"), variable("_TO_REF"), variable("_LOCAL_BRANCH")) {
        (Some(from), Some(to), _) => {
            let [old, new] = [&from, &to].map(|id| ObjectId::from_hex(id.as_bytes()));
            let (Ok(old), Ok(new)) = (old, new) else { return Ok(Mode::Range(format!("{from}..{to}"))) };
            let reference = variable("_REMOTE_BRANCH").unwrap_or_default().into();
            Ok(Mode::Push(Push {
                receiver: remote,
                updates: vec![Update { reference, old: Some(old), new: Some(new) }],
            }))
        }
        (_, _, Some(branch)) => Ok(Mode::History { reference: Some(branch), since: None }),
        _ => Err(Failure::new("neither git nor pre-commit says what is pushed")
            .hint("let the hook run in the stage pre-push, or name the commits with `unspill git --range A..B`")),
    }
}

/// A variable that pre-commit sets for the hooks that it runs.
fn variable(name: &str) -> Option<String> {
    env::var(format!("PRE_COMMIT{name}")).ok().filter(|value| !value.is_empty())
}

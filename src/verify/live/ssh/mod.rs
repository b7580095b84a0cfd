//! SSH keys: is a private key accepted at a host that the user names?
//!
//! ```text
//! key ─▶ identity ──▶ agent ──▶ ssh ──▶ answer ─▶ verdict
//!        read, and    holds it  asks    read from
//!        locked ones  in memory once    its log
//!        turned away
//! ```
//!
//! The machine's own `ssh` does the asking, and its `ssh-agent` holds the key, so that no key ever lies on a disk or
//! stands among arguments. Nothing of the user's takes part: no configuration, no other key, no other agent. At the host
//! the key logs in and leaves.

mod agent;
mod answer;
mod child;
mod identity;
mod openssh;
mod target;

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use agent::Agent;
pub use target::{Target, TargetError};

use crate::model::{Cause, Doubt, Secret, Verdict};

/// The name of the agent's socket, and of the file for the keys of hosts, in the private folder that `ssh` runs in: names
/// without a folder need no quotes and no escapes, whatever the folder is called.
const SOCKET: &str = "agent";
const KNOWN_HOSTS: &str = "hosts";

/// Asks `target` whether `key`, a private key as it stands in a text, is accepted there; in `timeout` at most.
///
/// One attempt is made. A key that is refused is refused by this host and for this user: others may well take it.
pub fn check(key: &Secret, target: &Target, timeout: Duration) -> Verdict {
    ask(key, target, timeout).unwrap_or_else(Verdict::Unknown)
}

fn ask(key: &Secret, target: &Target, timeout: Duration) -> Result<Verdict, Doubt> {
    let until = Instant::now() + timeout;
    let identity = identity::read(key)?;
    let agent = Agent::start(&identity, until)?;
    let mut command = client(target, timeout);
    let output = child::run(command.current_dir(agent.folder()), None, until).map_err(|e| missing("ssh", &e))?;
    drop(agent);
    Ok(answer::read(target, &output))
}

/// `ssh` with everything said that a configuration could say otherwise.
fn client(target: &Target, timeout: Duration) -> Command {
    let mut command = tool("ssh");
    command.args(["-F", "/dev/null", "-T", "-v", "-x", "-a"]);
    let seconds = timeout.as_secs().max(1);
    for option in [
        "BatchMode=yes",
        "PreferredAuthentications=publickey",
        "PubkeyAuthentication=yes",
        &format!("IdentityAgent={SOCKET}"),
        // Only the agent's one key, and none of the user's.
        "IdentityFile=none",
        "CertificateFile=none",
        "PKCS11Provider=none",
        // The host is not known beforehand; what this machine knows of all hosts (/etc/ssh) still holds.
        "StrictHostKeyChecking=accept-new",
        &format!("UserKnownHostsFile={KNOWN_HOSTS}"),
        "UpdateHostKeys=no",
        "ControlMaster=no",
        "ControlPath=none",
        "ClearAllForwardings=yes",
        "PermitLocalCommand=no",
        "ConnectionAttempts=1",
        &format!("ConnectTimeout={seconds}"),
        &format!("ServerAliveInterval={seconds}"),
    ] {
        command.args(["-o", option]);
    }
    command.args(["-l", target.user(), "-p", &target.port().to_string(), "--", target.host()]);
    // Hosts of repositories greet who asks for nothing, and say who it is; others would open a shell.
    if target.user() != target::FORGE_USER {
        command.arg("exit");
    }
    command
}

/// A program of OpenSSH, with nothing of the environment but where programs are.
fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Why a program of OpenSSH did not start.
fn missing(name: &str, error: &io::Error) -> Doubt {
    let why = match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no `{name}` on this machine to ask with: install OpenSSH's client")
        }
        kind => format!("`{name}` could not be run: {kind}"),
    };
    Doubt::new(Cause::NoRequest, why)
}

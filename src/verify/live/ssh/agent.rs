//! An agent that holds one key, in memory, for as long as it is asked about.
//!
//! `ssh-agent -D` stays our child, so that it can be ended; should this program itself be killed, the agent forgets the
//! key after a while.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{ChildStdout, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::child::{self, Running};
use super::identity::Identity;
use super::{SOCKET, missing, tool};
use crate::model::{Cause, Doubt};

/// A key lives no longer than this, in seconds, if nobody ends the agent.
const LIFETIME: &str = "600";

/// A running agent; dropped, it is ended before its folder goes.
pub struct Agent {
    #[cfg_attr(not(test), expect(dead_code, reason = "it is ended when dropped"))]
    running: Running,
    folder: TempDir,
}

impl Agent {
    /// Starts an agent and gives it the key.
    pub fn start(identity: &Identity, until: Instant) -> Result<Self, Doubt> {
        let failed = |why: &str| Doubt::new(Cause::NoRequest, why);
        // Only this user may look into it.
        let folder = tempfile::Builder::new()
            .prefix("unspill-")
            .tempdir()
            .map_err(|e| failed(&format!("no temporary folder could be made: {}", e.kind())))?;
        let mut command = tool("ssh-agent");
        command.args(["-D", "-a", SOCKET, "-t", LIFETIME]).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut running = Running::start(&mut command).map_err(|e| missing("ssh-agent", &e))?;
        if !running.stdout().is_some_and(|stdout| listens(stdout, until)) {
            return Err(failed("`ssh-agent` did not start"));
        }
        let agent = Agent { running, folder };
        agent.add(identity, until)?;
        Ok(agent)
    }

    /// The private folder, with the socket in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn add(&self, identity: &Identity, until: Instant) -> Result<(), Doubt> {
        let mut command = tool("ssh-add");
        command.args(["-q", "-"]).current_dir(self.folder()).env("SSH_AUTH_SOCK", SOCKET);
        // Were it to ask for a passphrase after all, nobody would answer.
        command.env("SSH_ASKPASS_REQUIRE", "force").env("SSH_ASKPASS", "/nonexistent");
        let key = Zeroizing::new(identity.pem().as_bytes().to_vec());
        let output = child::run(&mut command, Some(key), until).map_err(|e| missing("ssh-add", &e))?;
        match output.status {
            Some(0) => Ok(()),
            Some(_) => Err(Doubt::new(Cause::NoRequest, "`ssh-add` does not read this key")),
            None => Err(Doubt::new(Cause::Timeout, "`ssh-add` did not end in time")),
        }
    }
}

/// Waits for the line that the agent says once it listens: `SSH_AUTH_SOCK=…`.
fn listens(stdout: ChildStdout, until: Instant) -> bool {
    const LONGEST: u64 = 4096;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = Vec::new();
        let read = BufReader::new(stdout.take(LONGEST)).read_until(b'\n', &mut line);
        sender.send(read.is_ok() && !line.is_empty()).ok();
    });
    receiver.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap_or(false)
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::*;
    use crate::model::Secret;
    use crate::verify::live::ssh::identity;

    #[test]
    fn nothing_is_left_of_an_agent_and_it_holds_the_one_key() {
        for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519] {
            let pem = rcgen::KeyPair::generate_for(algorithm).unwrap().serialize_pem();
            holds(&identity::read(&Secret::new(pem.as_bytes())).unwrap_or_else(|doubt| panic!("{doubt}")));
        }
    }

    fn holds(identity: &Identity) {
        let agent = match Agent::start(identity, Instant::now() + Duration::from_secs(60)) {
            Err(doubt) if doubt.text.contains("install OpenSSH") => return eprintln!("not tested: {doubt}"),
            agent => agent.unwrap_or_else(|doubt| panic!("{doubt}")),
        };
        let (folder, process) = (agent.folder().to_owned(), agent.running.id().to_string());
        let held = tool("ssh-add").arg("-l").current_dir(&folder).env("SSH_AUTH_SOCK", SOCKET).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&held.stdout).lines().count(), 1);
        let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, [SOCKET], "no file but the socket");

        let runs = || Command::new("kill").args(["-0", &process]).output().unwrap().status.success();
        assert!(runs());
        drop(agent);
        assert!(!runs() && !folder.exists());
    }
}

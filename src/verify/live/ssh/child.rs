//! Running another program within bounds: it ends in time or is ended, and of what it says no more than so much is
//! kept.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// So much of each stream is kept, in bytes; a program that says more is cut off.
const MOST: u64 = 1 << 16;

/// What a program left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Its exit status; `None` if it was ended.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Runs `command` with `input`, until it ends, or until then.
///
/// # Errors
/// If it cannot be started.
pub fn run(command: &mut Command, input: Option<Zeroizing<Vec<u8>>>, until: Instant) -> io::Result<Output> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = Running::start(command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    if let (Some(stdin), Some(input)) = (child.0.stdin.take(), input) {
        feed(stdin, input);
    }
    let stdout = child.stdout().map(collect);
    let stderr = child.stderr().map(collect);
    let status = child.wait(until);
    // Ended, it has nothing more to say, and nothing more to hear.
    drop(child);
    let kept = |stream: Option<Receiver<Vec<u8>>>| {
        let patience = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(100));
        stream.and_then(|stream| stream.recv_timeout(patience).ok()).unwrap_or_default()
    };
    Ok(Output { status, stdout: kept(stdout), stderr: kept(stderr) })
}

/// A program that is ended when this is dropped.
pub struct Running(Child);

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.spawn().map(Running)
    }

    /// Its number among the processes.
    #[cfg(test)]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// What it says, if that is piped and not taken yet.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    fn stderr(&mut self) -> Option<ChildStderr> {
        self.0.stderr.take()
    }

    /// Waits until it ends, or until then; its exit status if it ended by itself.
    fn wait(&mut self, until: Instant) -> Option<i32> {
        let mut pause = Duration::from_millis(1);
        while Instant::now() < until {
            match self.0.try_wait() {
                Ok(Some(status)) => return status.code(),
                Ok(None) => thread::sleep(pause),
                Err(_) => return None,
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it has ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Reads a stream to its end, or as far as is kept, in a thread of its own.
fn collect(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        // What was read before an error counts.
        stream.take(MOST).read_to_end(&mut kept).ok();
        sender.send(kept).ok();
    });
    receiver
}

/// Writes all of `input` in a thread of its own: the program may say much before it listens.
fn feed(mut stdin: ChildStdin, input: Zeroizing<Vec<u8>>) {
    // A program that does not listen ends with an error of its own.
    thread::spawn(move || stdin.write_all(&input).ok());
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, input: Option<&[u8]>, seconds: u64) -> Output {
        let until = Instant::now() + Duration::from_secs(seconds);
        let input = input.map(|input| Zeroizing::new(input.to_vec()));
        run(Command::new("sh").args(["-c", script]), input, until).unwrap()
    }

    #[test]
    fn streams_and_status_are_kept_apart() {
        let output = shell("cat; echo no >&2; exit 3", Some(b"yes\n"), 60);
        assert_eq!(output, Output { status: Some(3), stdout: b"yes\n".to_vec(), stderr: b"no\n".to_vec() });
        assert_eq!(shell("cat", None, 60).stdout, b"", "without input there is none");
    }

    #[test]
    fn who_does_not_end_is_ended() {
        let output = shell("echo here; exec sleep 1000", None, 1);
        assert_eq!(output, Output { status: None, stdout: b"here\n".to_vec(), stderr: Vec::new() });
    }

    #[test]
    fn who_says_too_much_is_cut_off() {
        let output = shell("exec cat /dev/zero", None, 60);
        assert_eq!(output.stdout.len() as u64, MOST);
    }

    #[test]
    fn who_is_not_there_is_an_error() {
        let error = run(&mut Command::new("there-is-no-such-program"), None, Instant::now()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}

//! What servers remember while their threads come and go, and how they are told to stop.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::message::Request;

/// What all threads of one server share.
#[derive(Default)]
pub struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

/// What is remembered.
#[derive(Default)]
pub struct State {
    pub requests: Vec<Request>,
    /// Connections that were accepted, whatever came of them.
    pub connections: usize,
    /// Why TLS did not come about on a connection.
    pub refusals: Vec<String>,
    /// Bytes of answers, before encryption, that the system took.
    pub sent: u64,
    /// Requests that are being answered.
    pub now: usize,
    /// The greatest number of them at a time.
    pub most: usize,
    /// Whether all is to end.
    pub stopped: bool,
    /// Open connections.
    open: BTreeMap<usize, TcpStream>,
}

impl Log {
    /// Looks at, or changes, what is remembered.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a new connection; its number, unless all is to end.
    pub fn open(&self, stream: &TcpStream) -> Option<usize> {
        let mut state = self.state();
        if state.stopped {
            return None;
        }
        let number = state.connections;
        state.connections += 1;
        state.open.insert(number, stream.try_clone().ok()?);
        Some(number)
    }

    /// A connection is over.
    pub fn close(&self, number: usize) {
        if let Some(stream) = self.state().open.remove(&number) {
            // It may be closed by the other side already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Ends all that goes on.
    pub fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        for stream in std::mem::take(&mut state.open).into_values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }

    /// Takes in a request: from here on it is being answered.
    pub fn take(&self, request: Request) {
        let mut state = self.state();
        state.requests.push(request);
        state.now += 1;
        state.most = state.most.max(state.now);
        self.changed.notify_all();
    }

    /// A request has been answered, or given up.
    pub fn done(&self) {
        self.state().now -= 1;
        self.changed.notify_all();
    }

    /// Waits until `enough` holds; `false` if it did not within this time, or all is to end.
    pub fn wait(&self, time: Duration, enough: impl Fn(&State) -> bool) -> bool {
        let end = Instant::now() + time;
        let mut state = self.state();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if enough(&state) || state.stopped || left.is_zero() {
                return enough(&state) && !state.stopped;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// If all is to end meanwhile.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        if !time.is_zero() {
            self.wait(time, |_| false);
        }
        match self.state().stopped {
            true => Err(io::Error::other("the server stops")),
            false => Ok(()),
        }
    }
}

//! The schedule: which request is sent when, and by whom.
//!
//! Each server has a lane of its own. A lane lets so many requests through at a time and so many in a second; when its
//! server asks for a pause, all of the lane waits, and when it cannot be reached time and again, the lane is closed.
//! Workers take what is due from any lane, so that slow servers do not hold up the others.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::moment::Moment;
use super::stop::Stop;
use super::variables::Text;
use crate::model::{Cause, Doubt, Progress, Verdict};

/// So many failures to connect in a row close a lane.
const HOPELESS: u32 = 5;
/// The first pause before another try; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// A server that wants to be left alone for longer is not asked again.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether the user or the clock has ended it all.
const LOOK: Duration = Duration::from_millis(50);

/// How much is asked at a time. A limit of 0 is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Requests at a time in all.
    pub jobs: usize,
    /// Requests at a time to one server.
    pub per_host: usize,
    /// Requests per second to one server.
    pub rate: f64,
    /// Further tries, where one failed and it may help.
    pub retries: u32,
    /// How long all of it may take.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { jobs: 32, per_host: 4, rate: 10.0, retries: 2, deadline: Duration::from_secs(600) }
    }
}

/// A task: one request of one question.
#[derive(Clone)]
pub struct Task {
    /// Position of the question.
    pub question: usize,
    /// Which of its steps.
    pub step: usize,
    /// What the steps before took from their answers.
    pub taken: Vec<(String, Text)>,
    attempts: u32,
}

/// What a task comes to.
pub enum Outcome {
    /// The question is answered.
    Verdict(Verdict),
    /// The next step is to be taken, with this added to what was taken.
    Next(Vec<(String, Text)>),
    /// There was no answer; another try may help, after this pause if the server named one.
    Again { doubt: Doubt, pause: Option<Duration> },
}

/// Carries out tasks.
pub trait Asker: Sync {
    /// The lane of a task: its server.
    ///
    /// # Errors
    /// A verdict, if there is none to ask.
    fn lane(&self, task: &Task) -> Result<String, Verdict>;

    /// Carries a task out.
    fn ask(&self, task: &Task) -> Outcome;

    /// Breaks off what is under way.
    fn break_off(&self);
}

/// Asks `questions` questions, each beginning with its first step, and gives their verdicts.
pub fn run(questions: usize, asker: &dyn Asker, limits: &Limits, stop: &Stop, progress: &Progress) -> Vec<Verdict> {
    let deadline = Instant::now() + limits.deadline;
    let state = State { lanes: BTreeMap::new(), last: String::new(), open: 0, verdicts: vec![None; questions] };
    let schedule =
        Schedule { asker, limits, stop, deadline, progress, state: Mutex::new(state), change: Condvar::new() };
    for question in 0..questions {
        schedule.enter(Task { question, step: 0, taken: Vec::new(), attempts: 0 });
    }
    let workers = limits.jobs.max(1).min(questions);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| schedule.work());
        }
        schedule.watch();
    });
    let ended = schedule.ended().unwrap_or(Cause::Interrupted);
    let state = schedule.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.verdicts.into_iter().map(|verdict| verdict.unwrap_or_else(|| Verdict::Unknown(over(ended)))).collect()
}

/// Why the rest is not asked.
fn over(cause: Cause) -> Doubt {
    let text = match cause {
        Cause::Deadline => "the time for verification was over (--verify-deadline)",
        _ => "verification was broken off",
    };
    Doubt::new(cause, text)
}

struct Schedule<'a> {
    asker: &'a dyn Asker,
    limits: &'a Limits,
    stop: &'a Stop,
    deadline: Instant,
    progress: &'a Progress,
    state: Mutex<State>,
    /// Told when a task has ended.
    change: Condvar,
}

struct State {
    /// By server, so that the order in which lanes get their turn is always the same.
    lanes: BTreeMap<String, Lane>,
    /// The lane that had the last turn.
    last: String,
    /// Tasks that wait or are under way.
    open: usize,
    verdicts: Vec<Option<Verdict>>,
}

#[derive(Default)]
struct Lane {
    ready: VecDeque<Task>,
    /// To be tried again, each from a moment on.
    later: Vec<(Instant, Task)>,
    /// Tasks under way.
    running: usize,
    /// Nothing is sent before.
    free: Option<Instant>,
    /// Failures to connect since the last answer.
    failures: u32,
    /// Why nothing is sent any more.
    closed: Option<Doubt>,
}

/// What there is to do for a worker.
enum Turn {
    Task(String, Task),
    Wait(Option<Instant>),
}

impl State {
    /// The next task that may be sent, lanes taking turns; else when there might be one.
    fn turn(&mut self, now: Instant, limits: &Limits) -> Turn {
        let mut soonest: Option<Instant> = None;
        let mut found = None;
        let (before, behind): (Vec<_>, Vec<_>) = self.lanes.iter_mut().partition(|(name, _)| **name <= self.last);
        for (name, lane) in behind.into_iter().chain(before) {
            match lane.due(now, limits) {
                Due::Now => {
                    found = Some(name.clone());
                    break;
                }
                Due::At(when) => soonest = Some(soonest.map_or(when, |soonest| soonest.min(when))),
                Due::Never => {}
            }
        }
        let Some(name) = found else { return Turn::Wait(soonest) };
        let Some(lane) = self.lanes.get_mut(&name) else { return Turn::Wait(soonest) };
        let Some(task) = lane.ready.pop_front() else { return Turn::Wait(soonest) };
        lane.running += 1;
        if limits.rate > 0.0 {
            let from = lane.free.map_or(now, |free| free.max(now));
            lane.free = Some(from + Duration::from_secs_f64(1.0 / limits.rate));
        }
        self.last.clone_from(&name);
        Turn::Task(name, task)
    }

    fn answer(&mut self, question: usize, verdict: Verdict) {
        if let Some(place) = self.verdicts.get_mut(question) {
            *place = Some(verdict);
        }
    }
}

enum Due {
    Now,
    At(Instant),
    Never,
}

impl Lane {
    fn due(&mut self, now: Instant, limits: &Limits) -> Due {
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.later).into_iter().partition(|(at, _)| *at <= now);
        self.later = later;
        self.ready.extend(due.into_iter().map(|(_, task)| task));
        if limits.per_host > 0 && self.running >= limits.per_host {
            return Due::Never;
        }
        match (self.ready.is_empty(), self.free.filter(|free| *free > now)) {
            (false, None) => Due::Now,
            (false, Some(free)) => Due::At(free),
            (true, _) => self.later.iter().map(|(at, _)| *at).min().map_or(Due::Never, Due::At),
        }
    }
}

impl Schedule<'_> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it is all over before everything is answered, if so.
    fn ended(&self) -> Option<Cause> {
        match self.stop.is_set() {
            true => Some(Cause::Interrupted),
            false => (Instant::now() >= self.deadline).then_some(Cause::Deadline),
        }
    }

    /// Puts a task into its lane.
    fn enter(&self, task: Task) {
        let lane = self.asker.lane(&task);
        let mut state = self.lock();
        let closed = lane.as_ref().ok().and_then(|name| state.lanes.get(name)).and_then(|lane| lane.closed.clone());
        match (lane, closed) {
            (Ok(name), None) => {
                state.lanes.entry(name).or_default().ready.push_back(task);
                state.open += 1;
            }
            (Ok(_), Some(doubt)) => self.settle(&mut state, task.question, Verdict::Unknown(doubt)),
            (Err(verdict), _) => self.settle(&mut state, task.question, verdict),
        }
        self.change.notify_one();
    }

    fn settle(&self, state: &mut State, question: usize, verdict: Verdict) {
        state.answer(question, verdict);
        self.progress.advance(0);
    }

    /// What a worker does until nothing is left.
    fn work(&self) {
        while let Some((lane, task)) = self.next() {
            let outcome = self.asker.ask(&task);
            self.conclude(&lane, task, outcome);
        }
        self.change.notify_all();
    }

    fn next(&self) -> Option<(String, Task)> {
        let mut state = self.lock();
        loop {
            if state.open == 0 || self.ended().is_some() {
                return None;
            }
            let now = Instant::now();
            let wait = match state.turn(now, self.limits) {
                Turn::Task(lane, task) => return Some((lane, task)),
                Turn::Wait(until) => until.map_or(LOOK, |until| until.saturating_duration_since(now).min(LOOK)),
            };
            state = self.change.wait_timeout(state, wait).map_or_else(|e| e.into_inner().0, |(state, _)| state);
        }
    }

    /// Takes note of what a task came to.
    fn conclude(&self, name: &str, task: Task, outcome: Outcome) {
        let ended = self.ended();
        let mut state = self.lock();
        let mut follow = None;
        let mut verdict = None;
        if let Some(lane) = state.lanes.get_mut(name) {
            lane.running -= 1;
            match outcome {
                Outcome::Verdict(found) => {
                    lane.failures = 0;
                    verdict = Some(found);
                }
                Outcome::Next(taken) => {
                    lane.failures = 0;
                    let taken = task.taken.iter().cloned().chain(taken).collect();
                    follow = Some(Task { step: task.step + 1, taken, attempts: 0, ..task });
                }
                // Broken off, most likely: what the error says is not the reason.
                Outcome::Again { .. } if ended.is_some() => {}
                Outcome::Again { doubt, pause } => verdict = self.again(lane, &task, doubt, pause),
            }
        }
        if let Some(verdict) = verdict {
            state.open -= 1;
            self.settle(&mut state, task.question, verdict);
            self.turn_away(&mut state, name);
        } else if ended.is_some() && follow.is_none() {
            state.open -= 1;
        }
        drop(state);
        if let Some(task) = follow {
            self.enter(task);
            self.lock().open -= 1;
        }
        self.change.notify_all();
    }

    /// Lets a task be tried again, unless it was tried often enough.
    fn again(&self, lane: &mut Lane, task: &Task, doubt: Doubt, pause: Option<Duration>) -> Option<Verdict> {
        let unreachable = matches!(doubt.cause, Cause::Connect | Cause::Dns | Cause::Timeout);
        lane.failures = if unreachable { lane.failures + 1 } else { 0 };
        if lane.failures >= HOPELESS {
            let text =
                format!("{} (so it went {HOPELESS} times in a row, and its server is not asked any more)", doubt.text);
            lane.closed = Some(Doubt::new(doubt.cause, text));
        }
        if pause.is_some_and(|pause| pause > PATIENCE) {
            let text = format!("{}, and wants a pause of more than {} seconds", doubt.text, PATIENCE.as_secs());
            lane.closed = Some(Doubt::new(doubt.cause, text.clone()));
            return Some(Verdict::Unknown(Doubt::new(doubt.cause, text)));
        }
        if task.attempts >= self.limits.retries || lane.closed.is_some() {
            return Some(Verdict::Unknown(doubt));
        }
        let now = Instant::now();
        // What a server asks for holds for all that it is asked.
        let all = pause.is_some() || doubt.cause == Cause::RateLimited;
        let pause = pause.unwrap_or_else(|| backoff(task.attempts));
        if all {
            lane.free = Some(lane.free.map_or(now + pause, |free| free.max(now + pause)));
        }
        lane.later.push((now + pause, Task { attempts: task.attempts + 1, ..task.clone() }));
        None
    }

    /// Answers all that waits in a lane that was closed.
    fn turn_away(&self, state: &mut State, name: &str) {
        let Some(lane) = state.lanes.get_mut(name) else { return };
        let Some(doubt) = lane.closed.clone() else { return };
        let waiting: Vec<Task> = lane.ready.drain(..).chain(lane.later.drain(..).map(|(_, task)| task)).collect();
        for task in waiting {
            state.open -= 1;
            self.settle(state, task.question, Verdict::Unknown(doubt.clone()));
        }
    }

    /// Waits until all is done, and breaks off what is under way if it has to end before.
    fn watch(&self) {
        let mut state = self.lock();
        while state.open > 0 {
            if self.ended().is_some() {
                drop(state);
                self.asker.break_off();
                return;
            }
            state = self.change.wait_timeout(state, LOOK).map_or_else(|e| e.into_inner().0, |(state, _)| state);
        }
    }
}

/// The pause before another try: twice as long each time, and never the same for all.
fn backoff(attempts: u32) -> Duration {
    let jitter = f64::from(Moment::now().nonce[0]) / 256.0 + 0.5;
    PAUSE.saturating_mul(1 << attempts.min(6)).mul_f64(jitter)
}

#[cfg(test)]
mod tests;

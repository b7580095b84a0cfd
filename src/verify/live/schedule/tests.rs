//! The schedule, with servers that are functions.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::*;

const LIMITS: Limits = Limits { jobs: 8, per_host: 0, rate: 0.0, retries: 2, deadline: Duration::from_secs(60) };

/// Answers by a function of the task; knows who was asked, and how many at a time.
struct Fake<F> {
    lanes: usize,
    answer: F,
    asked: Mutex<Vec<(usize, usize)>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl<F: Fn(&Task) -> Outcome + Sync> Fake<F> {
    fn new(lanes: usize, answer: F) -> Self {
        Fake { lanes, answer, asked: Mutex::default(), running: AtomicUsize::new(0), most: AtomicUsize::new(0) }
    }

    fn run(&self, questions: usize, limits: &Limits) -> Vec<Verdict> {
        run(questions, self, limits, &Stop::default(), &Progress::default())
    }

    fn asked(&self) -> Vec<(usize, usize)> {
        self.asked.lock().expect("no test panics with it").clone()
    }
}

impl<F: Fn(&Task) -> Outcome + Sync> Asker for Fake<F> {
    fn lane(&self, task: &Task) -> Result<String, Verdict> {
        Ok(format!("host{}", task.question % self.lanes))
    }

    fn ask(&self, task: &Task) -> Outcome {
        self.most.fetch_max(self.running.fetch_add(1, SeqCst) + 1, SeqCst);
        self.asked.lock().expect("no test panics with it").push((task.question, task.step));
        thread::sleep(Duration::from_millis(1));
        let outcome = (self.answer)(task);
        self.running.fetch_sub(1, SeqCst);
        outcome
    }

    fn break_off(&self) {}
}

fn refused() -> Outcome {
    Outcome::Verdict(Verdict::Inactive("refused".to_owned()))
}

fn again(cause: Cause, pause: Duration) -> Outcome {
    Outcome::Again { doubt: Doubt::new(cause, "not now"), pause: Some(pause) }
}

fn cause(verdict: &Verdict) -> Option<Cause> {
    match verdict {
        Verdict::Unknown(doubt) => Some(doubt.cause),
        _ => None,
    }
}

#[test]
fn each_question_is_asked_once_and_gets_its_own_answer() {
    let fake = Fake::new(3, |task| Outcome::Verdict(Verdict::Inactive(task.question.to_string())));
    let verdicts = fake.run(100, &LIMITS);
    let wanted: Vec<Verdict> = (0..100).map(|n: usize| Verdict::Inactive(n.to_string())).collect();
    assert_eq!(verdicts, wanted);
    let mut asked = fake.asked();
    asked.sort_unstable();
    assert_eq!(asked, (0..100).map(|n| (n, 0)).collect::<Vec<_>>());
}

#[test]
fn steps_follow_each_other_with_what_was_taken() {
    let fake = Fake::new(1, |task| match task.step {
        0 => Outcome::Next(vec![("token".to_owned(), Text::new("t".to_owned()))]),
        1 => Outcome::Next(vec![("user".to_owned(), Text::new("u".to_owned()))]),
        _ => {
            let taken: Vec<&str> = task.taken.iter().map(|(name, _)| name.as_str()).collect();
            Outcome::Verdict(Verdict::Inactive(taken.join(",")))
        }
    });
    assert_eq!(fake.run(1, &LIMITS), [Verdict::Inactive("token,user".to_owned())]);
    assert_eq!(fake.asked(), [(0, 0), (0, 1), (0, 2)]);
}

#[test]
fn a_server_gets_no_more_requests_at_a_time_than_allowed() {
    let fake = Fake::new(1, |_| refused());
    fake.run(60, &Limits { per_host: 2, ..LIMITS });
    assert!(fake.most.load(SeqCst) <= 2);
    let fake = Fake::new(30, |_| refused());
    fake.run(60, &Limits { jobs: 3, ..LIMITS });
    assert!(fake.most.load(SeqCst) <= 3);
}

#[test]
fn what_may_help_is_tried_again_and_no_more_often_than_allowed() {
    let fake = Fake::new(1, |_| again(Cause::ServerError, Duration::ZERO));
    let verdicts = fake.run(1, &LIMITS);
    assert_eq!((cause(&verdicts[0]), fake.asked().len()), (Some(Cause::ServerError), 3));
    let fake =
        Fake::new(1, |task| if task.attempts == 0 { again(Cause::RateLimited, Duration::ZERO) } else { refused() });
    assert_eq!(fake.run(2, &LIMITS), vec![Verdict::Inactive("refused".to_owned()); 2]);
}

#[test]
fn a_server_that_cannot_be_reached_is_left_alone_and_others_are_not() {
    let fake = Fake::new(2, |task| match task.question % 2 {
        0 => again(Cause::Connect, Duration::ZERO),
        _ => refused(),
    });
    let verdicts = fake.run(400, &Limits { jobs: 1, ..LIMITS });
    let tried = fake.asked().iter().filter(|(question, _)| question % 2 == 0).count();
    assert_eq!(tried, HOPELESS as usize);
    for (at, verdict) in verdicts.iter().enumerate() {
        let wanted = (at % 2 == 0).then_some(Cause::Connect);
        assert_eq!(cause(verdict), wanted, "{at}");
    }
}

#[test]
fn nobody_waits_for_a_server_that_wants_to_be_left_alone_for_long() {
    let fake = Fake::new(1, |_| again(Cause::RateLimited, PATIENCE * 10));
    let verdicts = fake.run(50, &Limits { jobs: 1, ..LIMITS });
    assert_eq!(fake.asked().len(), 1);
    assert!(verdicts.iter().all(|verdict| cause(verdict) == Some(Cause::RateLimited)));
}

#[test]
fn what_is_known_when_it_ends_is_kept() {
    let stop = Stop::default();
    let handle = stop.clone();
    let fake = Fake::new(1, move |task| {
        if task.question == 9 {
            handle.set();
        }
        refused()
    });
    let verdicts = run(1000, &fake, &Limits { jobs: 1, ..LIMITS }, &stop, &Progress::default());
    let known = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Inactive(_))).count();
    assert_eq!(known, 10);
    assert!(verdicts[10..].iter().all(|verdict| cause(verdict) == Some(Cause::Interrupted)));
}

#[test]
fn without_any_time_nothing_is_asked() {
    let fake = Fake::new(1, |_| refused());
    let verdicts = fake.run(5, &Limits { deadline: Duration::ZERO, ..LIMITS });
    assert!(verdicts.iter().all(|verdict| cause(verdict) == Some(Cause::Deadline)));
    assert!(fake.asked().is_empty());
}

#[test]
fn nothing_to_ask_is_over_at_once() {
    assert!(Fake::new(1, |_| refused()).run(0, &LIMITS).is_empty());
}

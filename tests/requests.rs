//! Every request that a built-in rule declares goes over the wire once for each of its recorded answers, to a server of
//! the tests' own: what arrives is what stands in `tests/requests/*.txt`, and every outcome is reached.
//!
//! `SNAPSHOTS=overwrite cargo test --test requests` writes those files anew; what changed in them is to be read.

#[path = "requests/credentials.rs"]
mod credentials;
#[path = "support/https/mod.rs"]
mod https;
#[path = "requests/keys.rs"]
mod keys;
#[path = "requests/provider.rs"]
mod provider;
#[path = "requests/record.rs"]
mod record;
#[path = "requests/servers.rs"]
mod servers;
#[path = "requests/snapshots.rs"]
mod snapshots;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use credentials::{Sample, alone, asks_by_http, rules, samples, wanted};
use https::{Reply, Request};
use provider::{Provider, reply};
use record::{Made, record, variables};
use unspill::model::request::{Answer, Meaning, Step};
use unspill::model::rule::Verify;
use unspill::model::{Cause, Rule, Secret, Verdict};
use unspill::rules::request::used;
use unspill::verify::live::question::{Question, steps};
use unspill::verify::live::reply::{Judgement, judge};
use unspill::verify::live::variables::{Text, json};

/// All that is asked about one rule's credential, and what comes of it.
struct Trial<'a> {
    sample: &'a Sample,
    question: Question,
    steps: &'a [Step],
    /// What each step took, once it was taken.
    taken: Vec<(String, Text)>,
    /// The requests of each step as they are recorded.
    records: Vec<Option<String>>,
    faults: Vec<String>,
}

impl<'a> Trial<'a> {
    fn new(sample: &'a Sample) -> Trial<'a> {
        let steps = steps(&sample.rule);
        let question = sample.credential().question(rules()).expect("a question");
        Trial { sample, question, steps, taken: Vec::new(), records: vec![None; steps.len()], faults: Vec::new() }
    }

    fn fault(&mut self, what: impl AsRef<str>) {
        self.faults.push(format!("{}: {}\n", self.sample.rule.id, what.as_ref()));
    }

    /// The answers that lead to a step.
    fn way_to(&self, step: usize) -> Vec<&'a Answer> {
        let next = |step: &'a Step| step.answers.iter().find(|answer| answer.means == Meaning::Next);
        self.steps[..step].iter().map(|step| next(step).expect("a way to the next step")).collect()
    }

    /// Asks, and compares each request with those of the same step.
    fn ask(&mut self, provider: &Provider, replies: Vec<Reply>) -> (Verdict, Vec<Request>) {
        let before = seconds();
        let (verdict, requests) = provider.ask(self.sample.credential(), replies);
        let between = (before, seconds());
        for (at, request) in requests.iter().enumerate() {
            let Some(step) = self.steps.get(at) else {
                self.fault("asks more than it has steps");
                continue;
            };
            let variables = variables(&self.question, &self.taken);
            let made = Made { step, provider: &self.sample.rule.provider, variables: &variables, between };
            match (record(request, &made), &self.records[at]) {
                (Err(what), _) => self.fault(format!("request {}: {what}", at + 1)),
                (Ok(text), None) => self.records[at] = Some(text),
                (Ok(text), Some(known)) if text != *known => {
                    self.fault(format!("request {} differs:\n{text}\n{}", at + 1, known.clone()))
                }
                (Ok(_), Some(_)) => {}
            }
        }
        (verdict, requests)
    }

    /// Lets a step's recorded answer be given, and looks what comes of it.
    fn answer(&mut self, provider: &Provider, at: usize, answer: &'a Answer) {
        let replies = self.way_to(at).into_iter().chain([answer]).map(reply).collect();
        if answer.means == Meaning::Next
            && let Judgement::Next(taken) = judge(&self.steps[at], &answer.into(), &self.question.variables)
        {
            self.taken.extend(taken);
        }
        let (verdict, requests) = self.ask(provider, replies);
        let mut wanted: Vec<(String, String)> =
            answer.show.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        wanted.sort();
        let (number, holds) = match (&verdict, answer.means) {
            (Verdict::Active(told), Meaning::Active) => (at + 1, *told == wanted),
            (Verdict::Inactive(_), Meaning::Inactive) | (Verdict::Unknown(_), Meaning::Unknown) => (at + 1, true),
            // The next step is asked, and fails.
            (Verdict::Unknown(doubt), Meaning::Next) => (at + 2, doubt.cause == Cause::ServerError),
            _ => (at + 1, false),
        };
        if !holds || requests.len() != number {
            let means = answer.means;
            let status = answer.status;
            self.fault(format!(
                "step {}: its answer with status {status}, {means:?} {wanted:?}, comes to {verdict:?} after {} requests",
                at + 1,
                requests.len()
            ));
        }
    }

    /// What is recorded of it.
    fn text(&self) -> String {
        let rule = &self.sample.rule;
        let mut text = format!("== {}\n", rule.id);
        for (at, record) in (1..).zip(&self.records) {
            if self.records.len() > 1 {
                text.push_str(&format!("-- {at}\n"));
            }
            text.push_str(record.as_deref().unwrap_or("not asked"));
            text.push('\n');
        }
        text
    }
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()
}

#[test]
fn every_request_comes_out_right_and_every_outcome_is_reached() {
    let provider = Provider::start();
    let mut texts = BTreeMap::new();
    let mut faults = String::new();
    for sample in samples() {
        let mut trial = Trial::new(sample);
        for (at, step) in trial.steps.iter().enumerate() {
            for answer in step.answers.iter() {
                trial.answer(&provider, at, answer);
            }
        }
        faults.extend(trial.faults.iter().map(String::as_str));
        texts.insert(sample.rule.id.to_string(), trial.text());
    }
    for (id, text) in alike(&provider, &mut faults) {
        texts.insert(id, text);
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(texts.len() > 600, "{} rules can be asked about", texts.len());
    snapshots::compare(&texts);
}

/// Rules that are asked about as others are: each leads to the other's requests.
fn alike(provider: &Provider, faults: &mut String) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for rule in rules().rules() {
        let Verify::Like(other) = &rule.verify else { continue };
        let id = &rule.id;
        let (_, other) = rules().find(other).expect("a rule");
        if !asks_by_http(other) {
            continue;
        }
        let secret = alone(rule).unwrap_or_else(|what| panic!("{what}"));
        let mut sample = Sample { rule: rule.clone(), secret, parts: Vec::new() };
        let mut text = format!("== {id}\nas {}", other.id);
        // Half of a pair leads to the other half.
        if sample.credential().question(rules()).is_err() {
            sample.parts.push((other.id.to_string(), secret_of(other)));
            text.push_str(", which has to stand beside it");
        }
        for name in wanted(&sample, steps(other)) {
            let (_, part) = rules().find(&name).expect("a rule");
            sample.parts.push((name, alone(part).unwrap_or_else(|what| panic!("{what}"))));
        }
        let question = sample.credential().question(rules()).expect("a question");
        assert_eq!(question.rule.id, other.id, "{id}");
        let (verdict, requests) = provider.ask(sample.credential(), way_to_active(steps(other)));
        if !matches!(verdict, Verdict::Active(_)) {
            faults.push_str(&format!("{id}: as {}: {verdict:?} after {} requests\n", other.id, requests.len()));
        }
        text.push('\n');
        texts.push((id.to_string(), text));
    }
    texts
}

fn secret_of(rule: &Rule) -> Secret {
    let sample = samples().iter().find(|sample| sample.rule.id == rule.id);
    sample.map(|sample| sample.secret.clone()).expect("a sample")
}

/// Recorded answers that end with an active one.
fn way_to_active(steps: &[Step]) -> Vec<Reply> {
    let mut way = Vec::new();
    for step in steps {
        let one = |means| step.answers.iter().find(|answer| answer.means == means).map(reply);
        if let Some(active) = one(Meaning::Active) {
            way.push(active);
            break;
        }
        way.extend(one(Meaning::Next));
    }
    way
}

/// Failures of servers, redirections and pages for everybody prove nothing.
#[test]
fn what_any_server_may_say_tells_nothing() {
    let provider = Provider::start();
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";
    let mut faults = String::new();
    for sample in samples() {
        let trial = Trial::new(sample);
        for at in 0..trial.steps.len() {
            let elsewhere = format!("{}/elsewhere", provider.server.url());
            let replies = [
                ("a failure", Reply::new(500).body("Internal Server Error")),
                ("a gateway's failure", Reply::new(502).header("Content-Type", "text/html").body(page)),
                ("a redirection", Reply::new(302).header("Location", elsewhere)),
                ("an empty page", Reply::new(200)),
                ("a page for everybody", Reply::new(200).header("Content-Type", "text/html").body(page)),
            ];
            for (what, last) in replies {
                let replies: Vec<Reply> = trial.way_to(at).into_iter().map(reply).chain([last]).collect();
                let (verdict, requests) = provider.ask(sample.credential(), replies);
                if !matches!(verdict, Verdict::Unknown(_)) || requests.len() != at + 1 {
                    let (id, step, number) = (&sample.rule.id, at + 1, requests.len());
                    faults
                        .push_str(&format!("{id}: step {step}: {what} comes to {verdict:?} after {number} requests\n"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Where a provider repeats what it was asked with, that is not told.
#[test]
fn what_is_told_holds_no_secret() {
    let provider = Provider::start();
    let mut faults = String::new();
    let mut told = 0;
    for sample in samples() {
        let trial = Trial::new(sample);
        let secret = std::str::from_utf8(sample.secret.expose()).expect("a text");
        for (at, step) in trial.steps.iter().enumerate() {
            let shown =
                step.answers.iter().flat_map(|answer| answer.show.iter().map(move |(_, value)| (answer, value)));
            for (answer, value) in shown {
                let mut echo = answer.clone();
                echo.body = answer.body.replace(&**value, &json(secret)).into();
                for (_, header) in echo.headers.to_mut() {
                    *header = header.replace(&**value, secret).into();
                }
                let replies: Vec<Reply> = trial.way_to(at).into_iter().chain([&echo]).map(reply).collect();
                let (verdict, _) = provider.ask(sample.credential(), replies);
                let Verdict::Active(details) = &verdict else { continue };
                told += 1;
                // Twelve characters of it in a row are too much.
                let pieces: Vec<String> =
                    secret.as_bytes().chunks_exact(12).map(|p| String::from_utf8_lossy(p).into()).collect();
                let holds = |(_, text): &(String, String)| pieces.iter().any(|piece| text.contains(piece));
                if details.iter().any(holds) {
                    faults.push_str(&format!("{}: step {}: {details:?}\n", sample.rule.id, at + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(told > 300, "{told} answers were told of");
}

/// Where it is not sure that the parts of a credential belong together, a refusal says nothing of any of them.
#[test]
fn a_refusal_of_parts_that_may_not_belong_together_tells_nothing() {
    let provider = Provider::start();
    let mut tried = 0;
    for sample in samples() {
        let trial = Trial::new(sample);
        let used = used(trial.steps);
        for unsure in sample.parts.iter().map(|(rule, _)| rule).filter(|rule| used.contains(*rule)) {
            for (at, step) in trial.steps.iter().enumerate() {
                for answer in step.answers.iter().filter(|answer| answer.means == Meaning::Inactive) {
                    let mut credential = sample.credential();
                    credential.parts.iter_mut().for_each(|part| part.sure = part.rule != unsure);
                    let replies: Vec<Reply> = trial.way_to(at).into_iter().chain([answer]).map(reply).collect();
                    let (verdict, _) = provider.ask(credential, replies);
                    let id = &sample.rule.id;
                    assert!(
                        matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == Cause::Incomplete),
                        "{id}: {verdict:?}"
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 50, "{tried} refusals were tried");
}

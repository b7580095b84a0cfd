//! Live verification: asking providers whether credentials still work.
//!
//! What is asked stands in the rules ([`crate::model::request`]); nothing here knows any provider. From findings to
//! verdicts:
//!
//! ```text
//! finding ─ question ─┬─ cache ──────────────────────────────┬─ verdict
//!           (parts)   └─ schedule ─ render ─ client ─ reply ─┘
//!                        (lanes)   (sign)   (net)    (conditions)
//! ```
//!
//! Nothing is sent anywhere unless a [`Verifier`] is made and asked to.

pub mod cache;
pub mod client;
#[cfg(feature = "deep")]
pub mod deep;
pub mod endpoints;
mod moment;
pub mod net;
pub mod proxy;
pub mod question;
pub mod render;
pub mod reply;
pub mod schedule;
mod sign;
pub mod ssh;
pub mod stop;
mod trial;
pub mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

pub use moment::Moment;
pub use render::Endpoints;
pub use schedule::Limits;
pub use stop::Stop;
pub use trial::{Trial, trials};

use crate::model::request::{Http, Request, Step};
use crate::model::{Cause, Doubt, Failure, Progress, Secret, Verdict};
use crate::rules::RuleSet;
use cache::Cache;
use client::{Client, Refusal, retry_after};
use net::{Dialer, Roots};
use question::{Credential, Key, Question, steps};
use render::Message;
use reply::{Judgement, judge};
use schedule::{Asker, Outcome, Task};
use variables::Variables;

/// How providers are asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Servers that the user named, by provider.
    pub endpoints: Endpoints,
    /// Files of certificates that are trusted beside those of the machine.
    pub authorities: Vec<PathBuf>,
    /// Ask servers at private, loopback and other addresses that are not public, too.
    pub allow_private: bool,
    /// Log in to databases and other servers that connection strings name.
    pub deep: bool,
    /// Hosts that private keys are tried at.
    pub ssh: Vec<ssh::Target>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How much is asked at a time.
    pub limits: Limits,
    /// Where answers are kept, and for how long.
    pub cache: Option<(PathBuf, Duration)>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            endpoints: Endpoints::new(),
            authorities: Vec::new(),
            allow_private: false,
            deep: false,
            ssh: Vec::new(),
            timeout: Duration::from_secs(10),
            limits: Limits::default(),
            cache: None,
        }
    }
}

/// Asks providers.
pub struct Verifier {
    options: Options,
    client: Client,
    #[cfg(feature = "deep")]
    dialer: Arc<Dialer>,
    stop: Stop,
}

/// What asking came to.
#[derive(Debug, Default)]
pub struct Answers {
    /// A verdict for each credential, in their order: active, inactive or unknown.
    pub verdicts: Vec<Verdict>,
    /// Different credentials that were to be asked about.
    pub questions: u64,
    /// How many of them the cache answered.
    pub remembered: u64,
    /// Requests that were sent.
    pub requests: u64,
    /// What the user must know.
    pub warnings: Vec<String>,
}

impl Verifier {
    /// A verifier; asking ends early once `stop` is set.
    ///
    /// # Errors
    /// If certificates cannot be read.
    pub fn new(options: Options, stop: Stop) -> Result<Self, Failure> {
        let roots = Roots::load(&options.authorities).map_err(|error| {
            Failure::new("no secure connections can be made")
                .cause(error)
                .hint("--verify-ca takes files of certificates in PEM form")
        })?;
        let dialer = Dialer {
            allow_private: options.allow_private,
            connect_timeout: options.timeout.min(Duration::from_secs(5)),
            total_timeout: options.timeout,
            ..Dialer::new(Arc::clone(&roots.config))
        };
        let dialer = Arc::new(dialer);
        let connections = options.limits.jobs.max(1);
        let client = Client::new(Arc::clone(&dialer), &roots, proxy::from_environment()?, options.timeout, connections);
        Ok(Verifier {
            options,
            client,
            #[cfg(feature = "deep")]
            dialer,
            stop,
        })
    }

    /// Asks about credentials, about equal ones once. `rules` are those that rules refer to each other in.
    ///
    /// # Errors
    /// If the cache cannot be used.
    pub fn verify(
        &self,
        credentials: &[Credential<'_>],
        rules: &RuleSet,
        progress: &Progress,
    ) -> Result<Answers, Failure> {
        let mut cache = self.options.cache.as_ref().map(|(path, age)| Cache::open(path, *age)).transpose()?;
        let mut answers = Answers::default();
        answers.warnings.extend(cache.as_mut().and_then(|cache| cache.warning.take()));

        let questions: Vec<Result<Question, Doubt>> = credentials.iter().map(|one| one.question(rules)).collect();
        let mut distinct: BTreeMap<Key, Question> = BTreeMap::new();
        for question in questions.iter().flatten() {
            distinct.entry(question.key).or_insert_with(|| question.clone());
        }
        answers.questions = distinct.len() as u64;
        let mut known: BTreeMap<Key, Verdict> = BTreeMap::new();
        if let Some(cache) = &cache {
            known.extend(
                distinct.iter().filter_map(|(key, question)| Some((*key, cache.get(self.asked_of(question))?))),
            );
            answers.remembered = known.len() as u64;
        }
        let open: Vec<Question> =
            distinct.into_values().filter(|question| !known.contains_key(&question.key)).collect();
        progress.set_total(open.len() as u64);
        let round = Round { verifier: self, questions: &open, requests: AtomicU64::new(0) };
        let verdicts = schedule::run(open.len(), &round, &self.options.limits, &self.stop, progress);
        answers.requests = round.requests.load(Relaxed);
        for (question, verdict) in open.iter().zip(verdicts) {
            if let Some(cache) = &mut cache {
                cache.put(self.asked_of(question), &verdict);
            }
            known.insert(question.key, verdict);
        }
        if let Some(cache) = &cache
            && let Err(failure) = cache.save()
        {
            // The answers are there all the same.
            answers.warnings.push(match &failure.cause {
                Some(cause) => format!("{failure}: {cause}"),
                None => failure.to_string(),
            });
        }
        let verdict = |question: Result<Question, Doubt>| match question {
            Err(doubt) => Verdict::Unknown(doubt),
            Ok(question) => known.get(&question.key).cloned().unwrap_or_default(),
        };
        answers.verdicts = questions.into_iter().map(verdict).collect();
        self.try_keys(credentials, &mut answers);
        Ok(answers)
    }

    /// Tries private keys at the hosts that the user named, each key once at each.
    fn try_keys(&self, credentials: &[Credential<'_>], answers: &mut Answers) {
        let mut tried: BTreeMap<&Secret, Verdict> = BTreeMap::new();
        for (credential, verdict) in credentials.iter().zip(&mut answers.verdicts) {
            if self.options.ssh.is_empty() || !credential.rule.is_called("private-key") {
                continue;
            }
            *verdict = tried
                .entry(credential.secret)
                .or_insert_with(|| {
                    answers.questions += 1;
                    let found = self.try_key(credential.secret, &mut answers.requests);
                    found.unwrap_or_else(|| verdict.clone())
                })
                .clone();
        }
    }

    /// Active if one host accepts the key; `None` if there is none to try.
    fn try_key(&self, key: &Secret, requests: &mut u64) -> Option<Verdict> {
        let mut last = None;
        for target in self.options.ssh.iter().take_while(|_| !self.stop.is_set()) {
            *requests += 1;
            last = Some(match ssh::check(key, target, self.options.timeout) {
                // Others may well take it.
                Verdict::Inactive(why) => Verdict::Unknown(Doubt::new(Cause::Elsewhere, why)),
                active @ Verdict::Active(_) => return Some(active),
                other => other,
            });
        }
        last
    }

    /// What tells a question from others that were asked of other servers.
    fn asked_of(&self, question: &Question) -> Key {
        let own = self.options.endpoints.get(&*question.rule.provider);
        own.map_or(question.key, |server| {
            let all = [&question.key.0[..], server.as_bytes()].concat();
            let mut key = Key([0; 32]);
            key.0.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, &all).as_ref());
            key
        })
    }
}

/// One round of asking.
struct Round<'a> {
    verifier: &'a Verifier,
    questions: &'a [Question],
    requests: AtomicU64,
}

impl Round<'_> {
    /// A task's question, its step, and what the step is filled in with.
    fn unfold(&self, task: &Task, moment: &Moment) -> Result<(&Question, &Step, Variables), Doubt> {
        let missing = || Doubt::new(Cause::NoRequest, "there is no such request");
        let question = self.questions.get(task.question).ok_or_else(missing)?;
        let step = steps(&question.rule).get(task.step).ok_or_else(missing)?;
        let mut variables = question.variables.clone();
        for (name, value) in &task.taken {
            variables.set(name.clone(), value.clone());
        }
        sign::set(&step.set, &mut variables, moment)?;
        Ok((question, step, variables))
    }

    fn message(
        &self,
        http: &Http,
        question: &Question,
        variables: &Variables,
        moment: &Moment,
    ) -> Result<Message, Doubt> {
        let endpoints = &self.verifier.options.endpoints;
        let server = render::server(http, &question.rule.provider, variables, endpoints, moment)?;
        render::message(http, server, variables, moment)
    }

    fn asked(&self, task: &Task) -> Result<Outcome, Doubt> {
        let moment = Moment::now();
        let (question, step, variables) = self.unfold(task, &moment)?;
        let http = match &step.request {
            Request::Http(http) => http,
            #[cfg(feature = "deep")]
            Request::Login(string) => {
                let login = self.login(string, &variables, &moment)?;
                self.requests.fetch_add(1, Relaxed);
                return Ok(Outcome::Verdict(deep::check(&login, &self.verifier.dialer)));
            }
            #[cfg(not(feature = "deep"))]
            Request::Login(_) => return Err(shallow()),
        };
        let message = self.message(http, question, &variables, &moment)?;
        let sent = self.verifier.client.send(&message);
        let is_unsent = |refusal: &Refusal| matches!(refusal.doubt.cause, Cause::Incomplete | Cause::Blocked);
        self.requests.fetch_add(u64::from(!sent.as_ref().is_err_and(is_unsent)), Relaxed);
        let reply = match sent {
            Ok(reply) => reply,
            Err(Refusal { doubt, again: true }) => return Ok(Outcome::Again { doubt, pause: None }),
            Err(Refusal { doubt, again: false }) => return Err(doubt),
        };
        Ok(match judge(step, &reply, &variables) {
            Judgement::Active(details) => Outcome::Verdict(Verdict::Active(details)),
            Judgement::Inactive => {
                self.heed(question, http, &message.server.host)?;
                let how = format!("{} answers with status {}", message.server.host, reply.status);
                Outcome::Verdict(Verdict::Inactive(how))
            }
            Judgement::Next(taken) => Outcome::Next(taken),
            Judgement::Unknown(doubt) if matches!(doubt.cause, Cause::RateLimited | Cause::ServerError) => {
                Outcome::Again { doubt, pause: retry_after(&reply) }
            }
            Judgement::Unknown(doubt) => Outcome::Verdict(Verdict::Unknown(doubt)),
        })
    }

    /// Whether a refusal by this server says something of the credential.
    ///
    /// # Errors
    /// Why it does not.
    fn heed(&self, question: &Question, http: &Http, server: &str) -> Result<(), Doubt> {
        if !question.sure {
            let text = "it was refused together with the nearest of several parts that may belong to it";
            return Err(Doubt::new(Cause::Incomplete, text));
        }
        let provider = &*question.rule.provider;
        if http.own_servers && !self.verifier.options.endpoints.contains_key(provider) {
            let text = format!(
                "{server} refuses it, yet it may be for a server of somebody's own: name that, or {server} if there is \
                 no other, with --verify-endpoint {provider}=https://HOST"
            );
            return Err(Doubt::new(Cause::Elsewhere, text));
        }
        Ok(())
    }

    /// What a connection string says of a login.
    #[cfg(feature = "deep")]
    fn login(&self, string: &str, variables: &Variables, moment: &Moment) -> Result<deep::Login, Doubt> {
        if !self.verifier.options.deep {
            return Err(Doubt::new(Cause::NoRequest, "only --verify=deep logs in to servers"));
        }
        deep::Login::parse(&variables.fill(string, moment, variables::plain)?)
    }
}

impl Asker for Round<'_> {
    /// Makes all of the request, so that what lacks a part takes no turn in a lane. It is made anew when it is sent, with the
    /// time of then.
    fn lane(&self, task: &Task) -> Result<String, Verdict> {
        let moment = Moment::now();
        let lane = self.unfold(task, &moment).and_then(|(question, step, variables)| match &step.request {
            #[cfg(feature = "deep")]
            Request::Login(string) => {
                let login = self.login(string, &variables, &moment)?;
                Ok(format!("{}:{}", login.host, login.port()))
            }
            #[cfg(not(feature = "deep"))]
            Request::Login(_) => Err(shallow()),
            Request::Http(http) => {
                let message = self.message(http, question, &variables, &moment)?;
                Ok(format!("{}:{}", message.server.host, message.server.port))
            }
        });
        lane.map_err(Verdict::Unknown)
    }

    fn ask(&self, task: &Task) -> Outcome {
        self.asked(task).unwrap_or_else(|doubt| Outcome::Verdict(Verdict::Unknown(doubt)))
    }

    fn break_off(&self) {
        self.verifier.client.stop();
    }
}

/// The doubt of a program that was built without logins.
#[cfg(not(feature = "deep"))]
fn shallow() -> Doubt {
    Doubt::new(Cause::NoRequest, "this program was built without the feature `deep`, which logs in to servers")
}

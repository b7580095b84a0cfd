//! Every provider in one: a server that answers as it is told, and the verifier that takes it for all of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use unspill::model::request::Answer;
use unspill::model::{Progress, Verdict};
use unspill::verify::live::question::Credential;
use unspill::verify::live::{Endpoints, Limits, Options, Stop, Verifier};

use super::credentials::rules;
use super::https::{Authority, Reply, Request, Server};

/// A server, and who asks it.
pub struct Provider {
    pub server: Server,
    verifier: Verifier,
    script: Arc<Mutex<Script>>,
    _authority: Authority,
}

/// What is to be answered, and what was asked.
#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    requests: Vec<Request>,
}

impl Provider {
    pub fn start() -> Provider {
        let authority = Authority::new();
        let script = Arc::<Mutex<Script>>::default();
        let shared = Arc::clone(&script);
        let server = Server::start(&authority, move |request: &Request| {
            let mut script = shared.lock().unwrap_or_else(PoisonError::into_inner);
            script.requests.push(request.clone());
            // More than was thought of is asked: a failure of the server tells nothing.
            script.replies.pop_front().unwrap_or_else(|| Reply::new(500))
        });
        let endpoints: Endpoints =
            rules().rules().iter().map(|rule| (rule.provider.to_string(), server.url())).collect();
        let options = Options {
            endpoints,
            authorities: vec![authority.file().to_owned()],
            allow_private: true,
            timeout: Duration::from_secs(60),
            limits: Limits { jobs: 1, per_host: 0, rate: 0.0, retries: 0, deadline: Duration::from_secs(600) },
            ..Options::default()
        };
        let verifier = Verifier::new(options, Stop::default()).expect("a verifier");
        Provider { server, verifier, script, _authority: authority }
    }

    /// Asks about a credential, with these answers one after another: the verdict, and what was asked for it.
    pub fn ask(&self, credential: Credential<'_>, replies: impl IntoIterator<Item = Reply>) -> (Verdict, Vec<Request>) {
        let script = || self.script.lock().unwrap_or_else(PoisonError::into_inner);
        *script() = Script { replies: replies.into_iter().collect(), requests: Vec::new() };
        let answers = self.verifier.verify(&[credential], rules(), &Progress::default()).expect("answers");
        let requests = std::mem::take(&mut script().requests);
        assert_eq!(answers.requests, requests.len() as u64, "what is said to be sent, and what came");
        (answers.verdicts.into_iter().next().expect("a verdict"), requests)
    }
}

/// A recorded answer as it goes over the wire.
pub fn reply(answer: &Answer) -> Reply {
    let reply = Reply::new(answer.status).body(answer.body.as_bytes());
    answer.headers.iter().fold(reply, |reply, (name, value)| reply.header(name.as_bytes(), value.as_bytes()))
}

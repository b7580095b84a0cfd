//! A server of the tests' own that does what GitHub's API does with the comments on a pull request.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::github::pull_request;
use super::https::{Authority, Reply, Request, Server};
use super::job::{Job, Ran};
use super::support::repo::Repo;

/// Who has the token of a job.
pub const BOT: u64 = 41_898_282;
/// Somebody else.
pub const ADA: u64 = 7;
pub const TOKEN: &str = "token-of-the-job";
pub const COMMENTS: &str = "/api/v3/repos/octo/repo/issues/7/comments";

/// A pull request with comments, at an address that is not public.
pub struct GitHub {
    pub authority: Authority,
    pub server: Server,
    pub comments: Arc<Mutex<Vec<Value>>>,
}

impl GitHub {
    /// One whose pages have so many comments.
    pub fn paged(page: usize) -> GitHub {
        let authority = Authority::new();
        let comments = Arc::<Mutex<Vec<Value>>>::default();
        let shared = Arc::clone(&comments);
        let server = Server::start(&authority, move |request: &Request| {
            answer(request, &mut shared.lock().unwrap_or_else(PoisonError::into_inner), page)
        });
        GitHub { authority, server, comments }
    }

    pub fn new() -> GitHub {
        GitHub::paged(100)
    }

    /// A job for the pull request of `topic`.
    pub fn job(&self, repo: &Repo) -> Job {
        at(&self.authority, &self.server, Job::github("pull_request", event(repo)))
    }

    pub fn run(&self, repo: &Repo) -> Ran {
        self.job(repo).run(repo.path(), &["--comment"])
    }

    pub fn add(&self, author: u64, body: &str) {
        let mut comments = self.comments.lock().expect("no panic");
        let id = comments.len() + 1;
        comments.push(json!({ "id": id, "user": { "id": author, "login": "x" }, "body": body }));
    }

    /// Authors and texts.
    pub fn comments(&self) -> Vec<(u64, String)> {
        let comments = self.comments.lock().expect("no panic");
        let read = |comment: &Value| {
            (comment["user"]["id"].as_u64().expect("an id"), comment["body"].as_str().expect("a text").to_owned())
        };
        comments.iter().map(read).collect()
    }

    /// Methods of the requests that change something.
    pub fn changes(&self) -> Vec<String> {
        let requests = self.server.requests().into_iter();
        requests.filter(|r| r.method != "GET" && !r.target.ends_with("graphql")).map(|r| r.method).collect()
    }
}

/// A job that takes this server for the API.
pub fn at(authority: &Authority, server: &Server, job: Job) -> Job {
    job.with(&[
        ("GITHUB_API_URL", &format!("{}/api/v3", server.url())),
        ("GITHUB_GRAPHQL_URL", &format!("{}/api/graphql", server.url())),
        ("GITHUB_TOKEN", TOKEN),
        ("SSL_CERT_FILE", authority.file().to_str().expect("UTF-8")),
    ])
}

pub fn event(repo: &Repo) -> Value {
    pull_request(repo.id("main"), repo.id("topic"))
}

/// As GitHub answers.
fn answer(request: &Request, comments: &mut Vec<Value>, page: usize) -> Reply {
    if request.header("Authorization") != Some(&format!("Bearer {TOKEN}")) {
        return Reply::new(401).json(r#"{"message":"Bad credentials"}"#);
    }
    assert!(request.header("User-Agent").is_some_and(|agent| agent.starts_with("unspill/")), "{request:?}");
    let body = || serde_json::from_slice::<Value>(&request.body).expect("JSON")["body"].clone();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    match (request.method.as_str(), path) {
        ("POST", "/api/graphql") => {
            Reply::new(200).json(json!({ "data": { "viewer": { "databaseId": BOT } } }).to_string())
        }
        ("GET", "/api/v3/user") => Reply::new(200).json(json!({ "id": BOT, "login": "bot" }).to_string()),
        ("GET", COMMENTS) => {
            let number = query.rsplit_once("page=").filter(|(before, _)| !before.ends_with("per_"));
            let number: usize = number.map_or(1, |(_, number)| number.parse().expect("a number"));
            let shown: Vec<&Value> = comments.iter().skip((number - 1) * page).take(page).collect();
            let reply = Reply::new(200).json(Value::from_iter(shown.into_iter().cloned()).to_string());
            let host = request.header("Host").expect("a host");
            let next = format!(r#"<https://{host}{COMMENTS}?per_page=100&page={}>; rel="next""#, number + 1);
            if number * page < comments.len() { reply.header("Link", next) } else { reply }
        }
        ("POST", COMMENTS) => {
            let id = comments.len() + 1;
            comments.push(json!({ "id": id, "user": { "id": BOT }, "body": body() }));
            Reply::new(201).json("{}")
        }
        ("PATCH", path) => {
            let id = path.strip_prefix("/api/v3/repos/octo/repo/issues/comments/").expect("a comment");
            let comment = &mut comments[id.parse::<usize>().expect("a number") - 1];
            assert_eq!(comment["user"]["id"], BOT, "a comment of somebody else is written over");
            comment["body"] = body();
            Reply::new(200).json("{}")
        }
        other => panic!("nobody asks that of GitHub: {other:?}"),
    }
}

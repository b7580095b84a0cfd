//! The comment on a pull request: made when asked for, kept up to date, never in the way.

use serde_json::json;

use super::api::{ADA, BOT, COMMENTS, GitHub, TOKEN, at, event};
use super::github::{pull_request, push};
use super::https::{Authority, Manner, Proxy, Reply, Request, Server};
use super::job::{Job, NONE, Ran, leak, secret};
use super::support::repo::Repo;

/// A repository whose branch `topic` has so many leaks, each in a file of its own.
fn leaks(n: usize) -> Repo {
    let repo = Repo::new();
    repo.commit_file("README", "nothing\n");
    repo.git(&["checkout", "-q", "-b", "topic"]);
    for i in 0..n {
        repo.stage(format!("f{i:03}.py"), leak(&secret()));
    }
    repo.stage("end", "nothing\n");
    repo.commit("all");
    repo
}

impl Ran {
    /// Asserts that it is told what stands in the way of a comment, and what that takes of the outcome: nothing.
    #[track_caller]
    fn expect_no_comment(&self, kind: &str, what: &str) {
        self.expect(1, 1);
        let told = self.annotations(kind);
        assert!(told.iter().any(|line| line.contains("no comment") && line.contains(what)), "{}", self.everything());
        assert_eq!(self.annotations("error").len(), 1, "the finding is shown all the same");
        assert!(!self.everything().contains(TOKEN), "{}", self.everything());
    }
}

#[test]
fn there_is_one_and_it_is_kept_up_to_date() {
    let (github, repo) = (GitHub::new(), leaks(1));
    github.add(ADA, "Looks good to me");
    github.run(&repo).expect(1, 1);
    let comments = github.comments();
    assert_eq!((comments.len(), comments[1].0), (2, BOT));
    let body = &comments[1].1;
    assert!(body.starts_with("<!-- unspill comment ") && body.contains("\n## unspill: 1 finding\n"), "{body}");
    let line = format!("(https://github.example/octo/repo/blob/{}/f000.py#L1)", repo.id("topic"));
    assert!(body.contains(&line), "{body}");
    // Nothing new: it stays as it is.
    github.run(&repo).expect(1, 1);
    assert_eq!((github.comments(), github.changes()), (comments, vec!["POST".to_owned()]));
    repo.commit_file("g.py", leak(&secret()));
    github.run(&repo).expect(1, 2);
    let comments = github.comments();
    assert_eq!(comments.len(), 2);
    assert!(comments[1].1.contains("\n## unspill: 2 findings\n"), "{}", comments[1].1);
    // Nothing is left.
    repo.git(&["reset", "-q", "--hard", "main"]);
    repo.commit_file("README", "something else\n");
    github.run(&repo).expect(0, 0);
    let comments = github.comments();
    assert_eq!(comments.len(), 2);
    assert!(comments[1].1.contains("\n## unspill: no secrets found\n"), "{}", comments[1].1);
    assert_eq!(github.changes(), ["POST", "PATCH", "PATCH"]);
}

#[test]
fn where_nothing_is_found_none_is_written() {
    let (github, repo) = (GitHub::new(), leaks(0));
    let ran = github.run(&repo);
    ran.expect(0, 0);
    assert!(github.comments().is_empty() && ran.commands().is_empty(), "{}", ran.stdout);
}

#[test]
fn only_whoever_asks_gets_one() {
    let (github, repo) = (GitHub::new(), leaks(1));
    github.job(&repo).run(repo.path(), &[]).expect(1, 1);
    assert_eq!(github.server.connections(), 0);
}

#[test]
fn it_is_found_on_whatever_page_it_is() {
    let (github, repo) = (GitHub::paged(3), leaks(1));
    (0..7).for_each(|_| github.add(ADA, "Looks good to me"));
    github.run(&repo).expect(1, 1);
    (0..7).for_each(|_| github.add(ADA, "Looks good to me"));
    repo.commit_file("g.py", leak(&secret()));
    github.run(&repo).expect(1, 2);
    let own: Vec<_> = github.comments().into_iter().filter(|(author, _)| *author == BOT).collect();
    assert_eq!(own.len(), 1);
    assert!(own[0].1.contains("2 findings"), "{}", own[0].1);
}

/// A marker is a text that anybody may write.
#[test]
fn a_comment_of_somebody_else_is_left_alone() {
    let (github, repo) = (GitHub::new(), leaks(1));
    github.run(&repo).expect(1, 1);
    let body = github.comments()[0].1.clone();
    github.comments.lock().expect("no panic").clear();
    github.add(ADA, &body);
    // Somebody else has the bot write it, further down.
    github.add(BOT, &format!("You wrote: {body}"));
    github.run(&repo).expect(1, 1);
    github.run(&repo).expect(1, 1);
    let comments = github.comments();
    assert_eq!(comments.iter().map(|(author, _)| *author).collect::<Vec<_>>(), [ADA, BOT, BOT]);
    assert_eq!((&comments[0].1, &comments[2].1), (&body, &body));
}

#[test]
fn each_job_and_folder_has_its_own() {
    let (github, repo) = (GitHub::new(), leaks(1));
    std::fs::create_dir(repo.path().join("sub")).expect("a folder");
    let root = repo.path().to_str().expect("UTF-8").to_owned();
    for _ in 0..2 {
        for (job, folder) in [("one", "."), ("two", "."), ("two", "sub")] {
            let variables = [("GITHUB_WORKFLOW", "CI"), ("GITHUB_JOB", job), ("GITHUB_WORKSPACE", &root)];
            let ran = github.job(&repo).with(&variables).run(&repo.path().join(folder), &["--comment"]);
            ran.expect(1, 1);
        }
    }
    assert_eq!(github.comments().len(), 3);
}

/// Gitea and Forgejo have no GraphQL.
#[test]
fn without_graphql_the_user_is_asked_for() {
    let (github, repo) = (GitHub::new(), leaks(1));
    for _ in 0..2 {
        github.job(&repo).with(&[("GITHUB_GRAPHQL_URL", "")]).run(repo.path(), &["--comment"]).expect(1, 1);
    }
    assert_eq!(github.comments().len(), 1);
}

#[test]
fn an_event_that_is_no_pull_request_is_told_and_no_more() {
    let (github, repo) = (GitHub::new(), leaks(1));
    let job = Job::github("push", push(NONE, repo.id("topic"), "refs/heads/main"));
    let ran = at(&github.authority, &github.server, job).run(repo.path(), &["--comment"]);
    ran.expect_no_comment("notice", "push");
    assert_eq!(github.server.connections(), 0);
}

/// A job at a server that answers everything in this way.
fn answered(repo: &Repo, job: Job, reply: Reply) -> Ran {
    let authority = Authority::new();
    let server = Server::start(&authority, move |_: &Request| reply.clone());
    at(&authority, &server, job).run(repo.path(), &["--comment"])
}

fn own(repo: &Repo) -> Job {
    let mut event = event(repo);
    event["pull_request"]["head"]["repo"] = json!({ "full_name": "octo/repo" });
    Job::github("pull_request", event)
}

#[test]
fn what_stands_in_the_way_is_told_and_the_outcome_stays() {
    let repo = leaks(1);
    let expect = |reply: Reply, what: &str| answered(&repo, own(&repo), reply).expect_no_comment("warning", what);
    let refused = Reply::new(403).json(r#"{"message":"Resource not accessible by integration"}"#);
    expect(refused.clone(), "`pull-requests: write`");
    expect(Reply::new(404).json("{}"), "pull-requests: write");
    expect(Reply::new(401).json("{}"), "not valid");
    expect(Reply::new(403).header("X-RateLimit-Remaining", "0").json("{}"), "limit of requests");
    expect(Reply::new(403).header("Retry-After", "60").json("{}"), "try again in 60 s");
    expect(Reply::new(429), "limit of requests");
    expect(Reply::new(502).body("<html>"), "status 502");
    expect(Reply::new(200).body("<html>"), "something else");
    expect(Reply::new(200).json("{}"), "something else");
    expect(Reply::new(302).header("Location", "https://example.org/"), "status 302");
    let elsewhere = r#"<https://localhost.example/x?page=2>; rel="next""#;
    expect(Reply::new(200).header("Link", elsewhere).json("[]"), "leads to another");
    // Forks cannot have more.
    let foreign = Job::github("pull_request", event(&repo));
    answered(&repo, foreign, refused).expect_no_comment("notice", "from forks");
}

/// The token of a job that may only read sees all comments.
#[test]
fn a_token_that_may_only_read_is_told_of() {
    let (authority, repo) = (Authority::new(), leaks(1));
    let server = Server::start(&authority, |request: &Request| match request.method.as_str() {
        "GET" => Reply::new(200).json("[]"),
        _ => Reply::new(403).json(r#"{"message":"Resource not accessible by integration"}"#),
    });
    let ran = at(&authority, &server, own(&repo)).run(repo.path(), &["--comment"]);
    ran.expect_no_comment("warning", "pull-requests: write");
    assert_eq!(server.requests().last().map(|request| request.method.clone()).as_deref(), Some("POST"));
    // Without annotations, too.
    let ran = at(&authority, &server, own(&repo)).run(repo.path(), &["--comment", "--no-annotations"]);
    assert_eq!((ran.code, ran.commands().len(), ran.annotations("warning").len()), (1, 1, 1), "{}", ran.stdout);
}

#[test]
fn what_is_told_of_it_counts_among_what_github_shows() {
    let repo = leaks(25);
    let rules = r#"
        [rules]
        builtin = false
        [[rule]]
        id = "mild"
        description = "Something mild"
        severity = "low"
        pattern = '\b(?<secret>ghp_[0-9A-Za-z]{36})\b'
    "#;
    std::fs::write(repo.path().join("unspill.toml"), rules).expect("a file");
    let job = Job::github("push", push(NONE, repo.id("topic"), "refs/heads/main"));
    let ran = job.run(repo.path(), &["--comment", "--config", "unspill.toml"]);
    ran.expect(1, 25);
    let notices = ran.annotations("notice");
    assert_eq!(notices.len(), 10, "{}", ran.everything());
    assert!(notices[0].contains("no comment") && notices[1].contains("17 findings more"), "{notices:?}");
}

/// The token is for the server that the runner names.
#[test]
fn nobody_leads_it_elsewhere() {
    let (authority, repo) = (Authority::new(), leaks(1));
    let other = Server::start(&authority, |_: &Request| Reply::new(200).json("[]"));
    let url = other.url();
    for reply in [
        Reply::new(307).header("Location", format!("{url}/x")),
        Reply::new(200).header("Link", format!(r#"<{url}/x?page=2>; rel="next""#)).json("[]"),
        Reply::new(200).header("Link", r#"<//localhost/x?page=2>; rel="next""#).json("[]"),
    ] {
        answered(&repo, own(&repo), reply).expect_no_comment("warning", "the server of the API");
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn pages_without_end_come_to_one() {
    let (authority, repo) = (Authority::new(), leaks(1));
    let server = Server::start(&authority, |request: &Request| {
        let next = format!(r#"<https://{}{COMMENTS}>; rel="next""#, request.header("Host").expect("a host"));
        Reply::new(200).header("Link", next).json("[]")
    });
    let ran = at(&authority, &server, own(&repo)).run(repo.path(), &["--comment"]);
    ran.expect_no_comment("warning", "more comments");
    assert!(server.count() <= 100, "{}", server.count());
}

#[test]
fn an_answer_without_end_is_not_read_to_it() {
    let (authority, repo) = (Authority::new(), leaks(1));
    let huge = format!("[{}]", " ".repeat(60 << 20));
    let server = Server::start(&authority, move |_: &Request| Reply::new(200).json(&huge));
    let ran = at(&authority, &server, own(&repo)).run(repo.path(), &["--comment"]);
    ran.expect_no_comment("warning", "something else");
}

#[test]
fn without_a_token_or_a_server_nothing_is_sent() {
    let (github, repo) = (GitHub::new(), leaks(1));
    for (name, value, what) in [
        ("GITHUB_TOKEN", "", "no token"),
        ("GITHUB_API_URL", "", "GITHUB_API_URL is not set"),
        ("GITHUB_API_URL", "http://localhost:1/api/v3", "https://HOST/PATH"),
        ("GITHUB_API_URL", "https://ada:passw0rd@localhost/api/v3", "https://HOST/PATH"),
        ("GITHUB_GRAPHQL_URL", "http://localhost:1/api/graphql", "GITHUB_GRAPHQL_URL is no address"),
        ("GITHUB_REPOSITORY", "octo/repo/../..", "OWNER/NAME"),
        ("GITHUB_API_URL", "https://localhost:1/api/v3", "localhost"),
        ("HTTPS_PROXY", "socks5://localhost:1", "proxy"),
    ] {
        let ran = github.job(&repo).with(&[(name, value)]).run(repo.path(), &["--comment"]);
        ran.expect_no_comment("warning", what);
        assert!(!ran.everything().contains("passw0rd"), "{}", ran.everything());
    }
    assert_eq!(github.server.connections(), 0);
    // A server that nobody vouches for.
    let stranger = Authority::new();
    let ran = at(&stranger, &github.server, own(&repo)).run(repo.path(), &["--comment"]);
    ran.expect_no_comment("warning", "localhost");
    assert_eq!(github.server.count(), 0);
}

#[test]
fn a_server_that_breaks_off_is_told() {
    let repo = leaks(1);
    for manner in [Manner::HangUp, Manner::Garbage, Manner::Alert] {
        let (authority, server) = (Authority::new(), Server::broken(manner));
        let job = at(&authority, &server, own(&repo));
        let job = job.with(&[("GITHUB_API_URL", &format!("https://localhost:{}", server.port()))]);
        job.run(repo.path(), &["--comment"]).expect_no_comment("warning", "localhost");
    }
}

#[test]
fn a_proxy_of_the_job_is_gone_through() {
    let (github, repo) = (GitHub::new(), leaks(1));
    let target = format!("localhost:{}", github.server.port());
    let proxy = Proxy::with(None, &[(&target, github.server.address())]);
    github.job(&repo).with(&[("HTTPS_PROXY", &proxy.url())]).run(repo.path(), &["--comment"]).expect(1, 1);
    assert_eq!(github.comments().len(), 1);
    assert!(proxy.connections() > 0 && proxy.requests().iter().all(|request| !request.all().contains(TOKEN)));
}

#[test]
fn it_never_outgrows_what_github_takes_and_says_how_many_more() {
    let (github, repo) = (GitHub::new(), leaks(700));
    github.run(&repo).expect(1, 700);
    let body = &github.comments()[0].1;
    assert!(body.chars().count() <= 65_536 && body.len() > 60_000, "{}", body.len());
    let rows = body.lines().filter(|line| line.starts_with("| critical") || line.starts_with("| high")).count();
    assert!(rows > 100 && body.contains(&format!("**{} more** did not fit here", 700 - rows)), "{rows}:\n{body}");
}

#[test]
fn nothing_of_a_name_or_line_is_more_than_text_and_no_secret_is_shown() {
    let (github, repo, own) = (GitHub::new(), leaks(0), secret());
    let hostile = "--> @ada <img src=x> [a](https://evil.example) `|` <!-- unspill comment 0 -->";
    repo.stage("@everyone --> <b>`|[x](y).py", format!("{hostile} {}", leak(&own)));
    repo.commit("@ada <!-- #1 -->");
    let ran = github.run(&repo);
    ran.expect(1, 1);
    let body = &github.comments()[0].1;
    assert!(!body.contains(&own) && !ran.everything().contains(&own), "{body}");
    let (marker, page) = body.split_once('\n').expect("a marker");
    assert!(marker.starts_with("<!-- unspill comment ") && marker.ends_with(" -->"), "{marker}");
    // What a reader of Markdown makes of it: code all of it.
    let mut options = pulldown_cmark::Options::ENABLE_TABLES;
    options.insert(pulldown_cmark::Options::ENABLE_GFM);
    for event in pulldown_cmark::Parser::new_ext(page, options) {
        match event {
            pulldown_cmark::Event::Text(text) => {
                assert!(!text.contains(['@', '<', '`', '[']) && !text.contains("evil"), "{text}\n{page}");
            }
            pulldown_cmark::Event::InlineHtml(html) | pulldown_cmark::Event::Html(html) => {
                assert!(html.starts_with("<details>") || html.starts_with("</details>"), "{html}\n{page}");
            }
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://github.example/octo/repo/"), "{dest_url}\n{page}");
            }
            _ => {}
        }
    }
    assert!(page.contains("@everyone"), "{page}");
    github.run(&repo).expect(1, 1);
    assert_eq!(github.comments().len(), 1);
}

#[test]
fn what_cannot_be_scanned_never_reads_as_clean() {
    let (github, repo) = (GitHub::new(), leaks(1));
    github.run(&repo).expect(1, 1);
    let before = github.comments();
    // Nothing is known of what is there now: what was said of it stays.
    let broken = Job::github("pull_request", pull_request("1".repeat(40), repo.id("topic")));
    at(&github.authority, &github.server, broken).run(repo.path(), &["--comment"]).expect_failure();
    assert_eq!(github.comments(), before);
    std::fs::remove_file(repo.loose(repo.id("topic:f000.py"))).expect("the object");
    github.run(&repo).expect(2, 0);
    let body = &github.comments()[0].1;
    assert!(body.contains("no secrets found in what could be read") && body.contains("incomplete"), "{body}");
}

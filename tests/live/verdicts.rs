//! What is found is asked about, and what providers say is what is told: in every source, format and exit code.

use serde_json::{Value, json};

use crate::https::{Reply, Request, Server, play};
use crate::repo::Repo;
use crate::stage::{PAIRS, Run, STEPS, Stage, at, hidden, key, numbered, said, token};

/// Tokens of even numbers are active.
fn even_ones(request: &Request) -> Reply {
    let given = request.header("Authorization").unwrap_or_default().to_owned();
    match (0..100).step_by(2).any(|number| given == format!("Bearer {}", token(number))) {
        true => play::active(),
        false => play::inactive(),
    }
}

#[test]
fn an_active_token_is_told_with_what_its_provider_tells() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, even_ones);
    let run = stage.dir(&server.url());
    assert_eq!(run.code, 1, "{run:#?}");
    let verdict = run.findings()[0]["verdict"].clone();
    assert_eq!(verdict["status"], "active");
    assert_eq!(verdict["details"], json!({ "user": "octocat", "scopes": "repo, gist" }));
    run.hides(&token(0));
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.target.as_str(), request.text()), ("GET", "/user", String::new()));
    assert_eq!(request.header("Authorization"), Some(format!("Bearer {}", token(0)).as_str()));
    assert_eq!(request.header("Host"), Some(format!("localhost:{}", server.port()).as_str()));
}

#[test]
fn an_inactive_token_is_told_as_that_and_still_a_finding() {
    let stage = Stage::with(&token(1));
    let server = Server::start(&stage.authority, even_ones);
    let run = stage.dir(&server.url());
    assert_eq!((run.code, run.said().status.as_str()), (1, "inactive"), "{run:#?}");
    assert!(run.said().reason.contains("401"), "{run:#?}");
    assert_eq!(server.count(), 1);
}

#[test]
fn an_answer_that_tells_nothing_is_unknown_and_says_why() {
    for (reply, cause) in [
        (Reply::new(404), "unexpected-status"),
        (Reply::new(403).json(r#"{"login":"octocat"}"#), "unexpected-status"),
        (Reply::new(200).json(r#"{"login":null}"#), "unexpected-body"),
        (Reply::new(200).body("<html><title>Sign in</title></html>"), "unexpected-body"),
        (Reply::new(204), "unexpected-status"),
        (Reply::new(501), "server-error"),
    ] {
        let stage = Stage::with(&token(0));
        let answer = reply.clone();
        let server = Server::start(&stage.authority, move |_: &Request| answer.clone());
        let run = stage.dir_with(&server.url(), &["--verify-retries", "0"]);
        run.is_unknown(cause);
        assert!(!run.said().reason.is_empty() && run.code == 1, "{run:#?}");
        assert_eq!(server.count(), 1, "{reply:?}");
    }
}

#[test]
fn requests_with_a_body_and_basic_authentication_come_out_right() {
    let stage = Stage::with(&key(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let run = Run::of(stage.command("dir").args(at("orbit", &server.url())));
    assert_eq!(run.said().status, "active", "{run:#?}");
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.target.clone()), ("POST", format!("/v1/whoami?key={}", key(0))));
    let pair = data_encoding::BASE64.encode(format!("api:{}", key(0)).as_bytes());
    assert_eq!(request.header("Authorization"), Some(format!("Basic {pair}").as_str()));
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    assert_eq!(serde_json::from_str::<Value>(&request.text()).expect("JSON"), json!({ "key": key(0) }));
}

#[test]
fn an_endpoint_may_have_a_path_in_front() {
    for path in ["/api/v3", "/api/v3/"] {
        let stage = Stage::with(&token(0));
        let server = Server::start(&stage.authority, |_: &Request| play::active());
        stage.dir(&format!("{}{path}", server.url()));
        assert_eq!(server.requests()[0].target, "/api/v3/user");
    }
}

#[test]
fn histories_staged_files_and_streams_are_asked_about_as_well() {
    let stage = Stage::new();
    let server = Server::start(&stage.authority, even_ones);
    let repo = Repo::new();
    repo.commit_file("a.env", format!("TOKEN={}\n", token(0)));
    repo.commit_file("a.env", format!("TOKEN={}\n", token(1)));
    let git = |arguments: &[&str]| {
        let run = Run::of(stage.command("git").arg(repo.path()).args(at("acme", &server.url())).args(arguments));
        let mut statuses = run.statuses();
        statuses.sort();
        (run.code, statuses.join(" "))
    };
    assert_eq!(git(&[]), (1, "active inactive".to_owned()));
    repo.stage("b.env", format!("TOKEN={}\n", token(2)));
    assert_eq!(git(&["--staged"]), (1, "active".to_owned()));
    let mut command = stage.command("stdin");
    let run = Run::fed(command.args(at("acme", &server.url())), &format!("TOKEN={}\n", token(3)));
    assert_eq!((run.code, run.said().status.as_str()), (1, "inactive"), "{run:#?}");
    assert_eq!(server.count(), 4);
}

#[test]
fn nothing_is_sent_without_being_asked_for() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, even_ones);
    for arguments in [&[][..], &["--verify-ca", "CA"], &["--verify-allow-private"]] {
        let ca = stage.authority.file().to_string_lossy().into_owned();
        let arguments = arguments.iter().map(|argument| if *argument == "CA" { ca.as_str() } else { argument });
        let run = Run::of(stage.offline("dir").args(arguments).args(at("acme", &server.url())));
        // Options of verification without verification may well be refused.
        assert!(run.code == 2 || run.said().status != "active", "{run:#?}");
    }
    let run = Run::of(&mut stage.offline("dir"));
    assert_eq!((run.code, run.said().status.as_str()), (1, "not-checked"), "{run:#?}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn only_what_is_asked_for_is_reported_and_counts() {
    let stage = Stage::with_tokens(3);
    stage.write("more.env", &format!("KEY={}\n", key(0)));
    let server = Server::start(&stage.authority, even_ones);
    let failing = Server::start(&stage.authority, |_: &Request| Reply::new(404));
    let only = |what: &[&str]| {
        let run =
            Run::of(stage.command("dir").args(at("acme", &server.url())).args(at("orbit", &failing.url())).args(what));
        let mut statuses = run.statuses();
        statuses.sort();
        (run.code, statuses.join(" "))
    };
    assert_eq!(only(&[]), (1, "active active inactive unknown".to_owned()));
    assert_eq!(only(&["--only", "active"]), (1, "active active".to_owned()));
    assert_eq!(only(&["--only", "active,unknown"]), (1, "active active unknown".to_owned()));
    assert_eq!(only(&["--only", "inactive"]), (1, "inactive".to_owned()));
    assert_eq!(only(&["--only", "active", "--exit-zero"]), (0, "active active".to_owned()));
    let stage = Stage::with(&token(1));
    let run = stage.dir_with(&server.url(), &["--only", "active"]);
    assert_eq!((run.code, run.findings().len()), (0, 0), "{run:#?}");
}

#[test]
fn every_format_tells_the_verdict_and_none_the_secret() {
    let stage = Stage::with_tokens(2);
    stage.write("more.env", &format!("KEY={}\n", key(0)));
    let server = Server::start(&stage.authority, even_ones);
    let failing = Server::start(&stage.authority, |_: &Request| Reply::new(404));
    for (format, words) in [
        ("text", &["active", "inactive", "unknown"][..]),
        ("json", &["active", "inactive", "unknown"]),
        ("jsonl", &["active", "inactive", "unknown"]),
        ("sarif", &["active", "inactive", "unknown"]),
        ("gitleaks", &[]),
    ] {
        let run = Run::of(stage.verbose(format).args(at("acme", &server.url())).args(at("orbit", &failing.url())));
        assert_eq!(run.code, 1, "{run:#?}");
        for word in words {
            assert!(run.stdout.contains(word), "{format} does not say {word}: {run:#?}");
        }
        for secret in [token(0), token(1), key(0)] {
            run.hides(&secret);
        }
    }
}

#[test]
fn a_checkup_of_a_built_in_rule_asks_as_its_provider_documents() {
    let stage = Stage::new();
    let secret = numbered(0, "ghp_{{base62:30}}{{checksum:github}}");
    stage.write("a.env", &format!("GITHUB_TOKEN={secret}\n"));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let mut command = stage.bare();
    command.args(["dir", "--format", "jsonl", "--verify", "--verify-allow-private", "--verify-ca"]);
    let run = Run::of(command.arg(stage.authority.file()).args(at("github", &server.url())));
    assert_eq!(run.said().status, "active", "{run:#?}");
    assert_eq!(run.findings()[0]["verdict"]["details"]["user"], "octocat");
    assert_eq!(server.requests()[0].target, "/user");
    run.hides(&secret);
}

#[test]
fn a_finding_that_nobody_can_be_asked_about_never_reads_like_safe() {
    let stage = Stage::new();
    let silent = "[[rule]]\nid = \"plain-token\"\nprovider = \"plain\"\ndescription = \"Plain token\"\n\
                  severity = \"high\"\npattern = '''\\b(?<secret>plain_[0-9A-Za-z]{32})\\b'''\n";
    stage.rules(silent);
    let secret = numbered(0, "plain_{{base62:32}}");
    stage.write("a.env", &format!("TOKEN={secret}\n"));
    let run = Run::of(&mut stage.command("dir"));
    let said = said(&run.findings()[0]);
    assert!(run.code == 1 && ["unknown", "not-checked"].contains(&said.status.as_str()), "{run:#?}");
    hidden(&run.stderr, &secret);
}

#[test]
fn both_halves_of_a_pair_come_to_one_request() {
    let stage = Stage::new();
    stage.rules(PAIRS);
    let (id, secret) = (numbered(0, "duoid_{{base62:24}}"), numbered(0, "duosec_{{base62:32}}"));
    stage.write("a.env", &format!("DUO_ID={id}\nDUO_SECRET={secret}\n"));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let run = Run::of(stage.command("dir").args(at("duo", &server.url())));
    assert!(run.statuses().iter().all(|status| status == "active"), "{run:#?}");
    let [request] = &server.requests()[..] else { panic!("not one request: {:?}", server.requests()) };
    let pair = data_encoding::BASE64.encode(format!("{id}:{secret}").as_bytes());
    assert_eq!(request.header("Authorization"), Some(format!("Basic {pair}").as_str()));
    run.hides(&secret);
    // One half says nothing.
    for half in [&id, &secret] {
        stage.write("a.env", &format!("DUO={half}\n"));
        let run = Run::of(stage.command("dir").args(at("duo", &server.url())));
        run.is_unknown("incomplete");
        run.hides(half);
    }
    assert_eq!(server.count(), 1);
}

#[test]
fn a_second_step_uses_what_the_first_one_took() {
    let stage = Stage::new();
    stage.rules(STEPS);
    let secret = numbered(0, "relay_{{base62:32}}");
    stage.write("a.env", &format!("KEY={secret}\n"));
    let taken = numbered(0, "{{base62:40}}");
    let given = taken.clone();
    let server = Server::start(&stage.authority, move |request: &Request| match request.target.as_str() {
        "/token" => Reply::new(200).json(json!({ "access_token": given }).to_string()),
        // Gives everything back.
        _ => play::echo(request),
    });
    let run = Run::of(stage.command("dir").arg("-vv").args(at("relay", &server.url())));
    assert_eq!(run.said().status, "active", "{run:#?}");
    let [first, second] = &server.requests()[..] else { panic!("not two requests: {:?}", server.requests()) };
    assert_eq!((first.method.as_str(), first.target.as_str()), ("POST", "/token"));
    assert_eq!(first.header("Content-Type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(first.text(), format!("grant_type=client_credentials&key={secret}"));
    assert_eq!((second.method.as_str(), second.target.as_str()), ("GET", "/me"));
    assert_eq!(second.header("Authorization"), Some(format!("Bearer {taken}").as_str()));
    run.hides(&secret);
    run.hides(&taken);
    // Where the first step tells already, there is no second.
    let refusing = Server::start(&stage.authority, |_: &Request| Reply::new(400).json(r#"{"error":"invalid_client"}"#));
    let run = Run::of(stage.command("dir").args(at("relay", &refusing.url())));
    assert_eq!((run.said().status.as_str(), refusing.count()), ("inactive", 1), "{run:#?}");
}

#[test]
fn what_is_allowed_is_not_asked_about() {
    let stage = Stage::new();
    stage.write("a.env", &format!("OLD={} # unspill:allow revoked\nNEW={}\n", token(0), token(1)));
    let server = Server::start(&stage.authority, even_ones);
    let run = stage.dir(&server.url());
    assert_eq!(run.statuses(), ["inactive"], "{run:#?}");
    assert_eq!(server.count(), 1);
}

#[test]
fn what_is_unknown_reads_like_that_and_not_like_safe() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| Reply::new(404));
    for format in ["text", "sarif"] {
        let run = Run::of(stage.verbose(format).args(at("acme", &server.url())));
        assert!(run.stdout.contains("unknown"), "{run:#?}");
        assert!(format != "text" || run.stdout.contains("may be active"), "{run:#?}");
        assert!(format != "sarif" || run.stdout.contains(r#""level": "error""#), "{run:#?}");
    }
    // Left out, it is still told that it was there.
    let run = Run::of(stage.verbose("text").args(["--only", "active"]).args(at("acme", &server.url())));
    assert!(run.stdout.contains("1 unknown"), "{run:#?}");
}

#[test]
fn a_history_that_was_scanned_before_is_asked_about_again() {
    let stage = Stage::new();
    let repo = Repo::new();
    repo.commit_file("a.env", format!("TOKEN={}\n", token(0)));
    let server = Server::start(&stage.authority, play::in_turn(vec![play::active(), play::inactive()]));
    let cache = stage.beside("cache");
    for word in ["active", "inactive"] {
        let mut command = stage.command("git");
        command.arg("--cache").arg(&cache).arg(repo.path()).args(at("acme", &server.url()));
        let run = Run::of(&mut command);
        assert_eq!(run.said().status, word, "{run:#?}");
    }
    assert_eq!(server.count(), 2);
}

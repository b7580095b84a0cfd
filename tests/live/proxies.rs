//! Proxies: used where the environment names one, for what it names it for, and told nothing but where to connect.

use std::collections::BTreeSet;
use std::net::TcpListener;

use regex_automata::meta::Regex;
use unspill::rules::examples::expand;
use unspill::rules::file::RuleFile;

use crate::https::{Manner, Proxy, Request, Server, play};
use crate::stage::{Run, Stage, at, token};

/// A server that is `api.acme.example`, and how a proxy gets there.
fn provider(stage: &Stage) -> (Server, &'static str) {
    let identity = stage.authority.identity(&["api.acme.example"]);
    (Server::with(Manner::Tls(identity), |_: &Request| play::active()), "api.acme.example:443")
}

#[test]
fn a_proxy_of_the_environment_is_used_and_learns_only_the_host() {
    let stage = Stage::with(&token(0));
    let (server, target) = provider(&stage);
    let proxy = Proxy::with(None, &[(target, server.address())]);
    for name in ["HTTPS_PROXY", "https_proxy"] {
        // The proxy may be at any address: it is the user's own.
        let run = Run::of(stage.cautious("dir").env(name, proxy.url()));
        assert_eq!(run.said().status, "active", "{run:#?}");
    }
    assert_eq!((proxy.targets(), server.count()), (vec![target.to_owned()], 2));
    for request in proxy.requests() {
        assert_eq!(request.method, "CONNECT");
        assert!(!request.all().contains(&token(0)) && request.header("Authorization").is_none(), "{request:?}");
        let agent = request.header("User-Agent").unwrap_or("unspill/");
        assert!(agent.starts_with("unspill/"), "{request:?}");
    }
    assert_eq!(server.requests()[0].server_name.as_deref(), Some("api.acme.example"));
    assert!(server.requests().iter().all(|request| request.header("Proxy-Authorization").is_none()));
}

#[test]
fn a_proxy_gets_its_credentials_and_nobody_else_does() {
    let stage = Stage::with(&token(0));
    let (server, target) = provider(&stage);
    let proxy = Proxy::with(Some("ada:p@ss w0rd"), &[(target, server.address())]);
    let run = Run::of(stage.cautious("dir").arg("-vv").env("HTTPS_PROXY", proxy.url_as("ada:p%40ss%20w0rd")));
    assert_eq!(run.said().status, "active", "{run:#?}");
    assert!(!server.requests()[0].all().contains("YWRhO"), "the provider sees the proxy's password");
    let run = Run::of(
        stage.cautious("dir").args(["-vv", "--verify-retries", "0"]).env("HTTPS_PROXY", proxy.url_as("ada:wr0ng-pass")),
    );
    run.is_unknown("connect");
    let all = format!("{}{}", run.stdout, run.stderr);
    assert!(!all.contains("wr0ng-pass") && !all.contains("YWRhO"), "the proxy's password shows: {all}");
    assert_eq!(server.count(), 1);
}

#[test]
fn what_needs_no_proxy_is_asked_directly() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let proxy = Proxy::start();
    for exempt in ["localhost", "example.com,localhost", "*"] {
        let mut command = stage.command("dir");
        command.args(at("acme", &server.url())).env("HTTPS_PROXY", proxy.url()).env("NO_PROXY", exempt);
        let run = Run::of(&mut command);
        assert_eq!(run.said().status, "active", "{exempt}: {run:#?}");
    }
    assert_eq!((proxy.connections(), server.count()), (0, 3));
    let mut command = stage.command("dir");
    command.args(at("acme", &server.url())).env("HTTPS_PROXY", proxy.url()).env("NO_PROXY", "example.com");
    assert_eq!(Run::of(&mut command).said().status, "active");
    assert_eq!((proxy.connections(), server.count()), (1, 4));
}

#[test]
fn what_is_asked_directly_is_held_to_the_rules_of_addresses() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let proxy = Proxy::start();
    let mut command = stage.cautious("dir");
    command.args(at("acme", &server.url())).env("HTTPS_PROXY", proxy.url()).env("NO_PROXY", "localhost");
    Run::of(&mut command).is_unknown("blocked");
    // And an address is an address for a proxy, too.
    let mut command = stage.cautious("dir");
    command.args(at("acme", &format!("https://127.0.0.1:{}", server.port()))).env("HTTPS_PROXY", proxy.url());
    Run::of(&mut command).is_unknown("blocked");
    assert_eq!((server.connections(), proxy.connections()), (0, 0));
}

#[test]
fn a_proxy_that_does_not_work_is_not_gone_around() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for proxy in [
        format!("http://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("socks5://127.0.0.1:{port}"),
        "http://nowhere.invalid:8080".to_owned(),
    ] {
        let mut command = stage.command("dir");
        command.args(["--verify-retries", "0"]).args(at("acme", &server.url())).env("HTTPS_PROXY", &proxy);
        let run = Run::of(&mut command);
        assert!(run.code == 2 || run.said().status == "unknown", "{proxy}: {run:#?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_is_for_others_is_no_proxy_of_ours() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let (proxy, other) = (Proxy::start(), Proxy::start());
    let ask = |variables: &[(&str, String)]| {
        let mut command = stage.command("dir");
        command.args(at("acme", &server.url())).envs(variables.iter().cloned());
        let run = Run::of(&mut command);
        assert_eq!(run.said().status, "active", "{run:#?}");
    };
    // For HTTP without TLS, of which there is none here; a web server's CGI scripts may have it from a request.
    ask(&[("HTTP_PROXY", other.url())]);
    // Set, but to nothing.
    ask(&[("HTTPS_PROXY", String::new())]);
    assert_eq!((proxy.connections(), other.connections()), (0, 0));
    // What is named for HTTPS goes before what is named for all.
    ask(&[("HTTPS_PROXY", proxy.url()), ("ALL_PROXY", other.url())]);
    assert_eq!((proxy.connections(), other.connections()), (1, 0));
    ask(&[("ALL_PROXY", other.url())]);
    assert_eq!((proxy.connections(), other.connections()), (1, 1));
}

#[test]
fn a_proxy_that_is_none_is_an_error_or_a_doubt_but_not_silence() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    for proxy in ["nonsense://", "http://", "://x", "socks9://localhost:1"] {
        let mut command = stage.command("dir");
        command.args(["--verify-retries", "0"]).args(at("acme", &server.url())).env("HTTPS_PROXY", proxy);
        let run = Run::of(&mut command);
        let noticed = run.code == 2 || run.statuses() == ["unknown"] || run.stderr.contains("PROXY");
        assert!(noticed, "{proxy} is passed over without a word: {run:#?}");
    }
}

/// The examples of every built-in rule.
fn examples() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut lines = String::new();
    for entry in std::fs::read_dir(folder).expect("the rules") {
        let path = entry.expect("a file").path();
        let file: RuleFile = toml::from_str(&std::fs::read_to_string(&path).expect("a file")).expect("rules");
        for rule in &file.rules {
            for example in &rule.get_ref().examples.matching {
                lines.push_str(&expand(example).expect("a template"));
                // Far enough apart not to be taken for parts of each other.
                lines.push_str(&"\n".repeat(600));
            }
        }
    }
    lines
}

#[test]
fn no_host_is_asked_that_the_list_of_endpoints_does_not_name() {
    let stage = Stage::new();
    stage.write("examples.txt", &examples());
    let listed = Run::of(stage.bare().args(["rules", "endpoints", "--format", "json"]));
    assert_eq!(listed.code, 0, "{listed:#?}");
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed.stdout).expect("JSON");
    let (mut hosts, mut patterns) = (BTreeSet::new(), Vec::new());
    for entry in &listed {
        let host = entry["host"].as_str().unwrap_or_default();
        match entry["kind"].as_str() {
            Some("host") => {
                hosts.insert(format!("{host}:{}", entry["port"]));
            }
            Some("pattern") => patterns.push(Regex::new(&format!(r"\A(?:{host}):443\z")).expect("a pattern")),
            _ => {}
        }
    }
    assert!(hosts.len() > 100, "{hosts:?}");
    // Leads nowhere.
    let proxy = Proxy::with(Some("nobody:knows"), &[]);
    let mut command = stage.bare();
    command.args(["dir", "--format", "jsonl", "--verify", "--verify-rate", "0", "--verify-retries", "0"]);
    command.args(["--min-confidence", "low"]);
    let run = Run::of(command.env("HTTPS_PROXY", proxy.url()));
    let asked = proxy.targets();
    assert!(asked.len() > 100, "{asked:?} {}", run.stderr);
    for target in &asked {
        assert!(hosts.contains(target) || patterns.iter().any(|p| p.is_match(target)), "{target} is not listed");
    }
    for request in proxy.requests() {
        assert!(request.method == "CONNECT" && request.header("Authorization").is_none(), "{request:?}");
    }
}

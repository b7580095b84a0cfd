//! Manners: nobody is asked twice, nor too often, nor too many times at once, nor any longer than the user wants.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use crate::https::{Answer, Reply, Request, Server, play};
use crate::repo::Repo;
use crate::stage::{Run, Stage, at, hidden, key, said, start, token};

/// Which tokens a server was asked about.
fn asked(server: &Server) -> Vec<String> {
    let given = |request: &Request| request.header("Authorization").unwrap_or_default().to_owned();
    server.requests().iter().map(given).collect()
}

#[test]
fn a_credential_is_asked_about_once_however_often_it_stands_there() {
    let repo = Repo::new();
    for file in 0..5 {
        for line in 0..10 {
            let lines: String = (0..=line).map(|n| format!("# {n}\nTOKEN_{n}={}\n", token(0))).collect();
            repo.commit_file(format!("folder/{file}.env"), lines);
        }
    }
    let stage = Stage::new();
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let run = Run::of(stage.command("git").arg(repo.path()).args(at("acme", &server.url())));
    assert!(run.findings().len() >= 5, "{run:#?}");
    assert!(run.statuses().iter().all(|status| status == "active"), "{run:#?}");
    assert_eq!(server.count(), 1);
    let run = Run::of(stage.command("dir").arg(repo.path()).args(at("acme", &server.url())));
    assert!(run.findings().len() >= 50, "{run:#?}");
    assert_eq!(server.count(), 2);
}

#[test]
fn different_credentials_are_asked_about_once_each() {
    let stage = Stage::with_tokens(60);
    stage.write("again.env", &(0..60).map(|n| format!("TOKEN_{n}={}\n", token(n))).collect::<String>());
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let run = stage.dir(&server.url());
    assert_eq!(run.findings().len(), 120, "{run:#?}");
    let all = asked(&server);
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (60, 60));
    // Connections are kept.
    assert!(server.connections() < 30, "{} connections", server.connections());
}

#[test]
fn a_pause_that_a_server_asks_for_is_kept() {
    let seconds = |n: u64| (Duration::from_secs(n), n.to_string());
    let date = |n: u64| {
        let when = SystemTime::now() + Duration::from_secs(n);
        // The date has no fractions of a second, so it may be up to one earlier.
        (Duration::from_secs(n - 1), play::http_date(when))
    };
    for (pause, header) in [seconds(1), date(3)] {
        let stage = Stage::with_tokens(4);
        let free: Arc<Mutex<Option<Instant>>> = Arc::default();
        let early = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&early);
        let server = Server::start(&stage.authority, move |_: &Request| {
            let mut free = free.lock().unwrap();
            match *free {
                None => {
                    *free = Some(Instant::now() + pause);
                    play::rate_limited(&header)
                }
                Some(free) if Instant::now() < free => {
                    counted.fetch_add(1, Ordering::SeqCst);
                    play::rate_limited("1")
                }
                Some(_) => play::active(),
            }
        });
        let run = stage.dir_with(&server.url(), &["--verify-per-host", "1"]);
        assert_eq!(run.statuses(), ["active"; 4], "{run:#?}");
        assert_eq!((early.load(Ordering::SeqCst), server.count()), (0, 5));
    }
}

#[test]
fn a_server_that_wants_a_long_pause_is_left_alone() {
    let stage = Stage::with_tokens(20);
    let server = Server::start(&stage.authority, |_: &Request| play::rate_limited("86400"));
    let run = stage.dir_with(&server.url(), &["--verify-per-host", "1"]);
    let causes: Vec<String> = run.findings().iter().map(|finding| said(finding).cause).collect();
    assert_eq!(causes, ["rate-limited"; 20], "{run:#?}");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_pause_that_is_none_is_no_reason_to_fail_or_hurry() {
    for header in ["-1", "soon", "", "99999999999999999999999", "Thu, 99 Foo 2024 99:99:99 GMT", "1e3"] {
        let stage = Stage::with(&token(0));
        let server = Server::start(&stage.authority, move |_: &Request| play::rate_limited(header));
        let run = stage.dir_with(&server.url(), &["--verify-retries", "1"]);
        run.is_unknown("rate-limited");
        assert!((1..=2).contains(&server.count()), "{header}: {}", server.count());
    }
}

#[test]
fn what_fails_for_a_moment_is_tried_again_and_what_fails_for_good_is_not() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, play::in_turn(vec![play::unavailable(), play::active()]));
    assert_eq!(stage.dir(&server.url()).said().status, "active");
    assert_eq!(server.count(), 2);
    let server = Server::start(&stage.authority, |_: &Request| play::unavailable());
    stage.dir_with(&server.url(), &["--verify-retries", "1"]).is_unknown("server-error");
    assert_eq!(server.count(), 2);
    let server = Server::start(&stage.authority, |_: &Request| play::inactive());
    assert_eq!(stage.dir(&server.url()).said().status, "inactive");
    assert_eq!(server.count(), 1);
}

#[test]
fn so_many_are_asked_at_a_time_as_the_user_wants_and_no_more() {
    for (limit, tokens) in [(1, 6), (5, 20)] {
        let stage = Stage::with_tokens(tokens);
        let server = Server::start(&stage.authority, play::together(limit, play::active()));
        let run = stage.dir_with(&server.url(), &["--verify-per-host", &limit.to_string()]);
        assert!(run.statuses().iter().all(|status| status == "active"), "{run:#?}");
        assert_eq!((server.count(), server.most_at_once()), (tokens, limit));
    }
}

#[test]
fn without_a_word_few_are_asked_at_a_time() {
    let stage = Stage::with_tokens(12);
    let server = Server::start(&stage.authority, |_: &Request| play::active().after(Duration::from_millis(60)));
    stage.dir(&server.url());
    assert!((2..=8).contains(&server.most_at_once()), "{} at a time", server.most_at_once());
}

#[test]
fn a_slow_server_does_not_hold_up_the_others() {
    let stage = Stage::with_tokens(20);
    stage.write("keys.env", &(0..20).map(|n| format!("KEY_{n}={}\n", key(n))).collect::<String>());
    let quick = Arc::new(Server::start(&stage.authority, |_: &Request| play::active()));
    let other = Arc::clone(&quick);
    // Answers only when the other one has been asked about everything.
    let slow = Server::start(&stage.authority, move |_: &Request| match other.wait_for(20) {
        true => play::active(),
        false => play::inactive(),
    });
    let run = Run::of(
        stage
            .command("dir")
            .args(["--verify-timeout", "60"])
            .args(at("acme", &quick.url()))
            .args(at("orbit", &slow.url())),
    );
    assert_eq!(run.statuses(), ["active"; 40], "{run:#?}");
    assert_eq!((quick.count(), slow.count()), (20, 20));
}

#[test]
fn a_request_says_who_asks_and_nothing_of_the_user() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let named =
        [("USER", "lovelace"), ("LOGNAME", "lovelace"), ("HOSTNAME", "engine"), ("EMAIL", "ada@lovelace.example")];
    let run = Run::of(stage.command("dir").args(at("acme", &server.url())).envs(named));
    assert_eq!(run.said().status, "active", "{run:#?}");
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!(request.header("User-Agent"), Some(concat!("unspill/", env!("CARGO_PKG_VERSION"))));
    let mut names: Vec<String> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.retain(|name| {
        !["accept", "accept-encoding", "authorization", "connection", "host", "user-agent"].contains(&name.as_str())
    });
    assert!(names.is_empty(), "{names:?}");
    let all = request.all().to_ascii_lowercase();
    let folder = stage.work().to_string_lossy().to_ascii_lowercase();
    for private in ["lovelace", "engine", "config.env", "rules.toml", &folder] {
        assert!(!all.contains(private), "{private} in {all}");
    }
}

#[test]
fn an_interrupt_keeps_what_is_known() {
    let stage = Stage::with_tokens(13);
    let turn = AtomicUsize::new(0);
    let server = Server::start(&stage.authority, move |_: &Request| match turn.fetch_add(1, Ordering::SeqCst) {
        0..5 => Answer::from(play::active()),
        _ => play::silence(),
    });
    let mut command = stage.command("dir");
    command.args(at("acme", &server.url())).args(["--verify-per-host", "8", "--verify-timeout", "120"]);
    let child = start(&mut command);
    assert!(server.wait_for(13));
    // As many wait as may, so all that was answered has been taken note of.
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(stopped.success());
    let run = Run::from(child.wait_with_output().expect("it ends"));
    let findings: Vec<_> = run.findings().iter().map(said).collect();
    assert_eq!(findings.len(), 13, "{run:#?}");
    assert_eq!(findings.iter().filter(|said| said.status == "active").count(), 5, "{run:#?}");
    assert_eq!(findings.iter().filter(|said| said.cause == "interrupted").count(), 8, "{run:#?}");
    assert_ne!(run.code, 0);
}

#[test]
fn when_the_time_is_over_what_is_known_is_told() {
    let stage = Stage::with_tokens(3);
    let first = format!("Bearer {}", token(0));
    let server = Server::start(&stage.authority, move |request: &Request| {
        match request.header("Authorization") == Some(&first) {
            true => Answer::from(play::active()),
            false => play::silence(),
        }
    });
    let run = stage.dir_with(&server.url(), &["--verify-deadline", "2", "--verify-timeout", "60"]);
    let mut causes: Vec<String> = run.findings().iter().map(|finding| said(finding).cause).collect();
    causes.sort();
    assert_eq!(causes, ["", "deadline", "deadline"], "{run:#?}");
}

#[test]
fn a_cache_spares_questions_and_holds_no_secret() {
    let stage = Stage::with_tokens(2);
    stage.write("more.env", &format!("KEY={}\n", key(0)));
    let turn = AtomicUsize::new(0);
    let server = Server::start(&stage.authority, move |_: &Request| match turn.fetch_add(1, Ordering::SeqCst) % 2 {
        0 => play::active(),
        _ => play::inactive(),
    });
    let failing = Server::start(&stage.authority, |_: &Request| Reply::new(404));
    let cache = stage.beside("verdicts");
    let again = || {
        let run = Run::of(
            stage
                .command("dir")
                .arg("--verify-cache")
                .arg(&cache)
                .args(at("acme", &server.url()))
                .args(at("orbit", &failing.url())),
        );
        let mut statuses = run.statuses();
        statuses.sort();
        (run.code, statuses.join(" "))
    };
    assert_eq!(again(), (1, "active inactive unknown".to_owned()));
    assert_eq!((server.count(), failing.count()), (2, 1));
    let text = String::from_utf8_lossy(&fs::read(&cache).expect("the cache")).into_owned();
    for secret in [token(0), token(1), key(0)] {
        hidden(&text, &secret);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&cache).expect("the cache").permissions().mode() & 0o077, 0);
    }
    assert_eq!(again(), (1, "active inactive unknown".to_owned()));
    assert_eq!((server.count(), failing.count()), (2, 2), "only what is not known is asked again");
    // Somewhere else, nothing is known.
    let other = Server::start(&stage.authority, |_: &Request| play::inactive());
    let run = Run::of(
        stage
            .command("dir")
            .arg("--verify-cache")
            .arg(&cache)
            .args(at("acme", &other.url()))
            .args(at("orbit", &failing.url())),
    );
    assert_eq!(run.statuses().iter().filter(|status| *status == "inactive").count(), 2, "{run:#?}");
    assert_eq!(other.count(), 2);
}

#[test]
fn without_a_cache_nothing_is_kept() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let home = stage.beside("home");
    fs::create_dir(&home).expect("a folder");
    for _ in 0..2 {
        let mut command = stage.command("dir");
        command.args(at("acme", &server.url())).env("HOME", &home).env_remove("XDG_CACHE_HOME");
        assert_eq!(Run::of(&mut command).said().status, "active");
    }
    assert_eq!(server.count(), 2);
    assert_eq!(fs::read_dir(&home).expect("a folder").count(), 0);
}

#[test]
fn a_file_that_is_no_cache_is_left_alone() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let file = stage.beside("notes.txt");
    for text in ["my notes", "", "{}\n", "\u{1b}[31m\0"] {
        fs::write(&file, text).expect("a file");
        let mut command = stage.command("dir");
        let run = Run::of(command.arg("--verify-cache").arg(&file).args(at("acme", &server.url())));
        assert!(run.code == 2 && run.stderr.contains("notes.txt"), "{run:#?}");
        assert_eq!(fs::read_to_string(&file).expect("the file"), text);
    }
    assert_eq!(server.connections(), 0);
}

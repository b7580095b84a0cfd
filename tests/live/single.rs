//! `unspill verify`: one secret, typed or piped in, and asked about.

use crate::https::{Reply, Request, Server, play};
use crate::stage::{Run, Stage, at, key, token};

#[test]
fn a_secret_from_standard_input_is_asked_about() {
    let stage = Stage::new();
    let turns = vec![play::active(), play::inactive(), Reply::new(404)];
    let server = Server::start(&stage.authority, play::in_turn(turns));
    for (word, code) in [("active", 1), ("inactive", 0), ("unknown", 2)] {
        let mut command = stage.command("verify");
        let run = Run::fed(command.args(["--rule", "acme-token"]).args(at("acme", &server.url())), &token(0));
        assert!(run.stdout.contains(word), "{run:#?}");
        assert!(run.code == code || run.code <= 2, "{run:#?}");
        run.hides(&token(0));
    }
    let given: Vec<_> = server.requests().iter().map(|r| r.header("Authorization").map(str::to_owned)).collect();
    assert_eq!(given, vec![Some(format!("Bearer {}", token(0))); 3]);
}

#[test]
fn a_line_end_behind_it_is_no_part_of_it() {
    let stage = Stage::new();
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    for end in ["\n", "\r\n"] {
        let mut command = stage.command("verify");
        command.args(["--rule", "acme-token"]).args(at("acme", &server.url()));
        Run::fed(&mut command, &format!("{}{end}", token(0)));
    }
    assert_eq!(server.count(), 2);
    for request in server.requests() {
        assert_eq!(request.header("Authorization"), Some(format!("Bearer {}", token(0)).as_str()));
    }
}

#[test]
fn what_is_not_of_the_rules_form_goes_nowhere() {
    let stage = Stage::new();
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    for (rule, input) in [
        ("acme-token", String::new()),
        ("acme-token", "\n".to_owned()),
        ("acme-token", key(0)),
        ("acme-token", format!("{}\r\nX-Other: 1", token(0))),
        ("no-such-rule", token(0)),
    ] {
        let mut command = stage.command("verify");
        let run = Run::fed(command.args(["--rule", rule]).args(at("acme", &server.url())), &input);
        assert_ne!(run.code, 0, "{rule} {input:?}: {run:#?}");
        if !input.trim().is_empty() {
            run.hides(input.lines().next().unwrap_or_default());
        }
    }
    assert!(server.requests().iter().all(|request| request.header("X-Other").is_none()));
}

#[test]
fn what_comes_back_is_shown_without_the_secret_and_without_escapes() {
    let stage = Stage::new();
    let plays: [fn(&Request) -> Reply; 2] = [play::echo, |_| play::escapes(200)];
    for part in plays {
        let server = Server::start(&stage.authority, part);
        for format in ["json", "text"] {
            for (rule, provider, secret) in [("acme-token", "acme", token(0)), ("orbit-key", "orbit", key(0))] {
                let mut command = stage.bare();
                command.args(["verify", "-vv", "--rule", rule, "--format", format, "--verify-allow-private"]);
                command.arg("--verify-ca").arg(stage.authority.file()).arg("--config").arg(stage.beside("rules.toml"));
                let run = Run::fed(command.args(at(provider, &server.url())), &secret);
                assert!(run.code == 1 && run.stdout.contains("active"), "{run:#?}");
                run.hides(&secret);
                let wild = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{9b}".contains(c);
                assert!(!run.stdout.contains(wild) && !run.stderr.contains(wild), "{run:?}");
            }
        }
    }
}

#[test]
fn an_address_of_this_machine_is_not_asked_here_either() {
    let stage = Stage::new();
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let mut command = stage.cautious("verify");
    let run = Run::fed(command.args(["--rule", "acme-token"]).args(at("acme", &server.url())), &token(0));
    assert!(run.stdout.contains("unknown") || run.code == 2, "{run:#?}");
    assert_eq!(server.connections(), 0);
}

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
fn an_address_of_this_machine_is_not_asked_here_either() {
    let stage = Stage::new();
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let mut command = stage.cautious("verify");
    let run = Run::fed(command.args(["--rule", "acme-token"]).args(at("acme", &server.url())), &token(0));
    assert!(run.stdout.contains("unknown") || run.code == 2, "{run:#?}");
    assert_eq!(server.connections(), 0);
}

//! Servers that want to do harm: to memory and time by what never ends, to the terminal by what it would obey, and to
//! the secret by giving it back.

use crate::https::play::Part;
use crate::https::{Reply, Request, Server, play};
use crate::stage::{Run, Stage, at, hidden, key, token};

const FORMATS: [&str; 5] = ["text", "json", "jsonl", "sarif", "gitleaks"];
const IMPATIENT: [&str; 4] = ["--verify-timeout", "20", "--verify-retries", "0"];
/// What the system may hold of an answer, on its way, that nobody reads any more, in bytes.
const UNDER_WAY: u64 = 24 << 20;

#[test]
fn an_answer_without_an_end_is_read_up_to_a_limit() {
    let plays: [(Part, &str); 5] = [
        (play::endless_body, "body"),
        (play::endless_chunks, "chunks"),
        (play::endless_head, "head"),
        (play::endless_header, "header"),
        (play::large_body, "large body"),
    ];
    let stage = Stage::with(&token(0));
    for (part, name) in plays {
        let server = Server::start(&stage.authority, move |_: &Request| part());
        let run = stage.dir_with(&server.url(), &IMPATIENT);
        run.is_unknown("unexpected-body");
        assert!(server.wait_idle() && server.sent() < UNDER_WAY, "{name}: {} bytes", server.sent());
    }
}

#[test]
fn there_is_more_to_come_is_no_answer_forever() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::endless_continue());
    let run = stage.dir_with(&server.url(), &["--verify-timeout", "3", "--verify-retries", "0"]);
    assert_eq!(run.said().status, "unknown", "{run:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn no_answer_makes_the_program_large() {
    use crate::stage::peak;
    let stage = Stage::with(&token(0));
    let most = |server: &Server| peak(stage.command("dir").args(at("acme", &server.url())).args(IMPATIENT)).1;
    let least = most(&Server::start(&stage.authority, |_: &Request| play::active()));
    assert!(least > 1 << 20, "memory is measured");
    let plays: [(Part, &str); 6] = [
        (play::endless_body, "endless body"),
        (play::endless_head, "endless head"),
        (play::endless_header, "endless header"),
        (play::large_body, "large body"),
        (|| play::gzip_bomb().into(), "gzip bomb"),
        (|| play::deep_json().into(), "deep JSON"),
    ];
    for (part, name) in plays {
        let size = most(&Server::start(&stage.authority, move |_: &Request| part()));
        assert!(size < least + (48 << 20), "{name}: {size} instead of {least} bytes");
    }
}

#[test]
fn what_cannot_be_read_tells_nothing_and_breaks_nothing() {
    let plays: [fn() -> Reply; 4] = [play::gzip_bomb, play::deep_json, play::no_text, || play::raw_escapes(200)];
    let stage = Stage::with(&token(0));
    for (number, part) in plays.into_iter().enumerate() {
        let server = Server::start(&stage.authority, move |_: &Request| part());
        let run = stage.dir_with(&server.url(), &IMPATIENT);
        let said = run.said();
        // Bytes that are no UTF-8 may be replaced, and then it is JSON again.
        let replaced = number == 2 && said.status == "active";
        assert!(replaced || said.status == "unknown" && said.cause == "unexpected-body", "{number}: {run:#?}");
        assert!(run.code == 1 && !run.stderr.contains("panic"), "{run:#?}");
    }
}

#[test]
fn a_secret_that_comes_back_is_shown_to_nobody() {
    let stage = Stage::with(&token(0));
    stage.write("more.env", &format!("KEY={}\n", key(0)));
    let server = Server::start(&stage.authority, play::echo);
    let cache = stage.beside("verdicts");
    for format in FORMATS {
        let mut command = stage.verbose(format);
        command.args(at("acme", &server.url())).args(at("orbit", &server.url()));
        let run = Run::of(command.arg("--verify-cache").arg(&cache));
        assert_eq!(run.code, 1, "{run:#?}");
        for secret in [token(0), key(0)] {
            run.hides(&secret);
            hidden(&String::from_utf8_lossy(&std::fs::read(&cache).expect("the cache")), &secret);
        }
        std::fs::remove_file(&cache).expect("the cache");
    }
    let requests = server.requests();
    assert!(requests.len() == 10 && requests.iter().any(|request| request.all().contains(&token(0))));
}

#[test]
fn a_secret_that_comes_back_in_an_error_is_shown_to_nobody() {
    let stage = Stage::with(&key(0));
    for status in [302, 401, 404, 429, 500] {
        let server = Server::start(&stage.authority, move |request: &Request| {
            let place = format!("https://elsewhere.invalid{}", request.target);
            let echo = Reply { status, ..play::echo(request) };
            echo.header("Location", place).header("Retry-After", &request.target)
        });
        let mut command = stage.command("dir");
        command.args(["-vv", "--verify-retries", "1"]).args(at("orbit", &server.url()));
        let run = Run::of(&mut command);
        assert_eq!(run.said().status, "unknown", "{run:#?}");
        run.hides(&key(0));
    }
}

#[test]
fn a_secret_does_not_show_where_its_server_cannot_be_asked() {
    let stage = Stage::with(&key(0));
    for url in ["https://nowhere.invalid", "https://localhost:1", "https://127.0.0.1:2"] {
        let mut command = stage.command("dir");
        command.args(["-vv", "--verify-retries", "0", "--verify-timeout", "1"]).args(at("orbit", url));
        let run = Run::of(&mut command);
        assert_eq!(run.said().status, "unknown", "{run:#?}");
        run.hides(&key(0));
    }
}

#[test]
fn what_a_terminal_would_obey_does_not_reach_it() {
    let stage = Stage::with(&token(0));
    let plays: [fn() -> Reply; 6] = [
        || play::escapes(200),
        || play::escapes(401),
        || play::escapes(500),
        || play::raw_escapes(200),
        || play::header_escapes(200),
        || play::header_escapes(404),
    ];
    for part in plays {
        let server = Server::start(&stage.authority, move |_: &Request| part());
        for format in FORMATS {
            let mut command = stage.verbose(format);
            command.args(["--verify-retries", "0"]).args(at("acme", &server.url()));
            let run = Run::of(command.args(["--color", "never"]));
            for text in [&run.stdout, &run.stderr] {
                let wild = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{9b}".contains(c);
                assert!(!text.contains(wild), "{format}: {text:?}");
                assert!(!text.lines().any(|line| line.starts_with("::")), "{format}: {text}");
            }
        }
    }
}

//! Who is asked: nobody but the provider, or the server that the user named; never what an answer, a text or a trick of
//! spelling points to.

use std::fs;

use crate::https::authority::LOOPBACK;
use crate::https::{Manner, Proxy, Reply, Request, Server, play};
use crate::stage::{Run, Stage, at, numbered, token};

#[test]
fn redirects_are_not_followed() {
    let stage = Stage::with(&token(0));
    let elsewhere = Server::start(&stage.authority, |_: &Request| play::active());
    let plain = Server::plain(|_: &Request| play::active());
    for status in [301, 302, 303, 307, 308] {
        for target in [elsewhere.url(), plain.url(), "/user".to_owned(), "//localhost/".to_owned(), String::new()] {
            let location = target.clone();
            let server = Server::start(&stage.authority, move |_: &Request| play::redirect(status, &location));
            let run = stage.dir(&server.url());
            run.is_unknown("unexpected-status");
            assert_eq!((server.count(), run.code), (1, 1), "{status} {target}");
        }
    }
    assert_eq!((elsewhere.connections(), plain.connections()), (0, 0));
}

#[test]
fn a_refresh_or_a_link_is_not_followed_either() {
    let stage = Stage::with(&token(0));
    let elsewhere = Server::start(&stage.authority, |_: &Request| play::active());
    let url = elsewhere.url();
    let server = Server::start(&stage.authority, move |_: &Request| {
        let page = format!("<meta http-equiv=refresh content='0;url={url}'>");
        let reply = Reply::new(200).header("Refresh", format!("0;url={url}")).header("Content-Location", &url);
        reply
            .header("Link", format!("<{url}>; rel=preload"))
            .header("Alt-Svc", format!("h2=\"{}\"", &url[8..]))
            .body(page)
    });
    stage.dir(&server.url()).is_unknown("unexpected-body");
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn an_address_of_this_machine_is_not_asked_unless_that_is_allowed() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let port = server.port();
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "[fe80::1]",
    ] {
        let run = Run::of(stage.cautious("dir").args(at("acme", &format!("https://{host}:{port}"))));
        if run.code == 2 {
            // Refused as no server's name.
            assert!(run.findings().is_empty() && run.stderr.contains("verify-endpoint"), "{host}: {run:#?}");
            continue;
        }
        if host == "localhost." && run.said().cause == "dns" {
            // Not every resolver knows it with the dot.
            continue;
        }
        run.is_unknown("blocked");
        let reason = run.said().reason;
        assert!(reason.contains("--verify-allow-private"), "{host}: {reason}");
    }
    assert_eq!(server.connections(), 0);
    for host in ["localhost", "127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"] {
        let before = server.connections();
        stage.dir_with(&format!("https://{host}:{port}"), &["--verify-retries", "0"]);
        assert!(server.connections() > before, "{host} leads to this machine");
    }
}

#[test]
fn tricks_in_the_url_of_a_server_are_refused() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let port = server.port();
    for url in [
        format!("https://api.github.com@127.0.0.1:{port}/"),
        format!("https://api.github.com:443@127.0.0.1:{port}"),
        format!("https://api.github.com%40127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}\\@api.github.com"),
        format!("https://127.0.0.1:{port}#@api.github.com"),
        format!("https://127.0.0.1:{port}?@api.github.com"),
        format!("https://127.0.0.1%00.github.com:{port}"),
        format!("https://127.0.0.1\u{3002}github.com:{port}"),
        format!("https://\u{ff11}27.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}\r\nX-A: b"),
        format!("https://127.0.0.1:{port}/ HTTP/1.1"),
        format!("https://127.0.0.1 :{port}"),
        format!("http://localhost:{port}"),
        format!("//localhost:{port}"),
        format!("localhost:{port}"),
        format!("ftp://localhost:{port}"),
        "file:///etc/passwd".to_owned(),
        "https://".to_owned(),
        "https://[::1".to_owned(),
        "https://localhost:0".to_owned(),
        "https://localhost:65536".to_owned(),
        String::new(),
    ] {
        let run = stage.dir(&url);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{url}: {run:#?}");
        assert!(run.stderr.contains("verify-endpoint"), "{url}: {run:#?}");
    }
    let run = Run::of(stage.command("dir").args(["--verify-endpoint", &server.url()]));
    assert_eq!(run.code, 2, "{run:#?}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_endpoint_for_a_provider_that_nobody_knows_is_pointed_out() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    let run = Run::of(stage.command("dir").args(at("acme", &server.url())).args(at("acne", "https://localhost:1")));
    assert!(run.code == 2 || run.stderr.contains("acne"), "{run:#?}");
}

/// A rule whose host comes out of the scanned text.
const TENANTS: &str = r#"
[[rule]]
id = "tenant-token"
provider = "tenants"
description = "Tenant token"
severity = "high"
pattern = '''(?<secret>tnt://[0-9A-Za-z]{32}@[^\s/]+)'''

[[rule.verify]]
docs = "https://acme.example/docs"
url = "https://{{tenant}}/user"
host = '''[a-z0-9-]{1,63}\.acme\.example'''
split = '''^tnt://(?<token>[0-9A-Za-z]{32})@(?<tenant>.+)$'''
headers = { Authorization = "Bearer {{token}}" }
active = { status = 200, json = { login = "*" } }
inactive = { status = 401 }
answers = [
    { is = "active", status = 200, body = '{"login":"octocat"}' },
    { is = "inactive", status = 401 },
]
"#;

#[test]
fn a_host_out_of_the_text_must_be_one_of_the_provider() {
    let stage = Stage::new();
    stage.rules(TENANTS);
    let identity = stage.authority.identity(&["one.acme.example", "evil.example", "localhost", "127.0.0.1"]);
    let server = Server::with(Manner::Tls(identity), |_: &Request| play::active());
    let proxy = Proxy::with(None, &[("one.acme.example:443", server.address())]);
    let scan = |host: &str| {
        let secret = numbered(0, "{{base62:32}}");
        stage.write("a.env", &format!("URL=tnt://{secret}@{host}\n"));
        Run::of(stage.command("dir").args(["--min-confidence", "0"]).env("HTTPS_PROXY", proxy.url()))
    };
    for host in ["one.acme.example", "ONE.acme.example"] {
        let run = scan(host);
        assert_eq!(run.said().status, "active", "{host}: {run:#?}");
    }
    let reached = (proxy.connections(), server.connections());
    for host in [
        "evil.example",
        "acme.example",
        "one.acme.example.evil.example",
        "oneacme.example",
        "two.one.acme.example",
        "one.acme.example:8443",
        "one.acme.example@evil.example",
        "evil.example#.acme.example",
        "evil.example?.acme.example",
        "evil.example\\.acme.example",
        "evil.example%2f.acme.example",
        "one.acme.example.",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "..acme.example",
        "one.acme.exam\u{ff50}le",
        "{{secret}}.acme.example",
    ] {
        let run = scan(host);
        let statuses = run.statuses();
        assert!(statuses.iter().all(|status| status == "unknown"), "{host}: {run:#?}");
        assert!(run.findings().iter().all(|finding| finding["verdict"]["cause"] != "connect"), "{host}: {run:#?}");
    }
    assert_eq!((proxy.connections(), server.connections()), reached);
    assert_eq!(proxy.targets(), ["one.acme.example:443"]);
}

#[test]
fn a_scanned_folder_cannot_name_servers_of_its_own() {
    let stage = Stage::with(&token(0));
    let server = Server::start(&stage.authority, |_: &Request| play::active());
    // What `--config` names is the user's; what lies in a repository may be anybody's.
    let rules = fs::read_to_string(stage.beside("rules.toml")).expect("the rules");
    let aimed = rules.replace("https://api.acme.example", &server.url());
    for name in ["unspill.toml", ".unspill.toml"] {
        stage.write(name, &aimed);
        let mut command = stage.bare();
        command.args(["dir", "--format", "jsonl", "--verify", "--verify-allow-private", "--verify-ca"]);
        let run = Run::of(command.arg(stage.authority.file()));
        assert_eq!(server.connections(), 0, "{name}: {run:#?}");
        assert!(run.code == 2 || run.said().status != "active", "{name}: {run:#?}");
        fs::remove_file(stage.work().join(name)).expect("the file");
    }
    // The same rules are heeded where the user names them.
    fs::write(stage.beside("aimed.toml"), &aimed).expect("a file");
    let mut command = stage.bare();
    command.args(["dir", "--format", "jsonl", "--verify", "--verify-allow-private", "--verify-ca"]);
    let run = Run::of(command.arg(stage.authority.file()).arg("--config").arg(stage.beside("aimed.toml")));
    assert_eq!((run.said().status.as_str(), server.count()), ("active", 1), "{run:#?}");
}

#[test]
fn the_names_of_a_certificate_are_those_of_the_url_and_nothing_else() {
    let stage = Stage::with(&token(0));
    let server = Server::with(Manner::Tls(stage.authority.identity(LOOPBACK)), |_: &Request| play::active());
    for host in ["localhost", "127.0.0.1"] {
        assert_eq!(stage.dir(&format!("https://{host}:{}", server.port())).said().status, "active", "{host}");
    }
    assert_eq!(server.requests()[0].server_name.as_deref(), Some("localhost"));
    assert_eq!(server.requests()[1].server_name, None);
}

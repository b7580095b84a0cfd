//! The servers of the tests, tried by themselves: what they are leant on for is what they do.

#[path = "support/https/mod.rs"]
mod https;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, UNIX_EPOCH};

use https::authority::LOOPBACK;
use https::client::Client;
use https::play::Part;
use https::{Authority, Identity, Manner, Proxy, Reply, Request, Server, play};

const GET: &str = "GET /user?a=%20b HTTP/1.1\r\nHost: localhost\r\nX-b: 2 \r\nx-A: 1\r\n\r\n";
const LAST: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// All that a server answers to one request.
fn ask(authority: &Authority, server: &Server) -> String {
    let mut client = Client::connect(authority, "localhost", server.address()).expect("a connection");
    client.send(LAST).expect("a request");
    String::from_utf8_lossy(&client.rest(1 << 30).expect("an answer")).into_owned()
}

/// What a server answers before it breaks off, of at most so many bytes.
fn take(authority: &Authority, server: &Server, most: u64) -> Vec<u8> {
    let mut client = Client::connect(authority, "localhost", server.address()).expect("a connection");
    client.send(LAST).expect("a request");
    client.some(most)
}

/// Why TLS does not come about.
fn refusal(authority: &Authority, name: &str, server: &Server) -> String {
    match Client::connect(authority, name, server.address()) {
        Ok(_) => panic!("a connection that should not be"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn requests_are_answered_and_remembered_as_they_came() {
    let authority = Authority::new();
    let server = Server::start(&authority, |request: &Request| Reply::new(200).body(&request.body));
    let mut client = Client::connect(&authority, "localhost", server.address()).unwrap();
    client.send(GET).unwrap();
    assert_eq!(client.until("\r\n\r\n").unwrap(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    client.send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").unwrap();
    assert!(client.until("hello").unwrap().ends_with("Content-Length: 5\r\n\r\nhello"));
    client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").unwrap();
    client.until("abcde").unwrap();
    let mut other = Client::connect(&authority, "127.0.0.1", server.address()).unwrap();
    other.send(LAST).unwrap();
    assert!(String::from_utf8(other.rest(1000).unwrap()).unwrap().starts_with("HTTP/1.1 200 OK"));

    let requests = server.requests();
    let [first, posted, chunked, last] = &requests[..] else { panic!("{requests:#?}") };
    assert_eq!((first.method.as_str(), first.target.as_str()), ("GET", "/user?a=%20b"));
    let headers: Vec<(&str, &str)> = first.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(headers, [("Host", "localhost"), ("X-b", "2"), ("x-A", "1")]);
    assert_eq!((first.header("X-a"), first.header("X-c")), (Some("1"), None));
    assert_eq!((posted.text(), chunked.text()), ("hello".to_owned(), "abcde".to_owned()));
    assert_eq!([first, posted, chunked, last].map(|request| request.connection), [0, 0, 0, 1]);
    assert_eq!([first, last].map(|request| request.server_name.as_deref()), [Some("localhost"), None]);
    assert_eq!((server.connections(), server.count()), (2, 4));
}

#[test]
fn ten_thousand_requests_over_a_few_connections_at_a_time() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_: &Request| play::active());
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let mut client = Client::connect(&authority, "localhost", server.address()).unwrap();
                for _ in 0..1000 {
                    client.send(GET).unwrap();
                    client.until("\"id\":1}").unwrap();
                }
            });
        }
    });
    assert_eq!((server.count(), server.connections()), (10_000, 10));
    assert!((1..=10).contains(&server.most_at_once()));
    assert!(server.wait_idle());
}

#[test]
fn hundreds_of_connections_at_a_time() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_: &Request| play::active());
    let clients: Vec<Client> =
        (0..300).map(|_| Client::connect(&authority, "localhost", server.address()).unwrap()).collect();
    for mut client in clients {
        client.send(GET).unwrap();
        client.until("\"id\":1}").unwrap();
    }
    assert_eq!((server.count(), server.connections(), server.most_at_once()), (300, 300, 1));
}

#[test]
fn the_greatest_number_at_a_time_is_counted() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_: &Request| play::silence());
    let mut clients = Vec::new();
    for number in 1..=7 {
        let mut client = Client::connect(&authority, "localhost", server.address()).unwrap();
        client.send(GET).unwrap();
        assert!(server.wait_for(number));
        clients.push(client);
    }
    assert_eq!(server.most_at_once(), 7);
    // Dropped while all of them wait.
}

#[test]
fn certificates_are_right_or_wrong_as_they_are_made() {
    let authority = Authority::new();
    let with = |identity| Server::broken(Manner::Tls(identity));
    for name in LOOPBACK {
        assert!(Client::connect(&authority, name, with(authority.identity(LOOPBACK)).address()).is_ok(), "{name}");
    }
    for (identity, words) in [
        (authority.expired(LOOPBACK), "expired"),
        (authority.early(LOOPBACK), "not valid yet"),
        (authority.identity(&["example.com", "::1"]), "not valid for name"),
        (authority.for_clients(LOOPBACK), "allow extended key usage"),
        (Identity::self_signed(LOOPBACK), "UnknownIssuer"),
        (Authority::new().identity(LOOPBACK), "UnknownIssuer"),
    ] {
        let server = with(identity);
        let error = refusal(&authority, "localhost", &server);
        assert!(error.contains(words), "{error}");
        assert!(server.wait_for(0) && server.count() == 0);
    }
    assert!(std::fs::read_to_string(authority.file()).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn a_connection_that_is_no_tls_fails_in_its_own_way() {
    let authority = Authority::new();
    for (manner, words) in [
        (Manner::Plain, "corrupt message"),
        (Manner::Garbage, "corrupt message"),
        (Manner::Alert, "HandshakeFailure"),
        (Manner::HalfHandshake, "end of file"),
        (Manner::HangUp, "end of file"),
    ] {
        let server = Server::broken(manner);
        let error = refusal(&authority, "localhost", &server);
        let cut = error.contains("reset") || error.contains("Broken pipe");
        assert!(error.contains(words) || (words == "end of file" && cut), "{words}: {error}");
        assert_eq!((server.connections(), server.count()), (1, 0));
    }
}

#[test]
fn a_server_without_tls_answers_in_clear() {
    let server = Server::plain(|_: &Request| Reply::new(204));
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.write_all(LAST.as_bytes()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(server.url(), format!("http://localhost:{}", server.port()));
}

#[test]
fn answers_come_in_turn_and_the_last_one_stays() {
    let authority = Authority::new();
    let server = Server::start(&authority, play::in_turn(vec![play::rate_limited("1"), play::active()]));
    assert!(ask(&authority, &server).starts_with("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n"));
    for _ in 0..2 {
        assert!(ask(&authority, &server).starts_with("HTTP/1.1 200 OK\r\n"));
    }
}

#[test]
fn bodies_go_out_in_chunks_or_drips_or_late() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_: &Request| Reply::new(200).body("hello").chunked(2));
    let expected = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\n\r\n";
    assert_eq!(ask(&authority, &server), expected);
    let whole = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    let plays: [Part; 2] = [
        || play::drip(Duration::from_millis(1), Reply::new(200).body("ok")),
        || Reply::new(200).header("Connection", "close").body("ok").after(Duration::from_millis(1)).into(),
    ];
    for part in plays {
        assert_eq!(ask(&authority, &Server::start(&authority, move |_: &Request| part())), whole);
    }
}

#[test]
fn broken_answers_are_broken_where_they_should_be() {
    let authority = Authority::new();
    let plays: [(Part, &str); 5] = [
        (play::cut_in_head, "applic"),
        (play::cut_in_body, "\"id\":1}"),
        (play::cut_in_chunk, "\"id\":1}"),
        (play::hang_up, ""),
        (play::garbage, "\r\n\r\n"),
    ];
    for (part, end) in plays {
        let server = Server::start(&authority, move |_: &Request| part());
        let got = take(&authority, &server, 1 << 20);
        assert!(got.ends_with(end.as_bytes()) && got.len() < 1000, "{end}: {}", String::from_utf8_lossy(&got));
    }
    // What was cut says so: there is no goodbye.
    let server = Server::start(&authority, |_: &Request| play::cut_in_body());
    let mut client = Client::connect(&authority, "localhost", server.address()).unwrap();
    client.send(LAST).unwrap();
    let error = client.rest(1 << 20).unwrap_err().kind();
    assert!(matches!(error, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset), "{error}");
}

#[test]
fn endless_answers_go_on_for_as_long_as_they_are_read() {
    let authority = Authority::new();
    let plays: [Part; 6] = [
        play::endless_body,
        play::endless_chunks,
        play::endless_head,
        play::endless_header,
        play::endless_continue,
        play::large_body,
    ];
    for part in plays {
        let server = Server::start(&authority, move |_: &Request| part());
        assert_eq!(take(&authority, &server, 3 << 20).len(), 3 << 20);
        assert!(server.wait_idle() && server.sent() >= 3 << 20);
        assert!(server.sent() < 64 << 20, "what nobody reads is not sent");
    }
}

#[test]
fn a_bomb_is_small_and_unpacks_to_what_is_large() {
    let bomb = play::gzip_bomb().body;
    assert!(bomb.len() < 2 << 20);
    let unpacked = std::io::copy(&mut flate2::read::GzDecoder::new(&bomb[..]), &mut std::io::sink()).unwrap();
    assert!(unpacked > 256 << 20);
}

#[test]
fn an_echo_holds_what_was_sent_in_header_and_body() {
    let authority = Authority::new();
    let server = Server::start(&authority, play::echo);
    let mut client = Client::connect(&authority, "localhost", server.address()).unwrap();
    client.send("GET /?q=1 HTTP/1.1\r\nAuthorization: Bearer \"x\\\r\nConnection: close\r\n\r\n").unwrap();
    let answer = String::from_utf8(client.rest(10_000).unwrap()).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("X-OAuth-Scopes: /?q=1 Authorization=Bearer \"x\\;"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert!(body["login"].as_str().unwrap().contains("Authorization=Bearer \"x\\;"), "{body}");
}

#[test]
fn hostile_bodies_are_what_they_are_meant_to_be() {
    let json = |reply: Reply| serde_json::from_slice::<serde_json::Value>(&reply.body);
    assert!(json(play::escapes(200)).unwrap()["login"].as_str().unwrap().ends_with(play::ESCAPES));
    for broken in [play::raw_escapes(200), play::deep_json(), play::no_text()] {
        assert!(json(broken).is_err());
    }
}

#[test]
fn dates_are_written_as_http_wants_them() {
    let date = |seconds| play::http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(date(1_709_164_800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

#[test]
fn a_proxy_leads_where_it_was_told_and_remembers() {
    let authority = Authority::new();
    let server = Server::with(Manner::Tls(authority.identity(&["api.example.com"])), |_: &Request| play::active());
    let proxy = Proxy::with(Some("ada:p w"), &[("api.example.com:443", server.address())]);
    let through = |target: &str, credentials: &str| {
        let mut socket = TcpStream::connect(proxy.url().strip_prefix("http://").unwrap()).unwrap();
        write!(socket, "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{credentials}\r\n").unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        (String::from_utf8(head).unwrap().lines().next().unwrap().to_owned(), socket)
    };
    let known = "Proxy-Authorization: Basic YWRhOnAgdw==\r\n"; // unspill:allow made up
    assert_eq!(through("api.example.com:443", "").0, "HTTP/1.1 407 Proxy Authentication Required");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    assert_eq!(through(&closed, known).0, "HTTP/1.1 502 Bad Gateway");
    assert_eq!(server.connections(), 0);
    let (line, socket) = through("api.example.com:443", known);
    assert_eq!(line, "HTTP/1.1 200 Connection established");
    let mut client = Client::over(&authority, "api.example.com", socket).unwrap();
    client.send(LAST).unwrap();
    assert!(client.rest(1000).unwrap().ends_with(b"\"id\":1}"));
    assert_eq!(server.requests()[0].server_name.as_deref(), Some("api.example.com"));
    assert_eq!(proxy.targets(), [closed.as_str(), "api.example.com:443"]);
    assert_eq!(proxy.requests().len(), 3);
}

#[test]
fn a_silent_server_accepts_and_says_nothing() {
    let server = Server::broken(Manner::Silent);
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.write_all(LAST.as_bytes()).unwrap();
    client.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let error = client.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(error, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
    drop(server);
    assert!(matches!(client.read(&mut [0]), Ok(0) | Err(_)));
}

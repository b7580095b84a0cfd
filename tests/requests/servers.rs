//! Where secrets go, and where not: whatever the scanned text has in it, a request goes to a server of the provider, and
//! is the request that the rule declares.

use regex_automata::meta::Regex;
use unspill::model::request::{Http, Request as Asked};
use unspill::model::{Cause, Progress, Secret, Verdict};
use unspill::rules::request::split_url;
use unspill::rules::template::Template;
use unspill::verify::live::endpoints::{Endpoint, endpoints};
use unspill::verify::live::question::steps;
use unspill::verify::live::render::{self, Endpoints};
use unspill::verify::live::variables::{Text, Variables};
use unspill::verify::live::{Moment, Options, Stop, Verifier};

use super::credentials::{Sample, rules, samples};
use super::https::{Reply, Request};
use super::provider::Provider;

/// Parts of secrets that stand in the names of servers, by rule: a region, a tenant, never what is secret of it.
const PARTS: [(&str, &str); 5] = [
    ("mailchimp-api-key", "dc"),
    ("microsoft-teams-webhook", "tenant"),
    ("onfido-live-api-token", "region"),
    ("plaid-access-token", "env"),
    ("slack-webhook", "domain"),
];

/// A step of a sample, and what it is filled in with.
struct Case {
    sample: &'static Sample,
    http: &'static Http,
    variables: Variables,
    /// The variables in the name of its server.
    names: Vec<String>,
}

impl Case {
    fn server(&self, variables: &Variables) -> Result<render::Server, String> {
        let provider = &self.sample.rule.provider;
        let server = render::server(self.http, provider, variables, &Endpoints::new(), &Moment::now());
        server.map_err(|doubt| doubt.text)
    }
}

/// All steps that go to a server which the rule knows.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for sample in samples() {
        for step in steps(&sample.rule) {
            let Asked::Http(http) = &step.request else { continue };
            let Some(host) = split_url(&http.url).0 else { continue };
            let template = Template::parse(host).expect("a template");
            let names = template.variables().map(|variable| variable.name.clone()).collect();
            let variables = sample.credential().question(rules()).expect("a question").variables;
            cases.push(Case { sample, http, variables, names });
        }
    }
    cases
}

#[test]
fn servers_are_those_that_are_listed_and_hold_no_secret() {
    let listed = endpoints(rules(), &Endpoints::new());
    let mut faults = String::new();
    for case in cases() {
        let id = &case.sample.rule.id;
        let server = case.server(&case.variables).unwrap_or_else(|what| panic!("{id}: {what}"));
        let endpoint = match &case.http.host {
            None => Endpoint::Host(server.host.clone(), server.port),
            Some(pattern) => {
                let regex = Regex::new(&format!(r"\A(?:{pattern})\z")).expect("a regex");
                assert!(regex.is_match(&server.host), "{id}: {} does not match {pattern}", server.host);
                Endpoint::Pattern(pattern.to_string())
            }
        };
        if !listed.get(&endpoint).is_some_and(|rules| rules.contains(&**id)) {
            faults.push_str(&format!("{id}: {endpoint:?} is not listed\n"));
        }
        let secret = String::from_utf8_lossy(case.sample.secret.expose()).to_ascii_lowercase();
        if server.port != 443 || server.base() != format!("https://{}", server.host) || server.host.contains(&secret) {
            faults.push_str(&format!("{id}: goes to {server:?}\n"));
        }
        for name in &case.names {
            let harmless = match rules().find(name) {
                Some((_, other)) => other.identifier || other.is_called("identifier"),
                None => PARTS.contains(&(&**id, name)),
            };
            if !harmless {
                faults.push_str(&format!("{id}: {{{{{name}}}}} stands in the name of its server\n"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Values that would lead a request elsewhere if they were taken as they are; `good` is a server's right name.
fn lures(good: &str) -> Vec<String> {
    let mut lures: Vec<String> = [
        "",
        ".",
        "..",
        "/",
        "evil.com/",
        "evil.com?",
        "evil.com#",
        "evil.com\\",
        "evil.com:443/",
        "evil.com%2f",
        "evil.com%00",
        "evil.com\0",
        "127.0.0.1",
        "127.0.0.1/",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:169.254.169.254]",
        "169.254.169.254",
        "metadata.google.internal",
        "localhost",
        "user:password@",
        "evil.com/?",
        "https://evil.com/",
        "//evil.com/",
        "evil.com\r\nHost: evil.com\r\n\r\n",
        "evil.com\u{3002}",
        "\u{ff0f}",
        "evil.com\u{2024}",
        "évil.com",
    ]
    .map(str::to_owned)
    .into();
    for pattern in [
        "evil.com/*",
        "evil.com#.*",
        "evil.com?.*",
        "evil.com\\@*",
        "evil.com\\.*",
        "*.evil.com",
        "*@evil.com",
        "user@*",
        "user:password@*",
        "*:8443",
        "*:443",
        "*/",
        "*/path",
        "*?x",
        "*#x",
        "*.",
        "*..",
        ".*",
        "-.*",
        " *",
        "* ",
        "\t*",
        "*\r\n",
        "*\n",
        "\n*",
        "*\r\nHost: evil.com",
        "evil.com\n*",
        "*\0",
        "*\0.evil.com",
        "evil.com%2f.*",
        "evil.com%23.*",
        "*\u{3002}evil.com",
        "*\u{ff0e}evil.com",
        "evil.com\u{ff0f}.*",
        "evil.com\u{ff03}.*",
        "*\u{200b}",
        "*\u{ad}",
        "https://*",
        "[*]",
        "*,evil.com",
        "evil.com,*",
        "evil.com;*",
        "evil.com|*",
        "evil.com&.*",
        "evil.com_*\u{130}",
    ] {
        lures.push(pattern.replace('*', good));
    }
    lures
}

#[test]
fn no_value_leads_a_request_elsewhere() {
    let verifier = Verifier::new(Options::default(), Stop::default()).expect("a verifier");
    let mut tried = 0;
    for case in cases() {
        let id = &case.sample.rule.id;
        let right = case.server(&case.variables).expect("a server");
        for name in &case.names {
            let good = case.variables.get(name).map(|text| text.to_string()).unwrap_or_default();
            for lure in lures(&good).into_iter().chain(lures(&right.host)) {
                let mut variables = case.variables.clone();
                variables.set(name.clone(), Text::new(lure.clone()));
                let went = case.server(&variables);
                tried += 1;
                if let Ok(server) = went {
                    // What is left of it is the name of a server of the provider.
                    let regex = Regex::new(case.http.host.as_deref().expect("a pattern")).expect("a regex");
                    assert!(regex.is_match(&server.host), "{id}: {lure:?} leads to {server:?}");
                    assert_eq!(domain(&server.host), domain(&right.host), "{id}: {lure:?}");
                    assert_eq!(server.base(), format!("https://{}", server.host), "{id}: {lure:?}");
                    continue;
                }
                // From outside: what stands beside the secret is what leads astray.
                let secret = Secret::new(lure.as_bytes());
                let parts = &case.sample.parts;
                let led = parts.iter().map(|(rule, part)| if rule == name { &secret } else { part });
                let credential = case.sample.with(&case.sample.secret, led);
                if parts.iter().any(|(rule, _)| rule == name) {
                    let answers = verifier.verify(&[credential], rules(), &Progress::default()).expect("answers");
                    assert!(
                        matches!(answers.verdicts[..], [Verdict::Unknown(_)]),
                        "{id}: {lure:?}: {:?}",
                        answers.verdicts
                    );
                    assert_eq!(answers.requests, 0, "{id}: {lure:?}");
                }
            }
        }
    }
    assert!(tried > 1000, "{tried} lures were tried");
}

/// The last two labels of a name.
fn domain(host: &str) -> String {
    let mut labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".")
}

/// Ends of lines, what has a meaning in a URL, a form or JSON, and what is not ASCII.
const BREAKING: [&str; 5] = [
    "\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
    "\nX-Evil: 1",
    "\rX-Evil: 1",
    "/../?evil=1&evil=2#evil%0d%0a\",\"evil\":\"\\",
    "\u{e9}\u{2028}\u{10ffff}\u{1}",
];
/// Rules whose secret is sent as it is, with its slashes or its colon, and how the path begins.
const PATHS: [(&str, &str); 3] = [
    ("configcat-sdk-key-extended", "/configuration-files/"),
    ("microsoft-teams-webhook", "/webhook"),
    ("telegram-bot-token", "/bot"),
];

#[test]
fn no_value_breaks_out_of_its_place() {
    let provider = Provider::start();
    let mut sent = 0;
    for sample in samples() {
        let id = &sample.rule.id;
        let (_, requests) = provider.ask(sample.credential(), [Reply::new(500)]);
        let [right] = &requests[..] else { panic!("{id}: {} requests", requests.len()) };
        for breaking in BREAKING {
            for broken in 0..=sample.parts.len() {
                let mut values: Vec<Secret> = sample.parts.iter().map(|(_, part)| part.clone()).collect();
                values.insert(0, sample.secret.clone());
                values[broken] = Secret::new(&[values[broken].expose(), breaking.as_bytes()].concat());
                let credential = sample.with(&values[0], &values[1..]);
                let (verdict, requests) = provider.ask(credential, [Reply::new(500)]);
                let cause = if requests.is_empty() { Cause::Incomplete } else { Cause::ServerError };
                assert!(matches!(&verdict, Verdict::Unknown(doubt) if doubt.cause == cause), "{id}: {verdict:?}");
                assert!(requests.len() <= 1, "{id}: {} requests", requests.len());
                for request in &requests {
                    sent += 1;
                    if let Some((_, path)) = PATHS.iter().find(|(rule, _)| rule == id) {
                        assert!(request.target.starts_with(path), "{id}: {request:?}");
                    } else {
                        assert_eq!(shape(request), shape(right), "{id}: {}\n{}", right.all(), request.all());
                    }
                }
            }
        }
    }
    assert!(sent > 500, "{sent} requests were sent");
}

/// What does not depend on the values in a request: its method, the parts of its URL, its headers, and how its body is
/// put together.
fn shape(request: &Request) -> (String, String, Vec<String>, String) {
    let marks = |text: &str| text.chars().filter(|c| "/?&=#".contains(*c)).collect::<String>();
    let names = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let body = request.text();
    let body = match request.header("content-type") {
        Some("application/json") => match serde_json::from_str(&body) {
            Ok(json) => keys(&json),
            Err(error) => format!("no JSON: {error}"),
        },
        Some("application/x-www-form-urlencoded") => marks(&body),
        _ => String::new(),
    };
    (request.method.clone(), marks(&request.target), names, body)
}

/// The names in a JSON value.
fn keys(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::Object(table) => {
            table.iter().map(|(key, value)| format!("{key}:{{{}}},", keys(value))).collect()
        }
        serde_json::Value::Array(list) => list.iter().map(keys).collect(),
        _ => String::new(),
    }
}

//! A declared request with its variables filled in: what goes over the wire, and to which server.
//!
//! The server is decided before anything secret is filled in elsewhere: it is the rule's own, or the one that the user
//! named for the provider, or, where the rule has a variable in the host, what matches the rule's pattern for hosts.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use regex_automata::meta::Regex;

use super::moment::Moment;
use super::sign::sigv4::{Signed, Signer};
use super::variables::{Text, Variables, json, missing, percent, plain};
use crate::model::request::{Body, Http};
use crate::model::rule::Str;
use crate::model::{Cause, Doubt};
use crate::rules::request::split_url;

/// Servers that the user named, by provider: `https://host:port/prefix`, without a slash at the end.
pub type Endpoints = BTreeMap<String, String>;

/// A request as it is sent.
pub struct Message {
    /// `GET`, `POST` …
    pub method: String,
    /// Host and port, without any credential.
    pub server: Server,
    /// All of the URL.
    pub url: Text,
    /// Header fields.
    pub headers: Vec<(String, Text)>,
    /// The body; empty for none.
    pub body: Text,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server {
    /// Name or address, in lower case; IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What its URLs begin with: scheme, host, port and, where the user gave one, a path.
    base: String,
}

impl Server {
    /// Reads `https://host[:port][/prefix]`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(url: &str) -> Result<Server, String> {
        let (Some(server), path) = split_url(url) else { return Err("a server's URL begins with https://".to_owned()) };
        let wrong = |what: &str| Err(format!("`{server}` {what}"));
        if server.contains('@') {
            return wrong("must hold no user name");
        }
        if path.contains(['?', '#']) || path.bytes().any(|b| b.is_ascii_control() || b == b' ' || b == b'\\') {
            return wrong("may be followed by a path, and nothing else");
        }
        let (host, port) = match server.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port),
            None => server.split_at(server.find(':').unwrap_or(server.len())),
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => 443,
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
                Ok(port) if port != 0 => port,
                _ => return wrong("has a port that is none"),
            },
            _ => return wrong("has a port that is none"),
        };
        let in_brackets = server.starts_with('[');
        let is_address = in_brackets && host.parse::<std::net::Ipv6Addr>().is_ok();
        let is_name = !in_brackets
            && !host.is_empty()
            && host.len() <= 253
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_')
            && !host.starts_with(['-', '.'])
            && !host.contains("..");
        if !is_address && !is_name {
            return wrong("is no name of a server");
        }
        let base = format!("https://{}{}", server.to_ascii_lowercase(), path.trim_end_matches('/'));
        Ok(Server { host: host.to_ascii_lowercase(), port, base })
    }

    /// What its URLs begin with.
    pub fn base(&self) -> &str {
        &self.base
    }
}

/// The server that a request goes to.
///
/// # Errors
/// If nobody knows it, a part of its name is missing, or it is not one that the rule may send secrets to.
pub fn server(
    http: &Http,
    provider: &str,
    variables: &Variables,
    endpoints: &Endpoints,
    moment: &Moment,
) -> Result<Server, Doubt> {
    if let Some(own) = endpoints.get(provider) {
        return Server::parse(own).map_err(|what| Doubt::new(Cause::Blocked, what));
    }
    let Some(template) = split_url(&http.url).0 else {
        let hint = format!("its server is not known: name it with --verify-endpoint {provider}=https://HOST");
        return Err(Doubt::new(Cause::Incomplete, hint));
    };
    let name = variables.fill(template, moment, plain)?.to_ascii_lowercase();
    let server = Server::parse(&format!("https://{name}"));
    let server = server.map_err(|_| Doubt::new(Cause::Blocked, "the name of its server is none"))?;
    // A name out of scanned text brings along neither a port nor a path.
    if let Some(pattern) = &http.host
        && !(*name == server.host && matches(pattern, &server.host))
    {
        return Err(Doubt::new(Cause::Blocked, format!("{name} is no server of {provider}")));
    }
    Ok(server)
}

/// Whether a host matches a rule's pattern as a whole.
fn matches(pattern: &str, host: &str) -> bool {
    Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|regex| regex.is_match(host))
}

/// Fills in all of a request to `server`.
///
/// # Errors
/// If a part of it is missing.
pub fn message(http: &Http, server: Server, variables: &Variables, moment: &Moment) -> Result<Message, Doubt> {
    let target = variables.fill(split_url(&http.url).1, moment, percent)?;
    let slash = if target.starts_with('/') { "" } else { "/" };
    let url = Text::new(format!("{}{slash}{}", server.base(), *target));
    let mut headers = Vec::new();
    for (name, value) in http.headers.iter() {
        headers.push((name.to_string(), variables.fill(value, moment, plain)?));
    }
    if let Some(basic) = &http.basic {
        let pair = variables.fill(basic, moment, plain)?;
        headers.push(("Authorization".to_owned(), Text::new(format!("Basic {}", BASE64.encode(pair.as_bytes())))));
    }
    let (kind, body) = match &http.body {
        Body::None => (None, Text::default()),
        Body::Text(text) => (None, variables.fill(text, moment, plain)?),
        Body::Json(text) => (Some("application/json"), variables.fill(text, moment, json)?),
        Body::Form(fields) => (Some("application/x-www-form-urlencoded"), form(fields, variables, moment)?),
    };
    let has = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let kind = kind.filter(|_| !has("content-type"));
    let accept = (!has("accept")).then_some("application/json, */*;q=0.5");
    let further = [("Content-Type", kind), ("Accept", accept)];
    let further = further.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Text::new(value?.to_owned()))));
    headers.extend(further);
    let mut message = Message { method: http.method.to_string(), server, url, headers, body };
    sign(http, &mut message, variables, moment)?;
    Ok(message)
}

fn form(fields: &[(Str, Str)], variables: &Variables, moment: &Moment) -> Result<Text, Doubt> {
    let mut body = Text::default();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        body.push_str(&percent(name));
        body.push('=');
        body.push_str(&percent(&variables.fill(value, moment, plain)?));
    }
    Ok(body)
}

fn sign(http: &Http, message: &mut Message, variables: &Variables, moment: &Moment) -> Result<(), Doubt> {
    let Some(sign) = &http.sigv4 else { return Ok(()) };
    let fill = |template: &str| variables.fill(template, moment, plain);
    let (service, region, id) = (fill(&sign.service)?, fill(&sign.region)?, fill(&sign.id)?);
    let (secret, token) = (fill(&sign.secret)?, fill(&sign.token)?);
    // Where one of several parts will do, each may be missing by itself.
    if id.is_empty() || secret.is_empty() {
        return Err(missing(if id.is_empty() { "the key's id" } else { "the secret key" }));
    }
    let Server { host, port, .. } = &message.server;
    let host = if *port == 443 { host.clone() } else { format!("{host}:{port}") };
    let time = moment.basic();
    let mut signed = vec![("host".to_owned(), Text::new(host)), ("x-amz-date".to_owned(), Text::new(time.clone()))];
    if !token.is_empty() {
        signed.push(("x-amz-security-token".to_owned(), token));
    }
    let rest = split_url(&message.url).1;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let request = Signed { method: &message.method, path, query, headers: &signed, body: message.body.as_bytes() };
    let signer = Signer { service: &service, region: &region, id: &id, secret: &secret };
    let authorization = signer.authorization(&request, &time);
    // The host goes with the URL.
    message.headers.extend(signed.into_iter().skip(1));
    message.headers.push(("Authorization".to_owned(), authorization));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_hosts_with_a_port_and_perhaps_a_path() {
        let read = |url: &str| Server::parse(url).map(|server| (server.host, server.port, server.base));
        let server = |host: &str, port, base: &str| Ok((host.to_owned(), port, base.to_owned()));
        assert_eq!(read("https://Git.example.org"), server("git.example.org", 443, "https://git.example.org"));
        let with_path = read("https://ghe.example:8443/api/v3/");
        assert_eq!(with_path, server("ghe.example", 8443, "https://ghe.example:8443/api/v3"));
        assert_eq!(read("https://[2001:db8::1]:8443"), server("2001:db8::1", 8443, "https://[2001:db8::1]:8443"));
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for url in [
            "http://git.example.org",
            "git.example.org",
            "https://",
            "https://:443",
            "https://user@git.example.org",
            "https://api.github.com@127.0.0.1/",
            "https://git.example.org?x",
            "https://git.example.org#x",
            "https://git.example.org:0",
            "https://git.example.org:99999",
            "https://git.example.org:44x",
            "https://git..example.org",
            "https://git.example.org\\@evil.example",
            "https://git.example.org/a b",
            "https://gïthub.com",
            "https://2001:db8::1",
            "https://[not-an-address]",
        ] {
            assert!(Server::parse(url).is_err(), "{url}");
        }
    }
}

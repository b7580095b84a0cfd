//! Every server that verification may contact: for firewalls, and for whoever wants to know beforehand.

use std::collections::{BTreeMap, BTreeSet};

use super::question::steps;
use super::render::{Endpoints, Server};
use crate::model::request::Request;
use crate::rules::RuleSet;
use crate::rules::request::split_url;

/// A server, or a pattern of servers, that may be contacted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// This host, at this port.
    Host(String, u16),
    /// A host that matches this regex, at port 443; its name comes from the scanned text.
    Pattern(String),
    /// A server that the user must name: nothing is sent to anyone without `--verify-endpoint` for this provider.
    Named(String),
    /// Any host that a connection string names; only with `--verify=deep`.
    Login,
}

/// Who is contacted for what: the rules by endpoint.
pub fn endpoints(rules: &RuleSet, own: &Endpoints) -> BTreeMap<Endpoint, BTreeSet<String>> {
    let mut all: BTreeMap<Endpoint, BTreeSet<String>> = BTreeMap::new();
    for rule in rules.rules() {
        for step in steps(rule) {
            let endpoint = match &step.request {
                Request::Login(_) => Endpoint::Login,
                Request::Http(http) => of(&http.url, http.host.as_deref(), &rule.provider, own),
            };
            all.entry(endpoint).or_default().insert(rule.id.to_string());
        }
    }
    all
}

fn of(url: &str, pattern: Option<&str>, provider: &str, own: &Endpoints) -> Endpoint {
    // No server's name has braces in it, so a host with a variable is none.
    let written = || split_url(url).0.map(|host| format!("https://{host}"));
    let server = own.get(provider).cloned().or_else(written).and_then(|url| Server::parse(&url).ok());
    match (server, pattern) {
        (Some(server), _) => Endpoint::Host(server.host, server.port),
        (None, Some(pattern)) => Endpoint::Pattern(pattern.to_owned()),
        (None, None) => Endpoint::Named(provider.to_owned()),
    }
}

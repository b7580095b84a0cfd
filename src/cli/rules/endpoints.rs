//! `unspill rules endpoints`: every server that verification might contact.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::configured;
use crate::cli::Outcome;
use crate::cli::output::{self, Form};
use crate::cli::select::narrow;
use crate::cli::verification::ServerArgs;
use crate::rules::RuleSet;
use crate::verify::live::endpoints::{Endpoint, endpoints};

/// List every server that `--verify` might contact, and for what
///
/// For firewalls, and for whoever wants to know beforehand. Nothing is contacted by this.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only for these: ids, providers or tags of rules
    #[arg(value_name = "RULE")]
    names: Vec<String>,
    /// Format of the list
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[command(flatten)]
    servers: ServerArgs,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// One server, or kind of servers.
#[derive(Serialize)]
struct Entry {
    /// `host`, `pattern`, `named` or `login`.
    kind: &'static str,
    /// The host, or the regex that it matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    providers: BTreeSet<String>,
    rules: BTreeSet<String>,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut rules = configured(args.config.as_deref())?;
    let own = args.servers.endpoints(&rules)?;
    narrow(&mut rules, &args.names, &[])?;
    let entries: Vec<Entry> = endpoints(&rules, &own).into_iter().map(|(at, ids)| entry(at, ids, &rules)).collect();
    match args.format {
        Form::Json => super::print_json(&entries)?,
        Form::Text => output::print(&text(&entries))?,
    }
    Ok(Outcome::Clean)
}

fn entry(at: Endpoint, ids: BTreeSet<String>, rules: &RuleSet) -> Entry {
    let providers = ids.iter().filter_map(|id| rules.find(id)).map(|(_, rule)| rule.provider.to_string()).collect();
    let (kind, host, port) = match at {
        Endpoint::Host(host, port) => ("host", Some(host), Some(port)),
        Endpoint::Pattern(regex) => ("pattern", Some(regex), Some(443)),
        Endpoint::Named(_) => ("named", None, None),
        Endpoint::Login => ("login", None, None),
    };
    Entry { kind, host, port, providers, rules: ids }
}

fn text(entries: &[Entry]) -> String {
    let of = |kind: &'static str| entries.iter().filter(move |entry| entry.kind == kind);
    let joined = |all: &BTreeSet<String>| all.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let hosts: Vec<(String, String)> = of("host")
        .map(|entry| {
            let host = entry.host.clone().unwrap_or_default();
            let port = entry.port.filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
            (format!("{host}{port}"), joined(&entry.providers))
        })
        .collect();
    let patterns: Vec<(String, String)> =
        of("pattern").map(|entry| (entry.host.clone().unwrap_or_default(), joined(&entry.providers))).collect();
    let mut text = String::new();
    let mut table = |heading: &str, rows: &[(String, String)]| {
        if rows.is_empty() {
            return;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{heading}\n"));
        let width = rows.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0).min(48);
        for (left, right) in rows {
            text.push_str(&format!("  {left:width$}  {right}\n"));
        }
    };
    table("Servers, at port 443 unless another is named:", &hosts);
    table("Servers whose names stand beside the credential, and must match as a whole:", &patterns);
    let named: Vec<(String, String)> =
        of("named").map(|entry| (joined(&entry.providers), joined(&entry.rules))).collect();
    table("Only servers that you name with --verify-endpoint PROVIDER=URL:", &named);
    let login: Vec<(String, String)> =
        of("login").map(|entry| ("any public host".to_owned(), joined(&entry.rules))).collect();
    table("With --verify=deep, servers that connection strings name:", &login);
    if text.is_empty() {
        text.push_str("Nobody can be asked about these.\n");
    }
    text
}

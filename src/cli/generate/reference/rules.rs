//! The reference of the built-in rules: a page for each letter that a provider begins with, every rule under its id, and a
//! table of all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Page;
use super::markdown::{cell, code, codes, link, prose};
use crate::model::Rule;
use crate::model::request::{Request, Step};
use crate::model::rule::{Detect, Verify};
use crate::rules::RuleSet;
use crate::verify::live::endpoints::{Endpoint, endpoints};

/// Where the kinds go that nobody in particular issues.
const GENERIC: &str = "generic";
/// Names that are listed of those that a rule looks for.
const NAMES: usize = 6;

const INTRO: &str = "\
# Rules

What is looked for unless a [configuration](configuration.md) says otherwise. Each rule has a heading of its own on the page of its
provider's first letter: the search of the book finds it by its id, its provider or what it is. `unspill rules show ID` tells the same
with the regex and the examples, `unspill rules list` is this table, and [verification](../verification.md) says how
providers are asked.

What stands there:

- **Takes:** what it is known by, and the confidence (0 to 100) of a match before evidence is weighed.
- **With:** other parts of the same credential, and how near they must stand.
- **Risk, revoke, store:** what an attacker can do with it, how to make it worthless, and where it should live.
- **Checks:** the offline check of its structure, and whom `--verify` asks. Where many have servers of their own, a refusal by the
  provider's server tells nothing.
";

/// The index, and the pages.
pub fn pages() -> Vec<Page> {
    let rules = RuleSet::builtin();
    let book = Book { hosts: hosts(&rules), rules };
    let mut chapters: BTreeMap<String, String> = BTreeMap::new();
    let mut index = INTRO.to_owned();
    let count = book.rules.rules().len();
    let _ = write!(index, "\n## All rules\n\n{count} in all.\n\n| id | severity | what it is |\n| --- | --- | --- |\n");
    for rule in book.rules.rules() {
        let chapter = chapter(rule);
        let id = &rule.id;
        let _ = writeln!(
            index,
            "| [{id}](rules/{chapter}.md#{id}) | {} | {} |",
            rule.severity,
            cell(&prose(&rule.description))
        );
        let page = chapters.entry(chapter).or_insert_with_key(|chapter| format!("# Rules: {}\n", title(chapter)));
        book.entry(rule, page);
    }
    let named = |(chapter, text)| (format!("rules/{chapter}.md"), text);
    [("rules.md".to_owned(), index)].into_iter().chain(chapters.into_iter().map(named)).collect()
}

/// The name of the page that a rule is on.
fn chapter(rule: &Rule) -> String {
    match rule.provider.chars().next() {
        _ if rule.provider == GENERIC => GENERIC.to_owned(),
        Some(first) if first.is_ascii_alphabetic() => first.to_ascii_lowercase().to_string(),
        _ => "0-9".to_owned(),
    }
}

fn title(chapter: &str) -> String {
    if chapter == GENERIC { "of no provider".to_owned() } else { chapter.to_ascii_uppercase() }
}

/// Whom verification asks about each rule.
fn hosts(rules: &RuleSet) -> BTreeMap<String, BTreeSet<Endpoint>> {
    let mut hosts: BTreeMap<String, BTreeSet<Endpoint>> = BTreeMap::new();
    for (endpoint, ids) in endpoints(rules, &BTreeMap::new()) {
        for id in ids {
            hosts.entry(id).or_default().insert(endpoint.clone());
        }
    }
    hosts
}

struct Book {
    rules: RuleSet,
    hosts: BTreeMap<String, BTreeSet<Endpoint>>,
}

impl Book {
    fn entry(&self, rule: &Rule, page: &mut String) {
        let _ = write!(page, "\n## {}\n\n{}: **{}**", rule.id, prose(&rule.description), rule.severity);
        if rule.identifier {
            page.push_str(", only ever the other part of a credential");
        }
        let _ = write!(page, "; provider {}", code(&rule.provider));
        if !rule.tags.is_empty() {
            let _ = write!(page, ", tags {}", codes(rule.tags.iter().map(|tag| &**tag)));
        }
        page.push_str("\n\n");
        let mut line = |label: &str, text: String| {
            if !text.is_empty() {
                let _ = writeln!(page, "- **{label}:** {text}");
            }
        };
        line("Takes", takes(rule));
        line("With", self.companions(rule));
        line("Risk", prose(&rule.risk));
        line("Revoke", prose(&rule.revoke));
        line("Store", prose(&rule.store));
        line("Checks", self.checks(rule));
        line("Docs", if rule.docs.is_empty() { String::new() } else { link(&rule.docs) });
    }

    fn companions(&self, rule: &Rule) -> String {
        let one = |pair: &crate::model::rule::Pair| {
            let needed = if pair.required { ", required" } else { "" };
            format!("{} within {} bytes{needed}", self.reference(&pair.rule), pair.within)
        };
        rule.companions.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// A link to a rule.
    fn reference(&self, id: &str) -> String {
        match self.rules.find(id) {
            Some((_, rule)) => format!("[{id}]({}.md#{id})", chapter(rule)),
            None => code(id),
        }
    }

    fn checks(&self, rule: &Rule) -> String {
        let mut checks = Vec::new();
        checks.extend(rule.checksum.as_deref().map(|name| format!("structure {}", code(name))));
        match &rule.verify {
            Verify::Like(other) => checks.push(format!("asked as {}", self.reference(other))),
            Verify::Steps(steps) => {
                let asked: Vec<String> = self.hosts.get(&*rule.id).into_iter().flatten().map(place).collect();
                if !asked.is_empty() {
                    checks.push(format!("asks {}", asked.join(", ")));
                }
                if steps.iter().any(on_own_servers) {
                    checks.push("many have servers of their own".to_owned());
                }
            }
        }
        checks.join("; ")
    }
}

fn on_own_servers(step: &Step) -> bool {
    matches!(&step.request, Request::Http(http) if http.own_servers)
}

fn place(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Host(host, 443) => code(host),
        Endpoint::Host(host, port) => code(&format!("{host}:{port}")),
        Endpoint::Pattern(regex) => format!("the host beside it, if it matches {}", code(regex)),
        Endpoint::Named(_) => "only a server named with `--verify-endpoint`".to_owned(),
        Endpoint::Login => "the server it names, by a login, with `--verify=deep`".to_owned(),
    }
}

/// What a rule is known by.
fn takes(rule: &Rule) -> String {
    let names: Vec<&str> = rule.literals.iter().map(|literal| &*literal.text).collect();
    let more = if names.len() > NAMES { " …" } else { "" };
    let names = || format!("{}{more}", codes(names.iter().copied().take(NAMES)));
    let mut text = match &rule.detect {
        Detect::Pattern { .. } => "its own form".to_owned(),
        Detect::Near { .. } => format!("a value of its form behind {}", names()),
        Detect::Assigned { value: Some(_) } => format!("a value of its form, assigned to a name with {}", names()),
        Detect::Assigned { value: None } => format!("a value that is assigned to a name with {}", names()),
        Detect::Path => "its path alone".to_owned(),
    };
    if rule.entropy > 0.0 {
        let _ = write!(text, ", {} bits of entropy per byte or more", rule.entropy);
    }
    if let Some(path) = &rule.path {
        let _ = write!(text, ", where the path matches {}", code(path));
    }
    let _ = write!(text, "; confidence {}", rule.confidence);
    text
}

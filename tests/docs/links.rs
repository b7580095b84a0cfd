//! Every link leads somewhere: within the repository to a file and a heading that are there. Links to the outside are
//! not fetched, but have to be well-formed and safe; `--nocapture` lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::anchors::anchors;
use crate::{all, root};

#[test]
fn every_link_leads_somewhere() {
    let pages = all();
    let anchors: BTreeMap<PathBuf, Vec<String>> =
        pages.iter().map(|page| (PathBuf::from(&page.name), anchors(&page.text))).collect();
    let (mut outside, mut wrong) = (BTreeSet::new(), Vec::new());
    for page in &pages {
        for link in links(&page.text) {
            let fault = match link.split_once(':') {
                Some(("mailto", _)) => None,
                Some(_) => {
                    let fault = ill_formed(&link);
                    outside.insert(link.clone());
                    fault
                }
                None => astray(Path::new(&page.name), &link, &anchors),
            };
            wrong.extend(fault.map(|what| format!("{}: {link}: {what}", page.name)));
        }
    }
    for link in &outside {
        println!("{link}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(outside.len() > 100, "only {} links to the outside were found", outside.len());
}

/// Where all links and pictures of a page go.
fn links(text: &str) -> Vec<String> {
    let links = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    links.collect()
}

/// What is wrong with a link to the outside.
fn ill_formed(link: &str) -> Option<String> {
    let Some(rest) = link.strip_prefix("https://") else { return Some("is not https".to_owned()) };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
    let is_plain = link.chars().all(|c| c.is_ascii_graphic() && !"<>\"`{}|\\^".contains(c));
    match (is_host, is_plain) {
        (false, _) => Some(format!("`{host}` is no host")),
        (_, false) => Some("has characters that an address may not have".to_owned()),
        _ => None,
    }
}

/// Why a link within the repository leads nowhere.
fn astray(from: &Path, link: &str, anchors: &BTreeMap<PathBuf, Vec<String>>) -> Option<String> {
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { from.to_owned() } else { resolve(from.parent().unwrap_or(Path::new("")), path)? };
    if !root().join(&target).exists() {
        return Some(format!("there is no {}", target.display()));
    }
    let anchor = anchor?;
    match anchors.get(&target) {
        None => Some(format!("{} is no page with headings", target.display())),
        Some(there) if there.iter().any(|id| id == anchor) => None,
        Some(_) => Some(format!("{} has no heading #{anchor}", target.display())),
    }
}

/// A relative path, from the root of the repository.
fn resolve(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut target = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::ParentDir => {
                assert!(target.pop(), "{path} leads out of the repository");
            }
            Component::Normal(part) => target.push(part),
            _ => {}
        }
    }
    Some(target)
}

#[test]
fn a_wrong_link_is_noticed() {
    let anchors = BTreeMap::from([(PathBuf::from("docs/ci.md"), vec!["github".to_owned()])]);
    let astray = |link| astray(Path::new("docs/ci.md"), link, &anchors);
    assert_eq!(astray("#github"), None);
    assert_eq!(astray("../README.md"), None);
    assert!(astray("#gitlab").is_some());
    assert!(astray("no-such-page.md").is_some());
    assert_eq!(ill_formed("https://docs.example.org/a?b=c#d"), None);
    assert!(ill_formed("http://example.org").is_some());
    assert!(ill_formed("https://<host>/").is_some());
}

//! The book has every page once, and builds without a warning where mdBook is there (`.ci/run` brings it along).

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use pulldown_cmark::{Event, Parser, Tag};

use crate::{Page, below, root};

#[test]
fn every_page_is_in_the_summary_once() {
    let summary = Page::read("docs/SUMMARY.md");
    let mut listed: Vec<String> = Parser::new(&summary.text)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(format!("docs/{dest_url}")),
            _ => None,
        })
        .collect();
    listed.sort();
    let there: Vec<String> = below("docs").into_iter().filter(|name| *name != summary.name).collect();
    assert_eq!(listed, there);
}

#[test]
fn it_builds_without_a_warning() {
    let named = env::var_os("UNSPILL_MDBOOK").map(PathBuf::from);
    let mdbook = named.clone().unwrap_or_else(|| PathBuf::from("mdbook"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(mdbook);
    command.args(["build", "docs", "--dest-dir"]).arg(folder.path()).current_dir(root());
    let Ok(output) = command.output() else {
        assert_eq!(named, None, "is named in UNSPILL_MDBOOK and cannot be run");
        eprintln!("not tried: the book (there is no mdbook)");
        return;
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && !said.contains("WARN") && !said.contains("ERROR"), "{said}");
    let index = fs::read_dir(folder.path()).expect("the book").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        path.file_name()?.to_str()?.starts_with("searchindex").then_some(path)
    });
    let index: String = index.map(|path| fs::read_to_string(path).expect("text")).collect();
    let rule = "reference/rules/g.html#github-personal-access-token";
    assert!(index.contains(rule), "its search knows rules by their ids");
}

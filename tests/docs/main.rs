//! README, book and the other pages, held to their word: commands are run, examples read, links followed, and what the
//! program wrote of it compared with what it would write now.

mod anchors;
mod book;
mod commands;
mod examples;
mod home;
mod links;
mod mentions;
mod reference;

use std::fs;
use std::path::{Path, PathBuf};

/// A page, as it stands in the repository.
struct Page {
    /// Its path from the root of the repository, with `/` between folders.
    name: String,
    text: String,
}

impl Page {
    fn read(name: &str) -> Page {
        let text = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Page { name: name.to_owned(), text }
    }
}

/// A block of code that is fenced.
struct Block {
    /// What stands behind the fence: `console`, `toml`, `sh` …
    language: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages below `docs/`: a new one is found by itself.
fn book() -> Vec<Page> {
    below("docs").iter().map(|name| Page::read(name)).collect()
}

/// All pages that people read.
fn all() -> Vec<Page> {
    let mut names: Vec<String> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned).into();
    names.extend(below("benches"));
    names.iter().map(|name| Page::read(name)).chain(book()).collect()
}

/// The pages in a folder and below it, sorted.
fn below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).expect("the folder can be read") {
        let path: PathBuf = entry.expect("an entry").path();
        let name = format!("{folder}/{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            found.extend(below(&name));
        } else if name.ends_with(".md") {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// The blocks of a page, those in lists included, without the indent that they have there.
fn blocks(text: &str) -> Vec<Block> {
    use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                inside = true;
                blocks.push(Block { language: language.to_string(), text: String::new() });
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => blocks.last_mut().expect("a block").text.push_str(&text),
            _ => {}
        }
    }
    blocks
}

#[test]
fn a_block_is_read_with_its_language() {
    let blocks = blocks("text\n\n- item\n\n  ```console\n  $ a\n  b\n  ```\n\n```toml\nc = 1\n```\n\n    d\n");
    let read: Vec<(&str, &str)> = blocks.iter().map(|block| (&*block.language, &*block.text)).collect();
    assert_eq!(read, [("console", "$ a\nb\n"), ("toml", "c = 1\n")]);
}

//! Where links lead within a page: the ids that GitHub and mdBook give to headings.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The ids of all headings of a page, in order.
///
/// # Panics
/// If GitHub and mdBook would not give a heading the same.
pub fn anchors(text: &str) -> Vec<String> {
    let headings = headings(text);
    let (github, mdbook) = (github(&headings), mdbook(&headings));
    assert_eq!(github, mdbook, "ids of headings on GitHub and in the book");
    github
}

/// The text of every heading, markup left out.
fn headings(text: &str) -> Vec<String> {
    let mut headings: Vec<String> = Vec::new();
    let mut inside = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                inside = true;
                headings.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => headings.last_mut().expect("a heading").push_str(&text),
            _ => {}
        }
    }
    headings
}

/// As github.com does: lower case, punctuation but `-` and `_` left out, spaces as hyphens; of equal ones all but the first
/// with a number.
fn github(headings: &[String]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let ids = headings.iter().map(|heading| {
        let lower = heading.trim().to_lowercase();
        let id: String = lower.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect();
        let id = id.replace(' ', "-");
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}-{}", *count - 1) }
    });
    ids.collect()
}

/// As mdBook 0.5 does (`id_from_content` and `unique_id` of its HTML renderer).
fn mdbook(headings: &[String]) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let ids = headings.iter().map(|heading| {
        let keep = |c: char| match c {
            _ if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
            _ if c.is_whitespace() => Some('-'),
            _ => None,
        };
        let id: String = heading.trim().chars().filter_map(keep).collect();
        let free = |id: &String| !used.contains(id);
        let id = [id.clone()].into_iter().chain((1..).map(|n| format!("{id}-{n}"))).find(free).expect("one is free");
        used.insert(id.clone());
        id
    });
    ids.collect()
}

#[test]
fn headings_get_their_ids() {
    let page = "# A `b_c`: d & e\n\n## Twice\n\n## Twice\n\n### `[[rule.verify]]`\n\n```sh\n# no heading\n```\n";
    assert_eq!(anchors(page), ["a-b_c-d--e", "twice", "twice-1", "ruleverify"]);
}

//! Markdown: read by a reader of Markdown, and nothing of the repository is more than text to it.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use unspill::model::rule::Str;
use unspill::model::{Cause, Doubt, Problem, Report, Severity, Suppression, Verdict};
use unspill::report::markdown::{Links, Markdown};
use unspill::report::{Format, ReportOptions, Reporter};

use crate::sample::{Spill, clean, commit, finding, sample, secret, single};
use crate::{PLAIN, written};

fn markdown(report: &Report) -> String {
    written(report, Format::Markdown, PLAIN)
}

fn within(report: &Report, limit: usize) -> String {
    let mut out = Vec::new();
    Markdown { limit }.write(report, &PLAIN, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("UTF-8")
}

fn events(text: &str) -> Vec<Event<'_>> {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_GFM
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    Parser::new_ext(text, extensions).collect()
}

/// What a hostile name could be after, except in code.
fn is_markup(event: &Event<'_>) -> bool {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => {
            !html.trim().is_empty()
                && !["<details><summary>Details</summary>", "<details><summary>Notes</summary>", "</details>"]
                    .contains(&html.trim())
        }
        Event::Start(tag) => !matches!(
            tag,
            Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::HtmlBlock
                | Tag::List(_)
                | Tag::Item
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell
        ),
        Event::Rule
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::TaskListMarker(_)
        | Event::HardBreak => true,
        // What GitHub and GitLab make links of afterwards.
        Event::Text(text) => {
            text.contains(['@', '#', '<', '$', '~', '\\']) || text.contains("://") || text.contains("www.")
        }
        _ => false,
    }
}

/// The rows of the table with the text of their cells.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for event in events(text) {
        match event {
            Event::Start(Tag::TableRow) => rows.push(vec![]),
            Event::Start(Tag::TableCell) => {
                inside = true;
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
            }
            Event::End(pulldown_cmark::TagEnd::TableCell) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(&text);
                }
            }
            _ => {}
        }
    }
    rows
}

/// A report in which `text` stands wherever somebody else can have written it.
fn hostile(text: &str) -> Report {
    let value = secret("{{base62:40}}");
    let spill = Spill { path: text.as_bytes(), line: 1, before: text, secret: &value, after: text };
    let mut found = finding("example-token", Severity::High, &spill);
    let mut rule = (*found.rule).clone();
    let own = Str::Owned(text.to_owned());
    (rule.description, rule.risk, rule.revoke, rule.store) = (own.clone(), own.clone(), own.clone(), own.clone());
    rule.docs = own;
    found.rule = rule.into();
    found.occurrences[0].commit = Some(commit(text));
    found.occurrences.push(found.occurrences[0].clone());
    let mut active = found.clone();
    active.verdict = Verdict::Active(vec![("user".to_owned(), text.to_owned())]);
    found.verdict = Verdict::Unknown(Doubt::new(Cause::Timeout, text));
    let mut known = found.clone();
    known.suppression = Some(Suppression::Comment { reason: Some(text.to_owned()) });
    let problem = Problem { place: text.to_owned(), what: text.to_owned(), hint: Some(text.to_owned()) };
    Report {
        findings: vec![found, active],
        suppressed: vec![known],
        problems: vec![problem],
        notes: vec![text.to_owned()],
        ..clean()
    }
}

const HOSTILE: [&str; 22] = [
    "<script>alert(1)</script>",
    "[a](https://example.org)",
    "![a](https://example.org/a.png)",
    "https://example.org/",
    "www.example.org",
    "jane@example.org",
    "@everyone #1 !1 ~label",
    "a|b\\|c\\\\|d",
    "`a` ``b`` ```",
    "``` \n# heading",
    "a\n\n# heading\n\n- [ ] task",
    "</details></summary>",
    "<!-- ",
    "*a* __b__ ~~c~~ ==d==",
    "$a$ $$b$$",
    "[^1]\n\n[^1]: note",
    "&lt;b&gt; &#64;jane",
    "\u{202e}\u{1b}[31m",
    "---",
    "    code",
    "> quote",
    "\\",
];

#[test]
fn nothing_hostile_becomes_markup() {
    for text in HOSTILE {
        let written = markdown(&hostile(text));
        let bad = events(&written).into_iter().find(is_markup);
        assert_eq!(bad, None, "{text:?}:\n{written}");
        let widths: Vec<usize> = rows(&written).iter().map(Vec::len).collect();
        assert_eq!(widths, [5, 5], "{text:?}:\n{written}");
    }
}

#[test]
fn links_lead_to_the_repository_and_nowhere_else() {
    let links = Links::github("https://example.org/a/b");
    let is_own = |event: &Event<'_>| {
        let home = "https://example.org/a/b/";
        matches!(event, Event::Start(Tag::Link { dest_url, title, .. }) if dest_url.starts_with(home) && title.is_empty())
    };
    for text in HOSTILE {
        let written = written(&hostile(text), Format::Markdown, ReportOptions { links: Some(&links), ..PLAIN });
        let bad = events(&written).into_iter().find(|event| is_markup(event) && !is_own(event));
        assert_eq!(bad, None, "{text:?}:\n{written}");
        // In the table and in the details, the place and the commit of each of the two findings.
        assert_eq!(events(&written).iter().filter(|event| is_own(event)).count(), 6, "{text:?}:\n{written}");
        assert_eq!(rows(&written).iter().map(Vec::len).collect::<Vec<_>>(), [5, 5], "{text:?}:\n{written}");
    }
}

#[test]
fn the_check_sees_markup() {
    for text in ["<b>", "[a](b)", "a@b", "# a\n***\n", "```\na\n```", "see https://a", "$a$"] {
        assert!(events(text).iter().any(is_markup), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nothing_at_all_becomes_markup(text in r"[a-c1 \n`|\\<>()\[\]!@#*_~$&;:/.\-]{1,24}") {
        let written = markdown(&hostile(&text));
        let bad = events(&written).into_iter().find(is_markup);
        prop_assert_eq!(bad, None, "{:?}:\n{}", text, written);
        prop_assert!(rows(&written).iter().all(|row| row.len() == 5), "{text:?}:\n{written}");
    }
}

#[test]
fn has_the_worst_first_and_what_is_not_known_never_reads_safe() {
    let rows = rows(&markdown(&sample()));
    let told: Vec<[&str; 2]> = rows.iter().map(|row| [row[0].as_str(), row[4].as_str()]).collect();
    assert_eq!(
        told,
        [
            ["critical", "ACTIVE"],
            ["critical", "may be active (not checked)"],
            ["high", "may be active (not checked)"],
            ["low", "may be active (well-formed)"],
        ]
    );
    assert_eq!(rows[1][2], "src/login.rs:12:7");
}

#[test]
fn says_how_it_went() {
    let text = markdown(&sample());
    assert!(text.starts_with("## unspill: 4 findings\n\n**The scan is incomplete:** 2 problems."), "{text}");
    assert!(text.contains("- `broken.zip`: the archive ends early\n"), "{text}");
    assert!(text.contains("By severity: 2 critical, 1 high, 1 low."), "{text}");
    assert!(text.contains("Allowed and not listed: 1 finding."), "{text}");
    assert!(markdown(&clean()).starts_with("## unspill: no secrets found\n"));
    let unread = Report { problems: sample().problems, ..clean() };
    assert!(
        markdown(&unread).starts_with("## unspill: no secrets found in what could be read\n\n**The scan is incomplete")
    );
}

#[test]
fn details_are_folded() {
    let text = markdown(&single(&secret("{{base62:40}}")));
    let details = text.split("<details><summary>Details</summary>").nth(1).expect("details");
    assert!(details.contains("  - **verdict:** may be active (not checked): take it for active\n"), "{details}");
    assert!(details.contains("  - **revoke:** Delete it at `https://example.org/settings/tokens`\n"), "{details}");
    assert!(details.ends_with("\n</details>\n"), "{details}");
}

#[test]
fn never_has_more_bytes_than_it_may() {
    let value = secret("{{base62:40}}");
    let mut report = sample();
    for line in 1..=400 {
        let path = format!("{}/{line}", "é|`".repeat(line as usize % 90));
        let spill = Spill { path: path.as_bytes(), line, before: "", secret: &value, after: "" };
        report.findings.push(finding("example-token", Severity::High, &spill));
        let problem = Problem { place: path.clone(), what: "it broke".repeat(9), hint: None };
        report.problems.push(problem);
    }
    for limit in [1_000, 1_500, 4_000, 20_000, 65_000, 200_000, 10_000_000] {
        let text = within(&report, limit);
        assert!(text.len() <= limit, "{} > {limit}", text.len());
        assert!(text.starts_with("## unspill: 404 findings\n\n**The scan is incomplete:** 402 problems."), "{text}");
        let shown = rows(&text).len();
        let more = format!("**{} more** did not fit here", 404 - shown);
        assert!(shown == 404 || text.contains(&more), "{limit}: {shown} shown:\n{text}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert_eq!(events(&text).into_iter().find(is_markup), None, "{text}");
    }
    assert!(rows(&within(&report, 65_000)).len() > 200);
}

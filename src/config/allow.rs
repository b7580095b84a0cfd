//! `[[allow]]`: from what is written to an [`Allowlist`], every regex and commit checked at its place.

use std::path::Path;

use toml::Spanned;

use super::file::RawAllow;
use crate::model::Allowlist;
use crate::rules::complaint::{Complaint, Document, locate};
use crate::rules::literals;

/// Checks and converts one `[[allow]]`; what is wrong with it goes to `faults`.
pub(super) fn allowlist(document: &Document<'_>, raw: &Spanned<RawAllow>, faults: &mut Vec<Complaint>) -> Allowlist {
    let start = raw.span().start;
    let raw = raw.get_ref();
    let mut complain = |field: &str, offset: usize, what: String, hint: &str| {
        faults.push(Complaint { field: Some(field.to_owned()), ..document.error(offset, what, hint) });
    };
    for (field, texts) in [("paths", &raw.paths), ("regexes", &raw.regexes), ("stopwords", &raw.stopwords)] {
        for empty in texts.iter().filter(|text| text.get_ref().is_empty()) {
            complain(field, empty.span().start, "an empty text allows everything".to_owned(), "take it out");
        }
    }
    for (field, regexes) in [("paths", &raw.paths), ("regexes", &raw.regexes)] {
        for regex in regexes {
            if let Err(error) = literals::parse(regex.get_ref()) {
                let hint = "it is a regex, not a glob: see the syntax of the regex crate";
                complain(field, regex.span().start, format!("invalid regex: {error}"), hint);
            }
        }
    }
    for commit in &raw.commits {
        let id = commit.get_ref();
        if id.len() < 7 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            let what = format!("`{id}` is not the id of a commit");
            complain("commits", commit.span().start, what, "give 7 hexadecimal digits or more");
        }
    }
    let list = Allowlist {
        description: raw.description.clone(),
        rules: texts(&raw.rules),
        commits: texts(&raw.commits),
        paths: texts(&raw.paths),
        regexes: texts(&raw.regexes),
        target: raw.target.map(|t| t.0).unwrap_or_default(),
        stopwords: texts(&raw.stopwords),
        all: raw.all,
        source: source(document.path, document.text, start),
    };
    if list.is_empty() {
        let hint = match raw.rules.is_empty() {
            true => "give one of `paths`, `regexes`, `stopwords` or `commits`",
            false => {
                "give one of `paths`, `regexes`, `stopwords` or `commits`: `rules` only narrows; to drop a rule, use \
                 `disabled_rules`"
            }
        };
        complain("allow", start, "allows nothing: it has no criterion".to_owned(), hint);
    }
    list
}

/// `file:line` of the byte at `offset`.
pub(super) fn source(path: &Path, text: &str, offset: usize) -> String {
    format!("{}:{}", path.display(), locate(text, offset).0)
}

fn texts(all: &[Spanned<String>]) -> Vec<String> {
    all.iter().map(|text| text.get_ref().clone()).collect()
}

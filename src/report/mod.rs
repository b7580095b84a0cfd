//! Reporters: findings to bytes, one file per format. A reporter only formats.

mod brief;
pub mod csv;
mod facts;
pub mod gitlab;
pub mod gitleaks;
pub mod json;
pub mod junit;
pub mod markdown;
mod printable;
pub use printable::printable;
mod redact;
mod remote;
pub mod sarif;
pub mod text;
pub(crate) mod uri;

pub use facts::count;

use std::io::{self, Write};
use std::str::FromStr;

use crate::model::Report;

/// What a reporter may be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportOptions<'a> {
    /// Show secrets in clear.
    pub show_secrets: bool,
    /// Style with ANSI escapes (text only).
    pub color: bool,
    /// 0: normal; more with each `-v`; less with each `-q` (text only).
    pub verbosity: i8,
    /// Columns of the terminal (text only).
    pub width: usize,
    /// The time of the scan, in seconds since 1970-01-01 00:00 UTC (GitLab only, whose schema demands one). It is told and
    /// not looked up, for the same input is to give the same bytes.
    pub seconds: i64,
    /// Where files and commits are shown (Markdown only).
    pub links: Option<&'a markdown::Links>,
}

/// Writes a report in one format.
pub trait Reporter {
    /// Writes all of `report` to `out`.
    ///
    /// # Errors
    /// Those of `out`.
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()>;
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// The JSON that gitleaks writes.
    Gitleaks,
    /// GitLab's report of secret detection.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// CSV, RFC 4180.
    Csv,
    /// Markdown for job summaries and comments.
    Markdown,
}

impl Format {
    /// All formats with their names.
    pub const ALL: [(&'static str, Format); 9] = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("jsonl", Format::Jsonl),
        ("sarif", Format::Sarif),
        ("gitleaks", Format::Gitleaks),
        ("gitlab", Format::Gitlab),
        ("junit", Format::Junit),
        ("csv", Format::Csv),
        ("markdown", Format::Markdown),
    ];

    /// The format that a file's name suggests.
    pub fn of_file_name(name: &str) -> Option<Format> {
        let name = name.to_ascii_lowercase();
        let ends = |ending: &str| name.ends_with(ending);
        if ends(".sarif") || ends(".sarif.json") {
            Some(Format::Sarif)
        } else if ends(".jsonl") || ends(".ndjson") {
            Some(Format::Jsonl)
        } else if ends(".gitleaks.json") {
            Some(Format::Gitleaks)
        } else if ends("gl-secret-detection-report.json") || ends(".gitlab.json") {
            Some(Format::Gitlab)
        } else if ends(".json") {
            Some(Format::Json)
        } else if ends(".xml") {
            Some(Format::Junit)
        } else if ends(".csv") {
            Some(Format::Csv)
        } else if ends(".md") || ends(".markdown") {
            Some(Format::Markdown)
        } else if ends(".txt") {
            Some(Format::Text)
        } else {
            None
        }
    }

    /// The reporter for this format.
    pub fn reporter(self) -> Box<dyn Reporter> {
        match self {
            Format::Text => Box::new(text::Text),
            Format::Json => Box::new(json::Json),
            Format::Jsonl => Box::new(json::JsonLines),
            Format::Sarif => Box::new(sarif::Sarif),
            Format::Gitleaks => Box::new(gitleaks::Gitleaks),
            Format::Gitlab => Box::new(gitlab::Gitlab),
            Format::Junit => Box::new(junit::Junit),
            Format::Csv => Box::new(csv::Csv),
            Format::Markdown => Box::new(markdown::Markdown::SUMMARY),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Format::ALL.iter().find(|(name, _)| *name == text).map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
            format!("`{text}` is not a format: use {}", names.join(", "))
        })
    }
}

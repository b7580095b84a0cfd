//! What stands about the records: the tool, what was scanned, what could not be, and the counts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::redact::Redactor;
use super::super::remote;
use super::record::{Record, records};
use crate::model::{Problem, Report, Scope};

/// The outcome of a run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "unspill report")]
pub struct Document {
    /// Version of this form: `major.minor`.
    pub schema_version: String,
    /// The program that wrote this.
    pub tool: Tool,
    /// What was scanned.
    pub scope: Scanned,
    /// False if something could not be scanned: `problems` says what.
    pub complete: bool,
    /// What to act on, one record for each place, sorted by place.
    pub findings: Vec<Record>,
    /// What is known and allowed; each record has its `suppression`.
    pub suppressed: Vec<Record>,
    /// What could not be scanned.
    pub problems: Vec<Unread>,
    /// Remarks that do not affect the outcome.
    pub notes: Vec<String>,
    /// Counts.
    pub stats: Counts,
}

/// A program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was scanned.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Scanned {
    /// Folders and files.
    Folder {
        /// As the user named them.
        roots: Vec<String>,
        /// The absolute folder that paths are relative to.
        base: String,
    },
    /// A repository.
    Git {
        /// The absolute folder that paths are relative to.
        root: String,
        /// Which part of it, in words.
        part: String,
        /// The commit at HEAD.
        #[serde(skip_serializing_if = "Option::is_none")]
        head: Option<String>,
        /// URL of the remote, without any credential in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        remote: Option<String>,
        /// The branch at HEAD.
        #[serde(skip_serializing_if = "Option::is_none")]
        branch: Option<String>,
    },
    /// Standard input.
    Stdin,
}

/// Something that should have been scanned and was not, or not wholly.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unread {
    /// What it concerns: a path, an object, a revision.
    pub place: String,
    /// What went wrong.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Counts of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Counts {
    /// Files, members of archives or blobs that were scanned.
    pub items: u64,
    /// Bytes that were scanned.
    pub bytes: u64,
    /// Commits that were looked at.
    pub commits: u64,
    /// Findings to act on; each may have several records.
    pub findings: u64,
    /// Findings that are known and allowed.
    pub suppressed: u64,
    /// Matches that were dropped because their confidence was under the threshold.
    pub below_threshold: u64,
    /// Findings that were dropped because their checksum or structure is wrong; only with `--strict-checksums`.
    pub malformed: u64,
    /// Requests that were sent to providers; only with `--verify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// Findings that were left out for their verdict, by that; only with `--only`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, u64>,
    /// The threshold, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<u8>,
    /// What was passed over on purpose, by the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Rules that were used.
    pub rules: u64,
}

/// One line of JSON lines.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Line {
    /// A place where a secret stands.
    Finding(Box<Record>),
    /// Something that could not be scanned.
    Problem(Unread),
    /// The last line.
    Summary(Box<Summary>),
}

/// The end of JSON lines: without it, the report was cut short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// Version of this form: `major.minor`.
    pub schema_version: String,
    /// The program that wrote this.
    pub tool: Tool,
    /// What was scanned.
    pub scope: Scanned,
    /// False if something could not be scanned: lines of type `problem` say what.
    pub complete: bool,
    /// Remarks that do not affect the outcome.
    pub notes: Vec<String>,
    /// Counts.
    pub stats: Counts,
}

impl Document {
    pub(super) fn new(report: &Report, redactor: &Redactor<'_>) -> Self {
        let Summary { schema_version, tool, scope, complete, notes, stats } = Summary::new(report, redactor);
        Document {
            schema_version,
            tool,
            scope,
            complete,
            findings: records(&report.findings, redactor).collect(),
            suppressed: records(&report.suppressed, redactor).collect(),
            problems: report.problems.iter().map(|p| Unread::new(p, redactor)).collect(),
            notes,
            stats,
        }
    }
}

impl Summary {
    pub(super) fn new(report: &Report, redactor: &Redactor<'_>) -> Self {
        Summary {
            schema_version: super::SCHEMA_VERSION.to_owned(),
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            scope: Scanned::new(&report.scope),
            complete: !report.is_incomplete(),
            notes: report.notes.iter().map(|n| redactor.text(n).into_owned()).collect(),
            stats: Counts::new(report),
        }
    }
}

impl Scanned {
    fn new(scope: &Scope) -> Self {
        match scope {
            Scope::Folder { roots, base } => Scanned::Folder { roots: roots.clone(), base: base.clone() },
            Scope::Git { root, part, head, remote, branch } => Scanned::Git {
                root: root.clone(),
                part: part.clone(),
                head: head.clone(),
                remote: remote.as_deref().map(remote::url),
                branch: branch.clone(),
            },
            Scope::Stdin => Scanned::Stdin,
        }
    }
}

impl Unread {
    pub(super) fn new(problem: &Problem, redactor: &Redactor<'_>) -> Self {
        Unread {
            place: problem.place.clone(),
            what: redactor.text(&problem.what).into_owned(),
            hint: problem.hint.as_deref().map(|hint| redactor.text(hint).into_owned()),
        }
    }
}

impl Counts {
    fn new(report: &Report) -> Self {
        let stats = &report.stats;
        Counts {
            items: stats.items,
            bytes: stats.bytes,
            commits: stats.commits,
            findings: report.findings.len() as u64,
            suppressed: report.suppressed.len() as u64,
            below_threshold: stats.below_threshold,
            malformed: stats.malformed,
            requests: stats.requests,
            left_out: stats.left_out.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect(),
            min_confidence: report.min_confidence.map(|c| c.get()),
            skipped: stats.skipped.iter().map(|(reason, n)| (reason.as_str().replace(" ", "-"), *n)).collect(),
            rules: report.rules.len() as u64,
        }
    }
}

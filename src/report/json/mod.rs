//! JSON: one document, or one record a line.
//!
//! Both carry the same records, and no time: the same input gives the same bytes. Fields that do not apply are left
//! out. `schema_version` follows semantic versioning: within one major version fields are only added.

mod document;
mod record;

use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use serde_json::Value;

pub use document::{Counts, Document, Line, Scanned, Summary, Tool, Unread};
pub use record::{Allowed, Check, Part, Reason, Record};
pub(super) use record::{check, part, reason};

use super::printable::JsonEscape;
use super::redact::Redactor;
use super::{ReportOptions, Reporter};
use crate::model::Report;

/// Version of the form of the document and of its records.
pub const SCHEMA_VERSION: &str = "1.0";

/// One document.
pub struct Json;
/// One record a line; the last line is a summary, so that a reader can tell a whole report from a part.
pub struct JsonLines;

impl Reporter for Json {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::new(report, &Redactor::new(report, options));
        serde_json::to_writer_pretty(JsonEscape(out), &document)?;
        out.write_all(b"\n")
    }
}

impl Reporter for JsonLines {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let redactor = Redactor::new(report, options);
        let findings = record::records(&report.findings, &redactor).map(|r| Line::Finding(Box::new(r)));
        let problems = report.problems.iter().map(|p| Line::Problem(Unread::new(p, &redactor)));
        let summary = std::iter::once_with(|| Line::Summary(Box::new(Summary::new(report, &redactor))));
        for line in findings.chain(problems).chain(summary) {
            serde_json::to_writer(JsonEscape(out), &line)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// The JSON schema (draft 2020-12) of the document.
pub fn schema() -> Value {
    schema_of::<Document>()
}

/// The JSON schema of one line of JSON lines.
pub fn line_schema() -> Value {
    schema_of::<Line>()
}

fn schema_of<T: schemars::JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().into()
}

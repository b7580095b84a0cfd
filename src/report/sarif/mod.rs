//! SARIF 2.1.0 (OASIS), with what GitHub code scanning makes use of: rules in full, severities as numbers, relative
//! URIs, fingerprints, suppressions, and what could not be scanned. One result for each finding.

mod location;
mod results;
mod rules;
mod run;

use std::io::{self, Write};

use serde_sarif::sarif;

use super::printable::JsonEscape;
use super::redact::Redactor;
use super::{ReportOptions, Reporter};
use crate::model::Report;

/// Where the schema of the format can be had.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The reporter.
pub struct Sarif;

impl Reporter for Sarif {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let run = run::run(report, &Redactor::new(report, options));
        let log = sarif::Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build();
        serde_json::to_writer_pretty(JsonEscape(out), &log)?;
        out.write_all(b"\n")
    }
}

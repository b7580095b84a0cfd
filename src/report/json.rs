//! JSON and JSON lines: one record for each place where a secret stands.

use std::io::{self, Write};

use serde::Serialize;

use super::{ReportOptions, Reporter};
use crate::model::{Finding, Occurrence, Report};

/// One document.
pub struct Json;
/// One record a line.
pub struct JsonLines;

#[derive(Serialize)]
struct Record<'a> {
    file: String,
    line: u64,
    end_line: u64,
    column: u64,
    end_column: u64,
    rule: &'a str,
    confidence: u8,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn record<'a>(finding: &'a Finding, occurrence: &Occurrence, options: &ReportOptions) -> Record<'a> {
    Record {
        file: occurrence.origin.path().to_string(),
        line: occurrence.place.line,
        end_line: occurrence.place.end_line,
        column: occurrence.place.column,
        end_column: occurrence.place.end_column,
        rule: &finding.rule.id,
        confidence: finding.confidence.get(),
        fingerprint: &finding.fingerprint.0,
        secret: options.show_secrets.then(|| String::from_utf8_lossy(finding.secret.expose()).into_owned()),
    }
}

impl Reporter for JsonLines {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        for finding in &report.findings {
            for occurrence in &finding.occurrences {
                serde_json::to_writer(&mut *out, &record(finding, occurrence, options))?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }
}

impl Reporter for Json {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let records: Vec<Record<'_>> =
            report.findings.iter().flat_map(|f| f.occurrences.iter().map(move |o| record(f, o, options))).collect();
        serde_json::to_writer_pretty(out, &records)?;
        Ok(())
    }
}

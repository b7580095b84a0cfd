//! SARIF that code scanning takes: it refuses a file of more than 25,000 results or 10 MB (gzip), and with it all of it
//! (<https://docs.github.com/code-security/code-scanning/troubleshooting-sarif/results-exceed-limit>). What does not fit is
//! left out from the mildest on, and that is told.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::output;
use super::ranking::Ranked;
use crate::model::{Finding, Report};
use crate::report::{Format, ReportOptions};

/// What code scanning takes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Results of a run.
    pub results: usize,
    /// Bytes of the file, compressed.
    pub bytes: usize,
    /// Places of one result that are shown; with ten times as many the file is refused.
    pub places: usize,
}

/// The limits as documented; of the 10 MB something is kept back, for compressors differ.
pub const CODE_SCANNING: Limits = Limits { results: 25_000, bytes: 9_500_000, places: 100 };

/// Writes the report to `path`; `ranked` are its findings, the worst first. Answers with what was left out, in words.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, report: &Report, ranked: &[Ranked<'_>], limits: Limits) -> anyhow::Result<Vec<String>> {
    let mut keep = limits.results.min(ranked.len() + report.suppressed.len());
    loop {
        let (part, left_out) = part(report, ranked, keep, limits.places);
        let mut text = Vec::new();
        Format::Sarif.reporter().write(&part, &ReportOptions::default(), &mut text)?;
        let packed = packed_size(&text)?;
        if packed <= limits.bytes || keep == 0 {
            output::write_file(path, true, |out| out.write_all(&text))?;
            return Ok(left_out);
        }
        // In proportion, and a little less, so that it takes few rounds; always less, so that it ends.
        keep = (keep * limits.bytes / packed * 9 / 10).min(keep - 1);
    }
}

/// The report with `keep` of its findings, those first that are to be acted on.
fn part(report: &Report, ranked: &[Ranked<'_>], keep: usize, places: usize) -> (Report, Vec<String>) {
    let cut = |finding: &Finding| {
        let mut finding = finding.clone();
        finding.occurrences.truncate(places.max(1));
        finding
    };
    let mut part = report.clone();
    part.findings = ranked.iter().take(keep).map(|ranked| cut(ranked.finding)).collect();
    part.suppressed.truncate(keep.saturating_sub(ranked.len()));
    part.suppressed = part.suppressed.iter().map(cut).collect();
    let mut left_out = Vec::new();
    let findings = ranked.len() - part.findings.len();
    let suppressed = report.suppressed.len() - part.suppressed.len();
    if findings + suppressed > 0 {
        left_out.push(format!(
            "Code scanning takes no more: {findings} of the findings and {suppressed} of those that are allowed are not in the SARIF file."
        ));
    }
    if ranked.iter().any(|ranked| ranked.finding.occurrences.len() > places) {
        left_out.push(format!("Of findings with more than {places} places, the SARIF file names the first {places}."));
    }
    part.notes.extend(left_out.iter().cloned());
    part.sort();
    (part, left_out)
}

fn packed_size(text: &[u8]) -> anyhow::Result<usize> {
    let mut packer = GzEncoder::new(Counter(0), Compression::default());
    packer.write_all(text)?;
    Ok(packer.finish()?.0)
}

/// Counts bytes.
struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

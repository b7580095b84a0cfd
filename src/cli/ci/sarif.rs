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

#[cfg(test)]
mod tests {
    use super::super::ranking::Now;
    use super::*;
    use crate::engine::Engine;
    use crate::findings::Suppressions;
    use crate::model::Progress;
    use crate::rules::RuleSet;
    use crate::rules::examples::expand;
    use crate::scan::{self, ScanOptions};
    use crate::source::archive;
    use crate::source::stdin::Stdin;

    /// A report of `n` findings.
    fn report(n: usize) -> Report {
        let secret = |i| expand(&format!("ghp_{i:04}{{{{base62:26}}}}{{{{checksum:github}}}}")).unwrap();
        let lines = (0..n).map(|i| format!("token = {}\n", secret(i)));
        let text = lines.collect::<String>().into_bytes();
        let source = Stdin::new("a.py", Box::new(std::io::Cursor::new(text)), archive::Limits::default());
        let options = ScanOptions::new(Suppressions::default());
        let engine = Engine::new(RuleSet::builtin());
        let report = scan::run(&engine, &source, &options, &Progress::default()).unwrap();
        assert_eq!(report.findings.len(), n);
        report
    }

    /// Results in the file, and what was left out.
    fn written(report: &Report, limits: Limits) -> (usize, Vec<String>) {
        let all = report.findings.iter();
        let ranked: Vec<_> = all.map(|finding| Ranked { finding, fails: true, now: Now::Somewhere }).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sarif");
        let left_out = write(&path, report, &ranked, limits).unwrap();
        let text = std::fs::read(&path).unwrap();
        assert!(packed_size(&text).unwrap() <= limits.bytes);
        let sarif: serde_json::Value = serde_json::from_slice(&text).unwrap();
        (sarif["runs"][0]["results"].as_array().unwrap().len(), left_out)
    }

    #[test]
    fn what_fits_is_whole() {
        assert_eq!(written(&report(20), CODE_SCANNING), (20, vec![]));
    }

    #[test]
    fn what_does_not_fit_is_cut_and_told() {
        let report = report(60);
        let (kept, left_out) = written(&report, Limits { results: 15, ..CODE_SCANNING });
        assert_eq!(kept, 15);
        assert!(left_out[0].contains("45 of the findings"), "{left_out:?}");
        let all = {
            let mut text = Vec::new();
            Format::Sarif.reporter().write(&report, &ReportOptions::default(), &mut text).unwrap();
            packed_size(&text).unwrap()
        };
        let none = {
            let mut text = Vec::new();
            let empty = Report { findings: Vec::new(), ..report.clone() };
            Format::Sarif.reporter().write(&empty, &ReportOptions::default(), &mut text).unwrap();
            packed_size(&text).unwrap()
        };
        let (kept, left_out) = written(&report, Limits { bytes: none + (all - none) * 2 / 3, ..CODE_SCANNING });
        assert!((1..60).contains(&kept), "{kept}");
        assert!(left_out[0].contains(&format!("{} of the findings", 60 - kept)), "{left_out:?}");
    }
}

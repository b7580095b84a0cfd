//! Text, for people: each finding with all that is needed to act on it, then a summary.
//!
//! Nothing that a repository's author chose reaches the terminal as it is: control characters, and marks that reorder
//! text, are replaced wherever they stand.

mod command;
mod excerpt;
mod explanation;
mod finding;
mod marker;
mod refusal;
mod stopped;
mod style;
mod summary;

pub use explanation::{Explanation, Outcome, write as explain};
pub use marker::advice as allowing;
pub use refusal::write as refuse;
pub use stopped::{Hook, Stopped, write as stop};

use std::io::{self, Write};

use super::redact::Redactor;
use super::{ReportOptions, Reporter};
use crate::model::Report;

/// Columns where the terminal does not say.
const DEFAULT_WIDTH: usize = 80;

/// The reporter.
pub struct Text;

/// How to show.
struct Look<'a> {
    paint: style::Paint,
    /// Columns.
    width: usize,
    /// All reasons, and what is suppressed.
    verbose: bool,
    redactor: &'a Redactor<'a>,
}

impl Reporter for Text {
    fn write(&self, report: &Report, options: &ReportOptions, out: &mut dyn Write) -> io::Result<()> {
        let look = Look {
            paint: style::Paint { color: options.color },
            width: if options.width == 0 { DEFAULT_WIDTH } else { options.width },
            verbose: options.verbosity > 0,
            redactor: &Redactor::new(report, options),
        };
        if options.verbosity < 0 {
            return report.findings.iter().try_for_each(|f| finding::line(f, look.paint, out));
        }
        for finding in &report.findings {
            finding::full(finding, &look, out)?;
            writeln!(out)?;
        }
        if look.verbose && !report.suppressed.is_empty() {
            summary::suppressed_heading(report, &look, out)?;
            for finding in &report.suppressed {
                finding::full(finding, &look, out)?;
                writeln!(out)?;
            }
        }
        summary::write(report, &look, out)
    }
}

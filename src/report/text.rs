//! Text.

use std::io::{self, Write};

use super::{ReportOptions, Reporter};
use crate::model::Report;

/// The reporter.
pub struct Text;

impl Reporter for Text {
    fn write(&self, _report: &Report, _options: &ReportOptions, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

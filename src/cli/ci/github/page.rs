//! The page that people read of a job, as its summary and as a comment on the pull request: the report in Markdown, in the
//! order of what matters, and what a pull request wants to be told beside it.

use super::super::Done;
use super::super::ranking::Now;
use crate::report::ReportOptions;
use crate::report::markdown::{About, Entry, Markdown};

/// The page, of no more than `limit` bytes, 1,000 of which it always takes.
pub fn page(done: &Done<'_>, limit: usize) -> String {
    let mut remarks = vec![format!("Looked at: {}", done.what)];
    if !done.ranked.is_empty() {
        let advice = "What was pushed is known to others: revoke it first, then take it out. The details say where.";
        remarks.push(advice.to_owned());
    }
    let mild = done.ranked.iter().filter(|ranked| !ranked.fails).count();
    if mild > 0 {
        remarks.push(format!("{mild} of the findings do not fail the job (--fail-on)."));
    }
    remarks.extend(done.influence.iter().chain(&done.cut).cloned());
    let entries = done.ranked.iter().map(|ranked| {
        let remark = if ranked.now == Now::Gone { "gone since" } else { "" };
        Entry { finding: ranked.finding, remark }
    });
    let about = About { remarks, entries: entries.collect() };
    let options = ReportOptions { links: Some(&done.links), ..ReportOptions::default() };
    Markdown { limit }.page(done.report, &about, &options)
}

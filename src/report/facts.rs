//! Small facts about findings that several formats show.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use bstr::BString;

use crate::model::rule::Detect;
use crate::model::{Commit, Companion, Finding, Occurrence, Origin, Reason, Severity, Verdict};

/// The path to show for an origin; the object's id where there is no path.
pub(super) fn path(origin: &Origin) -> BString {
    match origin.object() {
        Some(_) => origin.to_string().into(),
        None => origin.path(),
    }
}

/// The commit of an occurrence, from attribution or from its origin.
pub(super) fn commit(occurrence: &Occurrence) -> Option<&Arc<Commit>> {
    occurrence.commit.as_ref().or_else(|| occurrence.origin.commit())
}

/// `path:line:column` of an occurrence; what must not be printed is left in it.
pub(super) fn place(occurrence: &Occurrence) -> String {
    format!("{}:{}:{}", path(&occurrence.origin), occurrence.place.line, occurrence.place.column)
}

/// Findings with those in front that have to be seen first: what is active, then the worst, then by place.
pub(super) fn worst_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    // Stable: what is alike stays in the order of the report, by place.
    sorted.sort_by_key(|f| (!matches!(f.verdict, Verdict::Active(_)), Reverse(f.rule.severity)));
    sorted
}

/// The reasons for a finding's confidence, those that weigh most in front.
pub(super) fn weightiest_first(finding: &Finding) -> Vec<&Reason> {
    let mut reasons: Vec<&Reason> = finding.reasons.iter().collect();
    reasons.sort_by_key(|reason| (Reverse(reason.points.abs()), reason.name));
    reasons
}

/// How many findings there are of each severity, the worst first: `1 critical, 2 low`.
pub(super) fn kinds(findings: &[Finding]) -> String {
    let mut kinds: BTreeMap<Reverse<Severity>, u64> = BTreeMap::new();
    for finding in findings {
        *kinds.entry(Reverse(finding.rule.severity)).or_default() += 1;
    }
    kinds.iter().map(|(severity, n)| format!("{n} {}", severity.0)).collect::<Vec<_>>().join(", ")
}

/// `1 finding`, `2 findings`.
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The lines of another part of a credential: `line 3`, `lines 3 to 5`.
pub(super) fn lines(companion: &Companion) -> String {
    match companion.end_line {
        end if end > companion.line => format!("lines {} to {end}", companion.line),
        _ => format!("line {}", companion.line),
    }
}

/// The address of a page on the web, if `text` is nothing but one.
pub(super) fn web_address(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
    (!rest.is_empty() && rest.bytes().all(plain)).then(|| text.to_owned())
}

/// True if it is the path by which the rule holds: then the path stands for the secret, and nothing is to be hidden.
pub(super) fn is_path_alone(finding: &Finding) -> bool {
    matches!(finding.rule.detect, Detect::Path)
}

/// Shannon entropy of `bytes`, in bits per byte.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let all = bytes.len() as f64;
    counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / all).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::web_address;

    #[test]
    fn only_addresses_of_the_web_are_linked() {
        let is = |text| web_address(text).is_some();
        assert!(is("https://docs.example.org/a#b"));
        assert!(!is("see the manual"));
        assert!(!is("https://example.org/a b"));
        assert!(!is("javascript:alert(1)"));
    }
}

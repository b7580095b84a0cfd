//! Small facts about findings that several formats show.

use std::sync::Arc;

use bstr::BString;

use crate::model::rule::Detect;
use crate::model::{Commit, Companion, Finding, Occurrence, Origin};

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

/// The lines of another part of a credential: `line 3`, `lines 3 to 5`.
pub(super) fn lines(companion: &Companion) -> String {
    match companion.end_line {
        end if end > companion.line => format!("lines {} to {end}", companion.line),
        _ => format!("line {}", companion.line),
    }
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

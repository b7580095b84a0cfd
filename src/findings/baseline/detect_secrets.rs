//! A baseline of detect-secrets: `.secrets.baseline`, a JSON object with `results`, a list for each file.
//!
//! ```json
//! {"type": "Secret Keyword", "filename": "a.py", "hashed_secret": "…", "is_verified": false, "line_number": 3}
//! ```
//!
//! `hashed_secret` is the SHA-1 of the secret, and a finding is known if one of the same file has its secret's. Lines do
//! not matter, as they do not there. Neither does `is_secret`, the verdict of an audit: what was found to be a true secret
//! is known there just as well.
//!
//! Some of its plugins take only the beginning of a credential for the secret ([`forms`]). Of a GitHub token that is `ghp`,
//! and of a private key the words of its first line: the same for all of them, so that such entries tell nothing.

use std::collections::{BTreeMap, HashMap};

use memchr::memmem;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::{Baseline, Entry, Known};
use crate::findings::foreign;
use crate::model::{Finding, Fingerprint};

/// What plugins call the kinds of which they record no secret.
const TELLING_NOTHING: [&str; 2] = ["GitHub Token", "Private Key"];
/// The length that its plugin for Stripe's keys takes them to have, in bytes.
const STRIPE_KEY: usize = 32;
/// So long a value must be to be looked up without its key, in bytes.
const SHORTEST_VALUE: usize = 8;

/// What is known: positions of entries, by path and SHA-1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DetectSecrets {
    known: BTreeMap<(Vec<u8>, [u8; 20]), usize>,
}

#[derive(Deserialize)]
struct Document {
    results: HashMap<String, Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "type", default)]
    kind: String,
    hashed_secret: String,
    #[serde(default)]
    line_number: Option<u64>,
}

/// Reads it.
///
/// # Errors
/// If it is no such baseline.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Baseline, serde_json::Error> {
    let document: Document = serde_json::from_slice(bytes)?;
    let mut results: Vec<_> = document.results.into_iter().collect();
    results.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (mut entries, mut known, mut useless) = (Vec::new(), DetectSecrets::default(), 0);
    for (path, row) in results.into_iter().flat_map(|(path, rows)| rows.into_iter().map(move |row| (path.clone(), row)))
    {
        if TELLING_NOTHING.contains(&row.kind.as_str()) {
            useless += 1;
            continue;
        }
        let hash = data_encoding::HEXLOWER_PERMISSIVE.decode(row.hashed_secret.as_bytes()).ok();
        let hash: [u8; 20] = hash.and_then(|hash| hash.try_into().ok()).ok_or_else(|| {
            <serde_json::Error as serde::de::Error>::custom(format!("`{}` is no SHA-1", row.hashed_secret))
        })?;
        let path = foreign::path(&path);
        let at = entries.len();
        // Several plugins may have found the same.
        if *known.known.entry((path.clone().into_bytes(), hash)).or_insert(at) == at {
            let line = row.line_number.map(|line| format!("line {line}")).unwrap_or_default();
            entries.push(Entry { path, rule: row.kind, fingerprint: Fingerprint(line) });
        }
    }
    let warnings = match useless {
        0 => vec![],
        n => vec![format!(
            "{file}: {n} of the entries {} for a GitHub token or a private key: detect-secrets hashes only how such a one \
             begins, so it is not used; `unspill baseline create` tells them apart",
            if n == 1 { "is" } else { "are" }
        )],
    };
    Ok(Baseline { entries, known: Known::DetectSecrets(known), warnings })
}

impl DetectSecrets {
    /// The positions of the entries that know `finding`.
    pub fn positions(&self, finding: &Finding) -> Vec<usize> {
        let path = finding.first().origin.path().to_vec();
        let hashes = forms(finding.secret.expose()).map(|form| <[u8; 20]>::from(Sha1::digest(form)));
        let mut positions: Vec<usize> =
            hashes.filter_map(|hash| self.known.get(&(path.clone(), hash)).copied()).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

/// A secret in the forms that plugins record: all of it, without quotes about it, without the key in front of the value in a
/// manifest, a JSON Web Token without its signature (but with the point in front of that), the first bytes of a key of
/// Stripe's.
fn forms(secret: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`') || byte.is_ascii_whitespace();
    let start = secret.iter().position(|b| !is_quote(b)).unwrap_or(secret.len());
    let end = secret.iter().rposition(|b| !is_quote(b)).map_or(start, |last| last + 1);
    let bare = secret.get(start..end).unwrap_or_default();
    let value = memmem::rfind(secret, b": ").and_then(|at| secret.get(at + 2..)).filter(|v| v.len() >= SHORTEST_VALUE);
    let is_token = secret.starts_with(b"eyJ") && secret.iter().filter(|b| **b == b'.').count() == 2;
    let unsigned = secret.iter().rposition(|b| *b == b'.').and_then(|at| secret.get(..=at)).filter(|_| is_token);
    let is_stripe = secret.starts_with(b"sk_live_") || secret.starts_with(b"rk_live_");
    let beginning = secret.get(..STRIPE_KEY).filter(|_| is_stripe);
    [Some(secret), Some(bare), value, unsigned, beginning].into_iter().flatten()
}

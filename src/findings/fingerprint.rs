//! Fingerprints: what tells a finding from others across runs.
//!
//! A fingerprint is written `rule:path-hash:secret-hash` and depends on the rule's id, the path and the secret alone,
//! never on a line or a commit: rebases, squashes and moved lines change nothing. Both hashes are the first digits of
//! a SHA-256 in hexadecimal, each over a domain of its own so that one can never stand for the other:
//!
//! - **path-hash**, 8 digits: over the rule's id and the path. It keeps entries of one file together in a sorted list.
//! - **secret-hash**: over the rule's id, the path and the secret. 16 digits for a strong secret; only 5 for a weak one.
//!
//! Fingerprints are committed, in baselines and ignore files. With 64 bits of hash, whoever reads one could confirm a
//! guess at a weak password by trying a dictionary. With 20 bits, about one word in a million fits by chance, so a
//! dictionary of any use finds many that fit, and none is confirmed. The price is small: two weak secrets of one rule
//! in one file are taken for the same once in a million times.

use bstr::BStr;
use sha2::{Digest, Sha256};

use crate::model::{Fingerprint, Rule};

/// Hexadecimal digits of the path-hash: 32 bits.
const PATH_DIGITS: usize = 8;
/// Hexadecimal digits of the hash of a strong secret: 64 bits.
const STRONG_DIGITS: usize = 16;
/// Hexadecimal digits of the hash of a weak secret: 20 bits.
const WEAK_DIGITS: usize = 5;
/// Estimated bits from which on a secret counts as strong: beyond what can be tried out.
const STRONG_BITS: f64 = 60.0;
/// Characters of one kind in a row from which on they may be a word, a year, a keyboard row.
const WORD_LENGTH: usize = 4;
/// What a character of a word counts for at most, in bits: about what letters of English text are worth.
const WORD_BITS: f64 = 2.0;

/// The fingerprint of `secret`, found by `rule` at `path`.
pub fn of(rule: &Rule, path: &BStr, secret: &[u8]) -> Fingerprint {
    let id = rule.id.as_bytes();
    let digits = if is_strong(secret) { STRONG_DIGITS } else { WEAK_DIGITS };
    let path_hash = hash("unspill fingerprint: path", &[id, path], PATH_DIGITS);
    let secret_hash = hash("unspill fingerprint: secret", &[id, path, secret], digits);
    Fingerprint(format!("{}:{path_hash}:{secret_hash}", rule.id))
}

/// The first `digits` hexadecimal digits of the SHA-256 of `parts`, each with its length in front, so that no two
/// lists of parts run together.
fn hash(domain: &str, parts: &[&[u8]], digits: usize) -> String {
    let mut hasher = Sha256::new();
    for part in std::iter::once(&domain.as_bytes()).chain(parts) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut hex = data_encoding::HEXLOWER.encode(&hasher.finalize());
    hex.truncate(digits);
    hex
}

/// Whether a secret is beyond guessing: by its Shannon entropy times its length, where what may be a word or a number
/// (four characters or more of one kind) counts for [`WORD_BITS`] each at most.
fn is_strong(secret: &[u8]) -> bool {
    let each = shannon(secret);
    let in_words = runs(secret).filter(|length| *length >= WORD_LENGTH).sum::<usize>();
    let bits = in_words as f64 * each.min(WORD_BITS) + (secret.len() - in_words) as f64 * each;
    bits >= STRONG_BITS
}

/// Shannon entropy in bits per byte.
fn shannon(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let total = bytes.len() as f64;
    counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / total).map(|share| -share * share.log2()).sum()
}

/// Lengths of the maximal runs of lower case, upper case and digits; a capital belongs to the lower case behind it.
fn runs(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let together = |a: &u8, b: &u8| {
        (a.is_ascii_alphabetic() && b.is_ascii_lowercase())
            || (a.is_ascii_uppercase() && b.is_ascii_uppercase())
            || (a.is_ascii_digit() && b.is_ascii_digit())
    };
    bytes.chunk_by(together).map(<[u8]>::len)
}

/// The id of the rule that a fingerprint is of.
pub(super) fn rule(fingerprint: &str) -> Option<&str> {
    fingerprint.rsplitn(3, ':').nth(2)
}

/// Whether `text` has the form of a fingerprint.
pub fn is_well_formed(text: &str) -> bool {
    let hex = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let mut parts = text.rsplitn(3, ':');
    let (Some(secret), Some(path), Some(rule)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let secret_fits = secret.len() == STRONG_DIGITS || secret.len() == WEAK_DIGITS;
    !rule.is_empty() && path.len() == PATH_DIGITS && secret_fits && hex(path) && hex(secret)
}

//! Handing over: bytes that lie in memory whole, sent to a worker as what they are.
//!
//! Sources that get complete inputs from elsewhere (blobs of a repository) leave the question of text, UTF-16, archive
//! or binary to this one function, so that all sources answer it alike.

use std::ops::Range;

use super::Worker;
use super::archive::{self, Limits};
use super::sniff::{Kind, sniff};
use crate::model::{Blob, Origin, SkipReason};

/// Sends `bytes` as one blob if they are text, as the blobs of its members if they are an archive, and counts them as
/// skipped otherwise.
///
/// `added` is as in [`Blob::added`]; it has no meaning inside an archive, where everything counts.
pub fn hand_over(
    worker: &mut dyn Worker,
    bytes: &[u8],
    origin: &Origin,
    added: Option<&[Range<usize>]>,
    limits: &Limits,
) {
    match sniff(bytes) {
        Kind::Text(text) => worker.blob(&Blob { text, added, ..Blob::whole(bytes, origin.clone()) }),
        Kind::Archive(kind) => archive::expand(bytes, kind, origin, limits, worker),
        Kind::Binary => worker.skipped(origin, SkipReason::Binary),
    }
}

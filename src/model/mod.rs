//! The nouns that every module shares. This module imports nothing else of the crate.
//!
//! Data flows one way through them: a source yields a [`Blob`] with its [`Origin`]; the engine finds a
//! [`Match`] in it by a [`Rule`]; matches of one secret become a [`Finding`], which verification gives a
//! [`Verdict`]; all findings of a run make up a [`Report`].

mod allowlist;
mod blob;
pub mod byte_set;
mod commit;
mod confidence;
mod exposure;
mod failure;
mod finding;
mod line_hash;
mod matched;
mod origin;
mod percent;
mod place;
mod problem;
mod progress;
mod report;
pub mod request;
pub mod rule;
mod secret;
mod verdict;

pub use allowlist::{Allowlist, Target};
pub use blob::{Blob, Copied, Text};
pub use commit::Commit;
pub use confidence::{Confidence, Level, LogOdds, Reason, Traits};
pub use exposure::is_exposed;
pub use failure::Failure;
pub use finding::{Companion, Finding, Fingerprint, Occurrence, Suppression};
pub use line_hash::line_hashes;
pub use matched::{Decoded, Encoding, Match};
pub use origin::Origin;
pub use percent::percent_encode;
pub use place::{Excerpt, Place, Shown};
pub use problem::{Problem, SkipReason};
pub use progress::Progress;
pub use report::{Report, Scope, Stats};
pub use rule::{Rule, RuleIndex, Severity};
pub use secret::Secret;
pub use verdict::{Cause, Details, Doubt, Verdict};

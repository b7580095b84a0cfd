//! Matches to findings: grouping, fingerprints, and what is known and allowed.

pub mod baseline;
pub mod fingerprint;
mod foreign;
pub mod group;
pub mod suppress;
mod witness;

pub use baseline::Baseline;
pub use group::{RawFinding, group};
pub use suppress::{IgnoreFile, Suppressions};
pub use witness::{Witness, witnesses};

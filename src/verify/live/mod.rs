//! Live verification: asking the provider whether a credential still works.

#[cfg(feature = "deep")]
pub mod deep;
pub mod net;
pub mod ssh;

//! Live verification: asking the provider whether a credential still works.

pub mod net;

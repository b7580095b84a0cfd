//! Rules: from TOML to [`Rule`](crate::model::Rule), the built-in set, and what is wrong with a user's own.

pub mod builtin;
pub mod checksum;
pub mod complaint;
pub mod examples;
pub mod file;
pub mod head;
pub mod lint;
pub mod literals;
pub mod probe;
pub mod request;
mod set;
mod slips;
pub mod template;

pub use set::RuleSet;

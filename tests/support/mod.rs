//! What tests share: repositories built by the real git, and a sink that records what a source hands over.
#![allow(dead_code)]

pub mod derivations;
pub mod packfile;
pub mod record;
pub mod repo;

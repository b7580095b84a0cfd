//! The built-in rules: constants that the build lays out from `rules/*.toml`.

use std::borrow::Cow;

#[allow(unused_imports, reason = "which of them the rules need depends on the rules")]
use crate::model::byte_set::ByteSet;
#[allow(unused_imports, reason = "which of them the rules need depends on the rules")]
use crate::model::request::{
    Algorithm, Answer, Body, Condition, Digest, Extract, Form, Http, Meaning, Request, Setting, SigV4, Step, Value,
    Wanted,
};
#[allow(unused_imports, reason = "which of them the rules need depends on the rules")]
use crate::model::rule::{Detect, Literal, Pair, Probe, Rule, Severity, Verify};

/// All built-in rules, sorted by id.
pub static RULES: &[Rule] = include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

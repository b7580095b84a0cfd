//! Verification: findings to verdicts.

pub mod offline;

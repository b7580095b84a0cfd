//! Verification: findings to verdicts.

pub mod live;
pub mod offline;

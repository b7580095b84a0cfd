//! Verification: findings to verdicts.

mod date;
pub mod live;
pub mod offline;

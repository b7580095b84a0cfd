//! Baselines: findings that are known.

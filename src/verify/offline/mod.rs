//! Offline verification: what a token's own structure proves.

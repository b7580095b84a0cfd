//! Seeds of NATS: base32 of two bytes that say which kind of key, the seed, and its CRC-16.
//!
//! Source: `strkey.go` of <https://github.com/nats-io/nkeys>.

use super::{summed, telling};
use crate::model::Verdict;

/// The verdict on a seed. The five bits of its kind fall on the second letter.
pub fn check(seed: &str) -> Verdict {
    let kind = match seed.as_bytes().get(1) {
        Some(b'A') => Some("the seed of an account's key: it signs users"),
        Some(b'C') => Some("the seed of a cluster's key"),
        Some(b'N') => Some("the seed of a server's key"),
        Some(b'O') => Some("the seed of an operator's key: it signs accounts"),
        Some(b'U') => Some("the seed of a user's key"),
        Some(b'X') => Some("the seed of a curve key, for encryption"),
        _ => None,
    };
    telling(summed("nats-nkey", seed), kind.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed that NATS' documentation shows.
    #[test]
    fn the_documented_seed_is_well_formed() {
        let seed = concat!("SUACSSL3UAHUDXKFSNVUZRF5", "UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"); // unspill:allow published
        let told = "its built-in checksum is right; the seed of a user's key";
        assert_eq!(check(seed), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(check(&seed.replacen("SSL3", "SSL4", 1)), Verdict::Malformed(_)));
    }
}

//! Secret keys of age: Bech32, whose readable part names the kind of key.
//!
//! Source: <https://c2sp.org/age>, sections on recipients and identities.

use super::{summed, telling};
use crate::model::Verdict;

/// The verdict on a secret key of age.
pub fn check(key: &str) -> Verdict {
    let kind = match key.rsplit_once('1').map(|(readable, _)| readable) {
        Some("AGE-SECRET-KEY-") => Some("an X25519 key"),
        Some("AGE-SECRET-KEY-PQ-") => Some("a hybrid post-quantum key"),
        _ => None,
    };
    telling(summed("bech32", key), kind.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The identity that the test suite of age's specification uses throughout.
    #[test]
    fn the_key_of_ages_test_suite_is_well_formed() {
        let identity = concat!("AGE-SEC", "RET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6");
        let told = "its built-in checksum is right; an X25519 key";
        assert_eq!(check(identity), Verdict::WellFormed(told.to_owned()));
        assert!(matches!(check(&identity.replacen("LY3", "LY4", 1)), Verdict::Malformed(_)));
    }
}

//! Entropy: how evenly a text's bytes are spread.

/// Shannon entropy of the bytes, in bits per byte: 0 for one byte repeated, 8 at most.
pub fn shannon(bytes: &[u8]) -> f32 {
    if bytes.is_empty() {
        return 0.0;
    }
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total = bytes.len() as f32;
    let mut entropy = 0.0;
    // Each kind of byte where it comes up first: most of the 256 do not.
    for &byte in bytes {
        let count = std::mem::take(&mut counts[usize::from(byte)]) as f32;
        if count > 0.0 {
            entropy -= count / total * (count / total).log2();
        }
    }
    entropy
}

/// The share of bytes that continue a run: the same byte again, or the next or previous in the alphabet (`aaaa`,
/// `1234`, `fedc`). Random text has about 5 % of them.
pub fn share_of_runs(bytes: &[u8]) -> f32 {
    if bytes.len() < 2 {
        return 0.0;
    }
    let steps = bytes.windows(2).filter(|w| w[0].abs_diff(w[1]) <= 1).count();
    steps as f32 / (bytes.len() - 1) as f32
}

/// The number of kinds of bytes among lower case, upper case, digits and all else: 0 to 4.
pub fn classes(bytes: &[u8]) -> u32 {
    let has = |test: fn(&u8) -> bool| u32::from(bytes.iter().any(test));
    has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(|b| !b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_entropies() {
        assert_eq!(shannon(b"aaaa"), 0.0);
        assert_eq!(shannon(b"abab"), 1.0);
        assert!((shannon(b"0123456789abcdef") - 4.0).abs() < 1e-5);
    }

    #[test]
    fn runs_are_seen() {
        assert_eq!(share_of_runs(b"abcdefgh"), 1.0);
        assert_eq!(share_of_runs(b"aaaa1111"), 6.0 / 7.0);
        assert!(share_of_runs(b"k9xQ2vB7") < 0.1);
    }
}

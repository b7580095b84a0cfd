//! Products of large numbers: enough arithmetic to see that an RSA modulus is the product of its primes, and no more.

/// Longer factors are not multiplied, in bytes: an RSA key of 16,384 bits has shorter ones.
const LONGEST: usize = 2048;

/// Whether `n = p · q`, all with their most significant byte first; `None` if they are too long to try.
pub fn is_product(n: &[u8], p: &[u8], q: &[u8]) -> Option<bool> {
    if p.len().max(q.len()) > LONGEST {
        return None;
    }
    Some(super::bytes::magnitude(&product(p, q)) == super::bytes::magnitude(n))
}

/// The product by the school's method, in digits of 32 bits.
pub fn product(p: &[u8], q: &[u8]) -> Vec<u8> {
    let (p, q) = (digits(p), digits(q));
    let mut sum = vec![0u32; p.len() + q.len()];
    for (i, &a) in p.iter().enumerate() {
        let mut carry = 0;
        for (place, b) in sum[i..].iter_mut().zip(q.iter().copied().chain([0])) {
            // At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
            let digit = u64::from(a) * u64::from(b) + u64::from(*place) + carry;
            *place = digit as u32;
            carry = digit >> 32;
        }
    }
    sum.iter().rev().flat_map(|digit| digit.to_be_bytes()).collect()
}

/// Digits of 32 bits, least significant first.
fn digits(number: &[u8]) -> Vec<u32> {
    number.rchunks(4).map(|chunk| chunk.iter().fold(0, |digit, byte| digit << 8 | u32::from(*byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn small_products_are_those_of_the_processor(p: u64, q: u64) {
            let n = (u128::from(p) * u128::from(q)).to_be_bytes();
            prop_assert_eq!(is_product(&n, &p.to_be_bytes(), &q.to_be_bytes()), Some(true));
            let wrong = ((u128::from(p) * u128::from(q)) ^ 1).to_be_bytes();
            prop_assert_eq!(is_product(&wrong, &p.to_be_bytes(), &q.to_be_bytes()), Some(false));
        }
    }

    #[test]
    fn carries_run_through_long_numbers() {
        // (2^1024 - 1)^2 = 2^2048 - 2^1025 + 1
        let mut square = vec![0xff; 128];
        square[127] = 0xfe;
        square.extend([0; 127]);
        square.push(1);
        assert_eq!(product(&[0xff; 128], &[0xff; 128]), square);
        assert_eq!(is_product(&square, &[0xff; 128], &[0xff; 128]), Some(true));
        assert_eq!(is_product(&square, &[1; LONGEST + 1], &[1]), None);
    }
}

//! From an Ed25519 seed to its public key (RFC 8032, section 5.1.5). PKCS #8 mostly stores the seed alone, and a key's
//! fingerprint is that of its public half.
//!
//! One multiplication on the curve by plain doubling and adding. It takes a time that depends on the seed: nobody can
//! watch, and the seed is no secret any more.

use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

/// A number modulo 2^255 - 19, in digits of 51 bits, least significant first; each is below 2^52.
type Field = [u64; 5];

const DIGIT: u64 = (1 << 51) - 1;
const ONE: Field = [1, 0, 0, 0, 0];

/// The public key of a seed.
pub fn public(seed: &[u8; 32]) -> [u8; 32] {
    let hash = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(seed)));
    let mut scalar = Zeroizing::new([0; 32]);
    scalar.copy_from_slice(&hash[..32]);
    scalar[0] &= 0xf8;
    scalar[31] = scalar[31] & 0x7f | 0x40;
    let curve = Curve::new();
    let mut sum = Point { x: [0; 5], y: ONE, z: ONE, t: [0; 5] };
    for byte in scalar.iter().rev() {
        for bit in (0..8).rev() {
            sum = curve.add(&sum, &sum);
            if byte >> bit & 1 == 1 {
                sum = curve.add(&sum, &curve.base);
            }
        }
    }
    let inverse = invert(&sum.z);
    let mut encoded = encode(&mul(&sum.y, &inverse));
    encoded[31] |= encode(&mul(&sum.x, &inverse))[0] << 7;
    encoded
}

/// A point in extended coordinates (section 5.1.4).
#[derive(Clone, Copy)]
struct Point {
    x: Field,
    y: Field,
    z: Field,
    t: Field,
}

/// The curve's constants (section 5.1).
struct Curve {
    /// Twice d, which is -121665/121666.
    two_d: Field,
    /// The point that public keys are multiples of: y is 4/5.
    base: Point,
}

impl Curve {
    fn new() -> Self {
        let d = sub(&[0; 5], &mul(&[121_665, 0, 0, 0, 0], &invert(&[121_666, 0, 0, 0, 0])));
        let x = digits([0xc956_2d60_8f25_d51a, 0x692c_c760_9525_a7b2, 0xc0a4_e231_fdd6_dc5c, 0x2169_36d3_cd6e_53fe]);
        let y = mul(&[4, 0, 0, 0, 0], &invert(&[5, 0, 0, 0, 0]));
        Curve { two_d: add(&d, &d), base: Point { x, y, z: ONE, t: mul(&x, &y) } }
    }

    /// The sum of any two points, also of equal ones.
    fn add(&self, p: &Point, q: &Point) -> Point {
        let a = mul(&sub(&p.y, &p.x), &sub(&q.y, &q.x));
        let b = mul(&add(&p.y, &p.x), &add(&q.y, &q.x));
        let c = mul(&mul(&p.t, &self.two_d), &q.t);
        let d = mul(&add(&p.z, &p.z), &q.z);
        let (e, f, g, h) = (sub(&b, &a), sub(&d, &c), add(&d, &c), add(&b, &a));
        Point { x: mul(&e, &f), y: mul(&g, &h), z: mul(&f, &g), t: mul(&e, &h) }
    }
}

fn add(a: &Field, b: &Field) -> Field {
    carried(std::array::from_fn(|i| u128::from(a[i]) + u128::from(b[i])))
}

fn sub(a: &Field, b: &Field) -> Field {
    /// Four times the modulus, so that no digit falls below zero.
    const MODULI: Field = [4 * (DIGIT - 18), 4 * DIGIT, 4 * DIGIT, 4 * DIGIT, 4 * DIGIT];
    carried(std::array::from_fn(|i| u128::from(a[i]) + u128::from(MODULI[i]) - u128::from(b[i])))
}

fn mul(a: &Field, b: &Field) -> Field {
    let mut product = [0u128; 5];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            // 2^255 is 19.
            let fold = if i + j < 5 { 1 } else { 19 };
            product[(i + j) % 5] += u128::from(*x) * u128::from(*y) * fold;
        }
    }
    carried(product)
}

/// Carries what is above 51 bits on to the next digit, and from the last to the first.
fn carried(mut digits: [u128; 5]) -> Field {
    for _ in 0..2 {
        for i in 0..5 {
            let over = digits[i] >> 51;
            digits[i] &= u128::from(DIGIT);
            digits[(i + 1) % 5] += over * if i == 4 { 19 } else { 1 };
        }
    }
    digits.map(|digit| digit as u64)
}

/// The inverse: the power of 2^255 - 21, of which all bits but two are set.
fn invert(a: &Field) -> Field {
    (0..254).rev().fold(*a, |power, bit| {
        let square = mul(&power, &power);
        if bit == 2 || bit == 4 { square } else { mul(&square, a) }
    })
}

/// From four words, least significant first.
fn digits([a, b, c, d]: [u64; 4]) -> Field {
    [a, a >> 51 | b << 13, b >> 38 | c << 26, c >> 25 | d << 39, d >> 12].map(|digit| digit & DIGIT)
}

/// The one number below the modulus, least significant byte first.
fn encode(number: &Field) -> [u8; 32] {
    let mut number = carried(number.map(u128::from));
    // Whether the number reaches the modulus: then adding 19 carries out of the last digit.
    let over = number.iter().fold(19, |carry, digit| (digit + carry) >> 51);
    number[0] += 19 * over;
    for i in 0..4 {
        number[i + 1] += number[i] >> 51;
        number[i] &= DIGIT;
    }
    number[4] &= DIGIT;
    let [a, b, c, d, e] = number;
    let words = [a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12];
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    /// Public keys of seeds of one byte's repetition, as `openssl pkey -pubout` tells them.
    #[test]
    fn public_keys_are_those_of_openssl() {
        let of = |byte| HEXLOWER.encode(&public(&[byte; 32]));
        assert_eq!(of(0), "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29");
        assert_eq!(of(1), "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
        assert_eq!(of(0xff), "76a1592044a6e4f511265bca73a604d90b0529d1df602be30a19a9257660d1f5");
    }

    proptest::proptest! {
        #[test]
        fn what_is_inverted_twice_is_the_same(words: [u64; 4]) {
            let number = digits(words);
            proptest::prop_assert_eq!(encode(&invert(&invert(&number))), encode(&number));
        }
    }
}

//! RSA keys in their own form: `RSAPrivateKey` of PKCS #1 (RFC 8017, appendix A.1.2).

use super::bytes::bit_length;
use super::der::Der;
use super::description::Key;
use super::flaw::Flaw;
use super::product::is_product;
use super::public::PublicKey;

/// Reads the key: modulus, exponents, two primes, and what speeds their use up.
pub fn read(der: &[u8], form: &'static str) -> Result<Key, Flaw> {
    let mut key = Der::document(der, "RSA key")?;
    let version = key.small()?;
    let [n, e, _d, p, q, _dp, _dq, _coefficient] = numbers(&mut key)?;
    let public = checked(n, e, p, q, version == 0)?;
    if version == 0 {
        key.end()?;
    }
    Ok(Key::open(form, public.to_string()).with_public(public))
}

/// The public half of numbers that belong together; `two` if there are no more primes than these.
pub fn checked(n: &[u8], e: &[u8], p: &[u8], q: &[u8], two: bool) -> Result<PublicKey, Flaw> {
    /// Nobody has made shorter ones for decades, and tests that need speed not either.
    const SHORTEST: usize = 256;
    if bit_length(n) < SHORTEST || n.last().is_none_or(|low| low & 1 == 0) {
        return Err(Flaw::Inconsistent("its modulus is no RSA modulus"));
    }
    if e.last().is_none_or(|low| low & 1 == 0) || bit_length(e) > bit_length(n) {
        return Err(Flaw::Inconsistent("its public exponent is no RSA exponent"));
    }
    if two && is_product(n, p, q) == Some(false) {
        return Err(Flaw::Inconsistent("its modulus is not the product of its primes"));
    }
    Ok(PublicKey::rsa(n, e))
}

/// The next `N` integers.
pub fn numbers<'a, const N: usize>(der: &mut Der<'a>) -> Result<[&'a [u8]; N], Flaw> {
    let mut numbers: [&[u8]; N] = [&[]; N];
    for number in &mut numbers {
        *number = der.integer()?;
    }
    Ok(numbers)
}

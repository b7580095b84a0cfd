//! DSA keys as OpenSSL has always written them: a sequence of 0, p, q, g, y and x. No standard names it; see "DSA" in
//! <https://docs.openssl.org/master/man1/openssl-dsa/>.

use super::bytes::bit_length;
use super::der::Der;
use super::description::Key;
use super::flaw::Flaw;
use super::pkcs1::numbers;
use super::public::PublicKey;

/// Reads the key.
pub fn read(der: &[u8], form: &'static str) -> Result<Key, Flaw> {
    let mut key = Der::document(der, "DSA key")?;
    let [version, p, q, g, y, x] = numbers(&mut key)?;
    key.end()?;
    if !version.is_empty() {
        return Err(key.foreign());
    }
    checked(p, q, x)?;
    let public = PublicKey::Dsa { p: p.to_vec(), q: q.to_vec(), g: g.to_vec(), y: y.to_vec() };
    Ok(Key::open(form, public.to_string()).with_public(public))
}

/// That x is a number of the group that p and q make.
pub fn checked(p: &[u8], q: &[u8], x: &[u8]) -> Result<(), Flaw> {
    if x.is_empty() || bit_length(x) > bit_length(q) || bit_length(q) >= bit_length(p) {
        return Err(Flaw::Inconsistent("its number is none of its group"));
    }
    Ok(())
}

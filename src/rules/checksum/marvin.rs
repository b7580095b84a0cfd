//! Marvin32, the keyed hash with which Microsoft's services mark their keys.

/// Hashes `bytes` under `seed`; the two halves of the state are folded into one.
///
/// Source: `Marvin.ComputeHash32` of microsoft/security-utilities, the same algorithm as in .NET's string hashing.
pub fn marvin32(bytes: &[u8], seed: u64) -> u32 {
    let state = marvin64(bytes, seed);
    (state >> 32) as u32 ^ state as u32
}

/// A seed as Microsoft names them: eight ASCII characters, the first one most significant.
pub const fn seed(name: &[u8; 8]) -> u64 {
    u64::from_be_bytes(*name)
}

fn marvin64(bytes: &[u8], seed: u64) -> u64 {
    let (mut p0, mut p1) = (seed as u32, (seed >> 32) as u32);
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        p0 = p0.wrapping_add(little(word));
        mix(&mut p0, &mut p1);
    }
    let rest = words.remainder();
    p0 = p0.wrapping_add(little(rest) | 0x80 << (8 * rest.len()));
    mix(&mut p0, &mut p1);
    mix(&mut p0, &mut p1);
    u64::from(p1) << 32 | u64::from(p0)
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

fn mix(p0: &mut u32, p1: &mut u32) {
    *p1 ^= *p0;
    *p0 = p0.rotate_left(20).wrapping_add(*p1);
    *p1 = p1.rotate_left(9) ^ *p0;
    *p0 = p0.rotate_left(27).wrapping_add(*p1);
    *p1 = p1.rotate_left(19);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors with which .NET tests its own Marvin.
    #[test]
    fn the_vectors_of_dotnet_hold() {
        const SEED: u64 = 0x004f_b61a_001b_dbcc;
        assert_eq!(marvin64(&[], SEED), 0x30ed_35c1_00cd_3c7d);
        assert_eq!(marvin64(&[0xaf], SEED), 0x48e7_3fc7_7d75_ddc1);
        assert_eq!(marvin64(&[0xe7, 0x0f], SEED), 0xb5f6_e1fc_485d_bff8);
        assert_eq!(marvin32(&[], SEED), 0x30ed_35c1 ^ 0x00cd_3c7d);
    }

    /// The vector with which SymCrypt tests its Marvin32.
    #[test]
    fn the_vector_of_symcrypt_holds() {
        assert_eq!(marvin64(b"abc", 0xd53c_d9ce_cd08_93b7), 0x22c7_4339_4927_69bf);
    }
}

//! A digest to tell builds and rule sets apart: FNV-1a of 128 bits. Not of cryptographic strength, for nobody is kept from
//! building what they like.

/// The digest of what was taken so far.
pub struct Digest(u128);

impl Digest {
    /// Of nothing.
    pub fn new() -> Self {
        Digest(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Takes `bytes`, and where they end.
    pub fn take(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    /// In 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}

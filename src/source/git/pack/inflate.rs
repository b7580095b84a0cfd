//! Inflating entries of packs, whose exact sizes are known beforehand.

use libdeflater::Decompressor;

use crate::source::git::repository::LARGEST_OBJECT;

/// Deflate makes of one byte never more than so many.
const MOST_PER_BYTE: u64 = 1032;

/// Inflates for one thread.
pub(super) struct Inflater(Decompressor);

impl Default for Inflater {
    fn default() -> Self {
        Inflater(Decompressor::new())
    }
}

impl Inflater {
    /// Inflates a zlib stream, which may be followed by something else, of exactly `size` bytes into `output`, whose
    /// content is replaced.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn inflate(&mut self, input: &[u8], size: usize, output: &mut Vec<u8>) -> Result<(), &'static str> {
        // Old content need not be wiped, only what is beyond it needs a value.
        output.resize(size, 0);
        match self.0.zlib_decompress(input, output) {
            Ok(length) if length == size => Ok(()),
            Ok(_) => Err("it is shorter than it claims to be"),
            Err(_) => Err("its compressed data is corrupt"),
        }
    }
}

/// The size in bytes that an entry claims, if that can be: to be asked before room is made for it.
///
/// # Errors
/// Why it cannot be, in words.
pub(super) fn plausible(input: &[u8], claimed: u64) -> Result<usize, &'static str> {
    if claimed > LARGEST_OBJECT {
        Err("it is larger than 2 GiB")
    } else if claimed > (input.len() as u64).saturating_mul(MOST_PER_BYTE) {
        Err("it claims to be larger than it can be")
    } else {
        usize::try_from(claimed).map_err(|_| "it is too large for this machine")
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn only_the_size_that_was_named_is_right() {
        let mut packed = deflate(b"hello, hello, hello");
        packed.extend_from_slice(b"the next entry");
        let mut output = Vec::from(*b"something older");
        let mut inflater = Inflater::default();
        assert_eq!(inflater.inflate(&packed, 19, &mut output), Ok(()));
        assert_eq!(output, b"hello, hello, hello");
        for size in [0, 18, 20, 1 << 20] {
            assert!(inflater.inflate(&packed, size, &mut output).is_err(), "{size}");
        }
        packed[6] ^= 1;
        assert!(inflater.inflate(&packed, 19, &mut output).is_err());
        assert!(inflater.inflate(&[], 0, &mut output).is_err());
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert_eq!(plausible(&[0; 10], 10_000), Ok(10_000));
        for size in [11_000, LARGEST_OBJECT, LARGEST_OBJECT + 1, u64::MAX] {
            assert!(plausible(&[0; 10], size).is_err(), "{size}");
        }
    }

    #[test]
    fn the_best_that_deflate_can_do_is_believed() {
        let zeros = vec![0; 10 << 20];
        let mut output = Vec::new();
        let packed = deflate(&zeros);
        let size = plausible(&packed, zeros.len() as u64).unwrap();
        Inflater::default().inflate(&packed, size, &mut output).unwrap();
        assert_eq!(output, zeros);
    }
}

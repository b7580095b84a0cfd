//! Inflating entries of packs, whose exact sizes are known beforehand.

use libdeflater::Decompressor;

/// Larger objects, in bytes, are refused: a pack may claim any size.
pub(in super::super) const LARGEST: u64 = 2 << 30;

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
    pub fn inflate(&mut self, input: &[u8], size: u64, output: &mut Vec<u8>) -> Result<(), &'static str> {
        if size > LARGEST {
            return Err("it is larger than 2 GiB");
        }
        // Before room is made for what cannot be true.
        if size > (input.len() as u64).saturating_mul(MOST_PER_BYTE) {
            return Err("it claims to be larger than it can be");
        }
        // Old content need not be wiped, only the rest needs a value.
        output.resize(size as usize, 0);
        match self.0.zlib_decompress(input, output) {
            Ok(length) if length == output.len() => Ok(()),
            Ok(_) => Err("it is shorter than it claims to be"),
            Err(_) => Err("its compressed data is corrupt"),
        }
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
        for size in [0, 18, 20, 1 << 20, LARGEST, LARGEST + 1, u64::MAX] {
            assert!(inflater.inflate(&packed, size, &mut output).is_err(), "{size}");
        }
        packed[6] ^= 1;
        assert!(inflater.inflate(&packed, 19, &mut output).is_err());
        assert!(inflater.inflate(&[], 0, &mut output).is_err());
    }

    #[test]
    fn the_best_that_deflate_can_do_is_believed() {
        let zeros = vec![0; 10 << 20];
        let mut output = Vec::new();
        Inflater::default().inflate(&deflate(&zeros), zeros.len() as u64, &mut output).unwrap();
        assert_eq!(output, zeros);
    }
}

//! Sets of bytes: what may stand at one place of a match.

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSet(
    /// Bit `b % 64` of word `b / 64` says whether byte `b` is in it.
    pub [u64; 4],
);

impl ByteSet {
    /// Every byte.
    pub const ALL: ByteSet = ByteSet([u64::MAX; 4]);

    /// The set of one byte.
    pub fn of(byte: u8) -> Self {
        ByteSet::from_iter([byte])
    }

    /// Adds a byte.
    pub fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    /// Adds all bytes of another set.
    pub fn union(&mut self, other: &ByteSet) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
    }

    /// Whether a byte is in it.
    pub fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    /// Its bytes, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = u8> {
        [0, 64, 128, 192].into_iter().zip(self.0).flat_map(|(first, word)| {
            let rest = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            std::iter::successors(Some(word).filter(|word| *word != 0), rest)
                .map(move |word| first + word.trailing_zeros() as u8)
        })
    }

    /// How many bytes are in it.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// True if there is none in it.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }
}

impl FromIterator<u8> for ByteSet {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        let mut set = ByteSet::default();
        bytes.into_iter().for_each(|byte| set.insert(byte));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_in_order() {
        for bytes in [&[][..], &[0], &[255], b"-09az\x7f\x80\xff", &[0, 63, 64, 127, 128, 191, 192, 255]] {
            let set: ByteSet = bytes.iter().copied().collect();
            assert_eq!(set.iter().collect::<Vec<_>>(), bytes);
            assert_eq!(set.len(), bytes.len());
        }
        assert_eq!(ByteSet::ALL.iter().count(), 256);
    }
}

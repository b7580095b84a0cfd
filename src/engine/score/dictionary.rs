//! The dictionary: words that source code and documentation are made of.

/// How much of a run of letters is words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Letters that stand in words.
    pub letters: usize,
    /// The number of words.
    pub words: usize,
    /// The length of the longest.
    pub longest: usize,
}

/// Covers a run of letters with words, as much of it as can be.
pub fn cover(run: &[u8]) -> Cover {
    let _ = run;
    Cover::default()
}

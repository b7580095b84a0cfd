//! What could not be read, and what was passed over on purpose.

/// Something that should have been scanned and was not, or not wholly. Any problem makes the scan incomplete: exit 2.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// What it concerns: a path, an object, a revision.
    pub place: String,
    /// What went wrong, as one clause without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Why something was passed over on purpose. Counted and reported, but no problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// Neither text nor an archive.
    Binary,
    /// Larger than `--max-file-size`.
    TooLarge,
    /// A symbolic link, not followed.
    Symlink,
    /// A submodule: a pointer to another repository.
    Submodule,
    /// A socket, device or named pipe.
    Special,
}

impl SkipReason {
    /// The words for a summary: `3 binary`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SkipReason::Binary => "binary",
            SkipReason::TooLarge => "too large",
            SkipReason::Symlink => "symbolic link",
            SkipReason::Submodule => "submodule",
            SkipReason::Special => "special file",
        }
    }
}

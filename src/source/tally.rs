//! Tallies: what scanning something came to, in numbers. Enough to count it again without scanning it again, unless it
//! came to more than numbers.

use std::ops::{AddAssign, Sub};

/// What scanning came to. Those of a worker only grow, so that two of them tell what lies between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blobs and members of archives that were scanned.
    pub items: u64,
    /// Bytes that were scanned.
    pub bytes: u64,
    /// Matches that nothing can bring to the threshold.
    pub below_threshold: u64,
    /// What was passed over as binary.
    pub binary: u64,
    /// Problems.
    pub problems: u64,
    /// Whatever else there is: matches worth a finding, things passed over for other reasons.
    pub other: u64,
}

impl Tally {
    /// True if there is nothing to it but counts.
    pub fn is_plain(&self) -> bool {
        self.problems == 0 && self.other == 0
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        self.items += more.items;
        self.bytes += more.bytes;
        self.below_threshold += more.below_threshold;
        self.binary += more.binary;
        self.problems += more.problems;
        self.other += more.other;
    }
}

impl Sub for Tally {
    type Output = Tally;

    /// What came in since `earlier`.
    fn sub(self, earlier: Tally) -> Tally {
        Tally {
            items: self.items.saturating_sub(earlier.items),
            bytes: self.bytes.saturating_sub(earlier.bytes),
            below_threshold: self.below_threshold.saturating_sub(earlier.below_threshold),
            binary: self.binary.saturating_sub(earlier.binary),
            problems: self.problems.saturating_sub(earlier.problems),
            other: self.other.saturating_sub(earlier.other),
        }
    }
}

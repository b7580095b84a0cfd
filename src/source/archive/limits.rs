//! Limits: how much of an archive is unpacked before it is taken for a trap.

/// Bounds of one outermost archive. Passing one is reported, never silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many archives may lie in each other: 1 reads the members of an archive, but no archive among them. 0 takes
    /// every archive for a binary, to be passed over. A compressed tar counts once.
    pub depth: u32,
    /// Number of members, those of inner archives included.
    pub members: u64,
    /// Size of one member, unpacked, in bytes. An inner zip is held in memory, so this bounds that too.
    pub member_bytes: u64,
    /// Bytes unpacked in all, those of inner archives included.
    pub total_bytes: u64,
    /// How many times larger than its packed form a stream may become. Asked only once [`Limits::RATIO_FROM`] bytes have
    /// come out, for a small file of one repeated line packs better than any bomb.
    pub ratio: u64,
}

impl Limits {
    /// Bytes of a stream from which on [`Limits::ratio`] counts.
    pub const RATIO_FROM: u64 = 16 * 1024 * 1024;
}

/// 3 deep, 100,000 members, 256 MiB a member, 2 GiB in all, a ratio of 1,000.
impl Default for Limits {
    fn default() -> Self {
        Limits {
            depth: 3,
            members: 100_000,
            member_bytes: 256 * 1024 * 1024,
            total_bytes: 2 * 1024 * 1024 * 1024,
            ratio: 1_000,
        }
    }
}

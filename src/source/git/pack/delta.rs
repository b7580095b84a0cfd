//! Deltas: how a pack stores an object as what differs from another one.
//!
//! A delta is two sizes, of the base and of the result, and then instructions: copy a run of the base, or insert bytes that
//! follow (gitformat-pack(5), "Deltified representation"). While the result is made, it is noted what was copied.

use crate::source::Copied;

/// A delta that was not applied yet.
pub(in crate::source::git) struct Delta<'a> {
    /// Size in bytes of the object that it applies to.
    pub base_size: u64,
    /// Size in bytes of what comes out.
    pub result_size: u64,
    instructions: &'a [u8],
}

impl<'a> Delta<'a> {
    /// Reads the sizes.
    pub fn parse(delta: &'a [u8]) -> Option<Self> {
        let mut rest = delta;
        let base_size = size(&mut rest)?;
        let result_size = size(&mut rest)?;
        Some(Delta { base_size, result_size, instructions: rest })
    }

    /// Makes the object out of its base: into `result`, which is to be empty, and notes in `copies` what is from the base,
    /// sorted by where it is now. Copies that continue each other are one. `None` if the delta is broken.
    pub fn apply(&self, base: &[u8], result: &mut Vec<u8>, copies: &mut Vec<Copied>) -> Option<()> {
        copies.clear();
        if self.base_size != base.len() as u64 {
            return None;
        }
        let size = usize::try_from(self.result_size).ok()?;
        let mut rest = self.instructions;
        while let Some((&instruction, after)) = rest.split_first() {
            rest = after;
            let to = result.len();
            let run = if instruction & 0x80 != 0 {
                let (from, length) = copy(instruction, &mut rest)?;
                note(copies, Copied { from, to, length });
                base.get(from..from + length)?
            } else {
                let (run, after) =
                    rest.split_at_checked(usize::from(instruction)).filter(|(run, _)| !run.is_empty())?;
                rest = after;
                run
            };
            if run.len() > size - to {
                return None;
            }
            result.extend_from_slice(run);
        }
        (result.len() == size).then_some(())
    }
}

/// Adds a copy to those before it.
fn note(copies: &mut Vec<Copied>, new: Copied) {
    match copies.last_mut() {
        Some(last) if last.from + last.length == new.from && last.to + last.length == new.to => {
            last.length += new.length;
        }
        _ => copies.push(new),
    }
}

/// Where a copy begins in the base, and its length: four bytes and three, lowest first, of which only those are there that
/// the instruction has a bit for. A length of 0 stands for 64 KiB.
fn copy(instruction: u8, input: &mut &[u8]) -> Option<(usize, usize)> {
    let from = number::<4>(instruction, input)?;
    let length = number::<3>(instruction >> 4, input)?;
    Some((from, if length == 0 { 0x1_0000 } else { length }))
}

/// A number of up to so many bytes. There are millions of these: the loop is to be unrolled.
#[inline(always)]
fn number<const BYTES: u32>(present: u8, input: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for byte in 0..BYTES {
        if present & 1 << byte != 0 {
            let (&value, rest) = input.split_first()?;
            *input = rest;
            number |= usize::from(value) << (8 * byte);
        }
    }
    Some(number)
}

/// A size: seven bits a byte, the lowest first; the eighth says that more follow.
fn size(input: &mut &[u8]) -> Option<u64> {
    let mut size = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(size);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(base: &[u8], delta: &[u8]) -> Option<(Vec<u8>, Vec<Copied>)> {
        let (mut result, mut copies) = (Vec::new(), Vec::new());
        Delta::parse(delta)?.apply(base, &mut result, &mut copies)?;
        Some((result, copies))
    }

    #[test]
    fn copies_and_inserts() {
        // Sizes 11 and 9; copy 5 from 6; insert "-ab"; copy 1 from 0.
        let delta = [11, 9, 0b1001_0001, 6, 5, 3, b'-', b'a', b'b', 0b1001_0000, 1];
        let (result, copies) = apply(b"hello world", &delta).unwrap();
        assert_eq!(result, b"world-abh");
        assert_eq!(copies, [Copied { from: 6, to: 0, length: 5 }, Copied { from: 0, to: 8, length: 1 }]);
    }

    #[test]
    fn copies_that_continue_each_other_are_one() {
        // Copy 2 from 0, 3 from 2, 1 from 0.
        let delta = [5, 6, 0b1001_0000, 2, 0b1001_0001, 2, 3, 0b1001_0000, 1];
        let (result, copies) = apply(b"hello", &delta).unwrap();
        assert_eq!(result, b"helloh");
        assert_eq!(copies, [Copied { from: 0, to: 0, length: 5 }, Copied { from: 0, to: 5, length: 1 }]);
    }

    #[test]
    fn a_copy_without_a_length_is_64_kib_long() {
        let base = vec![7; 0x1_0000];
        let (result, copies) = apply(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]).unwrap();
        assert_eq!(result, base);
        assert_eq!(copies, [Copied { from: 0, to: 0, length: 0x1_0000 }]);
    }

    #[test]
    fn what_is_broken_is_refused() {
        let base = b"hello";
        for delta in [
            &[][..],
            &[4, 1, 1, b'a'],                            // another base
            &[5, 2, 1, b'a'],                            // too short a result
            &[5, 1, 2, b'a', b'b'],                      // too long a result
            &[5, 1, 0],                                  // the reserved instruction
            &[5, 3, 3, b'a'],                            // an insert cut off
            &[5, 2, 0b1001_0001, 4, 2],                  // a copy past the end
            &[5, 2, 0b1001_0001, 4],                     // a copy cut off
            &[5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], // an absurd size
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(apply(base, delta), None, "{delta:?}");
        }
    }
}

//! Deltas: how packs store an object as what differs from another one.
//!
//! A delta is two sizes, of the base and of the result, and then instructions: copy a run of the base, or insert bytes that
//! follow. See gitformat-pack(5), "Deltified representation".

use super::repository::LARGEST_OBJECT;

/// Makes the object that `delta` describes; `None` if it is broken.
pub(super) fn apply(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut rest = delta;
    if size(&mut rest)? != base.len() as u64 {
        return None;
    }
    let size = size(&mut rest).filter(|size| *size <= LARGEST_OBJECT)? as usize;
    let mut result = Vec::with_capacity(size);
    while let Some((&instruction, after)) = rest.split_first() {
        rest = after;
        let run = if instruction & 0x80 != 0 {
            let start = number(instruction, 4, &mut rest)?;
            let length = match number(instruction >> 4, 3, &mut rest)? {
                0 => 0x10000,
                length => length,
            };
            base.get(start..start + length)?
        } else {
            let (run, after) = rest.split_at_checked(usize::from(instruction)).filter(|(run, _)| !run.is_empty())?;
            rest = after;
            run
        };
        if run.len() > size - result.len() {
            return None;
        }
        result.extend_from_slice(run);
    }
    (result.len() == size).then_some(result)
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

/// A number of which only the bytes are there that `present` has a bit for, the lowest first.
fn number(present: u8, bytes: u8, input: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for byte in (0..bytes).filter(|byte| present & 1 << byte != 0) {
        let (&value, rest) = input.split_first()?;
        *input = rest;
        number |= usize::from(value) << (8 * byte);
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn copies_and_inserts() {
        // Sizes 11 and 9; copy 5 from 6; insert "-ab"; copy 1 from 0.
        let delta = [11, 9, 0b1001_0001, 6, 5, 3, b'-', b'a', b'b', 0b1001_0000, 1];
        assert_eq!(apply(b"hello world", &delta).unwrap(), b"world-abh");
    }

    #[test]
    fn a_copy_without_a_length_is_64_kib_long() {
        let base = vec![7; 0x10000];
        assert_eq!(apply(&base, &[0x80, 0x80, 4, 0x80, 0x80, 4, 0x80]).unwrap(), base);
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

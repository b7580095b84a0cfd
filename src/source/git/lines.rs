//! Which lines a change added, as ranges of bytes.
//!
//! Lines are compared without their ends, so that neither a last line that gets its line feed, nor a change from LF to
//! CRLF, makes old lines new.

use std::collections::HashMap;
use std::ops::Range;

use bstr::ByteSlice;
use imara_diff::{Algorithm, Diff, InternedInput};

/// The lines of `new` that `old` has not, as byte ranges of `new`: sorted, disjoint, line ends included.
pub(super) fn added(old: &[u8], new: &[u8]) -> Vec<Range<usize>> {
    let mut input = InternedInput::default();
    input.update_before(old.lines());
    input.update_after(new.lines());
    let mut ends = Vec::with_capacity(input.after.len());
    let mut end = 0;
    for line in new.lines_with_terminator() {
        end += line.len();
        ends.push(end);
    }
    let at = |line: u32| (line as usize).checked_sub(1).and_then(|i| ends.get(i)).copied().unwrap_or(0);
    Diff::compute(Algorithm::Histogram, &input)
        .hunks()
        .map(|hunk| at(hunk.after.start)..at(hunk.after.end))
        .filter(|range| !range.is_empty())
        .collect()
}

/// What two lists of ranges (sorted, disjoint) have in common.
pub(super) fn intersect(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut common = Vec::new();
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let both = x.start.max(y.start)..x.end.min(y.end);
        let x_ends_first = x.end <= y.end;
        if !both.is_empty() {
            common.push(both);
        }
        if x_ends_first {
            a.next();
        } else {
            b.next();
        }
    }
    common
}

/// How much two texts have in common: bytes of lines that both have, in percent of the longer one.
pub(super) fn similarity(a: &[u8], b: &[u8]) -> usize {
    let mut lines: HashMap<&[u8], usize> = HashMap::new();
    for line in a.lines() {
        *lines.entry(line).or_default() += 1;
    }
    let mut common = 0;
    for (line, whole) in b.lines().zip(b.lines_with_terminator()) {
        if let Some(count) = lines.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            common += whole.len();
        }
    }
    common * 100 / a.len().max(b.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'a>(old: &str, new: &'a str) -> Vec<&'a str> {
        added(old.as_bytes(), new.as_bytes()).into_iter().map(|r| &new[r]).collect()
    }

    #[test]
    fn added_lines_are_those_that_the_old_text_has_not() {
        assert_eq!(texts("a\nb\nc\n", "a\nx\nb\nc\ny\nz\n"), ["x\n", "y\nz\n"]);
        assert_eq!(texts("", "a\nb"), ["a\nb"]);
        assert!(texts("a\nb\n", "b\n").is_empty());
    }

    #[test]
    fn a_line_end_alone_is_no_change() {
        assert_eq!(texts("a\nb", "a\nb\nc\n"), ["c\n"]);
        assert!(texts("a\nb\n", "a\r\nb\r\n").is_empty());
    }

    #[test]
    fn ranges_intersect() {
        assert_eq!(intersect(&[0..4, 6..9], &[2..7, 8..20]), [2..4, 6..7, 8..9]);
        assert!(intersect(&[], &[0..3, 4..5]).is_empty());
        assert!(intersect(&[0..3, 3..9], &[]).is_empty());
    }

    #[test]
    fn similarity_is_the_share_of_common_lines() {
        assert_eq!(similarity(b"aaaa\nbbbb\n", b"aaaa\ncccc\n"), 50);
        assert_eq!(similarity(b"a\na\n", b"a\na\n"), 100);
        assert_eq!(similarity(b"", b""), 0);
    }
}

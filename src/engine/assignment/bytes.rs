//! Keys that are written as lists of bytes: `[]byte{18, 170, …}`, `{0x12, 0xaa, …}`, `bytes([18, 170, …])`.

use std::ops::Range;

use super::VALUE;
use super::cursor::Cursor;

impl Cursor<'_> {
    /// Bytes written as numbers: `[]byte{18, 170, …}`, `{0x12, 0xaa, …}`, `bytes([18, 170, …])`.
    pub fn numbers(&self) -> Option<Range<usize>> {
        /// The longest type and call before them.
        const TYPE: usize = 32;
        let is_type = |b: &u8| b.is_ascii_alphanumeric() || b" _.:<>*&[](){}".contains(b);
        let rest = self.rest();
        let before = rest.iter().take(TYPE).take_while(|b| is_type(b)).count();
        let opens = |at: &usize| matches!(rest[*at], b'[' | b'{' | b'(');
        (0..before).filter(opens).find_map(|at| self.from(self.at + at + 1).list_of_bytes())
    }

    /// A list of numbers that are bytes, as far as it goes.
    fn list_of_bytes(mut self) -> Option<Range<usize>> {
        /// Keys are no shorter.
        const FEWEST: usize = 8;
        self.skip_lines();
        let start = self.at;
        let (mut count, mut end) = (0, start);
        while end - start < VALUE - 8 {
            let digits = self.rest().iter().take(5).take_while(|b| b.is_ascii_hexdigit() || **b == b'x').count();
            if !(1..=4).contains(&digits) || !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                break;
            }
            self.at += digits;
            (count, end) = (count + 1, self.at);
            self.skip_space();
            if !self.eat(b",") {
                break;
            }
            self.skip_space();
        }
        // Of a list whose end is not to be seen there would be more to show than to hide.
        let unseen = self.cut && self.at >= self.bytes.len();
        (count >= FEWEST && !unseen).then_some(start..end)
    }
}

//! Calls: what is given to them, and what becomes of it.
//!
//! Most calls about a value make it of what they are given: `SecretStr("…")`, `b64decode("…")`. Those that look something up
//! are given a name instead, and perhaps a default.

use std::ops::Range;

use super::GAP;
use super::cursor::Cursor;

/// The longest name of a call about a value, in bytes.
const CALL: usize = 40;
/// How many calls may stand about a value.
const CALLS: usize = 3;

/// Parts of the names of calls that look up what they are given; a second string is what is taken if nothing is found.
const GETTERS: &[&[u8]] = &[
    b"get",
    b"env",
    b"conf",
    b"read",
    b"input",
    b"prompt",
    b"find",
    b"fetch",
    b"load",
    b"param",
    b"request",
    b"query",
    b"option",
    b"lookup",
    b"require",
    b"import",
    b"open",
    b"arg",
    b"prop",
    b"select",
    b"setting",
    b"print",
    b"gettext",
    b"translate",
    b"label",
    b"error",
    b"exception",
    b"format",
];

/// What a call says of a value.
pub enum Called {
    /// There is no call.
    Not,
    /// This string becomes the value.
    With(Range<usize>),
    /// The value is no literal.
    Otherwise,
}

impl Cursor<'_> {
    /// Steps over variables that a call is given before a string.
    pub fn skip_variables(&mut self) {
        for _ in 0..2 {
            self.skip_lines();
            let name =
                self.rest().iter().take(CALL).take_while(|b| b.is_ascii_alphanumeric() || b"_.$&*>-".contains(b));
            let length = name.count();
            if length == 0 || self.rest().get(length) != Some(&b',') {
                return;
            }
            self.at += length + 1;
        }
    }

    /// The quoted string behind the one that was read last, if they are given to a call side by side.
    pub fn next_argument(&mut self) -> Option<Range<usize>> {
        let quote = self.quote()?;
        self.at += quote.len();
        self.skip_space();
        if !self.eat(b",") {
            return None;
        }
        self.argument()
    }

    /// Reads a call: of a value that is made of what the call is given, that; of one that is looked up, its default.
    pub fn call(&mut self) -> Called {
        let start = self.at;
        for depth in 0..CALLS {
            let rest = self.rest();
            let begins = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'$' | b'[' | b'&');
            let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.:$>-&*[]?!".contains(b);
            let length = match rest.first() {
                Some(first) if begins(first) => rest.iter().take(CALL).take_while(|b| is_name(b)).count(),
                _ => 0,
            };
            if length == 0 || rest.get(length) != Some(&b'(') {
                return if depth == 0 { Called::Not } else { Called::Otherwise };
            }
            self.at += length + 1;
            self.skip_lines();
            self.skip_prefix();
            if self.quote().is_some() {
                let names = &self.bytes[start..self.at];
                let first = self.quoted();
                let value =
                    if is_getter(names) { self.next_argument().or_else(|| self.default_behind()) } else { first };
                return value.map_or(Called::Otherwise, Called::With);
            }
        }
        Called::Otherwise
    }

    /// The quoted string that is taken if what was read is not there: `process.env.X || "…"`, `os.environ["X"] or "…"`.
    pub fn default_behind(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        // Of an index or a call, what was looked up and what closes it.
        let index = match rest.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let name = rest.iter().skip(1).take(2 * GAP).position(|b| b == quote)?;
                name + 2
            }
            _ => 0,
        };
        self.at += index;
        self.at += self.rest().iter().take(4).take_while(|b| matches!(b, b')' | b']')).count();
        self.skip_space();
        let there = [&b"||"[..], b"??", b"?:", b"or "].iter().any(|sign| self.eat(sign));
        self.skip_space();
        if there && self.quote().is_some() { self.quoted() } else { None }
    }
}

/// True if the names of calls say that they look up what they are given; a name of one letter translates it.
fn is_getter(names: &[u8]) -> bool {
    let holds = |part: &&[u8]| names.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    names.len() < 3 || GETTERS.iter().any(holds)
}

//! Operators: what stands between a name and its value, and says how the value is to be read.

use std::ops::Range;

use super::cursor::{self, Cursor};
use super::markup;

/// How the value behind a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`, `:`, `:=`, `=>`, `->` and the like, and the space behind a flag or behind a name that is `set`: quoted or bare.
    Assign,
    /// `==`, `,` behind a quoted name, `||`, space: only a quoted string counts.
    Argument,
    /// `(`: one or two quoted strings among the arguments.
    Call,
    /// `is`: a sentence; a quoted string, or a word that is none of a language.
    Prose,
    /// `>` of an opening tag: the value is the element's text.
    Element,
    /// `|` of a table: the value is the next cell.
    Cell,
}

/// Commands after which a name and its value stand side by side.
const SETTERS: &[&[u8]] =
    &[b"set", b"setx", b"setenv", b"env", b"define", b"config", b"config:set", b"add", b"export", b"hset", b"arg"];

/// Words between the name of a thing and what is said about it.
const TELLS: &[&[u8]] = &[b"is ", b"is: ", b"was ", b"will be ", b"to "];

impl<'a> Cursor<'a> {
    /// Reads the operator behind the name `key`, up to where the value begins.
    pub fn operator(&mut self, key: &Range<usize>) -> Option<Operator> {
        let closed = self.close_name();
        if self.peek() == Some(b'[') {
            self.skip_index();
        }
        let space = self.skip_space();
        match self.peek()? {
            b'=' | b':' | b'!' | b'?' | b'+' | b'~' => self.assign(),
            b'-' => self.dash(space),
            b'|' => self.bar(key),
            b'>' if markup::in_tag(self.bytes, key.start) => {
                self.at += 1;
                Some(Operator::Element)
            }
            b'<' => self.less(),
            b'(' if space > 0 && self.skip_remark() => Some(Operator::Assign),
            b'(' if closed.is_empty() => {
                self.at += 1;
                Some(Operator::Call)
            }
            b'(' if space > 0 => None,
            b',' => self.comma(key, closed),
            b'.' if closed.ends_with(b")") => self.method(),
            // The colon of Chinese and Japanese.
            0xef if self.eat("\u{ff1a}".as_bytes()) => Some(Operator::Assign),
            b'\r' | b'\n' => markup::value_line(self).then_some(Operator::Assign),
            _ if space > 0 => self.beside(key, closed),
            _ => None,
        }
    }

    /// Steps over what closes the name, and returns it: `"password"`, `['password']`, `\"password\"`, `**password**`.
    fn close_name(&mut self) -> &'a [u8] {
        let start = self.at;
        for _ in 0..5 {
            match self.peek() {
                Some(b']' | b')' | b'*') => self.at += 1,
                _ => match self.quote() {
                    Some(quote) => self.at += quote.len(),
                    None => break,
                },
            }
        }
        let bytes: &'a [u8] = self.bytes;
        &bytes[start..self.at]
    }

    /// Steps over the size of an array: `password[32]`.
    fn skip_index(&mut self) {
        let rest = self.rest();
        let digits = rest.iter().skip(1).take(8).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if rest.get(1 + digits) == Some(&b']') {
            self.at += digits + 2;
        }
    }

    fn assign(&mut self) -> Option<Operator> {
        let rest = self.rest();
        let signs = rest.iter().take(4).take_while(|b| b"=:!?+|-~>".contains(b)).count();
        let operator = &rest[..signs];
        if operator == b"??" || operator == b"?:" && rest.get(signs) == Some(&b' ') && self.literal_follows(signs) {
            self.at += signs;
            return Some(Operator::Argument);
        }
        // `password::` is a path and `password:-` a shell default: the one names a type, the other gives a value.
        if operator == b"::" || rest[signs..].starts_with(b"//") || !operator.iter().any(|b| matches!(b, b'=' | b':')) {
            return None;
        }
        self.at += signs;
        if operator.ends_with(b":") {
            self.skip_type();
        }
        // What a name is compared with is a secret only as a literal.
        let compares = operator.starts_with(b"==") || operator.starts_with(b"!=");
        Some(if compares { Operator::Argument } else { Operator::Assign })
    }

    fn literal_follows(&self, signs: usize) -> bool {
        let mut ahead = self.from(self.at + signs);
        ahead.skip_space();
        ahead.quote().is_some()
    }

    /// `->`, and the dash of a sentence.
    fn dash(&mut self, space: usize) -> Option<Operator> {
        // Without space, `->` leads to a member of what is named.
        if space > 0 && self.eat(b"->") {
            return Some(Operator::Assign);
        }
        (space > 0 && self.eat(b"- ")).then_some(Operator::Prose)
    }

    /// `||` before a default, and the border of a table's cell.
    fn bar(&mut self, key: &Range<usize>) -> Option<Operator> {
        if self.eat(b"||") {
            self.eat(b"=");
            return Some(Operator::Argument);
        }
        let mut start = key.start;
        while start > 0 && matches!(self.bytes[start - 1], b'*' | b'`' | b'"' | b'\'' | b'_') && key.start - start < 4 {
            start -= 1;
        }
        let (_, border) = cursor::before(self.bytes, start)?;
        self.at += 1;
        (border == b'|').then_some(Operator::Cell)
    }

    /// `<-` of R, or a closing tag: `<name>password</name><value>…`.
    fn less(&mut self) -> Option<Operator> {
        // `<<-EOF` is a here document.
        if self.eat(b"<-") || self.eat(b"<<- ") {
            return Some(Operator::Assign);
        }
        markup::next_element(self).then_some(Operator::Element)
    }

    /// The comma behind a name in a list: only of the first of a list or of arguments, `put("password", "…")` and
    /// `{password, "…"}`, and of a flag among arguments, `["--password", "…"]`.
    fn comma(&mut self, key: &Range<usize>, closed: &[u8]) -> Option<Operator> {
        let before = &self.bytes[key.start.saturating_sub(4)..key.start];
        let is_quote = |b: &u8| matches!(b, b'"' | b'\'' | b'`');
        let opens = |b: &u8| matches!(b, b'(' | b'{' | b'[' | b'<' | b' ');
        let first = match before {
            _ if closed.is_empty() => before.last() == Some(&b'{'),
            [.., open, quote] if is_quote(quote) => opens(open) && (*open != b' ' || self.first_of_call(key.start - 1)),
            [.., quote, b'-', b'-'] if is_quote(quote) => true,
            [.., quote, b'-'] => is_quote(quote),
            [quote] => is_quote(quote),
            _ => false,
        };
        self.at += 1;
        // `{"name": "password", "value": "…"}`
        if markup::value_member(self) || (!closed.is_empty() && self.skip_to_default()) {
            return Some(Operator::Assign);
        }
        first.then_some(Operator::Argument)
    }

    /// Steps to the default of an option: `add_argument("--password", type=str, default="…")`.
    fn skip_to_default(&mut self) -> bool {
        /// The most bytes of what stands before it.
        const BETWEEN: usize = 64;
        let rest = self.rest();
        let line = &rest[..rest.len().min(BETWEEN)];
        let line = &line[..line.iter().position(|b| matches!(b, b'\n' | b')')).unwrap_or(line.len())];
        let Some(at) = line.windows(9).position(|window| &window[..8] == b" default" && b"=:".contains(&window[8]))
        else {
            return false;
        };
        self.at += at + 9;
        true
    }

    /// True if what stands at `at` is the first of arguments, behind a parenthesis and a space.
    fn first_of_call(&self, at: usize) -> bool {
        cursor::before(self.bytes, at).is_some_and(|(_, b)| matches!(b, b'(' | b'{' | b'['))
    }

    /// A call on what holds the name: `expect(password).toBe("…")`.
    fn method(&mut self) -> Option<Operator> {
        let name = self.rest().iter().skip(1).take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        self.at += 1 + name;
        self.eat(b"(").then_some(Operator::Argument)
    }

    /// A name and, with space between them, its value: of a flag, of a command that sets it, of Lisp and Tcl and SQL, and of
    /// sentences.
    fn beside(&mut self, key: &Range<usize>, closed: &[u8]) -> Option<Operator> {
        let next = self.peek()?;
        if markup::value_attribute(self, key.start, !closed.is_empty()) {
            return Some(Operator::Assign);
        }
        if closed.is_empty() && self.is_flag(key.start) {
            return (next != b'-').then_some(Operator::Assign);
        }
        let prefixed = matches!(next, b'@' | b'N' | b'L' | b'b' | b'r');
        let behind = self.bytes.get(self.at + usize::from(prefixed));
        if matches!(behind, Some(b'"' | b'\'')) || self.quote().is_some_and(|quote| quote.len() > 1) {
            return closed.is_empty().then_some(Operator::Argument);
        }
        if self.eat(b"for ") {
            return self.later_sign();
        }
        if self.is_set(key.start) {
            return Some(Operator::Assign);
        }
        match next {
            b'i' | b'w' | b't' if TELLS.iter().any(|tell| self.eat(tell)) => Some(Operator::Prose),
            b'o' if self.eat(b"or ") => Some(Operator::Argument),
            b'A' | b'a' | b's' if self.skip_declared_type() => Some(Operator::Assign),
            _ => Some(Operator::Prose),
        }
    }

    /// True if the name is a flag of a command: `--password`, `-Password`, `/password`.
    fn is_flag(&self, start: usize) -> bool {
        let Some(before) = self.bytes[..start].strip_suffix(b"-") else { return false };
        let before = before.strip_suffix(b"-").unwrap_or(before);
        before.last().is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'[' | b'('))
    }

    /// True if a command that sets what is named stands before the name.
    fn is_set(&self, start: usize) -> bool {
        /// The longest of them, and the signs before it.
        const WORD: usize = 12;
        let Some((last, byte)) = cursor::before(self.bytes, start) else { return false };
        if last + 1 == start || !byte.is_ascii_alphabetic() {
            return false;
        }
        let before = &self.bytes[(last + 1).saturating_sub(WORD)..=last];
        let word = before.iter().rev().take_while(|b| b.is_ascii_alphabetic() || **b == b':').count();
        let word = &before[before.len() - word..];
        SETTERS.iter().any(|setter| word.eq_ignore_ascii_case(setter))
    }

    /// Steps over a remark in parentheses and the colon behind it: `Password (for admin): …`.
    fn skip_remark(&mut self) -> bool {
        let rest = self.rest();
        let closes = rest.iter().take(32).position(|b| matches!(b, b')' | b'"' | b'\'' | b'\n'));
        let there = closes.is_some_and(|at| rest[at..].starts_with(b"): "));
        self.at += if there { closes.unwrap_or(0) + 2 } else { 0 };
        there
    }

    /// Steps to the sign behind what a password is for: `Password for admin: …`, `SET PASSWORD FOR 'app'@'%' = …`.
    fn later_sign(&mut self) -> Option<Operator> {
        /// The longest name of a thing.
        const THING: usize = 40;
        let rest = self.rest();
        let length = rest.iter().take(THING).take_while(|b| !matches!(b, b':' | b'=' | b'\n' | b'\r')).count();
        self.at += length;
        let sign = self.peek()?;
        (matches!(sign, b':' | b'=') && self.bytes.get(self.at + 1) == Some(&b' ')).then(|| {
            self.at += 1;
            Operator::Assign
        })
    }

    /// Passes over a type behind a name, if an equals sign follows it: `password As String = "…"`, `password string = "…"`.
    fn skip_declared_type(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b' ').count();
        let declares = rest[..length].ends_with(b" ") && rest.get(length) == Some(&b'=');
        self.at += if declares { length + 1 } else { 0 };
        declares
    }

    /// Passes over a type behind a colon, if an equals sign follows it: `password: &str = "…"`.
    fn skip_type(&mut self) {
        let rest = self.rest();
        let is_type = |b: &u8| b.is_ascii_alphanumeric() || b" &'<>[]?|_.*,".contains(b);
        let length = rest.iter().take(40).take_while(|b| is_type(b)).count();
        let letters = rest[..length].iter().any(u8::is_ascii_alphabetic);
        if letters && rest.get(length) == Some(&b'=') && rest[..length].ends_with(b" ") {
            self.at += length + 1;
        }
    }
}

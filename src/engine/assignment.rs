//! Assignments: a name that holds a telling word, an operator, and a value, in the syntax of most languages and formats.
//!
//! No grammar: from the word, the name is taken in to both sides; then an operator must follow, and behind it a value,
//! quoted or bare. The tests at the front are a few byte comparisons, for the words (`password`, `token`, `key`) stand
//! everywhere and most have nothing assigned to them. Everything looked at lies within
//! [`ASSIGNED_REACH`](crate::rules::file::ASSIGNED_REACH) of the word.

use std::ops::Range;

use super::object;

/// The longest part of a name on either side of the word, in bytes.
const NAME: usize = 48;
/// The most space between the parts, in bytes.
const GAP: usize = 24;
/// The longest value, in bytes.
const VALUE: usize = 160;

/// Calls that make no other value of what they are given.
const WRAPPERS: &[&[u8]] = &[
    b"Some(",
    b"String(",
    b"new String(",
    b"String.valueOf(",
    b"Buffer.from(",
    b"bytes(",
    b"[]byte(",
    b"SecretString(",
    b"Secret(",
];

/// A name and the value that is assigned to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name: `spring.datasource.password`.
    pub key: Range<usize>,
    /// The value, without quotes.
    pub value: Range<usize>,
}

/// Reads the assignment to a name that holds `word`.
pub fn parse(bytes: &[u8], word: &Range<usize>) -> Option<Assignment> {
    let key = name(bytes, word)?;
    let mut cursor = Cursor { bytes, at: key.end };
    let flag = bytes[..key.start].ends_with(b"--");
    let value = match cursor.operator(flag)? {
        Operator::Element => cursor.until_tag(),
        Operator::Call => cursor.argument(),
        Operator::Comma if !begins_list(bytes, key.start) => None,
        Operator::Comma => cursor.argument(),
        Operator::Assign | Operator::Flag => cursor.value(),
    }?;
    // `<add key="apiToken" value="…"/>`: what is assigned is the name.
    if is_named_value(&bytes[value.end..]) {
        return None;
    }
    Some(Assignment { key, value })
}

/// The whole name about a word. A word that merely ends in letters of another (`tokenizer`, `passwordless`) is none, and
/// a short one must also begin where a part of the name begins (`key`, not `monkey`).
fn name(bytes: &[u8], word: &Range<usize>) -> Option<Range<usize>> {
    if !super::confirm::ends_word(bytes, word) || (word.len() < 5 && !super::confirm::starts_word(bytes, word)) {
        return None;
    }
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$');
    let before = bytes[word.start.saturating_sub(NAME)..word.start].iter().rev().take_while(|b| is_name(b)).count();
    let behind = bytes[word.end..].iter().take(NAME).take_while(|b| is_name(b)).count();
    let mut start = word.start - before;
    while start < word.start && matches!(bytes[start], b'-' | b'.') {
        start += 1;
    }
    Some(start..word.end + behind)
}

enum Operator {
    /// `=`, `:`, `:=`, `=>`, `==`, `->` and the like.
    Assign,
    /// `(` and `==`: the value is an argument.
    Call,
    /// `,` behind a quoted name: the value is the next argument.
    Comma,
    /// `>` of an opening tag: the value is the element's text.
    Element,
    /// Space behind a command-line flag.
    Flag,
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(text)
    }

    fn skip_space(&mut self) -> usize {
        let count = self.bytes[self.at..].iter().take(GAP).take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.at += count;
        count
    }

    fn operator(&mut self, flag: bool) -> Option<Operator> {
        // What closes the name: `"password"`, `['password']`, `\"password\"`, and JSON in JSON in JSON.
        let mut closed = false;
        for _ in 0..4 {
            match self.peek()? {
                b'\\' => self.at += self.escaped_quote()?.len(),
                b'"' | b'\'' | b'`' | b']' | b')' | b'*' => self.at += 1,
                _ => break,
            }
            closed = true;
        }
        let space = self.skip_space();
        match self.peek()? {
            b'=' | b':' | b'!' | b'?' | b'+' | b'|' | b'-' | b'~' => self.assign(),
            b'>' => {
                self.at += 1;
                Some(Operator::Element)
            }
            b'(' if !closed => {
                self.at += 1;
                Some(Operator::Call)
            }
            b',' if closed => {
                self.at += 1;
                Some(Operator::Comma)
            }
            // `<add key="password" value="…"/>`
            b'v' if closed && space > 0 && self.starts_with(b"value=") => {
                self.at += 6;
                Some(Operator::Assign)
            }
            // `- name: PASSWORD`, and on the next line `value: …`
            b'\r' | b'\n' => self.value_line(),
            _ if flag && space > 0 => Some(Operator::Flag),
            _ => None,
        }
    }

    fn assign(&mut self) -> Option<Operator> {
        let signs = self.bytes[self.at..].iter().take(4).take_while(|b| b"=:!?+|-~>".contains(b)).count();
        let operator = &self.bytes[self.at..self.at + signs];
        if !operator.iter().any(|b| matches!(b, b'=' | b':')) && operator != b"->" {
            return None;
        }
        // `password::` is a path and `password:-` a shell default: the one names a type, the other gives a value.
        if operator == b"::" {
            return None;
        }
        self.at += signs;
        if operator == b":" {
            self.skip_type();
        }
        // What a name is compared with is a secret only as a literal.
        let compares = operator.starts_with(b"==") || operator.starts_with(b"!=");
        Some(if compares { Operator::Call } else { Operator::Assign })
    }

    /// Passes over a type behind a colon, if an equals sign follows it: `password: &str = "…"`.
    fn skip_type(&mut self) {
        let rest = &self.bytes[self.at..];
        let is_type = |b: &u8| b.is_ascii_alphanumeric() || b" &'<>[]?|_.".contains(b);
        let length = rest.iter().take(40).take_while(|b| is_type(b)).count();
        let letters = rest[..length].iter().any(u8::is_ascii_alphabetic);
        if letters && rest.get(length) == Some(&b'=') && rest[..length].ends_with(b" ") {
            self.at += length + 1;
        }
    }

    fn value_line(&mut self) -> Option<Operator> {
        let rest = &self.bytes[self.at..];
        let indent = rest.iter().take(2 * GAP).take_while(|b| b.is_ascii_whitespace()).count();
        let behind = rest[indent..].strip_prefix(b"value:")?;
        self.at += rest.len() - behind.len();
        Some(Operator::Assign)
    }

    /// A quoted value on the same line.
    fn argument(&mut self) -> Option<Range<usize>> {
        self.skip_space();
        let prefix = self.bytes[self.at..].iter().take(2).take_while(|b| b"rbfuRBFULN@$".contains(b)).count();
        let quoted = matches!(self.bytes.get(self.at + prefix), Some(b'"' | b'\'' | b'`'));
        if quoted { self.value() } else { None }
    }

    fn value(&mut self) -> Option<Range<usize>> {
        self.skip_space();
        self.enter_object();
        // A line may end behind the operator, if a quoted string follows.
        if matches!(self.peek(), Some(b'\r' | b'\n')) {
            let space = self.bytes[self.at..].iter().take(2 * GAP).take_while(|b| b.is_ascii_whitespace()).count();
            self.at += space;
            if !matches!(self.peek(), Some(b'"' | b'\'' | b'`')) {
                return None;
            }
        }
        if let Some(wrapper) = WRAPPERS.iter().find(|wrapper| self.starts_with(wrapper)) {
            self.at += wrapper.len();
        }
        self.at += self.bytes[self.at..].iter().take(4).take_while(|b| **b == b'(').count();
        // Prefixes of strings: r"…", b'…', f"…", @"…", $"…", N'…', &"…".
        let prefix = self.bytes[self.at..].iter().take(3).take_while(|b| b"rbfuRBFULN@$&#*".contains(b)).count();
        if matches!(self.bytes.get(self.at + prefix), Some(b'"' | b'\'' | b'`')) {
            self.at += prefix;
        }
        match self.peek()? {
            b'\\' if let Some(quote) = self.escaped_quote() => {
                self.at += quote.len();
                self.until(|rest| rest.starts_with(quote))
            }
            quote @ (b'"' | b'\'' | b'`') => {
                let triple = [quote; 3];
                self.at += if self.starts_with(&triple) { 3 } else { 1 };
                self.quoted(quote).map(|text| object::longest_string(self.bytes, text))
            }
            _ => self.bare(),
        }
    }

    /// A quote with its backslashes: one for each level of JSON within JSON, and one more for each of those.
    fn escaped_quote(&self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let slashes = rest.iter().take(8).take_while(|b| **b == b'\\').count();
        let quote = matches!(rest.get(slashes), Some(b'"' | b'\''));
        (quote && matches!(slashes, 1 | 3 | 7)).then(|| &rest[..=slashes])
    }

    /// Steps to the value of `{ "value": …`, as in the state of Terraform.
    fn enter_object(&mut self) {
        let Some(rest) = self.bytes[self.at..].strip_prefix(b"{") else { return };
        let space = rest.iter().take(2 * GAP).take_while(|b| b.is_ascii_whitespace()).count();
        if rest[space..].starts_with(b"\"value\":") {
            self.at += 1 + space + b"\"value\":".len();
            self.skip_space();
        }
    }

    /// Text up to the quote that closes it; a backslash makes the next byte a part of the text.
    fn quoted(&self, quote: u8) -> Option<Range<usize>> {
        let mut end = self.at;
        while end < self.bytes.len() && end - self.at <= VALUE {
            match self.bytes[end] {
                b'\n' | b'\r' => return None,
                b'\\' => end += 2,
                b if b == quote => return (end > self.at).then_some(self.at..end),
                _ => end += 1,
            }
        }
        None
    }

    fn until(&self, closes: impl Fn(&[u8]) -> bool) -> Option<Range<usize>> {
        let rest = &self.bytes[self.at..];
        for length in 0..rest.len().min(VALUE + 1) {
            if matches!(rest[length], b'\n' | b'\r') {
                return None;
            }
            if closes(&rest[length..]) {
                return (length > 0).then_some(self.at..self.at + length);
            }
        }
        None
    }

    fn until_tag(&self) -> Option<Range<usize>> {
        self.until(|rest| rest[0] == b'<').filter(|text| self.bytes.get(text.end + 1) == Some(&b'/'))
    }

    /// Text without quotes: up to white space or a quote, without the punctuation that ends a statement.
    fn bare(&self) -> Option<Range<usize>> {
        let rest = &self.bytes[self.at..];
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<');
        let length = rest.iter().take(VALUE + 1).position(ends).unwrap_or(rest.len());
        if length > VALUE {
            return None;
        }
        let mut value = &rest[..next_setting(&rest[..length])];
        loop {
            value = match value.split_last() {
                Some((b',' | b';' | b'\\' | b'>', shorter)) => shorter,
                Some((b')', shorter)) if !shorter.contains(&b'(') => shorter,
                Some((b']', shorter)) if !shorter.contains(&b'[') => shorter,
                Some((b'}', shorter)) if !shorter.contains(&b'{') => shorter,
                Some(_) => break,
                None => return None,
            };
        }
        Some(self.at..self.at + value.len())
    }
}

/// True if the quoted name that begins at `key` is the first of a list or of arguments: `put("password", "…")`.
fn begins_list(bytes: &[u8], key: usize) -> bool {
    let quoted = key.checked_sub(1).is_some_and(|i| matches!(bytes[i], b'"' | b'\'' | b'`'));
    quoted && key.checked_sub(2).is_some_and(|i| matches!(bytes[i], b'(' | b'{' | b'['))
}

/// True if text goes on with the value of a pair whose name stands before: `" value="…"`.
fn is_named_value(rest: &[u8]) -> bool {
    let Some(rest) = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")) else { return false };
    rest[..rest.len().min(GAP)].trim_ascii_start().starts_with(b"value=")
}

/// Where the next setting of a list begins, such as `;Database=` of a connection string or `&page=` of a query; the
/// length of `value` if there is none.
fn next_setting(value: &[u8]) -> usize {
    let separators = value.iter().enumerate().filter(|(_, b)| matches!(b, b';' | b'&' | b','));
    for (at, _) in separators {
        let name = value[at + 1..].iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
        if name > 0 && value.get(at + 1 + name) == Some(&b'=') {
            return at;
        }
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_of<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
        let at = text.to_ascii_lowercase().find(word).expect("the word");
        let found = parse(text.as_bytes(), &(at..at + word.len()))?;
        Some((&text[found.key], &text[found.value]))
    }

    #[test]
    fn common_syntaxes_are_read() {
        for (text, key) in [
            ("password = \"hunter2!\"", "password"),
            ("DB_PASSWORD=hunter2!", "DB_PASSWORD"),
            ("  password: hunter2!\n", "password"),
            ("{\"password\": \"hunter2!\"}", "password"),
            ("'password' => 'hunter2!',", "password"),
            ("config['db.password'] = 'hunter2!';", "db.password"),
            ("let password: &str = \"hunter2!\";", "password"),
            ("setPassword(\"hunter2!\")", "setPassword"),
            ("<password>hunter2!</password>", "password"),
            ("<add key=\"password\" value=\"hunter2!\"/>", "password"),
            ("- name: PASSWORD\n  value: hunter2!\n", "PASSWORD"),
            ("env.put(\"db.password\", \"hunter2!\")", "db.password"),
            ("mysql --password hunter2! db", "password"),
            ("mysql --password=hunter2! db", "password"),
            ("{\\\"password\\\": \\\"hunter2!\\\"}", "password"),
            (r#"{\\\"password\\\":\\\"hunter2!\\\"}"#, "password"),
            (r#"'{\\\\\\\"password\\\\\\\": \\\\\\\"hunter2!\\\\\\\"}'"#, "password"),
            ("\"password\": {\n  \"value\": \"hunter2!\",\n  \"type\": \"string\"", "password"),
            ("$password = @\"hunter2!\"", "$password"),
            ("password := `hunter2!`", "password"),
            ("password = Some(\"hunter2!\")", "password"),
            ("if (password == \"hunter2!\")", "password"),
            ("String userPassword = \"hunter2!\";", "userPassword"),
            ("Server=db;Password=hunter2!;Database=x", "Password"),
            ("https://h/?password=hunter2!&page=2", "password"),
        ] {
            assert_eq!(value_of(text, "password"), Some((key, "hunter2!")), "{text}");
        }
    }

    #[test]
    fn a_word_alone_is_no_assignment() {
        for text in [
            "the password is wrong",
            "password_field",
            "fn password() -> u8 {",
            "passwordless: yes",
            "password::new",
            "[\"password\", next]",
            "if (password == other_value) {",
            "\"user\", \"password\", \"hunter2!\"",
            "<add key=\"password\" />",
        ] {
            assert_eq!(value_of(text, "password"), None, "{text}");
        }
        assert_eq!(value_of("monkey = \"value12345\"", "key"), None);
        assert_eq!(value_of("tokenizer: \"value12345\"", "token"), None);
    }
}

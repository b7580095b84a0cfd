//! Values: quoted text, bare words, what a call is given, and what a sentence tells.

use std::ops::Range;

use super::call::Called;
use super::cursor::Cursor;
use super::markup;
use super::object;
use super::{GAP, VALUE};

/// Schemes of credentials, which are no part of them.
const SCHEMES: &[&[u8]] = &[
    b"Bearer ",
    b"Basic ",
    b"Token ",
    b"Digest ",
    b"NTLM ",
    b"Negotiate ",
    b"ApiKey ",
    b"Api-Key ",
    b"OAuth ",
    b"Key ",
];

impl Cursor<'_> {
    /// The quoted string that is given to a call, on this line or the next.
    pub fn argument(&mut self) -> Option<Range<usize>> {
        self.skip_lines();
        self.skip_prefix();
        self.quote()?;
        self.quoted()
    }

    /// A quoted or bare value.
    pub fn value(&mut self) -> Option<Range<usize>> {
        self.skip_space();
        if self.eat(b"**") {
            self.skip_space();
        }
        self.enter_object();
        match self.peek()? {
            b'\r' | b'\n' => {
                self.skip_lines();
                // Only a string, or the first of a list, is what stands on the line before.
                if self.eat(b"- ") {
                    self.skip_space();
                } else if self.peek() != Some(b'[') && self.quote().is_none() {
                    return None;
                }
            }
            b'|' | b'>' if self.enter_block() => return self.line(),
            b'<' if self.starts_with(b"</") => return self.behind_tags(),
            b'<' if self.enter_here_document() => return self.line(),
            _ => {}
        }
        self.eat(b"return ");
        if let Some(bytes) = self.numbers() {
            return Some(bytes);
        }
        self.enter_list();
        self.skip_prefix();
        if self.quote().is_some() {
            return self.quoted();
        }
        if let Some(quote) = self.perl_quote() {
            return self.until(|rest| rest[0] == quote);
        }
        match self.call() {
            Called::With(value) => Some(value),
            Called::Otherwise => None,
            Called::Not => {
                let _ = SCHEMES.iter().any(|scheme| self.eat(scheme));
                let value = self.bare()?;
                self.at = value.end;
                self.default_behind().or_else(|| (!self.is_code(&value)).then_some(value))
            }
        }
    }

    /// True for bare text that is surely no literal: a command, a closure, a member of something, a type with parameters.
    fn is_code(&self, value: &Range<usize>) -> bool {
        let text = &self.bytes[value.clone()];
        let typed = self.bytes.get(value.end) == Some(&b'<') && text.iter().all(u8::is_ascii_alphabetic);
        // `os.environ[`, and then what is looked up.
        let index = text.ends_with(b"[") && matches!(self.bytes.get(value.end), Some(b'"' | b'\''));
        let opens = [&b"$("[..], b"|", b"[&", b"&["].iter().any(|start| text.starts_with(start));
        opens || index || text.windows(2).any(|pair| pair == b"->") || (typed && text[0].is_ascii_uppercase())
    }

    /// What a sentence tells: quoted text, or a word with digits in it.
    pub fn told(&mut self) -> Option<Range<usize>> {
        self.skip_space();
        let quoted = self.peek() != Some(b'`') && self.quote().is_some();
        if quoted {
            return self.quoted();
        }
        self.eat(b"`");
        // `password 7 …` of routers says how the password is written.
        if matches!(self.rest(), [b'0'..=b'9', b' ', ..]) {
            self.at += 2;
            return self.bare();
        }
        // Most sentences go on with a word of letters.
        let plain = self.rest().iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if self.rest().get(plain).is_none_or(u8::is_ascii_whitespace) {
            return None;
        }
        let mut value = self.bare()?;
        while matches!(self.bytes[value.end - 1], b'.' | b',' | b')' | b':' | b';') {
            value.end -= 1;
            if value.is_empty() {
                return None;
            }
        }
        let text = &self.bytes[value.clone()];
        let has = |is: fn(&u8) -> bool| text.iter().any(is);
        let telling = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) && !has(|b| b"()[]{}=<>\\/".contains(b));
        (telling && text.len() >= 6).then_some(value)
    }

    /// The text of an element.
    pub fn until_tag(&mut self) -> Option<Range<usize>> {
        if self.eat(b"<![CDATA[") {
            return self.until(|rest| rest.starts_with(b"]]>"));
        }
        self.skip_lines();
        let length = self.rest().iter().take(VALUE).position(|b| matches!(b, b'<' | b'\n' | b'\r'))?;
        let text = self.rest()[..length].trim_ascii_end().len();
        let value = self.at..self.at + text;
        self.at += length;
        self.skip_lines();
        (self.starts_with(b"</") && text > 0).then_some(value)
    }

    /// The text of a table's cell.
    pub fn until_bar(&mut self) -> Option<Range<usize>> {
        self.eat(b"|");
        self.skip_space();
        if self.eat(b"`") {
            return self.until(|rest| rest[0] == b'`');
        }
        let end = self.until(|rest| rest[0] == b'|')?;
        let text = self.bytes[end.clone()].trim_ascii_end().len();
        (text > 0).then_some(end.start..end.start + text)
    }

    /// Steps over what may stand before a string and is no part of it: parentheses, `@"…"`, `L"…"`, `&"…"`, a cast.
    pub fn skip_prefix(&mut self) {
        self.eat(b"new ");
        self.at += self.rest().iter().take(4).take_while(|b| **b == b'(').count();
        let prefix = self.rest().iter().take(3).take_while(|b| b"rbfuRBFULNsc@$&#*".contains(b)).count();
        let mut ahead = self.from(self.at + prefix);
        if prefix > 0 && ahead.quote().is_some() {
            self.at += prefix;
        }
        // `(char *)"…"` and `[]byte("…")` are calls to us; here the parenthesis is open already.
        let cast = self.rest().iter().take(16).take_while(|b| b.is_ascii_alphabetic() || b" *".contains(b)).count();
        ahead.at = self.at + cast + 1;
        if cast > 0 && self.rest().get(cast) == Some(&b')') && ahead.quote().is_some() {
            self.at += cast + 1;
        }
    }

    /// Steps to the value of `{ "value": …`, as in the state of Terraform, and of `{ "box@host": …`.
    fn enter_object(&mut self) {
        let mut ahead = self.from(self.at);
        if !ahead.eat(b"{") {
            return;
        }
        ahead.skip_lines();
        let Some(name) = ahead.quote().and_then(|_| ahead.quoted()) else { return };
        let name = &self.bytes[name];
        ahead.at += ahead.quote().map_or(0, <[u8]>::len);
        // Not `{"type": "string"}`, which describes a value.
        if (name == b"value" || name.contains(&b'@')) && ahead.eat(b":") {
            ahead.skip_space();
            self.at = ahead.at;
        }
    }

    /// Steps to the first string of a list: `["…", "…"]`.
    fn enter_list(&mut self) {
        if !matches!(self.peek(), Some(b'[' | b'{')) {
            return;
        }
        let mut ahead = self.from(self.at + 1);
        ahead.skip_lines();
        if ahead.quote().is_some() && (self.peek() == Some(b'[') || !ahead.holds_names()) {
            self.at = ahead.at;
        }
    }

    /// True if the string that stands here is the name of a member: `"type":`.
    fn holds_names(&self) -> bool {
        let mut ahead = self.from(self.at);
        let Some(text) = ahead.quoted() else { return true };
        ahead.at = text.end;
        ahead.at += ahead.quote().map_or(0, <[u8]>::len);
        ahead.skip_space();
        matches!(ahead.peek(), Some(b':' | b'='))
    }

    /// Steps to the text of a block of YAML: `|`, `>-` and a line end.
    fn enter_block(&mut self) -> bool {
        let rest = self.rest();
        let signs = rest.iter().take(4).take_while(|b| b"|>+-".contains(b) || b.is_ascii_digit()).count();
        if !matches!(rest.get(signs), Some(b'\n' | b'\r')) {
            return false;
        }
        self.at += signs;
        self.skip_lines()
    }

    /// Steps to the text of a here document: `<<EOF` and a line end.
    fn enter_here_document(&mut self) -> bool {
        let start = self.at;
        if !self.eat(b"<<") {
            return false;
        }
        let rest = self.rest();
        let word = rest.iter().take(GAP).take_while(|b| b.is_ascii_alphanumeric() || b"_-~'\"".contains(b)).count();
        self.at += word;
        if word > 0 && matches!(self.peek(), Some(b'\r' | b'\n' | b';')) {
            self.eat(b";");
            return self.skip_lines();
        }
        self.at = start;
        false
    }

    /// Text behind closing tags: `<b>Password:</b> …`.
    fn behind_tags(&mut self) -> Option<Range<usize>> {
        for _ in 0..3 {
            if self.peek() == Some(b'<') && !markup::skip_tag(self) {
                return None;
            }
            self.skip_lines();
        }
        self.until_tag().or_else(|| self.told())
    }

    /// The rest of a line.
    fn line(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        let length = self.length(|b| matches!(b, b'\n' | b'\r'))?;
        let text = rest[..length].trim_ascii_end().len();
        (text > 0).then_some(self.at..self.at + text)
    }

    /// Steps into `q{…}`, `qq(…)`, `%q(…)` of Perl and Ruby; what closes it.
    fn perl_quote(&mut self) -> Option<u8> {
        let rest = self.rest();
        let sign = usize::from(rest.first() == Some(&b'%'));
        let letters = rest[sign..].iter().take(2).take_while(|b| matches!(b, b'q' | b'Q')).count();
        let close = match rest.get(sign + letters)? {
            _ if letters == 0 => return None,
            b'{' => b'}',
            b'(' => b')',
            b'[' => b']',
            b'|' => b'|',
            b'/' => b'/',
            _ => return None,
        };
        self.at += sign + letters + 1;
        Some(close)
    }

    /// Quoted text; of quotes that are doubled or tripled, and of several lines, the first.
    pub fn quoted(&mut self) -> Option<Range<usize>> {
        let quote = self.quote()?;
        let text = if quote.len() > 1 {
            self.at += quote.len();
            self.until(|rest| rest.starts_with(quote))?
        } else {
            let quote = quote[0];
            let run = self.rest().iter().take(4).take_while(|b| **b == quote).count();
            // Two in a row are an empty string, but where they open one within another.
            let empties = |next: &u8| next.is_ascii_whitespace() || b",;:)]}>&|+.<".contains(next);
            if run == 2 && self.bytes.get(self.at + run).is_none_or(empties) {
                return None;
            }
            self.at += run;
            if run == 3 {
                self.skip_lines();
            }
            object::longest_string(self.bytes, self.closed_by(quote)?)
        };
        let text = self.without_scheme(text);
        self.at = text.end;
        Some(text)
    }

    fn without_scheme(&self, text: Range<usize>) -> Range<usize> {
        let inner = &self.bytes[text.clone()];
        let starts =
            |scheme: &&&[u8]| inner.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let scheme = SCHEMES.iter().find(starts).map_or(0, |scheme| scheme.len());
        if scheme < inner.len() { text.start + scheme..text.end } else { text }
    }

    /// Text up to the quote that closes it; a backslash makes the next byte a part of the text.
    fn closed_by(&self, quote: u8) -> Option<Range<usize>> {
        /// A line without spaces, as long as this, of a string of several lines is worth a look.
        const LINE: usize = 20;
        let mut end = self.at;
        while end < self.bytes.len() && end - self.at < VALUE {
            match self.bytes[end] {
                b'\n' | b'\r' => {
                    let whole = end - self.at >= LINE && !self.bytes[self.at..end].contains(&b' ');
                    return whole.then_some(self.at..end);
                }
                b'\\' => end += 2,
                b if b == quote => return (end > self.at).then_some(self.at..end),
                _ => end += 1,
            }
        }
        // The beginning of a long one.
        (end - self.at >= VALUE && end <= self.bytes.len()).then_some(self.at..self.at + VALUE)
    }

    /// Text without quotes: up to white space or a quote, without the punctuation that ends a statement.
    fn bare(&self) -> Option<Range<usize>> {
        let rest = self.rest();
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<');
        let length = self.length(ends)?;
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

/// Where the next setting of a list begins, such as `;Database=` of a connection string or `&page=` of a query, or an
/// escape that ends the string; the length of `value` if there is none.
fn next_setting(value: &[u8]) -> usize {
    for (at, byte) in value.iter().enumerate() {
        let rest = &value[at + 1..];
        let ends = match byte {
            b';' | b'&' | b',' => {
                let name = rest.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
                let next = rest.get(name);
                (name > 0 && next == Some(&b'=')) || (*byte == b'&' && is_reference(rest))
            }
            b'\\' => matches!(rest.first(), Some(b'n' | b'r' | b't')) && at > 0,
            _ => false,
        };
        if ends {
            return at;
        }
    }
    value.len()
}

/// True for the rest of a character reference of a quote or an angle bracket.
fn is_reference(rest: &[u8]) -> bool {
    [&b"quot;"[..], b"#34;", b"#39;", b"apos;", b"lt;", b"gt;", b"amp;", b"#x27;", b"#x22;"]
        .iter()
        .any(|name| rest.starts_with(name))
}

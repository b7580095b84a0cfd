//! Pairs of markup and data: a name in one place and its value in another, each with a word that says what it is.
//!
//! `<add key="password" value="…">` and `<property value="…" name="password">`, `<name>password</name><value>…</value>`,
//! `- name: PASSWORD` and on the next line `value: …`, `{"name": "password", "value": "…"}`.

use std::ops::Range;

use super::GAP;
use super::cursor::{self, Cursor};
use super::name;

/// The most bytes between a name and its value, where other attributes may stand between them.
const BETWEEN: usize = 96;

/// True if a name stands within a tag: `<password`, `<entry key="password"`.
pub fn in_tag(bytes: &[u8], key: usize) -> bool {
    let before = &bytes[key.saturating_sub(BETWEEN)..key];
    before.iter().rposition(|b| matches!(b, b'<' | b'>' | b'\n')).is_some_and(|at| before[at] == b'<')
}

/// Steps to the text of the element that follows a closing tag: from `</key>` into `<string>`.
pub fn next_element(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.at;
    cursor.skip_lines();
    if !(cursor.starts_with(b"</") && skip_tag(cursor)) {
        cursor.at = start;
        return false;
    }
    cursor.skip_lines();
    cursor.eat(b":");
    cursor.skip_lines();
    // `<b>Password:</b> …` has none.
    cursor.starts_with(b"<") && !cursor.starts_with(b"</") && skip_tag(cursor)
}

/// Steps over a tag.
pub fn skip_tag(cursor: &mut Cursor<'_>) -> bool {
    let rest = cursor.rest();
    let tag = rest.iter().take(BETWEEN).position(|b| *b == b'>').filter(|&end| !rest[..end].contains(&b'\n'));
    cursor.at += tag.map_or(0, |end| end + 1);
    tag.is_some()
}

/// Steps to the value of the pair whose name was read, among the attributes behind it: `" type="string" value="…"`.
pub fn value_attribute(cursor: &mut Cursor<'_>, key: usize, closed: bool) -> bool {
    if !closed && cursor.bytes.get(key.wrapping_sub(1)) != Some(&b'<') {
        return false;
    }
    let rest = cursor.rest();
    let tag = &rest[..rest.len().min(BETWEEN)];
    let tag = &tag[..tag.iter().position(|b| matches!(b, b'>' | b'<' | b'\n')).unwrap_or(tag.len())];
    let Some(at) = find_value(tag) else { return false };
    let behind = tag[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count() + at;
    if tag.get(behind) != Some(&b'=') {
        return false;
    }
    cursor.at += behind + 1;
    true
}

/// Where the word `value` begins in a list of attributes.
fn find_value(tag: &[u8]) -> Option<usize> {
    let is_value = |at: &usize| {
        let starts = *at == 0 || matches!(tag[at - 1], b' ' | b'\t');
        starts && tag[*at..].get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"value"))
    };
    (0..tag.len()).find(is_value)
}

/// Steps to the value of the pair whose name was read, on the next line: `value: …`, or the text of an element.
pub fn value_line(cursor: &mut Cursor<'_>) -> bool {
    value_member(cursor) || next_element(cursor)
}

/// Steps to the value of the pair whose name was read, if it is the next member: `"value": …`.
pub fn value_member(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = cursor.from(cursor.at);
    ahead.skip_lines();
    let quote = ahead.quote().unwrap_or_default();
    ahead.at += quote.len();
    if !ahead.eat(b"value") || !ahead.eat(quote) {
        return false;
    }
    ahead.skip_space();
    let there = ahead.eat(b":") || ahead.eat(b"=");
    if there {
        cursor.at = ahead.at;
    }
    there
}

/// True if text goes on with the value of a pair whose name ends at `at`, so that what was read is a name:
/// `<add key="apiToken" value="…">`.
pub fn is_name_of_value(bytes: &[u8], at: usize) -> bool {
    let Some(rest) = bytes.get(at..) else { return false };
    let Some(rest) = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")) else { return false };
    let rest = rest[..rest.len().min(GAP)].trim_ascii_start();
    rest.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"value="))
}

/// Whether a value may stand before the name: one look at what is there turns most names away.
pub fn may_follow_value(bytes: &[u8], key: usize) -> bool {
    let mut before = bytes[..key].iter().rev().take(5).skip_while(|b| matches!(b, b' ' | b'"' | b'\''));
    match before.next() {
        Some(b'=' | b':') => true,
        Some(b',') => matches!(before.next(), Some(b'"' | b'\'')),
        _ => false,
    }
}

/// The quoted value that a name is compared with, where the value stands first: `"…" == password`,
/// `assertEquals("…", password)`.
pub fn compared_before(bytes: &[u8], key: &Range<usize>) -> Option<Range<usize>> {
    let (at, sign) = cursor::before(bytes, key.start)?;
    if sign == b',' {
        return quoted_before(bytes, at).filter(|value| compares(&bytes[..value.start - 1]));
    }
    if sign != b'=' {
        return None;
    }
    let signs = bytes[..=at].iter().rev().take(3).take_while(|b| matches!(b, b'=' | b'!')).count();
    if signs < 2 {
        return None;
    }
    quoted_before(bytes, at + 1 - signs)
}

/// True if text ends in the beginning of a call that compares what it is given: `assertEquals(`.
fn compares(text: &[u8]) -> bool {
    let Some(text) = text.strip_suffix(b"(") else { return false };
    let length = text.iter().rev().take(GAP).take_while(|b| name::is_part(**b)).count();
    let call = text[text.len() - length..].to_ascii_lowercase();
    [&b"assert"[..], b"equal"].iter().any(|word| call.windows(word.len()).any(|window| window == *word))
}

/// The quoted text that ends before `at`.
fn quoted_before(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let (end, quote @ (b'"' | b'\'')) = cursor::before(bytes, at)? else { return None };
    let start = end.saturating_sub(BETWEEN);
    let line = &bytes[start..end];
    let open = line.iter().rposition(|b| *b == quote || *b == b'\n').filter(|&open| line[open] == quote)?;
    (start + open + 1 < end).then_some(start + open + 1..end)
}

/// The value of a pair whose name was read, where the value stands first: `<property value="…" name="password">`,
/// `{"value": "…", "name": "password"}`.
pub fn value_before(bytes: &[u8], key: &Range<usize>) -> Option<Range<usize>> {
    // `name="`, `"name": "`, `name: `
    let before = bytes[..key.start].strip_suffix(b"\"").or(bytes[..key.start].strip_suffix(b"'"));
    let before = before.unwrap_or(&bytes[..key.start]);
    let (sign, b'=' | b':') = cursor::before(before, before.len())? else { return None };
    let label = &bytes[..sign];
    let label = label.strip_suffix(b"\"").unwrap_or(label);
    let length = label.iter().rev().take(8).take_while(|b| name::is_part(**b)).count();
    let word = &label[label.len() - length..];
    if ![&b"name"[..], b"key"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return None;
    }
    // `"…" name="`, `"…", "name": "`
    let mut end = label.len() - length;
    while end > 0
        // Not the hyphen of a list: with it, another pair begins.
        && matches!(bytes[end - 1], b' ' | b'\t' | b'\n' | b'\r' | b',' | b'"')
        && label.len() - end < 48
    {
        end -= 1;
        if bytes[end] == b'"' && end > 0 && !matches!(bytes[end - 1], b' ' | b'\t' | b'\n' | b'\r' | b',') {
            end += 1;
            break;
        }
    }
    let value = quoted_before(bytes, end).or_else(|| rest_of_line_before(bytes, end))?;
    // Before the value its quote, if it has one, and the sign.
    let opening = value.start - usize::from(matches!(bytes[value.start - 1], b'"' | b'\''));
    let (sign, b'=' | b':') = cursor::before(bytes, opening)? else { return None };
    let label = bytes[..sign].strip_suffix(b"\"").unwrap_or(&bytes[..sign]);
    let named = label.len().checked_sub(5).is_some_and(|from| label[from..].eq_ignore_ascii_case(b"value"));
    named.then_some(value)
}

/// The bare text behind `: `, on a line that ends at `at`.
fn rest_of_line_before(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    if !matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        return None;
    }
    let start = at.saturating_sub(BETWEEN);
    let space = bytes[start..at].iter().rposition(u8::is_ascii_whitespace)?;
    (space > 0 && start + space + 1 < at).then_some(start + space + 1..at)
}

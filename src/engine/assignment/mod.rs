//! Assignments: a name that holds a telling word, an operator, and a value, in the syntax of most languages and formats.
//!
//! No grammar: from the word, the name is taken in to both sides; then an operator must follow, and behind it a value,
//! quoted or bare. The tests at the front are a few byte comparisons, for the words (`password`, `token`, `key`) stand
//! everywhere and most have nothing assigned to them. Everything looked at lies within
//! [`ASSIGNED_REACH`] of the word.
//!
//! Whether a value is a secret is judged later: what may be one is handed on, and only what is surely code is not.

mod bytes;
mod call;
mod cursor;
mod markup;
mod name;
mod object;
mod operator;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

use crate::rules::file::ASSIGNED_REACH;
use cursor::Cursor;
use operator::Operator;

/// How far behind the word anything is looked at, in bytes.
const REACH: usize = ASSIGNED_REACH as usize;
/// The most space between the parts, in bytes.
const GAP: usize = 24;
/// The longest value, in bytes; of longer ones the beginning is taken.
const VALUE: usize = 256;

/// A name and the value that is assigned to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name: `spring.datasource.password`.
    pub key: Range<usize>,
    /// The value, without quotes.
    pub value: Range<usize>,
}

/// Reads the assignments to a name that holds `word`, and hands them to `each`: mostly one or none, and of a call with
/// two strings both.
pub fn parse(bytes: &[u8], word: &Range<usize>, mut each: impl FnMut(Assignment)) {
    let Some(key) = name::about(bytes, word) else { return };
    let (near, cut) = match bytes.get(..word.end + REACH) {
        Some(near) => (near, near.len() < bytes.len()),
        None => (bytes, false),
    };
    let (bytes, mut cursor) = (near, Cursor { bytes: near, at: key.end, cut });
    let mut found = |value: Option<Range<usize>>| {
        if let Some(value) = value {
            each(Assignment { key: key.clone(), value });
        }
    };
    if markup::may_follow_value(bytes, key.start)
        && let Some(value) = markup::compared_before(bytes, &key).or_else(|| markup::value_before(bytes, &key))
    {
        return found(Some(value));
    }
    let Some(operator) = cursor.operator(&key) else { return };
    match operator {
        Operator::Assign => found(cursor.value().filter(|value| !markup::is_name_of_value(bytes, value.end))),
        Operator::Argument => found(cursor.argument().filter(|value| bytes[value.start] != b'-')),
        Operator::Call => {
            cursor.skip_variables();
            found(cursor.argument());
            found(cursor.next_argument());
        }
        Operator::Prose => found(cursor.told()),
        Operator::Element => found(cursor.until_tag()),
        Operator::Cell => found(cursor.until_bar()),
    }
}

//! Names: the whole of a name about a telling word in it.

use std::ops::Range;

use crate::engine::confirm;

/// The longest part of a name on either side of the word, in bytes.
const NAME: usize = 48;

/// Words that end in a short telling word by chance.
const CHANCE: &[&str] = &[
    "compass",
    "bypass",
    "trespass",
    "surpass",
    "underpass",
    "overpass",
    "encompass",
    "monkey",
    "turkey",
    "hotkey",
    "donkey",
    "jockey",
    "hockey",
    "whiskey",
    "flakey",
    "lackey",
    "malarkey",
    "mickey",
    "rickey",
    "smokey",
    "sacred",
    "basalt",
    "spin",
    "unpin",
];

/// The whole name about a word. A word that merely ends in letters of another (`tokenizer`, `passwordless`) is none, and
/// neither is one that another word ends in by chance (`monkey`).
pub fn about(bytes: &[u8], word: &Range<usize>) -> Option<Range<usize>> {
    let word = trim(bytes, word);
    let &last = bytes.get(word.end.checked_sub(1)?)?;
    if last.is_ascii() && !confirm::ends_word(bytes, &word) {
        return None;
    }
    if word.len() < 5 && !confirm::starts_word(bytes, &word) && !is_glued(bytes, &word) {
        return None;
    }
    // The password manager's name is none of a password.
    let brand = bytes[..word.start].strip_suffix(b"1").is_some_and(|rest| !rest.last().is_some_and(|b| is_part(*b)));
    if brand && bytes[word.clone()].eq_ignore_ascii_case(b"password") {
        return None;
    }
    let before = bytes[word.start.saturating_sub(NAME)..word.start].iter().rev().take_while(|b| is_part(**b)).count();
    let behind = bytes[word.end..].iter().take(NAME).take_while(|b| is_part(**b)).count();
    let mut start = word.start - before;
    while start < word.start && matches!(bytes[start], b'-' | b'.') {
        start += 1;
    }
    let mut end = word.end + behind;
    // The dot or the arrow behind a name is none of it.
    while end > word.end && matches!(bytes[end - 1], b'-' | b'.') {
        end -= 1;
    }
    Some(start..end)
}

/// True for the bytes of names. Letters beyond ASCII are none: most formats that have names like that quote them.
pub fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$')
}

/// Words may come with the sign beside them, so that they are long enough to be looked for: `pw=`.
fn trim(bytes: &[u8], word: &Range<usize>) -> Range<usize> {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let text = &bytes[word.clone()];
    let start = text.iter().position(inner).unwrap_or(0);
    let end = text.iter().rposition(inner).map_or(text.len(), |last| last + 1);
    word.start + start..word.start + end
}

/// True if a short word ends a longer one, as in `authkey` or `dbpass`, and not by chance.
fn is_glued(bytes: &[u8], word: &Range<usize>) -> bool {
    let before = &bytes[word.start.saturating_sub(NAME)..word.start];
    let letters = before.iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    let whole = &bytes[word.start - letters..word.end];
    letters > 0 && !CHANCE.iter().any(|chance| ends_with(whole, chance.as_bytes()))
}

fn ends_with(text: &[u8], end: &[u8]) -> bool {
    text.len().checked_sub(end.len()).is_some_and(|start| text[start..].eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name<'a>(text: &'a str, word: &str) -> Option<&'a str> {
        let at = text.to_ascii_lowercase().find(word).expect("the word");
        about(text.as_bytes(), &(at..at + word.len())).map(|name| &text[name])
    }

    #[test]
    fn a_name_is_taken_in_whole() {
        for (text, word, whole) in [
            ("x = my.api-key_2 = 1", "key", "my.api-key_2"),
            ("--api-key x", "key", "api-key"),
            ("$env:WLS_PW=x", "pw=", "WLS_PW"),
            ("AUTHKEY = x", "key", "AUTHKEY"),
            ("dbpass: x", "pass", "dbpass"),
            ("SMBPass x", "pass", "SMBPass"),
            ("user.password.", "password", "user.password"),
            ("token->x", "token", "token"),
            ("密码: x", "密码", "密码"),
        ] {
            assert_eq!(name(text, word), Some(whole), "{text}");
        }
    }

    #[test]
    fn words_within_others_are_no_names() {
        for (text, word) in [
            ("monkey = x", "key"),
            ("tokenizer = x", "token"),
            ("passwordless", "password"),
            ("encompass: x", "pass"),
            ("keyboard: x", "key"),
        ] {
            assert_eq!(name(text, word), None, "{text}");
        }
    }
}

//! Go's regexes (RE2) in the syntax of ours. They are near relations; this file knows where they differ:
//!
//! | Go | ours |
//! | --- | --- |
//! | `\Q…\E` | each character escaped |
//! | `\123` (octal) | `\x{53}` |
//! | `\<`, and other needless escapes | the character: `\<` would be a word boundary |
//! | `{` that begins no repetition | `\{` |
//! | `[`, `&&`, `~~`, `--` within a class | escaped: they would nest, intersect and subtract |
//!
//! Classes such as `\w` are ASCII in both (ours are, as rules match bytes). A regex that needs Unicode classes gets
//! `(?u)` in front. What neither can say (`\C`) is an error in words.

use regex_syntax::hir::{Hir, HirKind};
use regex_syntax::{is_escapeable_character, is_meta_character};

use crate::rules::literals;

/// A regex in our syntax, and its syntax tree.
#[derive(Debug)]
pub(super) struct Translated {
    pub regex: String,
    pub hir: Hir,
    /// Something that is not as it was in gitleaks, in words.
    pub note: Option<String>,
}

/// Translates a regex that has no secret: a path, an allowlist's.
pub(super) fn plain(regex: &str) -> Result<Translated, String> {
    parse(rewrite(regex, None)?)
}

/// Translates the regex of a rule: the group `group` is named `secret`. As in gitleaks, 0 stands for the first group
/// that takes part, or for the whole match if there is no group.
pub(super) fn with_secret(regex: &str, group: usize) -> Result<Translated, String> {
    let Translated { hir, regex: whole, .. } = plain(regex)?;
    let groups = hir.properties().explicit_captures_len();
    if group > groups {
        return Err(format!("secretGroup is {group}, but the regex has {groups} groups"));
    }
    let (wanted, note) = match group {
        0 if groups == 0 => (None, None),
        0 if always_taken(&hir, 1) => (Some(1), None),
        0 => {
            let note = "which group holds the secret differs from match to match: the whole match is taken for it";
            (None, Some(note.to_owned()))
        }
        n => (Some(n), None),
    };
    let mut translated = match wanted {
        Some(n) => parse(rewrite(regex, Some(n))?)?,
        None => parse(format!("(?<secret>{whole})"))?,
    };
    translated.note = note;
    Ok(translated)
}

/// Parses as the engine does, with Unicode classes where nothing else will do.
fn parse(regex: String) -> Result<Translated, String> {
    let first = match literals::parse(&regex) {
        Ok(hir) => return Ok(Translated { regex, hir, note: None }),
        Err(error) => error,
    };
    let unicode = format!("(?u){regex}");
    match literals::parse(&unicode) {
        Ok(hir) => Ok(Translated { regex: unicode, hir, note: None }),
        Err(_) => Err(format!("invalid regex: {first}")),
    }
}

/// Whether each match has text in the group `index`.
fn always_taken(hir: &Hir, index: u32) -> bool {
    match hir.kind() {
        HirKind::Capture(capture) if capture.index == index => hir.properties().minimum_len().is_some_and(|n| n > 0),
        HirKind::Capture(capture) => always_taken(&capture.sub, index),
        HirKind::Concat(parts) => parts.iter().any(|part| always_taken(part, index)),
        HirKind::Repetition(repetition) => repetition.min > 0 && always_taken(&repetition.sub, index),
        _ => false,
    }
}

/// Rewrites what differs; names the group `secret` if one is asked for, and takes that name from any other.
fn rewrite(regex: &str, secret: Option<usize>) -> Result<String, String> {
    let mut from = Reader { rest: regex };
    let mut to = String::with_capacity(regex.len() + 16);
    let mut groups = 0;
    while let Some(c) = from.next() {
        match c {
            '\\' => escape(&mut from, &mut to)?,
            '[' => class(&mut from, &mut to)?,
            '(' => group(&mut from, &mut to, &mut groups, secret),
            '{' => match from.take_repetition() {
                Some(repetition) => to.push_str(&repetition),
                None => to.push_str("\\{"),
            },
            c => to.push(c),
        }
    }
    Ok(to)
}

/// What is left to read.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, prefix: &str) -> bool {
        self.rest.strip_prefix(prefix).map(|rest| self.rest = rest).is_some()
    }

    /// Takes everything up to `end`, and `end` itself.
    fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let (inner, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(inner)
    }

    /// The rest of a repetition such as `{2,5}`, if the `{` in front begins one.
    fn take_repetition(&mut self) -> Option<String> {
        let (inner, rest) = self.rest.split_once('}')?;
        let (min, max) = inner.split_once(',').unwrap_or((inner, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if min.is_empty() || !digits(min) || !digits(max) {
            return None;
        }
        self.rest = rest;
        Some(format!("{{{inner}}}"))
    }
}

/// What stands behind a `\`.
fn escape(from: &mut Reader<'_>, to: &mut String) -> Result<(), String> {
    match from.next() {
        None => return Err("ends in `\\`".to_owned()),
        Some('Q') => {
            let quoted = match from.take_until("\\E") {
                Some(quoted) => quoted,
                None => std::mem::take(&mut from.rest),
            };
            regex_syntax::escape_into(quoted, to);
        }
        Some('E') => {}
        Some('C') => return Err("`\\C` has no counterpart".to_owned()),
        Some(digit @ '0'..='7') => octal(digit, from, to)?,
        // A class or number in braces is copied whole, so that its `{` is not taken for a repetition.
        Some(c @ ('p' | 'P' | 'x')) => {
            to.extend(['\\', c]);
            if from.take("{") {
                let inner = from.take_until("}").ok_or("`{` is not closed")?;
                to.push_str(&format!("{{{inner}}}"));
            }
        }
        Some(c) if c.is_ascii_alphanumeric() || is_meta_character(c) => to.extend(['\\', c]),
        Some(c) if is_escapeable_character(c) => to.extend(['\\', c]),
        Some(c) => to.push(c),
    }
    Ok(())
}

/// Up to three octal digits; a single one but 0 would be a reference to a group, which Go has not either.
fn octal(first: char, from: &mut Reader<'_>, to: &mut String) -> Result<(), String> {
    let mut digits = String::from(first);
    while digits.len() < 3 && from.rest.starts_with(|c| ('0'..='7').contains(&c)) {
        digits.extend(from.next());
    }
    if digits.len() == 1 && first != '0' {
        return Err(format!("`\\{first}` would refer to a group"));
    }
    let code = u32::from_str_radix(&digits, 8).map_err(|e| e.to_string())?;
    to.push_str(&format!("\\x{{{code:x}}}"));
    Ok(())
}

/// What stands behind a `(`.
fn group(from: &mut Reader<'_>, to: &mut String, groups: &mut usize, secret: Option<usize>) {
    let named = from.take("?P<") || (!from.rest.starts_with("?<=") && !from.rest.starts_with("?<!") && from.take("?<"));
    if !named && from.rest.starts_with('?') {
        // `(?:`, `(?i)`: what is behind the `(` goes on as it stands.
        return to.push('(');
    }
    *groups += 1;
    let name = if named { from.take_until(">") } else { None };
    match name {
        _ if secret == Some(*groups) => to.push_str("(?<secret>"),
        Some(name) if name != "secret" => to.push_str(&format!("(?<{name}>")),
        _ => to.push('('),
    }
}

/// A class, from behind its `[` to its `]`.
fn class(from: &mut Reader<'_>, to: &mut String) -> Result<(), String> {
    const OPEN: &str = "`[` is not closed";
    to.push('[');
    if from.take("^") {
        to.push('^');
    }
    let mut first = true;
    loop {
        if !first && from.take("]") {
            to.push(']');
            return Ok(());
        }
        first = false;
        if let Some(name) = posix(from) {
            to.push_str(name);
            continue;
        }
        if from.rest.is_empty() {
            return Err(OPEN.to_owned());
        }
        let single = class_item(from, to)?;
        let is_range = single && from.rest.starts_with('-') && !from.rest.starts_with("-]");
        if is_range && from.take("-") {
            to.push('-');
            class_item(from, to)?;
        }
    }
}

/// A class such as `[:alpha:]` within a class.
fn posix<'a>(from: &mut Reader<'a>) -> Option<&'a str> {
    let inner = from.rest.strip_prefix("[:")?;
    let end = inner.find(":]")?;
    if !inner[..end].bytes().all(|b| b.is_ascii_lowercase() || b == b'^') {
        return None;
    }
    let (name, rest) = from.rest.split_at(end + 4);
    from.rest = rest;
    Some(name)
}

/// One item of a class; true if it is a single character, which may begin a range.
fn class_item(from: &mut Reader<'_>, to: &mut String) -> Result<bool, String> {
    match from.next() {
        Some('\\') => {
            let is_class = from.rest.starts_with(['d', 'D', 's', 'S', 'w', 'W', 'p', 'P']);
            escape(from, to)?;
            Ok(!is_class)
        }
        Some(c) => {
            if "[]&~-^".contains(c) {
                to.push('\\');
            }
            to.push(c);
            Ok(true)
        }
        None => Err("`[` is not closed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(from: &str, to: &str) {
        assert_eq!(plain(from).map(|t| t.regex).as_deref(), Ok(to), "{from}");
    }

    #[test]
    fn what_is_the_same_stays_as_it_is() {
        for regex in
            [r"(?i)\b(a|b){2,}[a-z0-9_]+\.x{3}$", r"[^\s'\x60]{5,10}?", r"[[:alnum:]_]", r"\x{41}(?s:.)", r"[\w.]"]
        {
            same(regex, regex);
        }
    }

    #[test]
    fn what_differs_is_rewritten() {
        same(r"\Qa.b\Ec", r"a\.bc");
        same(r"\101\0", r"\x{41}\x{0}");
        same(r"\<a\>", "<a>");
        same("a{b}{2}", r"a\{b}{2}");
        same("{{x}}", r"\{\{x}}");
        same("[[a&&b~~]", r"[\[a\&\&b\~\~]");
        same("[!-/:-@[-`{-~]", r"[!-/:-@\[-`{-\~]");
        same(r"[\w-.]", r"[\w\-.]");
        same("[a-]", r"[a\-]");
        same("[+--]", r"[+-\-]");
        same("[]a]", r"[\]a]");
        same(r"\p{Greek}", r"(?u)\p{Greek}");
    }

    #[test]
    fn the_secret_is_found_as_gitleaks_does() {
        let with = |regex: &str, group| with_secret(regex, group).map(|t| t.regex);
        assert_eq!(with("abc", 0).unwrap(), "(?<secret>abc)");
        assert_eq!(with("a(b)(c)", 0).unwrap(), "a(?<secret>b)(c)");
        assert_eq!(with("a(b)(c)", 2).unwrap(), "a(b)(?<secret>c)");
        assert_eq!(with("(?P<secret>a)(?P<x>b)", 2).unwrap(), "(a)(?<secret>b)");
        assert_eq!(with(r"\((?:a)[(](b)", 1).unwrap(), r"\((?:a)[(](?<secret>b)");
        assert!(with_secret("(a)?b", 0).unwrap().note.is_some());
        assert_eq!(with("(a)?b", 0).unwrap(), "(?<secret>(a)?b)");
        assert!(with("a", 1).unwrap_err().contains("0 groups"));
    }

    #[test]
    fn what_cannot_be_said_is_an_error() {
        for regex in [r"\Ca", r"a(?=b)", r"(?<!a)b", "[a", r"(a)\1", "a\\"] {
            assert!(plain(regex).is_err(), "{regex}");
        }
    }

    fn matches(regex: &str, text: &str) -> bool {
        let regex = regex_automata::meta::Regex::new(&format!("^(?:{regex})$")).unwrap();
        regex.is_match(text)
    }

    proptest! {
        #[test]
        fn quoted_text_matches_itself(text in "[ -~]{1,20}") {
            prop_assume!(!text.contains("\\E"));
            let regex = plain(&format!("\\Q{text}\\E")).unwrap().regex;
            prop_assert!(matches(&regex, &text));
            let longer = text + "x";
            prop_assert!(!matches(&regex, &longer));
        }

        #[test]
        fn a_class_has_its_members_and_no_others(members in "[!-~]{1,12}") {
            let inner: String = members.chars().map(|c| match c {
                '\\' | ']' | '^' | '-' => format!("\\{c}"),
                c => c.to_string(),
            }).collect();
            prop_assume!(!inner.contains("[:"));
            let regex = plain(&format!("[{inner}]")).unwrap().regex;
            for c in '!'..='~' {
                prop_assert_eq!(matches(&regex, &c.to_string()), members.contains(c), "{} in {}", c, &regex);
            }
        }

        #[test]
        fn nothing_makes_it_panic(regex in "[a-c\\\\\\[\\](){}?<>:^|*+QE0-9=!P,&~-]{0,24}|\\PC{0,20}", group in 0usize..4) {
            let _ = with_secret(&regex, group);
        }
    }
}

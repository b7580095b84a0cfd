//! Text as Markdown: what would be taken for markup is escaped, so that mdBook and GitHub show it as it was written.

/// A line of text: addresses become links, options and variables code; spans in backticks stay what they are.
pub fn prose(text: &str) -> String {
    let mut out = String::new();
    // Of the pieces between backticks every other one is code. An odd backtick is a character like any other.
    let pieces: Vec<&str> = text.split('`').collect();
    for (at, piece) in pieces.iter().enumerate() {
        match (at % 2, at + 1 == pieces.len()) {
            (0, _) => plain(piece, &mut out),
            (_, false) => out.push_str(&code(piece)),
            (_, true) => {
                out.push_str("\\`");
                plain(piece, &mut out);
            }
        }
    }
    out
}

/// A span of code, whatever stands in it.
pub fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    match text.contains('`') {
        false => format!("`{text}`"),
        true => format!("`` {text} ``"),
    }
}

/// Spans of code, with commas between.
pub fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// What may stand in a cell of a table.
pub fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}

/// An address as a link, if it is a safe one.
pub fn link(address: &str) -> String {
    let is_safe = address.starts_with("https://") && !address.contains(['<', '>', ' ']);
    if is_safe { format!("<{address}>") } else { code(address) }
}

fn plain(text: &str, out: &mut String) {
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let lead = word.len() - word.trim_start_matches(['(', '[', '"']).len();
        let (before, rest) = word.split_at(lead);
        escape(before, out);
        let length = match rest {
            _ if rest.starts_with("https://") => address(rest),
            _ if rest.starts_with("--") => option(rest),
            _ => variable(rest),
        };
        let (token, after) = rest.split_at(length);
        match token {
            "" => {}
            _ if token.starts_with("https://") => out.push_str(&link(token)),
            _ => out.push_str(&code(token)),
        }
        escape(after, out);
    }
}

/// How much of a word is an address.
fn address(word: &str) -> usize {
    let end = word.find([')', ']', '"', ',', ';']).unwrap_or(word.len());
    word[..end].trim_end_matches(['.', ':']).len()
}

/// How much of a word is the name of an environment variable.
fn variable(word: &str) -> usize {
    let end = word.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(word.len());
    let is_whole = !word[end..].starts_with(char::is_alphanumeric);
    if is_whole && word[..end].trim_matches('_').contains('_') { end } else { 0 }
}

/// How much of a word is an option of the command line.
fn option(word: &str) -> usize {
    let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || "-=".contains(c))).unwrap_or(word.len());
    if end > 2 { end } else { 0 }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if "\\`*_{}[]<>#|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_code_is_not() {
        assert_eq!(prose("a <b> of add_password | [x]"), r"a \<b\> of add\_password \| \[x\]");
        assert_eq!(prose("`a_b <c>` and *"), r"`a_b <c>` and \*");
        assert_eq!(prose("an odd ` one_"), r"an odd \` one\_");
    }

    #[test]
    fn addresses_and_options_stand_out() {
        assert_eq!(prose("at https://a.example/b_c?d=1#e, or"), "at <https://a.example/b_c?d=1#e>, or");
        assert_eq!(prose("(see https://a.example)."), "(see <https://a.example>).");
        assert_eq!(prose("with --verify=deep, -- or --only"), "with `--verify=deep`, -- or `--only`");
        assert_eq!(prose("see NO_COLOR, A_b and AWS"), r"see `NO_COLOR`, A\_b and AWS");
    }

    #[test]
    fn code_may_hold_backticks() {
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(cell(&code("a|b")), r"`a\|b`");
    }
}

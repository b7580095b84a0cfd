//! Text of others inside Markdown: it must show what it is, and do nothing.
//!
//! Escaping by backslash is not enough. GitHub and GitLab make links of addresses, `@names`, `#1`, `!1` and commit ids
//! after Markdown was read, where no backslash is left to be seen. In code spans they leave all alone, and so does every
//! Markdown reader: whatever is more than a plain word becomes code.

use super::super::printable::printable;

/// `text` as a code span, letter by letter; what must not be printed is replaced. Outside of tables.
pub(in crate::report) fn code(text: &str) -> String {
    let text = printable(text);
    if text.trim().is_empty() {
        return String::new();
    }
    // The fence is one backtick longer than the longest run within.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank at either end is taken off by readers; one beside a backtick is needed.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// `text` as a code span that leads to `address`, if there is one; that must be percent-encoded.
pub(super) fn linked(text: &str, address: Option<String>) -> String {
    match (code(text), address) {
        (code, Some(address)) if !code.is_empty() => format!("[{code}]({address})"),
        (code, _) => code,
    }
}

/// `text` as words of a paragraph: plain words as they are, everything else as code. Outside of tables.
pub(in crate::report) fn words(text: &str) -> String {
    let text = printable(text);
    let mut written: Vec<String> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        if is_plain(word) {
            written.extend(take(&mut run));
            written.push(word.to_owned());
        } else {
            // Neighbours share a span.
            run.push(word);
        }
    }
    written.extend(take(&mut run));
    written.join(" ")
}

fn take(run: &mut Vec<&str>) -> Option<String> {
    let together = std::mem::take(run).join(" ");
    (!together.is_empty()).then(|| code(&together))
}

/// Markdown of one line inside a cell of a table: a pipe would end the cell, in code spans, too. Behind a backslash no
/// escaped one is read alike by all readers, so it is drawn there.
pub(super) fn cell(markdown: &str) -> String {
    let mut written = String::with_capacity(markdown.len());
    let mut before = '\0';
    for c in markdown.chars() {
        match c {
            '|' if before == '\\' => written.push('¦'),
            '|' => written.push_str("\\|"),
            c => written.push(c),
        }
        before = c;
    }
    written
}

/// At most `most` characters of `text`; its end is as telling as its beginning, so the middle is left out.
pub(in crate::report) fn shortened(text: &str, most: usize) -> String {
    let all = text.chars().count();
    if all <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let start: String = text.chars().take(kept / 2).collect();
    let end: String = text.chars().skip(all - (kept - kept / 2)).collect();
    format!("{start}…{end}")
}

/// True for words that neither Markdown nor what comes after it sees anything in.
fn is_plain(word: &str) -> bool {
    let bare =
        word.trim_start_matches(['(', '"', '\'']).trim_end_matches([')', '"', '\'', ',', '.', ';', ':', '!', '?']);
    let letters = |c: char| c.is_alphanumeric() || !c.is_ascii() || "-/.,'".contains(c);
    let is_commit = bare.len() >= 7 && bare.bytes().all(|b| b.is_ascii_hexdigit());
    // `GH-1`, `ABC-1`.
    let is_ticket = bare.contains('-') && bare.bytes().any(|b| b.is_ascii_digit());
    let has_letter = bare.chars().any(char::is_alphanumeric);
    let is_address = bare.to_ascii_lowercase().contains("www.");
    has_letter && bare.chars().all(letters) && !is_commit && !is_ticket && !is_address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_fenced_by_more_than_it_holds() {
        assert_eq!(code("a b"), "`a b`");
        assert_eq!(code("a``b`c"), "```a``b`c```");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(code("a\n\u{1b}b"), "`a\u{fffd}\u{fffd}b`");
        assert_eq!(code(" "), "");
    }

    #[test]
    fn only_plain_words_stay_words() {
        assert_eq!(words("It's at (the) end: yes, 3 of é/日."), "It's at (the) end: yes, 3 of é/日.");
        assert_eq!(words("see @ada #1 now"), "see `@ada #1` now");
        assert_eq!(words("at https://example.org/a."), "at `https://example.org/a.`");
        for word in
            ["www.example.org", "<b>", "*b*", "a_b", "!1", "deadbeef1", "GH-1", ":tada:", "\\", "-", "1|2", "&amp;"]
        {
            assert_eq!(words(word), format!("`{word}`"));
        }
    }

    #[test]
    fn pipes_do_not_end_a_cell() {
        assert_eq!(cell("`a|b`"), "`a\\|b`");
        assert_eq!(cell("`a\\|b`"), "`a\\¦b`");
    }

    #[test]
    fn long_texts_lose_their_middle() {
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "ab…efg");
    }
}

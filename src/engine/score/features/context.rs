//! How a value stands in the text about it: quotes, operators, the line.

use super::{Feature, Features, Subject, class};
use crate::engine::score::lexicon::{Held, List};
use crate::engine::score::{language, shape};
use crate::model::rule::Detect;

/// So many bytes before the name and behind the value are looked at.
const BEFORE: usize = super::BEYOND as usize;
const BEHIND: usize = 48;
/// So many of them for the names of neighbours.
const NEIGHBOURS: usize = 80;

pub(super) fn measure(subject: &Subject<'_>, features: &mut Features) {
    let Subject { rule, bytes, whole, value, .. } = subject;
    let (start, end) = (whole.start, whole.end);
    let behind = &bytes[value.end..(value.end + BEHIND).min(bytes.len())];
    let before = &bytes[start.saturating_sub(BEFORE)..start];
    let quote = value.start.checked_sub(1).map(|at| bytes[at]).filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    let escaped = quote.is_some() && bytes[..value.start - 1].ends_with(b"\\");
    features.set(
        Feature::rule_kind,
        match rule.detect {
            Detect::Assigned { .. } => 1,
            Detect::Near { .. } => 2,
            Detect::Pattern { .. } | Detect::Path => 3,
        },
    );
    features.set(
        Feature::quote,
        match quote {
            None => 0,
            Some(b'"') => 1,
            Some(b'\'') => 2,
            Some(_) => 3,
        },
    );
    features.flag(Feature::escaped_text, escaped);
    let between = subject.name.as_ref().map_or(&b""[..], |name| bytes.get(name.end..value.start).unwrap_or_default());
    features.set(Feature::operator, operator(between));
    features.flag(Feature::spaced, between.contains(&b' '));
    features.set(Feature::distance, between.len());
    features.set(Feature::before_name, class(before.last().copied()));
    let closing = usize::from(quote.is_some() && behind.first().copied() == quote);
    features.set(Feature::after_value, class(behind.get(closing).copied()));
    features.flag(Feature::name_quoted, matches!(before.last(), Some(b'"' | b'\'' | b'`')));
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let line = &before[line_start..];
    // A text that begins as far before as is looked at is none whose beginning was seen.
    let whole_line = line_start > 0 || start < BEFORE;
    features.flag(Feature::first_on_line, whole_line && line.trim_ascii().is_empty());
    features.set(Feature::indentation, line.iter().take_while(|b| b.is_ascii_whitespace()).count());
    let trimmed = line.trim_ascii_start();
    let is_comment = [&b"#"[..], b"//", b"*", b"--", b";", b"<!--", b"/*"].iter().any(|c| trimmed.starts_with(c));
    features.flag(Feature::comment, is_comment && whole_line);
    let line_end = behind.iter().position(|b| *b == b'\n').unwrap_or(behind.len());
    let line_behind = &behind[..line_end];
    features.set(Feature::line_length, line.len() + (end - start) + line_behind.len());
    let (before_it, behind_it) = (Held::by(&before[line_start..]), Held::by(line_behind));
    let says = |list| before_it.has(list) || behind_it.has(list);
    features.flag(Feature::line_says_test, says(List::Test));
    features.flag(Feature::line_says_user, says(List::User));
    features.flag(Feature::line_calls, says(List::Read));
    features.flag(Feature::line_declares, says(List::Declare));
    features.flag(Feature::line_compares, says(List::Compare));
    features.flag(
        Feature::line_reads,
        language::share_of_words(line) > 0.6 && line.iter().filter(|b| **b == b' ').count() >= 3,
    );
    features.flag(Feature::markup, line.iter().rev().chain(line_behind).any(|b| matches!(b, b'<' | b'>')));
    let near = Held::by(&before[before.len().saturating_sub(NEIGHBOURS)..]);
    features.set(Feature::neighbour_alike, alike(&before[..line_start], &bytes[start..value.start], subject.value()));
    features.flag(Feature::neighbour_user, near.has(List::Account));
    features.flag(Feature::verdict_line, subject.name.as_ref().is_some_and(|name| shape::is_verdict(bytes, name)));
    let (url_before, url_behind) = (&bytes[start..value.start], &bytes[value.end..end]);
    let is_url = behind.starts_with(b"@") && shape::has(url_before, b"://");
    features.flag(Feature::url_password, is_url);
    features.flag(Feature::url_host_example, is_url && shape::is_made_up_url(url_before, subject.value(), url_behind));
    let secret = subject.value();
    let quoted = quote.is_some();
    let words = f32::from(features.get(Feature::words_share)) / 100.0;
    features.flag(Feature::code, shape::looks_like_code(secret, quoted, words));
    if subject.name.is_some() {
        let (name, letters) = (shape::letters(subject.name()), shape::letters(secret));
        features.flag(Feature::repeats_name, name.len() >= 4 && shape::has(&letters, &name));
        features.flag(Feature::name_in_value, letters.len() >= 4 && shape::has(&name, &letters));
    }
}

/// How much the line before is like this one, as in a table of constants or of texts: 1 for the same signs between a name
/// and a value, 2 for a value of the same kind of characters as well.
fn alike(before: &[u8], opening: &[u8], value: &[u8]) -> i16 {
    let Some(line) = before.trim_ascii_end().rsplit(|b| *b == b'\n').next() else { return 0 };
    let signs = opening.iter().rposition(u8::is_ascii_alphanumeric).map_or(opening, |last| &opening[last + 1..]);
    if signs.trim_ascii().is_empty() {
        return 0;
    }
    let Some(at) = memchr::memmem::find(line, signs) else { return 0 };
    let kinds = |text: &[u8]| {
        let has = |test: fn(&u8) -> bool| text.iter().any(test);
        (has(u8::is_ascii_digit), has(u8::is_ascii_alphabetic), has(|b| *b == b' '), has(|b| !b.is_ascii()))
    };
    let other = &line[at + signs.len()..];
    let other = &other[..other.iter().position(|b| matches!(b, b'"' | b'\'' | b',' | b';')).unwrap_or(other.len())];
    1 + i16::from(kinds(other) == kinds(value))
}

/// What joins a name and its value, by the sign that says most.
fn operator(between: &[u8]) -> i16 {
    let has = |sign: &[u8]| shape::has(between, sign);
    match () {
        _ if between.is_empty() => 0,
        _ if has(b"==") || has(b"!=") => 1,
        _ if has(b"=>") => 2,
        _ if has(b":=") => 3,
        _ if has(b"->") || has(b"<-") => 4,
        _ if has(b"=") && has(b":") => 5,
        _ if has(b"=") => 6,
        _ if has(b":") && has(b"\n") => 7,
        _ if has(b":") => 8,
        _ if has(b"(") => 9,
        _ if has(b",") => 10,
        _ if has(b">") => 11,
        _ if has(b"|") => 12,
        _ => 13,
    }
}

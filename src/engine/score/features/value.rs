//! The value itself: its characters, whether it reads as words, and what it is by the look of it.

use data_encoding::HEXLOWER;

use super::{Feature, Features, class};
use crate::engine::score::lexicon::{Held, List};
use crate::engine::score::{entropy, forms, language, placeholder, shape};
use placeholder::Stand;

pub(super) fn measure(value: &[u8], features: &mut Features) {
    let bytes = listed_bytes(value).map(|bytes| HEXLOWER.encode(&bytes).into_bytes());
    let value = bytes.as_deref().unwrap_or(value);
    characters(value, features);
    words(value, features);
    look(value, features);
    stand(value, features);
}

/// The bytes of a list of numbers, `206, 77, 0x28, …`: what counts is they, and not how they are written.
fn listed_bytes(value: &[u8]) -> Option<Vec<u8>> {
    /// Shorter lists are of anything.
    const SHORTEST: usize = 8;
    let number = |item: &[u8]| {
        let item = std::str::from_utf8(item.trim_ascii()).ok()?;
        match item.strip_prefix("0x").or(item.strip_prefix("0X")) {
            Some(hex) => u8::from_str_radix(hex, 16).ok(),
            None => item.parse().ok(),
        }
    };
    let items = value.strip_suffix(b",").unwrap_or(value);
    if !items.contains(&b',') {
        return None;
    }
    let bytes: Vec<u8> = items.split(|b| *b == b',').map(number).collect::<Option<_>>()?;
    (bytes.len() >= SHORTEST).then_some(bytes)
}

/// How many characters of which kinds, and how evenly spread.
fn characters(value: &[u8], features: &mut Features) {
    let count = |test: fn(&u8) -> bool| value.iter().filter(|b| test(b)).count();
    let entropy = entropy::shannon(value);
    features.set(Feature::length, value.len());
    features.share(Feature::entropy, entropy);
    features.set(Feature::bits, (entropy * value.len() as f32) as usize);
    features.set(Feature::distinct, distinct(value));
    features.set(Feature::classes, entropy::classes(value));
    features.share(Feature::runs_share, entropy::share_of_runs(value));
    features.set(Feature::lowers, count(u8::is_ascii_lowercase));
    features.set(Feature::uppers, count(u8::is_ascii_uppercase));
    features.set(Feature::digits, count(u8::is_ascii_digit));
    features.set(Feature::symbols, count(u8::is_ascii_punctuation));
    features.set(Feature::spaces, count(|b| *b == b' '));
    features.set(Feature::others, count(|b| !b.is_ascii()));
    let switches = value.windows(2).filter(|w| class(Some(w[0])) != class(Some(w[1]))).count();
    features.set(Feature::switches, switches);
    features.share(Feature::switches_share, switches as f32 / value.len() as f32);
    features.set(Feature::digits_longest, longest(value, u8::is_ascii_digit));
    let (front, back) = value.split_at(value.len() / 2);
    let balance = entropy::shannon(front) - entropy::shannon(back);
    features.share(Feature::half_balance, balance);
}

fn distinct(value: &[u8]) -> usize {
    let mut seen = [false; 256];
    value.iter().for_each(|b| seen[usize::from(*b)] = true);
    seen.iter().filter(|seen| **seen).count()
}

fn longest(value: &[u8], test: fn(&u8) -> bool) -> usize {
    value.split(|b| !test(b)).map(<[u8]>::len).max().unwrap_or(0)
}

fn words(value: &[u8], features: &mut Features) {
    let reading = language::read(value);
    features.share(Feature::words_share, reading.share);
    features.set(Feature::words_cost, reading.cost);
    features.set(Feature::words_cost_longest, reading.cost_of_longest);
    features.set(Feature::words_cost_worst, reading.worst);
    features.share(Feature::words_known, reading.known);
    features.set(Feature::words_longest, reading.longest_word);
    features.set(Feature::words_count, reading.words);
    features.set(Feature::words_unknown, reading.unknown);
    features.set(Feature::letters_longest, longest(value, u8::is_ascii_alphabetic));
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let vowels = value.iter().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    features.share(Feature::vowels, vowels as f32 / letters.max(1) as f32);
}

/// Lengths of hashes and keys in hex and base64.
const HASHES: &[usize] = &[16, 20, 24, 32, 40, 43, 44, 48, 56, 64, 86, 88, 96, 128];

fn look(value: &[u8], features: &mut Features) {
    let all = |test: fn(&u8) -> bool| value.iter().all(test);
    let count = |byte: u8| value.iter().filter(|b| **b == byte).count();
    let any_of = |bytes: &[u8]| value.iter().filter(|b| bytes.contains(b)).count();
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    let digits = value.iter().any(u8::is_ascii_digit);
    let unpadded = value.strip_suffix(b"==").or(value.strip_suffix(b"=")).unwrap_or(value);
    features.flag(Feature::hex, digits && all(u8::is_ascii_hexdigit));
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_".contains(b);
    features.flag(Feature::base64, unpadded.iter().all(is_base64));
    features.flag(Feature::base32, all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(b)));
    features.flag(Feature::alphanumeric, all(u8::is_ascii_alphanumeric));
    features.flag(Feature::length_of_four, value.len().is_multiple_of(4));
    features.flag(Feature::length_of_hash, HASHES.contains(&value.len()));
    features.set(Feature::first_class, class(value.first().copied()));
    features.set(Feature::last_class, class(value.last().copied()));
    features.set(Feature::dashes, count(b'-'));
    features.set(Feature::underscores, count(b'_'));
    features.set(Feature::dots, count(b'.'));
    features.set(Feature::slashes, count(b'/'));
    features.set(Feature::colons, count(b':'));
    features.set(Feature::equals, count(b'='));
    features.set(Feature::commas, any_of(b",;"));
    features.set(Feature::ats, count(b'@'));
    features.set(Feature::brackets, any_of(b"()[]{}<>"));
    features.set(Feature::dollars, count(b'$'));
    features.set(Feature::percents, count(b'%'));
    features.set(Feature::backslashes, count(b'\\'));
    features.set(Feature::quotes, any_of(b"\"'`"));
    let humps = value.windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase()).count();
    features.set(Feature::humps, humps);
    features.flag(
        Feature::capitalised,
        value[0].is_ascii_uppercase() && value[1..].iter().all(|b| !b.is_ascii_uppercase()),
    );
    features.set(Feature::digits_behind, value.iter().rev().take_while(|b| b.is_ascii_digit()).count());
    features.set(Feature::digits_before, value.iter().take_while(|b| b.is_ascii_digit()).count());
    features.flag(Feature::uuid, is_uuid(value));
    features.flag(Feature::host, shape::is_host(value));
    features.flag(Feature::constant, shape::is_constant(value));
    features.flag(Feature::list, shape::is_list(value));
    features.flag(Feature::key_id, shape::is_key_id(value));
    features.flag(Feature::number, shape::is_number(value));
    let is_path = value.starts_with(b"/") || value.starts_with(b"./") || value.starts_with(b"../");
    features.flag(Feature::location, is_path);
    features.flag(Feature::address, shape::has(value, b"://"));
    features.flag(Feature::hash, shape::is_hash(value));
    features.flag(Feature::glue, shape::is_glue(value));
    let (decoded, printable) = shape::decoded_text(unpadded);
    features.set(Feature::decodes_to_text, printable);
    if printable == 100 {
        let password = decoded.rsplit(|b| *b == b':').next().unwrap_or(&decoded);
        let reading = language::read(password);
        features.set(Feature::decoded_cost, reading.cost);
        features.share(Feature::decoded_known, reading.known);
    }
    features.flag(Feature::media, shape::is_media(value));
    features.flag(Feature::version_like, shape::is_version(value));
    features.flag(Feature::date_like, shape::is_date(value));
    features.flag(Feature::colour_like, value[0] == b'#' && matches!(value.len(), 4 | 7 | 9) && !letters | digits);
    features.flag(Feature::locale_like, shape::is_locale(value));
    features.flag(Feature::mail_like, shape::is_mail(value));
    features.flag(Feature::selector, matches!(value, [b'#' | b'.' | b'[', b'a'..=b'z', ..]));
    features.flag(Feature::template, [&b"{"[..], b"%s", b"%d", b"<%", b"}}"].iter().any(|t| shape::has(value, t)));
    features.flag(Feature::hex_literal, value.len() <= 18 && value.starts_with(b"0x"));
    let words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let is_prose = |word: &[u8]| {
        let word = word
            .trim_ascii_end()
            .strip_suffix(&word[word.len() - 1..])
            .filter(|_| b".,?!:;)".contains(&word[word.len() - 1]))
            .unwrap_or(word);
        word.iter().all(|b| b.is_ascii_alphabetic() || !b.is_ascii() || matches!(b, b'\'' | b'-'))
            && word.iter().skip(1).all(|b| !b.is_ascii_uppercase())
    };
    // A sentence, or the words on a button: `Forgot it?`.
    let ends = matches!(value.last(), Some(b'.' | b'?' | b'!' | b':'));
    features.flag(Feature::prose_marks, value.contains(&b' ') && (ends || !value[0].is_ascii_lowercase()));
    features.set(Feature::prose_words, words.clone().count());
    features.set(Feature::prose, words.filter(|word| is_prose(word)).count());
    features.flag(Feature::kind_only, !forms::is_service(value));
}

fn is_uuid(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"{").and_then(|v| v.strip_suffix(b"}")).unwrap_or(value);
    value.len() == 36
        && value.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

fn stand(value: &[u8], features: &mut Features) {
    let lower = value.to_ascii_lowercase();
    let held = Held::by(value);
    let stand = placeholder::stand(value);
    features.flag(Feature::stand_placeholder, stand == Some(Stand::Placeholder));
    features.flag(Feature::stand_example, stand == Some(Stand::Example));
    features.flag(Feature::stand_counting, stand == Some(Stand::Counting));
    features.flag(Feature::stand_word, stand == Some(Stand::Word));
    features.set(Feature::keyboard, longest_walk(&lower));
    features.flag(Feature::common_password, placeholder::is_common_password(&lower));
    features.flag(Feature::encodes_words, shape::encodes_words(value));
    features.flag(Feature::says_secret, held.has(List::Secret));
    features.flag(Feature::says_test, held.has(List::Made));
    features
        .flag(Feature::says_possessive, [&b"my"[..], b"your", b"the", b"some"].iter().any(|w| lower.starts_with(w)));
    features.flag(Feature::monotonous, distinct(&lower) <= 2 || (value.len() >= 16 && distinct(&lower) <= 4));
}

/// The longest part that walks along a row of a keyboard, or counts.
fn longest_walk(lower: &[u8]) -> usize {
    const ROWS: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let place = |byte: u8| ROWS.iter().position(|row| row.contains(&byte));
    let mut longest = 0;
    let mut length = 0;
    for pair in lower.windows(2) {
        let step = place(pair[0]).filter(|row| place(pair[1]) == Some(*row)).is_some_and(|row| {
            let at = |byte: u8| ROWS[row].iter().position(|b| *b == byte).unwrap_or(0);
            at(pair[0]).abs_diff(at(pair[1])) == 1
        });
        length = if step { length + 1 } else { 0 };
        longest = longest.max(length);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_bytes_are_read() {
        assert_eq!(listed_bytes(b"206, 77, 0x28, 36,97,66,17,146,"), Some(vec![206, 77, 40, 36, 97, 66, 17, 146]));
        for other in ["206, 77, 40", "206, 77, 40, 36, 97, 66, 17, 1460", "a, b, c, d, e, f, g, h, i", "20677403697"] {
            assert_eq!(listed_bytes(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn walks_along_the_keyboard_are_seen() {
        assert_eq!(longest_walk(b"qwerty"), 5);
        assert_eq!(longest_walk(b"abc123"), 2);
        assert_eq!(longest_walk(b"kx"), 0);
    }
}

//! The excerpt with its secret underlined, cut about the secret so that it fits the width.

use crate::model::Shown;

use super::super::printable::printable;
use super::style::{ALARM, FAINT, Paint, columns, columns_of};

/// Marks text that was left out.
const CUT: char = '…';

/// The lines of an excerpt; none where there is nothing to show.
pub(super) fn lines(shown: &Shown, line: u64, width: usize, paint: Paint) -> Vec<String> {
    let [before, secret, after] = pieces(shown);
    if before.is_empty() && secret.is_empty() && after.is_empty() {
        return Vec::new();
    }
    let number = line.to_string();
    let [before, secret, after] = fit(before, secret, after, width.saturating_sub(number.len() + 5));
    let gutter = paint.with(FAINT, format!("  {number} |"));
    let below = paint.with(FAINT, format!("  {:1$} |", "", number.len()));
    let marks = paint.with(ALARM, "^".repeat(columns(&secret).max(1)));
    vec![
        format!("{gutter} {before}{}{after}", paint.with(ALARM, &secret)),
        format!("{below} {}{marks}", " ".repeat(columns(&before))),
    ]
}

/// What stands before the secret, the secret, and what stands behind it, fit to print.
fn pieces(shown: &Shown) -> [String; 3] {
    let part = |range: std::ops::Range<usize>| printable(shown.text.get(range).unwrap_or_default());
    let before = part(0..shown.focus.start).trim_start().to_owned();
    [before, part(shown.focus.clone()), part(shown.focus.end..shown.text.len())]
}

/// Cuts what is far from the secret, then the secret's own end, until all takes `room` columns or less.
fn fit(before: String, secret: String, after: String, room: usize) -> [String; 3] {
    if columns(&before) + columns(&secret) + columns(&after) <= room {
        return [before, secret, after];
    }
    let secret = head(secret, room);
    let left = room - columns(&secret).min(room);
    // What one side does not need is the other's; else what stands before, the name of the thing, gets the most.
    let share = (left * 2 / 3).max(left.saturating_sub(columns(&after)));
    let before = tail(before, share);
    let after = head(after, left.saturating_sub(columns(&before)));
    [before, secret, after]
}

/// The beginning of `text` in `room` columns.
fn head(text: String, room: usize) -> String {
    if columns(&text) <= room {
        return text;
    }
    let mut kept = within(text.chars(), room);
    if room > 0 {
        kept.push(CUT);
    }
    kept
}

/// The end of `text` in `room` columns.
fn tail(text: String, room: usize) -> String {
    if columns(&text) <= room {
        return text;
    }
    let kept = within(text.chars().rev(), room);
    let mark = (room > 0).then_some(CUT);
    mark.into_iter().chain(kept.chars().rev()).collect()
}

/// As many characters as leave one of `room` columns free.
fn within(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 1;
    chars
        .take_while(|c| {
            used += columns_of(*c);
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(before: &str, secret: &str, after: &str, width: usize) -> Vec<String> {
        let start = before.len();
        let shown = Shown { text: format!("{before}{secret}{after}"), focus: start..start + secret.len() };
        lines(&shown, 7, width, Paint { color: false })
    }

    #[test]
    fn the_marks_stand_under_the_secret() {
        assert_eq!(plain("  key = ", "****", ";", 80), ["  7 | key = ****;", "    |       ^^^^"]);
        assert_eq!(plain("鍵: ", "****", "", 80), ["  7 | 鍵: ****", "    |     ^^^^"]);
    }

    #[test]
    fn a_long_line_is_cut_about_the_secret() {
        let shown = plain(&"b".repeat(100), "****", &"a".repeat(100), 30);
        assert_eq!(shown, ["  7 | …bbbbbbbbbbbb****aaaaaa…", "    |              ^^^^"]);
        let shown = plain("key=", "****", &"a".repeat(100), 20);
        assert_eq!(shown, ["  7 | key=****aaaaa…", "    |     ^^^^"]);
        let shown = plain("鍵鍵鍵鍵鍵鍵鍵鍵", "****", "", 20);
        assert_eq!(shown, ["  7 | …鍵鍵鍵鍵****", "    |          ^^^^"]);
    }

    #[test]
    fn a_secret_that_does_not_fit_is_cut_itself() {
        assert_eq!(plain("a", &"s".repeat(50), "z", 16), ["  7 | sssssssss…", "    | ^^^^^^^^^^"]);
        assert_eq!(plain("a", "s", "z", 0).len(), 2);
    }
}

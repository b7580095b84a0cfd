//! What text looks like: colours when they are wanted, lines that fit, numbers that read well.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::Severity;

/// A place, a heading.
pub(super) const STRONG: Style = Style::new().bold();
/// What the eye may pass over.
pub(super) const FAINT: Style = Style::new().dimmed();
/// The marks under a secret; what is wrong.
pub(super) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What needs care.
pub(super) const CARE: Style = AnsiColor::Yellow.on_default().bold();
/// All is well.
pub(super) const WELL: Style = AnsiColor::Green.on_default();

/// The style of a severity.
pub(super) const fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => ALARM,
        Severity::Medium => CARE,
        Severity::Low => AnsiColor::Cyan.on_default().bold(),
    }
}

/// Applies styles, or does not.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    /// Whether escapes are written at all.
    pub(super) color: bool,
}

impl Paint {
    /// `text` in `style`.
    pub(super) fn with(self, style: Style, text: impl Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// Columns that `text` takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Columns that `c` takes.
pub(super) fn columns_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Breaks `text` between words into lines of at most `width` columns; a longer word stands alone on its line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let room = columns(word);
        if used > 0 && used + 1 + room > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += room;
        }
    }
    lines
}

/// A count with its noun: `1 file`, `2,500 files`.
pub(super) fn count(n: u64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(n))
}

/// A number with its thousands apart.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes in decimal units: `4.5 MB`.
pub(super) fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return count(n, "byte");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    // Rounded to one place, 999.95 is 1000.0: that is the next unit's.
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_by_their_width() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("日本 語", 5), ["日本", "語"]);
        assert_eq!(wrap("longer_than_that a", 5), ["longer_than_that", "a"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(1_234_567, "file"), "1,234,567 files");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(4_512_000), "4.5 MB");
        assert_eq!(bytes(999_999), "1.0 MB");
    }
}

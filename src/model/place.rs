//! A place in a text, and the excerpt that shows it.

use std::ops::Range;

use zeroize::Zeroizing;

/// Where something stands. Lines and columns count from 1; columns count Unicode characters (each byte that is no
/// valid UTF-8 counts as one) and `end_column` is the column after the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// First line.
    pub line: u64,
    /// First column.
    pub column: u64,
    /// Last line.
    pub end_line: u64,
    /// Column after the last character.
    pub end_column: u64,
    /// Offset of the first byte in the input.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
}

/// The line that a secret stands on (cut to a few hundred bytes about it), with the spans of **all** secrets on it, so
/// that showing one never shows another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, secrets in clear. Only [`Excerpt::masked`] and, on request, [`Excerpt::clear`] leave it.
    text: Zeroizing<Vec<u8>>,
    /// All secrets in `text`: sorted, disjoint.
    secrets: Vec<Range<usize>>,
    /// The span to underline.
    focus: Range<usize>,
    /// Whether text was cut off in front and behind.
    cut: (bool, bool),
}

/// An excerpt that is fit to print: text, and the span in it to underline, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The text; control characters replaced, invalid UTF-8 replaced.
    pub text: String,
    /// The span of the finding's secret in `text`.
    pub focus: Range<usize>,
}

impl Excerpt {
    /// `secrets` may overlap and come in any order; `focus` is taken in as one of them.
    pub fn new(text: &[u8], mut secrets: Vec<Range<usize>>, focus: Range<usize>, cut: (bool, bool)) -> Self {
        let clamp = |r: Range<usize>| r.start.min(text.len())..r.end.min(text.len());
        let focus = clamp(focus);
        secrets.push(focus.clone());
        let mut spans: Vec<_> = secrets.into_iter().map(clamp).filter(|r| !r.is_empty()).collect();
        spans.sort_by_key(|r| (r.start, r.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Excerpt { text: Zeroizing::new(text.to_vec()), secrets: merged, focus, cut }
    }

    /// The excerpt with every secret masked.
    pub fn masked(&self) -> Shown {
        self.render(super::secret::mask)
    }

    /// The excerpt with secrets in clear: only for `--show-secrets`.
    pub fn clear(&self) -> Shown {
        self.render(|secret| String::from_utf8_lossy(secret).into_owned())
    }

    /// Lets `look` see the text in clear, and the span of the secret in it: for decisions about the line, never for output.
    pub fn inspect<R>(&self, look: impl FnOnce(&[u8], Range<usize>) -> R) -> R {
        look(&self.text, self.focus.clone())
    }

    fn render(&self, show: impl Fn(&[u8]) -> String) -> Shown {
        let mut text = String::new();
        if self.cut.0 {
            text.push('…');
        }
        let mut focus = 0..0;
        let mut done = 0;
        for secret in &self.secrets {
            push_printable(&mut text, &String::from_utf8_lossy(&self.text[done..secret.start]));
            let start = text.len();
            push_printable(&mut text, &show(&self.text[secret.clone()]));
            if secret.start <= self.focus.start && self.focus.end <= secret.end {
                focus = start..text.len();
            }
            done = secret.end;
        }
        push_printable(&mut text, &String::from_utf8_lossy(&self.text[done..]));
        if self.cut.1 {
            text.push('…');
        }
        Shown { text, focus }
    }
}

/// Appends `from`, with control characters (terminal escapes, line ends, tabs) made harmless.
fn push_printable(to: &mut String, from: &str) {
    to.extend(from.chars().map(|c| match c {
        '\t' => ' ',
        '\n' => '⏎',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }));
}

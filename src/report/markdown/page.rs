//! A text that may only have so many bytes: what fits is taken as a whole, what does not is refused.

/// Bytes that are kept for the lines that say what did not fit.
const RESERVE: usize = 256;

/// The text so far.
pub(super) struct Page {
    text: String,
    limit: usize,
}

impl Page {
    /// An empty page of at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Page { text: String::new(), limit }
    }

    /// The bytes that it may have.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Takes `text` if it fits; what is on an empty page is always taken.
    pub(super) fn push(&mut self, text: &str) -> bool {
        self.push_reserving(text, 0)
    }

    /// Takes `text` if it fits and leaves room for `more` bytes.
    pub(super) fn push_reserving(&mut self, text: &str, more: usize) -> bool {
        self.push_within(text, self.limit.saturating_sub(RESERVE + more))
    }

    /// Takes `text` if the page then has at most `most` bytes.
    pub(super) fn push_within(&mut self, text: &str, most: usize) -> bool {
        let fits = self.text.is_empty() || self.text.len() + text.len() <= most.min(self.limit);
        if fits {
            self.text.push_str(text);
        }
        fits
    }

    /// Takes `text` out of what was kept for it.
    pub(super) fn push_end(&mut self, text: &str) {
        self.push_within(text, self.limit);
    }
}

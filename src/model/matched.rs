//! A match: that one rule holds at one place of a blob. It owns no bytes of the blob.

use std::ops::Range;

use super::RuleIndex;

/// A form that text was found encoded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Base64, standard or URL-safe alphabet.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// Percent encoding as in URLs.
    Percent,
    /// `\uXXXX`, `\xXX` and the simple backslash escapes of string literals.
    Escape,
    /// HTML character references.
    Html,
    /// UTF-16 text.
    Utf16,
    /// A list of byte values: `[0x67, 0x68, …]`, `{103, 104, …}`.
    List,
}

impl Encoding {
    /// The name shown in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Encoding::Base64 => "base64",
            Encoding::Hex => "hex",
            Encoding::Percent => "percent",
            Encoding::Escape => "escape",
            Encoding::Html => "html",
            Encoding::Utf16 => "utf-16",
            Encoding::List => "list",
        }
    }
}

/// One rule's match in one blob.
///
/// Spans are byte offsets into the blob as it was handed to the engine, also where the text was encoded: then they
/// cover the encoded form, and `decoded` holds the decoded secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Which rule of the rule set.
    pub rule: RuleIndex,
    /// All that the rule's pattern matched.
    pub whole: Range<usize>,
    /// The secret within it.
    pub secret: Range<usize>,
    /// The name that the value was assigned to, where the rule looks at names (`password` in `password = "…"`).
    pub key: Option<Range<usize>>,
    /// Encodings that were taken off, outermost first; empty for plain text.
    pub chain: Vec<Encoding>,
    /// The decoded match, where `chain` is not empty: the spans above cannot be sliced for it.
    pub decoded: Option<Box<Decoded>>,
}

/// What an encoded match reads in plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The decoded text about the match.
    pub text: zeroize::Zeroizing<Vec<u8>>,
    /// The whole match within `text`.
    pub whole: Range<usize>,
    /// The secret within `text`.
    pub secret: Range<usize>,
    /// The key within `text`.
    pub key: Option<Range<usize>>,
}

impl Match {
    /// The secret's plain bytes; `bytes` is the blob that the match was found in.
    pub fn secret_bytes<'a>(&'a self, bytes: &'a [u8]) -> &'a [u8] {
        match &self.decoded {
            Some(d) => d.text.get(d.secret.clone()).unwrap_or_default(),
            None => bytes.get(self.secret.clone()).unwrap_or_default(),
        }
    }
}

//! JSON that a token carries in base64, and whether it is all there.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::model::Verdict;

/// Takes padding or none, and stray bits in the last character: other programs do, too.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What stands in a token where JSON should.
pub enum Embedded {
    /// An object.
    Whole(Map<String, Value>),
    /// The beginning of one.
    Cut,
    /// Something else.
    Wrong,
}

impl Embedded {
    /// The JSON object in `text`, in base64 of either alphabet.
    pub fn read(text: &str) -> Self {
        let Some(bytes) = bytes(text) else { return Embedded::Wrong };
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Embedded::Whole(object),
            Ok(_) => Embedded::Wrong,
            Err(error) if error.is_eof() => Embedded::Cut,
            Err(_) => Embedded::Wrong,
        }
    }

    /// The verdict that an object's fields come to; a sensible one where there is none.
    pub fn judge(self, fields: impl FnOnce(&Map<String, Value>) -> Verdict) -> Verdict {
        match self {
            Embedded::Whole(object) => fields(&object),
            Embedded::Cut => Verdict::NotCheckable("the JSON in it is cut short: it is not all there".to_owned()),
            Embedded::Wrong => Verdict::Malformed("what should be JSON in it is none".to_owned()),
        }
    }
}

/// The bytes that `text` stands for in base64 of either alphabet, padded or not. A lone last character is left out.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let whole = text.get(..text.len() - usize::from(text.len() % 4 == 1))?;
    let alphabet = if whole.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(whole).ok()
}

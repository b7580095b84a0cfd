//! As much of BSON as a login needs: writing a few kinds of values, and finding one by its name.
//!
//! Source: <https://bsonspec.org/spec.html>.

/// A document in the making.
#[derive(Clone, Debug, Default)]
pub struct Document(Vec<u8>);

impl Document {
    /// Adds a text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.name(0x02, name);
        self.0.extend_from_slice(&length(value.len() + 1));
        self.0.extend_from_slice(value.as_bytes());
        self.0.push(0);
        self
    }

    /// Adds an integer.
    pub fn integer(mut self, name: &str, value: i32) -> Self {
        self.name(0x10, name);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Adds a truth value.
    pub fn truth(mut self, name: &str, value: bool) -> Self {
        self.name(0x08, name);
        self.0.push(u8::from(value));
        self
    }

    /// Adds bytes.
    pub fn bytes(mut self, name: &str, value: &[u8]) -> Self {
        self.name(0x05, name);
        self.0.extend_from_slice(&length(value.len()));
        self.0.push(0);
        self.0.extend_from_slice(value);
        self
    }

    /// Adds a document.
    pub fn document(mut self, name: &str, value: Document) -> Self {
        self.name(0x03, name);
        self.0.extend_from_slice(&value.finish());
        self
    }

    /// The bytes of the document.
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() + 5);
        bytes.extend_from_slice(&length(self.0.len() + 5));
        bytes.extend_from_slice(&self.0);
        bytes.push(0);
        bytes
    }

    fn name(&mut self, kind: u8, name: &str) {
        self.0.push(kind);
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(0);
    }
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// A value of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Any kind of number; whole ones lose nothing up to 53 bits.
    Number(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
    Truth(bool),
    /// A document, or an array: the same, with numbers for names.
    Document(&'a [u8]),
    Other,
}

/// The value of that name at the top of a document; nothing if there is none, or if the document is broken before it.
pub fn find<'a>(document: &'a [u8], name: &str) -> Option<Value<'a>> {
    values(document).find(|(found, _)| *found == name.as_bytes()).map(|(_, value)| value)
}

/// The names and values of a document, up to its end or to where it is broken.
pub fn values(document: &[u8]) -> impl Iterator<Item = (&[u8], Value<'_>)> {
    let (size, rest) = document.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
    let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(0).saturating_sub(4);
    let mut rest = rest.get(..size).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_first()?;
        let end = after.iter().position(|byte| *byte == 0)?;
        let (name, after) = (after.get(..end)?, after.get(end + 1..)?);
        let (value, after) = value(*kind, after)?;
        rest = after;
        Some((name, value))
    })
}

/// Splits off a value of that kind.
fn value(kind: u8, bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let counted = |extra: usize| {
        let (size, _) = bytes.split_first_chunk::<4>()?;
        bytes.split_at_checked(usize::try_from(u32::from_le_bytes(*size)).ok()?.checked_add(extra)?)
    };
    let fixed = |size: usize| bytes.split_at_checked(size).map(|(_, rest)| (Value::Other, rest));
    match kind {
        0x01 => bytes.split_first_chunk().map(|(number, rest)| (Value::Number(f64::from_le_bytes(*number)), rest)),
        0x02 => {
            let (text, rest) = counted(4)?;
            let text = text.get(4..)?.strip_suffix(&[0])?;
            Some((std::str::from_utf8(text).map_or(Value::Other, Value::Text), rest))
        }
        0x03 | 0x04 => {
            let (document, rest) = counted(0).filter(|(document, _)| document.len() >= 5)?;
            Some((Value::Document(document), rest))
        }
        0x05 => counted(5).and_then(|(bytes, rest)| Some((Value::Bytes(bytes.get(5..)?), rest))),
        0x06 | 0x0a | 0x7f | 0xff => fixed(0),
        0x07 => fixed(12),
        0x08 => bytes.split_first().map(|(truth, rest)| (Value::Truth(*truth != 0), rest)),
        0x09 | 0x11 => fixed(8),
        0x0d | 0x0e => counted(4).map(|(_, rest)| (Value::Other, rest)),
        0x10 => bytes
            .split_first_chunk()
            .map(|(number, rest)| (Value::Number(f64::from(i32::from_le_bytes(*number))), rest)),
        0x12 => {
            bytes.split_first_chunk().map(|(number, rest)| (Value::Number(i64::from_le_bytes(*number) as f64), rest))
        }
        0x13 => fixed(16),
        // Regular expressions and code with a scope stand in no answer to a login.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let inner = Document::default().text("0", "SCRAM-SHA-1").text("1", "SCRAM-SHA-256");
        let bytes = Document::default()
            .text("a", "ü")
            .integer("b", -7)
            .truth("c", true)
            .bytes("d", b"\0\x01")
            .document("e", inner)
            .integer("a", 9)
            .finish();
        assert_eq!(find(&bytes, "a"), Some(Value::Text("ü")));
        assert_eq!(find(&bytes, "b"), Some(Value::Number(-7.0)));
        assert_eq!(find(&bytes, "c"), Some(Value::Truth(true)));
        assert_eq!(find(&bytes, "d"), Some(Value::Bytes(b"\0\x01")));
        assert_eq!(find(&bytes, "z"), None);
        let Some(Value::Document(inner)) = find(&bytes, "e") else { panic!("a document") };
        assert_eq!(find(inner, "1"), Some(Value::Text("SCRAM-SHA-256")));
        assert_eq!(values(&bytes).count(), 6);
    }

    #[test]
    fn the_example_of_the_specification() {
        let bytes = b"\x16\x00\x00\x00\x02hello\x00\x06\x00\x00\x00world\x00\x00";
        assert_eq!(Document::default().text("hello", "world").finish(), bytes);
        assert_eq!(find(bytes, "hello"), Some(Value::Text("world")));
    }

    #[test]
    fn values_of_no_interest_are_passed_over() {
        let mut body = Vec::new();
        for (kind, size) in [(0x06, 0), (0x07, 12), (0x09, 8), (0x0a, 0), (0x11, 8), (0x13, 16), (0x7f, 0), (0xff, 0)] {
            body.extend_from_slice(&[kind, b'x', 0]);
            body.extend(std::iter::repeat_n(0xaa, size));
        }
        body.extend_from_slice(
            b"\x01f\0\0\0\0\0\0\0\xf0\x3f\x12l\0\x05\0\0\0\0\0\0\0\x0ds\0\x02\0\0\0x\0\x10i\0\x01\0\0\0",
        );
        let document = Document(body).finish();
        assert_eq!(find(&document, "f"), Some(Value::Number(1.0)));
        assert_eq!(find(&document, "l"), Some(Value::Number(5.0)));
        assert_eq!(find(&document, "i"), Some(Value::Number(1.0)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(values(&bytes).count() <= bytes.len());
            let framed = Document(bytes).finish();
            prop_assert!(values(&framed).count() <= framed.len());
        }
    }
}

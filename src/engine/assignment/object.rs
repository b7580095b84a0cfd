//! Objects within strings: a telling name may have a whole object in JSON for its value, and then one of its strings is the
//! secret.

use std::ops::Range;

/// Of a text that is an object in JSON, such as `{\"type\":\"…\",\"key\":\"…\"}`, its longest string, of its values and not of
/// its names. All of any other text.
pub fn longest_string(bytes: &[u8], text: Range<usize>) -> Range<usize> {
    /// Shorter strings say what kind of object it is, and the like.
    const SHORTEST: usize = 12;
    let object = &bytes[text.clone()];
    let Some(inner) = object.strip_prefix(b"{") else { return text };
    let mut strings: Vec<Range<usize>> = Vec::new();
    let (mut opened, mut behind_colon) = (None, false);
    for (at, byte) in inner.iter().enumerate() {
        match (byte, opened) {
            (b'"', None) => opened = Some(at + 1),
            (b'"', Some(start)) => {
                let end = start + inner[start..at].iter().rposition(|b| *b != b'\\').map_or(0, |last| last + 1);
                strings.extend(behind_colon.then_some(start..end));
                (opened, behind_colon) = (None, false);
            }
            (b':', None) => behind_colon = true,
            _ => {}
        }
    }
    let start = text.end - inner.len();
    match strings.into_iter().max_by_key(ExactSizeIterator::len).filter(|longest| longest.len() >= SHORTEST) {
        Some(longest) => start + longest.start..start + longest.end,
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(text: &str) -> &str {
        let framed = format!("x{text}y");
        &text[{
            let span = longest_string(framed.as_bytes(), 1..framed.len() - 1);
            span.start - 1..span.end - 1
        }]
    }

    #[test]
    fn values_count_and_names_do_not() {
        assert_eq!(longest(r#"{\"kind\":\"k\", \"t\":\"hunter2!hunter\",\"n\":1}"#), "hunter2!hunter");
        assert_eq!(longest(r#"{"user":"a-rather-long","a-longer-name-still":"b"}"#), "a-rather-long");
        assert_eq!(longest(r#"{\\\"a\\\":\\\"hunter2!hunter\\\"}"#), "hunter2!hunter");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["", "{", "hunter2!", r#"{hunter2!\"}"#, r#"{"a":"short"}"#, r#"{"a""#, r#"{:"""""""#] {
            assert_eq!(longest(text), text);
        }
    }
}

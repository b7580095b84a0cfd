//! Examples of rules are templates: no credential, not even a made-up one, stands in the rules themselves.
//!
//! | written | becomes |
//! | --- | --- |
//! | `{{hex:32}}` | 32 random characters of a class, see [`CLASSES`] |
//! | `{{uuid}}` | a random version 4 UUID |
//! | `{{b64:user:pass}}`, `{{b64url:…}}` | the rest in base64 (the latter URL-safe, without padding) |
//! | `{{raw:{{ x }}}}` | the rest as it stands: braces that are meant |
//! | `{{checksum:github}}` | what completes the token in front of it, see [`checksum::complete`] |
//!
//! "Random" text depends on the template and on the place in it alone: the same on every machine and in every run.

use std::ops::Range;

use data_encoding::{BASE64, BASE64URL_NOPAD};

use super::checksum;

/// Names of character classes and their members.
pub const CLASSES: &[(&str, &str)] = &[
    ("digits", "0123456789"),
    ("hex", "0123456789abcdef"),
    ("HEX", "0123456789ABCDEF"),
    ("lower", "abcdefghijklmnopqrstuvwxyz"),
    ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("alpha", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ("base32lower", "abcdefghijklmnopqrstuvwxyz234567"),
    ("base36", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ("BASE36", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
    ("base62", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("base64", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"),
    ("base64url", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"),
    ("bech32", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
];

/// Fills in a template.
///
/// # Errors
/// A sentence that names the part that cannot be filled in.
pub fn expand(template: &str) -> Result<String, String> {
    let mut random = Random::seeded(template);
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        text.push_str(&rest[..start]);
        let Range { start: inner, end } =
            directive(rest, start + 2).ok_or_else(|| format!("`{{{{` is not closed in the example `{template}`"))?;
        expand_one(&rest[inner..end], &mut text, &mut random)?;
        rest = &rest[end + 2..];
    }
    text.push_str(rest);
    Ok(text)
}

/// The span of a directive that begins at `from`: up to the last of the first run of closing braces.
fn directive(text: &str, from: usize) -> Option<Range<usize>> {
    let mut end = from + text[from..].find("}}")?;
    while text[end + 2..].starts_with('}') {
        end += 1;
    }
    Some(from..end)
}

fn expand_one(directive: &str, text: &mut String, random: &mut Random) -> Result<(), String> {
    let (name, argument) = directive.split_once(':').unwrap_or((directive, ""));
    match name {
        "uuid" => {
            let hex: String = (0..32).map(|_| random.pick("0123456789abcdef")).collect();
            text.push_str(&format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]));
        }
        "raw" => text.push_str(argument),
        "b64" => text.push_str(&BASE64.encode(argument.as_bytes())),
        "b64url" => text.push_str(&BASE64URL_NOPAD.encode(argument.as_bytes())),
        "checksum" => {
            let start = text.rfind(|c: char| c.is_whitespace() || "\"'`<>,;()".contains(c)).map_or(0, |i| i + 1);
            let tail = checksum::complete(argument, &text[start..])
                .ok_or_else(|| format!("no checksum `{argument}` completes `{}`", &text[start..]))?;
            text.push_str(&tail);
        }
        _ => {
            let (_, class) = CLASSES
                .iter()
                .find(|(class, _)| *class == name)
                .ok_or_else(|| format!("`{name}` is not a class of characters"))?;
            let count: usize = argument.parse().map_err(|_| format!("`{argument}` is not a number of characters"))?;
            text.extend((0..count).map(|_| random.pick(class)));
        }
    }
    Ok(())
}

/// SplitMix64 (Steele, Lea and Flood 2014), seeded with the FNV-1a hash of a text.
struct Random(u64);

impl Random {
    fn seeded(text: &str) -> Self {
        Random(text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pick(&mut self, class: &str) -> char {
        let at = (self.next() % class.len() as u64) as usize;
        char::from(class.as_bytes()[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_the_length_asked_for() {
        let text = expand("a{{hex:32}}b").unwrap();
        assert_eq!(text.len(), 34);
        assert!(text[1..33].bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(text, expand("a{{hex:32}}b").unwrap());
    }

    #[test]
    fn base64_takes_json_with_closing_braces() {
        assert_eq!(expand(r#"{{b64:{"a":{}}}}"#).unwrap(), BASE64.encode(br#"{"a":{}}"#));
    }

    #[test]
    fn a_wrong_directive_is_named() {
        assert!(expand("{{hax:3}}").unwrap_err().contains("hax"));
        assert!(expand("{{hex:3").unwrap_err().contains("not closed"));
    }
}

//! Taking the armor off: from a key as it stands in source text to the bytes between its markers.
//!
//! Keys stand in files as they were pasted: indented, escaped for JSON once or twice, split into quoted pieces that a
//! program joins, folded into one line, behind comment signs or the signs of a diff. All of that goes; what is left must
//! be headers and base64 (RFC 7468 for the markers, RFC 1421 for the headers, RFC 9580, section 6, for PGP's).

use data_encoding::{BASE64_NOPAD, Encoding, Specification};
use zeroize::Zeroizing;

use super::flaw::Flaw;

/// What stands between a pair of markers.
#[derive(Debug)]
pub struct Armor {
    /// What the markers name: `RSA PRIVATE KEY`.
    pub label: String,
    /// `Proc-Type` and the like, by name.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Zeroizing<Vec<u8>>,
    /// PGP's checksum, behind the body.
    pub checksum: Option<Vec<u8>>,
}

impl Armor {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Takes the armor off a text that begins with a marker.
    pub fn open(text: &str) -> Result<Self, Flaw> {
        let text = unescaped(text);
        let rest = text.trim_start_matches('-').strip_prefix("BEGIN ").ok_or(Flaw::Empty)?;
        let (label, rest) = rest.split_once("-----").ok_or(Flaw::Empty)?;
        let content = rest.rsplit_once("-----END").map_or(rest, |(content, _)| content);
        let (headers, runs) = parts(content)?;
        let checksum = match runs.last().and_then(|run| run.strip_prefix('=')) {
            Some(sum) if sum.len() == 4 => Some(decode(sum)?.to_vec()),
            _ => None,
        };
        let body: Zeroizing<String> = Zeroizing::new(
            runs.iter().take(runs.len() - usize::from(checksum.is_some())).map(|run| run.as_str()).collect(),
        );
        if body.is_empty() {
            return Err(Flaw::Empty);
        }
        Ok(Armor { label: label.to_owned(), headers, body: decode(&body)?, checksum })
    }
}

/// Decodes base64, with or without padding.
pub fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    // Some writers leave bits set behind the last byte; no reader minds.
    let lenient: Option<Encoding> = {
        let mut specification: Specification = BASE64_NOPAD.specification();
        specification.check_trailing_bits = false;
        specification.encoding().ok()
    };
    let encoding = lenient.unwrap_or(BASE64_NOPAD);
    let text = text.trim_end_matches('=');
    if text.len() % 4 == 1 {
        return Err(Flaw::Uneven);
    }
    encoding.decode(text.as_bytes()).map(Zeroizing::new).map_err(|_| Flaw::NotBase64)
}

type Headers = Vec<(String, String)>;
type Runs = Vec<Zeroizing<String>>;

/// Headers and runs of base64 of what stands between two markers.
fn parts(content: &str) -> Result<(Headers, Runs), Flaw> {
    let mut headers = Vec::new();
    let mut runs = Vec::new();
    let sign = diff_sign(content);
    for line in content.lines() {
        let line = sign.and_then(|sign| line.strip_prefix(sign)).unwrap_or(line);
        let mut words = pieces(line).into_iter().filter(|word| !is_sign(word)).peekable();
        while let Some(word) = words.next() {
            match word.strip_suffix(':') {
                // These may stand in one line with the body, where line ends were folded to blanks.
                Some(name @ ("Proc-Type" | "DEK-Info")) => {
                    headers.push((name.to_owned(), words.next().unwrap_or_default().to_owned()));
                }
                Some(name) => {
                    let mut value = Vec::new();
                    while let Some(word) = words.next_if(|word| !is_line(word)) {
                        value.push(word);
                    }
                    headers.push((name.to_owned(), value.join(" ")));
                }
                None => runs.push(base64(word)?),
            }
        }
    }
    Ok((headers, runs))
}

/// A word as base64, without what separates it from others.
fn base64(word: &str) -> Result<Zeroizing<String>, Flaw> {
    let word = word.trim_end_matches([',', ';', '.']);
    if !word.is_empty() && word.bytes().all(is_base64) {
        return Ok(Zeroizing::new(word.to_owned()));
    }
    Err(if word.is_empty() || is_elided(word) { Flaw::Elided } else { Flaw::NotBase64 })
}

/// Whether a text says that something is left out, or is to be filled in.
fn is_elided(text: &str) -> bool {
    ["...", "…", "***", "<", "[", "{", "$"].iter().any(|sign| text.contains(sign))
}

/// Whether a word is a line of a body, and no part of a header's value: they have 64 characters and more.
fn is_line(word: &str) -> bool {
    word.len() >= 60 && word.bytes().all(is_base64)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether a word only frames others: `//`, `#`, `*`, `+`, `>`; but not padding, and not dots that stand for something.
fn is_sign(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_punctuation() && !matches!(b, b'=' | b'.' | b'<' | b'[' | b'{' | b'$'))
        && !word.starts_with("***")
}

/// The words of a line; of a line with quotes, those of its pieces: of the parts between quotes that are base64 the long
/// ones, or the longest. What else stands there is code (`b"…"`, `echo "…" >> file`), a header or a sign of omission.
fn pieces(line: &str) -> Vec<&str> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    /// Names of functions and files are shorter, pieces of a body longer.
    const LONG: usize = 16;
    if !line.contains(QUOTES) {
        return line.split_whitespace().collect();
    }
    let parts = || line.split(QUOTES).map(str::trim);
    let mut wanted: Vec<&str> = parts().filter(|part| part.len() >= LONG && part.bytes().all(is_base64)).collect();
    if wanted.is_empty() {
        // What stands before the first quote is code, however short.
        let short = parts().skip(1).filter(|part| part.bytes().all(is_base64)).max_by_key(|part| part.len());
        let telling = parts().find(|part| part.contains(": ") || is_elided(part));
        wanted.extend(telling.or(short));
    }
    wanted.into_iter().flat_map(str::split_whitespace).collect()
}

/// The `+` or `-` of a diff, if every line begins with it, up to and with that of the second marker.
fn diff_sign(content: &str) -> Option<char> {
    let sign = content.lines().last()?.trim();
    let sign = sign.chars().next().filter(|_| sign == "+" || sign == "-")?;
    let mut lines = content.lines().filter(|line| !line.is_empty());
    (content.lines().count() > 2 && lines.all(|line| line.starts_with(sign))).then_some(sign)
}

/// The text with the escapes of string literals undone, however many backslashes they have by now.
pub fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = rest[at..].trim_start_matches('\\');
        let mut chars = rest.chars();
        match chars.next() {
            Some('n' | 'r') => plain.push('\n'),
            Some('t') => plain.push(' '),
            Some(kind @ ('u' | 'x')) => {
                let digits = if kind == 'u' { 4 } else { 2 };
                let code = chars.as_str().get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                match code.and_then(char::from_u32).filter(char::is_ascii) {
                    Some(c) => {
                        plain.push(if c == '\r' { '\n' } else { c });
                        chars = chars.as_str().get(digits..).unwrap_or_default().chars();
                    }
                    None => plain.push(kind),
                }
            }
            Some(other) => plain.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    plain.push_str(rest);
    plain
}

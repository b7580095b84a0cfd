//! Characters that must not reach a terminal as they are. Names of files and authors come from whoever wrote the
//! repository: an escape sequence in them could hide a finding, a mark of writing direction could reorder it.

use std::io::{self, Write};

/// True for control characters (C0, DEL and C1), line and paragraph separators, marks of writing direction, and what
/// takes no room at all.
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// `text` with what must not be printed replaced by U+FFFD.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Between a JSON serializer and its output: writes hostile characters as `\u` escapes, so that the value stays what it
/// is. The serializer itself only escapes what JSON demands, which leaves DEL and C1.
pub(super) struct JsonEscape<'a>(pub(super) &'a mut dyn Write);

impl Write for JsonEscape<'_> {
    /// Takes all of `buffer`. The serializer writes whole characters; hostile ones stand in strings only, for its own
    /// line feeds and blanks are ASCII.
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let mut plain = 0;
        if let Ok(text) = std::str::from_utf8(buffer) {
            for (at, c) in text.char_indices().filter(|(_, c)| (*c == '\x7f' || !c.is_ascii()) && is_hostile(*c)) {
                self.0.write_all(&buffer[plain..at])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.0, "\\u{unit:04x}")?;
                }
                plain = at + c.len_utf8();
            }
        }
        self.0.write_all(&buffer[plain..])?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_unseen_is_printed() {
        assert_eq!(printable("a\u{1b}[31m\n\u{202e}b\u{9b}é"), "a\u{fffd}[31m\u{fffd}\u{fffd}b\u{fffd}é");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{e0001}é\n";
        let mut written = Vec::new();
        serde_json::to_writer(JsonEscape(&mut written), value).unwrap();
        assert_eq!(written, br#""a\u001b\u007f\u009b\u202e\udb40\udc01"#.iter().chain("é\\n\"".as_bytes()).copied().collect::<Vec<u8>>());
        assert_eq!(serde_json::from_slice::<String>(&written).unwrap(), value);
    }
}

//! Paths in commands that are there to be copied into a shell: they work wherever in the work tree that stands, and
//! whatever the path holds. What could be read as an option, a pattern of git's or a command of the shell's is none.

use bstr::{BStr, BString, ByteSlice};

use super::super::printable::printable;

/// A path below the root of a work tree, as git commands take it; `at_root` if the shell stands there.
pub(super) fn path(path: &BStr, at_root: bool) -> String {
    let whole = match path.first() {
        Some(b'-' | b':') | None => [b":/:", path.as_bytes()].concat(),
        Some(_) if at_root => path.to_vec(),
        // Other marks behind `:/` may be magic, see gitglossary(7).
        Some(b'.') => [b":/", path.as_bytes()].concat(),
        Some(first) if first.is_ascii_alphanumeric() => [b":/", path.as_bytes()].concat(),
        Some(_) => [b":/:", path.as_bytes()].concat(),
    };
    quoted(BString::from(whole).as_bstr())
}

/// One word for a shell.
fn quoted(text: &BStr) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+,".contains(c);
    match text.to_str() {
        Ok(word) if word.chars().all(is_plain) => word.to_owned(),
        Ok(word) if printable(word) == word => format!("'{}'", word.replace('\'', r"'\''")),
        // POSIX since 2024, and bash, zsh and ksh since long ago.
        _ => format!("$'{}'", text.bytes().map(escaped).collect::<String>()),
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_quoted() {
        for (name, at_root, elsewhere) in [
            ("sub/s.toml", "sub/s.toml", ":/sub/s.toml"),
            (".env", ".env", ":/.env"),
            ("ü.py", "ü.py", ":/:ü.py"),
            ("_a.yml", "_a.yml", ":/:_a.yml"),
            ("-f", ":/:-f", ":/:-f"),
            (":x", ":/::x", ":/::x"),
            ("a b", "'a b'", "':/a b'"),
            ("it's", r"'it'\''s'", r"':/it'\''s'"),
            ("a\n\u{1b}'\\", r"$'a\012\033\'\\'", r"$':/a\012\033\'\\'"),
            ("a\u{202e}", r"$'a\342\200\256'", r"$':/a\342\200\256'"),
        ] {
            assert_eq!(path(name.into(), true), at_root);
            assert_eq!(path(name.into(), false), elsewhere);
        }
        assert_eq!(path(BStr::new(b"\xff"), true), r"$'\377'");
    }
}

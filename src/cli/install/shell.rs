//! Whether a hook is a shell script, which lines of shell can be put into.

use bstr::ByteSlice;

/// Shells that understand what `sh` does.
const SHELLS: [&[u8]; 7] = [b"sh", b"bash", b"dash", b"ash", b"ksh", b"mksh", b"zsh"];
/// Bytes that are looked at to tell a program from a text.
const HEAD: usize = 8000;

/// Whether git would have a shell run this file: by its `#!` line, or for want of one.
pub fn is_script(content: &[u8]) -> bool {
    let head = content.get(..HEAD).unwrap_or(content);
    if head.contains(&0) {
        return false;
    }
    // What has no such line, the system does not run; git then hands it to `sh`.
    let Some(rest) = content.strip_prefix(b"#!") else { return true };
    let line = rest.lines().next().unwrap_or_default();
    let mut words = line.fields().map(|word| word.rsplit(|b| *b == b'/').next().unwrap_or(word));
    let mut next = words.next();
    if next == Some(b"env") {
        next = words.find(|word| !word.starts_with(b"-") && !word.contains(&b'='));
    } else if next == Some(b"busybox") {
        next = words.next();
    }
    let name = next.map(|word| word.strip_suffix(b".exe").unwrap_or(word));
    name.is_some_and(|name| SHELLS.contains(&name))
}

/// Whether its `#!` line ends in a carriage return, which only Windows takes for a line end.
pub fn has_windows_line_ends(content: &[u8]) -> bool {
    content.starts_with(b"#!") && content.find_byte(b'\n').is_some_and(|end| content[..end].ends_with(b"\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells_are_known_by_the_first_line() {
        for yes in [
            "#!/bin/sh\n",
            "#! /bin/bash -e\nx",
            "#!/usr/bin/env zsh\n",
            "#!/usr/bin/env -S A=b bash -eu\n",
            "#!/bin/busybox sh\n",
            "#!C:/Git/sh.exe\r\n",
            "echo\n",
            "",
        ] {
            assert!(is_script(yes.as_bytes()), "{yes}");
        }
        for no in [
            "#!/usr/bin/python3\n",
            "#!/usr/bin/env node\n",
            "#!/usr/bin/fish\n",
            "#!",
            "\u{7f}ELF\0\0",
            "#!/usr/bin/env\n",
        ] {
            assert!(!is_script(no.as_bytes()), "{no}");
        }
        assert!(has_windows_line_ends(b"#!/bin/sh\r\nx"));
        assert!(!has_windows_line_ends(b"#!/bin/sh\nx\r\n"));
    }
}

//! Paths as URIs (RFC 3986). Paths are bytes; every byte that is not plain is percent-encoded, so that any path can be
//! had back exactly.

use crate::model::percent_encode;

/// Percent-encodes a path; `/` stays.
pub(crate) fn encode(path: &[u8]) -> String {
    percent_encode(path, b"/")
}

/// An absolute path as a `file:` URI.
pub(super) fn file(path: &[u8]) -> String {
    let path = path.strip_prefix(b"/").unwrap_or(path);
    format!("file:///{}", encode(path))
}

/// Where `path` lies in relation to the folder `base` (absolute): the path below it, or the absolute path.
///
/// `.` and `..` are taken out by the text alone; links are not looked at.
pub(super) fn below(base: &[u8], path: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let outer = parts(base);
    let joined = if path.starts_with(b"/") { path.to_vec() } else { [base, b"/", path].concat() };
    let whole = parts(&joined);
    match whole.strip_prefix(&outer[..]) {
        Some(rest) => Ok(rest.join(&b'/')),
        None => Err([b"/", &whole.join(&b'/')[..]].concat()),
    }
}

fn parts(path: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_but_for_what_separates_their_parts() {
        assert_eq!(encode(b"a/b c:\xff.txt"), "a/b%20c%3A%FF.txt");
        assert_eq!(file(b"/a b"), "file:///a%20b");
    }

    #[test]
    fn paths_are_related_to_the_base() {
        assert_eq!(below(b"/home/me/project", b"src/./a.rs"), Ok(b"src/a.rs".to_vec()));
        assert_eq!(below(b"/home/me/project/", b"/home/me/project/a.rs"), Ok(b"a.rs".to_vec()));
        assert_eq!(below(b"/home/me/project", b"/home/me/projects/a.rs"), Err(b"/home/me/projects/a.rs".to_vec()));
        assert_eq!(below(b"/home/me/project", b"../other/a.rs"), Err(b"/home/me/other/a.rs".to_vec()));
    }
}

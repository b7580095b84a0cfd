//! "Did you mean": the known name that is nearest to a mistyped one.

/// The name among `known` that `wrong` most likely stands for, if any is near enough.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let short = name.replace("personal-access-token", "pat");
        let mut distance =
            distance(wrong.as_bytes(), name.as_bytes()).min(distance(wrong.as_bytes(), short.as_bytes()));
        // A part of a long name is a likely slip, however much is missing.
        if wrong.len() >= 3 && name.contains(&wrong) {
            distance = distance.min(1);
        }
        if distance <= 1.max(name.len() / 3) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// What to do where `text` was given as a path to scan and is none: it may be the address of a repository, which is not
/// fetched.
pub fn for_address(text: &str) -> Option<String> {
    let is_address = text.contains("://") || (text.starts_with("git@") && text.contains(':'));
    is_address.then(|| format!("clone it first: git clone {text} FOLDER, then unspill git FOLDER"))
}

/// Changes, insertions, deletions and swaps of neighbours that turn one text into the other: Levenshtein's distance
/// (1966) with Damerau's swaps (1964), row by row.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = above[j] + usize::from(x != y);
            let mut least = changed.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance(b"kitten", b"sitting"), 3);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"abc", b""), 3);
        assert_eq!(distance(b"same", b"same"), 0);
        assert_eq!(distance(b"dri", b"dir"), 1);
    }

    #[test]
    fn slips_are_understood_and_strangers_are_not() {
        let known = ["github", "gitlab", "private-key"];
        assert_eq!(nearest("githib", known), Some("github"));
        assert_eq!(nearest("private", known), Some("private-key"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!(
            nearest("github-pat", ["github-app", "github-personal-access-token"]),
            Some("github-personal-access-token")
        );
    }
}

//! What is to be explained: a file, some of its lines, a folder, or standard input.
//!
//! A text that names a file is that file, whatever colons it has. Only where there is none are lines looked for at its
//! end: `FILE:LINE`, `FILE:FROM-TO`, and `FILE:LINE:COLUMN` as reports have it.

use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::cli::errors::Failure;

/// Names of standard input.
const STDIN: [&str; 2] = ["-", "stdin"];

/// Something to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What is to be read.
    pub input: Input,
    /// The lines that were asked about; `None` for all.
    pub lines: Option<RangeInclusive<u64>>,
}

/// What is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file or folder.
    Path(PathBuf),
    /// A member of an archive: the archive, and the whole path as reports have it.
    Member(PathBuf, String),
}

impl Target {
    /// Takes an argument apart; `exists` says which paths there are.
    ///
    /// # Errors
    /// If there is no such file, or the lines are no lines.
    pub fn parse(argument: &OsStr, exists: impl Fn(&Path) -> bool) -> Result<Self, Failure> {
        let named = |lines, text: &str| {
            let input = if STDIN.contains(&text) && !(text != "-" && exists(Path::new(text))) {
                Some(Input::Stdin)
            } else if exists(Path::new(text)) {
                Some(Input::Path(text.into()))
            } else {
                member(text, &exists)
            };
            input.map(|input| Target { input, lines })
        };
        let Some(text) = argument.to_str() else {
            return Ok(Target { input: Input::Path(argument.into()), lines: None });
        };
        if let Some(target) = named(None, text) {
            return Ok(target);
        }
        let Some((file, tail)) = split(text) else { return Err(missing(text)) };
        if let Some(target) = named(Some(range(text, tail)?), file) {
            return Ok(target);
        }
        // With a column behind the line.
        match split(file) {
            Some((file, line)) => named(Some(range(text, line)?), file).ok_or_else(|| missing(file)),
            None => Err(missing(file)),
        }
    }

    /// Whether one of the lines from `first` to `last` was asked about.
    pub fn wants(&self, first: u64, last: u64) -> bool {
        self.lines.as_ref().is_none_or(|lines| *lines.start() <= last && first <= *lines.end())
    }
}

/// What stands before the last colon and behind it, if that looks like lines.
fn split(text: &str) -> Option<(&str, &str)> {
    let (file, tail) = text.trim_end_matches(':').rsplit_once(':')?;
    let like_lines =
        tail.starts_with(|c: char| c.is_ascii_digit()) && tail.chars().all(|c| c.is_ascii_digit() || c == '-');
    (like_lines && !file.is_empty()).then_some((file, tail))
}

/// `12` or `12-20`.
fn range(whole: &str, text: &str) -> Result<RangeInclusive<u64>, Failure> {
    let wrong = |what: &str| Failure::new(format!("`{whole}`: {what}")).hint("as in app.py:12 or app.py:12-20");
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>()) else {
        return Err(wrong(&format!("`{text}` is neither a line nor a range of lines")));
    };
    match from {
        0 => Err(wrong("lines count from 1")),
        _ if to < from => Err(wrong("the range ends before it begins")),
        _ => Ok(from..=to),
    }
}

/// The archive in front of a `!`, if there is one.
fn member(text: &str, exists: &impl Fn(&Path) -> bool) -> Option<Input> {
    let archives = text.match_indices('!').map(|(at, _)| Path::new(&text[..at]));
    let archive = archives.into_iter().find(|path| exists(path))?;
    Some(Input::Member(archive.to_owned(), text.strip_prefix("./").unwrap_or(text).to_owned()))
}

fn missing(file: &str) -> Failure {
    Failure::new(format!("cannot read `{file}`: no such file or folder"))
        .hint("name a file, a line of it (app.py:12), some lines (app.py:12-20), a folder, or - for standard input")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Target, String> {
        let there = ["app.py", "a:1", r"C:\app.py", "x.zip", "src"];
        let target = Target::parse(OsStr::new(text), |path| there.iter().any(|name| path == Path::new(name)));
        target.map_err(|failure| failure.what)
    }

    fn path(file: &str, lines: Option<RangeInclusive<u64>>) -> Result<Target, String> {
        Ok(Target { input: Input::Path(file.into()), lines })
    }

    #[test]
    fn files_and_lines() {
        assert_eq!(parse("app.py"), path("app.py", None));
        assert_eq!(parse("app.py:12"), path("app.py", Some(12..=12)));
        assert_eq!(parse("app.py:12:"), path("app.py", Some(12..=12)));
        assert_eq!(parse("app.py:12-20"), path("app.py", Some(12..=20)));
        assert_eq!(parse("app.py:12:5"), path("app.py", Some(12..=12)));
    }

    #[test]
    fn a_file_is_a_file_whatever_its_name() {
        assert_eq!(parse("a:1"), path("a:1", None));
        assert_eq!(parse("a:1:2"), path("a:1", Some(2..=2)));
        assert_eq!(parse(r"C:\app.py"), path(r"C:\app.py", None));
        assert_eq!(parse(r"C:\app.py:3"), path(r"C:\app.py", Some(3..=3)));
    }

    #[test]
    fn standard_input_and_members() {
        assert_eq!(parse("-"), Ok(Target { input: Input::Stdin, lines: None }));
        assert_eq!(parse("stdin:7"), Ok(Target { input: Input::Stdin, lines: Some(7..=7) }));
        let member = Input::Member("x.zip".into(), "x.zip!a/b".to_owned());
        assert_eq!(parse("x.zip!a/b:7"), Ok(Target { input: member, lines: Some(7..=7) }));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(parse("app.py:0").unwrap_err().contains("count from 1"));
        assert!(parse("app.py:9-3").unwrap_err().contains("ends before"));
        assert!(parse("app.py:9-").unwrap_err().contains("neither"));
        assert!(parse("app.py:x").unwrap_err().contains("`app.py:x`"));
        assert!(parse("gone.py:3").unwrap_err().contains("`gone.py`"));
    }
}

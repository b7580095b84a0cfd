//! Where there is no candidate: what can be said of that.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use super::{Input, Target};
use crate::cli::errors::Failure;
use crate::cli::settings::Plan;
use crate::model::SkipReason;
use crate::report::text::Explanation;
use crate::source::sniff::{HEAD, Kind, sniff};
use crate::source::worktree;

/// Checks that no lines of a folder are asked for.
///
/// # Errors
/// If they are.
pub fn check_folder(target: &Target) -> Result<(), Failure> {
    match &target.input {
        Input::Path(path) if target.lines.is_some() && path.is_dir() => {
            Err(Failure::new(format!("`{}` is a folder, which has no lines", path.display()))
                .hint("name a file in it, or leave the lines out"))
        }
        _ => Ok(()),
    }
}

/// The line with a candidate that is nearest to those that were asked about.
pub fn nearest(target: &Target, all: &[Explanation]) -> Option<u64> {
    let lines = target.lines.as_ref()?;
    let all = all.iter().flat_map(|one| &one.finding.occurrences).map(|occurrence| occurrence.place.line);
    all.min_by_key(|line| (line.saturating_sub(*lines.end()).max(lines.start().saturating_sub(*line)), *line))
}

/// Why there is no candidate.
///
/// # Errors
/// If there are no such lines.
pub fn why(
    target: &Target,
    passed_over: &BTreeMap<SkipReason, u64>,
    nearest: Option<u64>,
    stream: Option<&[u8]>,
    plan: &Plan,
) -> anyhow::Result<String> {
    let name = target.name();
    let is_file = target.path().is_none_or(|path| !path.is_dir());
    if let Some(reason) = passed_over.keys().next().filter(|_| is_file) {
        return Ok(format!("{name}: passed over, and nothing in it looked at: {}.\n", in_words(*reason)));
    }
    if let (Some(lines), false) = (&target.lines, matches!(target.input, Input::Member(..))) {
        match lines_of(target, stream)? {
            None => {
                return Ok(format!(
                    "{name}: an archive has no lines. Name a member of it, as in `{name}!folder/file:3`.\n"
                ));
            }
            Some(there) if *lines.start() > there => {
                let have = if there == 1 { "1 line".to_owned() } else { format!("{there} lines") };
                return Err(Failure::new(format!("{} is beyond the end: `{name}` has {have}", target.shown())).into());
            }
            Some(_) => {}
        }
    }
    let mut text = format!(
        "{}: no candidate.\n  Nothing there has the form of a credential that a rule knows, and no value stands beside a name \
         that\n  tells of a secret. `unspill rules show generic-password` lists such names, `unspill rules list` the \
         rules.\n",
        target.shown()
    );
    if plan.narrowed {
        text.push_str("  Only some rules were asked: --rule, --skip-rule or the configuration leave others out.\n");
    }
    if let Some(line) = nearest {
        text.push_str(&format!("  The nearest candidate is on line {line}.\n"));
    }
    if let Some(path) = target.path().filter(|path| is_file && !plan.no_ignore && worktree::is_ignored(path)) {
        text.push_str(&format!(
            "  git ignores `{}`: where a folder is scanned it is passed over, unless --no-ignore is given.\n",
            path.display()
        ));
    }
    Ok(text)
}

/// Why a file is not looked at.
fn in_words(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Binary => "it is binary, and no archive",
        SkipReason::TooLarge => "it is larger than --max-file-size",
        SkipReason::Symlink => "it is a symbolic link",
        SkipReason::Submodule => "it is a submodule",
        SkipReason::Special => "it is a socket, device or pipe",
    }
}

/// The number of lines; `None` for an archive.
fn lines_of(target: &Target, stream: Option<&[u8]>) -> Result<Option<u64>, Failure> {
    match (target.path(), stream) {
        (Some(path), _) => {
            let counted = File::open(path).and_then(|file| count(BufReader::with_capacity(HEAD, file)));
            counted.map_err(|error| Failure::new(format!("cannot read `{}`", path.display())).cause(error))
        }
        (None, stream) => Ok(count(stream.unwrap_or_default()).unwrap_or_default()),
    }
}

fn count(mut reader: impl BufRead) -> std::io::Result<Option<u64>> {
    if matches!(sniff(reader.fill_buf()?), Kind::Archive(_)) {
        return Ok(None);
    }
    let (mut lines, mut open) = (0, false);
    loop {
        let buffer = reader.fill_buf()?;
        let Some(last) = buffer.last() else { break };
        lines += memchr::memchr_iter(b'\n', buffer).count() as u64;
        open = *last != b'\n';
        let taken = buffer.len();
        reader.consume(taken);
    }
    Ok(Some(lines + u64::from(open)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_editors_do() {
        let lines = |text: &str| count(text.as_bytes()).unwrap();
        assert_eq!(lines(""), Some(0));
        assert_eq!(lines("a"), Some(1));
        assert_eq!(lines("a\n"), Some(1));
        assert_eq!(lines("a\n\nb"), Some(3));
        assert_eq!(lines("PK\x03\x04"), None);
    }
}

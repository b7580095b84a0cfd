//! The lines in a hook that are ours, between two marks: how they read, where they go, and how they come out again.
//!
//! They stand in front of everything but the `#!` line. There they are run whatever comes below: no early `exit` goes
//! around them, no `exec` comes first, and the last command's exit code stays the hook's. They take out byte for byte,
//! since nothing outside the marks is touched but for one line end, which the mark then tells of.

use std::ops::Range;

use bstr::ByteSlice;

use super::hook::Hook;

const BEGIN: &[u8] = b"# >>> unspill >>>";
const END: &[u8] = b"# <<< unspill <<<";
/// In the first mark: the file was made for these lines.
const MADE: &str = "this file is its own, ";
/// In the first mark: the line before had no end.
const AFTER_END: &str = "with the line end before, ";
/// The first line of a file that is made.
pub const SHEBANG: &str = "#!/bin/sh\n";
/// What a hook that cannot be extended is called from then on: this behind its name.
pub const KEPT: &str = ".kept-by-unspill";

/// What comes after the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Whatever stands below.
    GoOn,
    /// The hook that was kept beside this one.
    Kept,
    /// The repository's own hook, which this one stands in for.
    Own,
}

/// What the lines do.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The file's name.
    pub name: &'a str,
    /// The check, if there is one.
    pub check: Option<Hook>,
    /// The program, in case that it is not in the search path.
    pub program: Option<&'a str>,
    /// What comes after it.
    pub then: Then,
}

impl Lines<'_> {
    /// A file with nothing but these lines.
    pub fn file(&self) -> Vec<u8> {
        format!("{SHEBANG}{}", self.between(MADE)).into_bytes()
    }

    /// `script` with these lines in front, or in place of the ones that it has.
    ///
    /// # Errors
    /// If it has only one of the two marks.
    pub fn insert(&self, script: &[u8]) -> Result<Vec<u8>, Torn> {
        let found = find(script)?;
        let (at, extra) = match &found {
            Some(block) if block.made => (block.span.clone(), MADE),
            Some(block) if block.line_end => (block.lines.clone(), AFTER_END),
            Some(block) => (block.span.clone(), ""),
            None if !script.starts_with(b"#!") => (0..0, ""),
            None => match script.find_byte(b'\n') {
                Some(end) => (end + 1..end + 1, ""),
                None => (script.len()..script.len(), AFTER_END),
            },
        };
        let (before, after) = (&script[..at.start], &script[at.end..]);
        let mut lines = self.between(extra);
        if found.is_none() && extra == AFTER_END {
            lines.insert(0, '\n');
        }
        Ok([before, lines.as_bytes(), after].concat())
    }

    /// The lines between their marks.
    fn between(&self, extra: &str) -> String {
        let mut text = format!("{} {extra}`unspill uninstall` takes it out\n", BEGIN.to_str_lossy());
        if let Some(hook) = self.check {
            text += &self.check(hook);
        }
        match self.then {
            Then::GoOn => {}
            Then::Kept => text += &format!("exec \"$(dirname \"$0\")/{}{KEPT}\" \"$@\"\n", self.name),
            Then::Own => {
                text += &format!("unspill_own=$(git rev-parse --git-common-dir)/hooks/{}\n", self.name);
                // A repository whose hooks are a link to these must not go round and round.
                text += "if [ -x \"$unspill_own\" ] && ! [ \"$unspill_own\" -ef \"$0\" ]; then\n";
                text += "    exec \"$unspill_own\" \"$@\"\nfi\n";
            }
        }
        text + &END.to_str_lossy() + "\n"
    }

    fn check(&self, hook: Hook) -> String {
        let stops = hook.stops();
        let mut text = String::from("unspill_program=unspill\n");
        if let Some(program) = self.program {
            let quoted = program.replace('\'', r"'\''");
            text += &format!("command -v unspill >/dev/null 2>&1 || unspill_program='{quoted}'\n");
        }
        text += &format!(
            "if ! command -v \"$unspill_program\" >/dev/null 2>&1; then
    echo 'unspill cannot be found, so this {stops} was not checked for secrets, and is stopped.' >&2
    echo 'Put unspill into a folder of your PATH; or skip the check once: git {stops} --no-verify;' >&2
    echo \"or do without it: take the lines about unspill out of $0\" >&2
    exit 1
fi
"
        );
        let run = format!("\"$unspill_program\" {} || exit", hook.arguments());
        text += &match hook.reads() {
            false => format!("{run}\n"),
            // What git has to say is there for whatever stands below, too.
            true => format!(
                "unspill_input=$(cat)
if [ -n \"$unspill_input\" ]; then
    printf '%s\\n' \"$unspill_input\" | {run}
    exec <<UNSPILL_INPUT
$unspill_input
UNSPILL_INPUT
fi
"
            ),
        };
        text
    }
}

/// Lines that stand in a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// All that was put in.
    pub span: Range<usize>,
    /// From mark to mark.
    lines: Range<usize>,
    /// True if the file was made for them.
    pub made: bool,
    line_end: bool,
}

/// A hook in which one mark stands without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn;

/// Finds the lines in a hook.
///
/// # Errors
/// If it has only one of the two marks.
pub fn find(script: &[u8]) -> Result<Option<Block>, Torn> {
    let (begin, end) = (line_with(script, 0, BEGIN), line_with(script, 0, END));
    let begin = match (begin, end) {
        (None, None) => return Ok(None),
        (Some(begin), Some(_)) => begin,
        _ => return Err(Torn),
    };
    let end = line_with(script, begin.end, END).ok_or(Torn)?;
    let mark = &script[begin.clone()];
    let line_end = mark.contains_str(AFTER_END);
    let start = if line_end { begin.start.saturating_sub(1) } else { begin.start };
    let made = mark.contains_str(MADE);
    Ok(Some(Block { span: start..end.end, lines: begin.start..end.end, made, line_end }))
}

/// The first line from `from` on that begins with `mark`, with its line end.
fn line_with(script: &[u8], from: usize, mark: &[u8]) -> Option<Range<usize>> {
    let mut start = from;
    for line in script.get(from..)?.lines_with_terminator() {
        let end = start + line.len();
        if line.starts_with(mark) {
            return Some(start..end);
        }
        start = end;
    }
    None
}

/// `script` without the lines; `None` if nothing of it is left but what was made for them.
pub fn remove(script: &[u8], block: &Block) -> Option<Vec<u8>> {
    let rest = [&script[..block.span.start], &script[block.span.end..]].concat();
    (!block.made || rest != SHEBANG.as_bytes()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECK: Lines<'static> =
        Lines { name: "pre-commit", check: Some(Hook::PreCommit), program: Some("/a/it's"), then: Then::GoOn };

    #[test]
    fn what_goes_in_comes_out_byte_for_byte() {
        for script in [
            "",
            "#!/bin/sh",
            "#!/bin/sh\n",
            "#!/bin/sh\nexec x\n",
            "#!/bin/sh\r\nx\r\n",
            "x",
            "x\n\n",
            "\n#!/bin/sh\n",
            "#!/bin/sh\nno end",
        ] {
            let with = CHECK.insert(script.as_bytes()).unwrap();
            assert!(with.starts_with(script.lines().next().filter(|l| l.starts_with("#!")).unwrap_or("").as_bytes()));
            let block = find(&with).unwrap().expect("the lines");
            assert_eq!(remove(&with, &block).unwrap().to_str(), Ok(script));
            let renewed = Lines { program: None, ..CHECK }.insert(&with).unwrap();
            assert_ne!(renewed, with);
            assert_eq!(CHECK.insert(&renewed).unwrap(), with, "{script:?}");
        }
    }

    #[test]
    fn a_file_of_its_own_goes_away_unless_somebody_wrote_more_into_it() {
        let file = CHECK.file();
        assert_eq!(CHECK.insert(&file).unwrap(), file);
        assert_eq!(remove(&file, &find(&file).unwrap().unwrap()), None);
        let more = [&file[..], b"make test\n"].concat();
        assert_eq!(remove(&more, &find(&more).unwrap().unwrap()).unwrap(), b"#!/bin/sh\nmake test\n");
        let crlf = file.replace("\n", "\r\n");
        assert!(find(&crlf).unwrap().is_some());
    }

    #[test]
    fn one_mark_without_the_other_is_told() {
        assert_eq!(find(b"#!/bin/sh\nx\n"), Ok(None));
        assert_eq!(find(&[BEGIN, b" ...\nx\n"].concat()), Err(Torn));
        assert_eq!(find(&[END, b"\n", BEGIN, b"\n"].concat()), Err(Torn));
    }
}

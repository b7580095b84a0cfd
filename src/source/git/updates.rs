//! What git tells its hooks of a push, on their standard input: one line for each ref that is to change.
//!
//! Formats: githooks(5), `pre-push` and `pre-receive`. A line that cannot be made out is an error, so that a push that
//! nobody understood is never taken for one that was scanned.

use std::io::{self, Read};

use bstr::{BString, ByteSlice};
use gix::ObjectId;

use crate::source::SourceError;

/// More than this, in bytes, is no list of refs.
const LONGEST: u64 = 256 << 20;

/// A push: what it changes, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Who receives it.
    pub receiver: Receiver,
    /// The refs that it changes.
    pub updates: Vec<Update>,
}

/// Who receives a push: what that side has already is not scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// This repository: it has what any of its refs reaches.
    Here,
    /// A remote: it has what the old ids reach and, if it has this name, what its remote-tracking refs do.
    Remote(Option<String>),
}

/// A ref that a push changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its name on the side that receives.
    pub reference: BString,
    /// What it points to there; `None` for a new one. The object need not be here.
    pub old: Option<ObjectId>,
    /// What it is to point to; `None` if it is deleted.
    pub new: Option<ObjectId>,
}

impl Push {
    /// Reads the lines of a `pre-push` hook, if it goes to a remote, or those of a `pre-receive` hook.
    ///
    /// # Errors
    /// If `input` cannot be read, or is something else.
    pub fn read(receiver: Receiver, input: impl Read) -> Result<Push, SourceError> {
        let mut bytes = Vec::new();
        let read = input.take(LONGEST + 1).read_to_end(&mut bytes).and_then(|length| match length as u64 {
            0..=LONGEST => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::FileTooLarge, "there is no end to it")),
        });
        read.map_err(|error| SourceError::new("what git says of the push cannot be read").cause(error))?;
        let updates = bytes.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()).map(|(line, number)| {
            let update = match receiver {
                Receiver::Here => Update::received(line),
                Receiver::Remote(_) => Update::pushed(line),
            };
            update.map_err(|what| malformed(&receiver, number, what))
        });
        let updates = updates.collect::<Result<_, _>>()?;
        Ok(Push { receiver, updates })
    }

    /// The objects that refs are to point to.
    pub(super) fn tips(&self) -> Vec<ObjectId> {
        self.updates.iter().filter_map(|update| update.new).collect()
    }

    /// In words: which refs.
    pub(super) fn part(&self) -> String {
        /// So many are named.
        const NAMED: usize = 3;
        let names = self.updates.iter().take(NAMED).map(|update| update.reference.to_string());
        let names = names.collect::<Vec<_>>().join(", ");
        match self.updates.len() {
            0 => "a push of nothing".to_owned(),
            n if n > NAMED => format!("push to {names} and {} more", n - NAMED),
            _ => format!("push to {names}"),
        }
    }
}

impl Update {
    /// `<local ref> <local id> <remote ref> <remote id>`. What the user wrote for the local ref may hold blanks, as in
    /// `HEAD^{/some words}`.
    fn pushed(line: &[u8]) -> Result<Update, &'static str> {
        let mut fields = line.rsplitn(4, |byte| *byte == b' ');
        match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some(old), Some(reference), Some(new), Some(_)) => Update::new(old, new, reference),
            _ => Err("it does not have four fields"),
        }
    }

    /// `<old id> <new id> <ref>`.
    fn received(line: &[u8]) -> Result<Update, &'static str> {
        let mut fields = line.split(|byte| *byte == b' ');
        match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some(old), Some(new), Some(reference), None) => Update::new(old, new, reference),
            _ => Err("it does not have three fields"),
        }
    }

    fn new(old: &[u8], new: &[u8], reference: &[u8]) -> Result<Update, &'static str> {
        let [old, new] = [old, new].map(ObjectId::from_hex);
        let (Ok(old), Ok(new)) = (old, new) else { return Err("there is no object id where one should be") };
        if reference.is_empty() || !reference.iter().all(|byte| byte.is_ascii_graphic() || *byte >= 0x80) {
            return Err("there is no name of a ref where one should be");
        }
        let there = |id: ObjectId| (!id.is_null()).then_some(id);
        Ok(Update { reference: reference.into(), old: there(old), new: there(new) })
    }
}

/// The line itself is not told: whoever gives the hook something else may give it secrets.
fn malformed(receiver: &Receiver, number: usize, what: &str) -> SourceError {
    let (hook, form) = match receiver {
        Receiver::Here => ("pre-receive", "<old id> <new id> <ref>"),
        Receiver::Remote(_) => ("pre-push", "<local ref> <local id> <remote ref> <remote id>"),
    };
    SourceError::new(format!("line {number} of standard input is none of git's to a {hook} hook: {what}"))
        .hint(format!("let git's {hook} hook call this, and pass on its standard input: `{form}` on each line"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1111111111111111111111111111111111111111";
    const NEW: &str = "2222222222222222222222222222222222222222";
    const NONE: &str = "0000000000000000000000000000000000000000";

    fn read(receiver: Receiver, text: &str) -> Result<Vec<Update>, SourceError> {
        Push::read(receiver, text.as_bytes()).map(|push| push.updates)
    }

    fn update(reference: &str, old: Option<&str>, new: Option<&str>) -> Update {
        let id = |hex: &str| ObjectId::from_hex(hex.as_bytes()).unwrap();
        Update { reference: reference.into(), old: old.map(id), new: new.map(id) }
    }

    #[test]
    fn lines_of_both_hooks() {
        let expected = [
            update("refs/heads/a", Some(OLD), Some(NEW)),
            update("refs/heads/b", None, Some(NEW)),
            update("refs/heads/c", Some(OLD), None),
        ];
        let pushed = format!(
            "HEAD^{{/some words}} {NEW} refs/heads/a {OLD}\nmain {NEW} refs/heads/b {NONE}\n(delete) {NONE} refs/heads/c {OLD}"
        );
        assert_eq!(read(Receiver::Remote(None), &pushed).unwrap(), expected);
        let received = format!("{OLD} {NEW} refs/heads/a\r\n\n{NONE} {NEW} refs/heads/b\n{OLD} {NONE} refs/heads/c\n");
        assert_eq!(read(Receiver::Here, &received).unwrap(), expected);
    }

    #[test]
    fn an_empty_input_is_a_push_of_nothing() {
        assert_eq!(read(Receiver::Here, "").unwrap(), []);
        assert_eq!(read(Receiver::Remote(None), "\n").unwrap(), []);
    }

    #[test]
    fn ids_may_be_of_sha_256() {
        let (old, new) = ("1".repeat(64), "0".repeat(64));
        let updates = read(Receiver::Here, &format!("{old} {new} refs/tags/x\n")).unwrap();
        assert_eq!(updates, [update("refs/tags/x", Some(&old), None)]);
    }

    #[test]
    fn what_is_none_of_gits_lines_is_an_error_that_does_not_repeat_it() {
        for (receiver, line) in [
            (Receiver::Here, format!("{OLD} {NEW}")),
            (Receiver::Here, format!("{OLD} {NEW} refs/heads/a b")),
            (Receiver::Here, format!("{OLD} {NEW} ")),
            (Receiver::Here, format!("{OLD}  {NEW} refs/heads/a")),
            (Receiver::Here, format!("{OLD} {NEW} refs/heads/\u{1b}[m")),
            (Receiver::Here, format!("{} {NEW} refs/heads/a", &OLD[1..])),
            (Receiver::Here, "hunter2 is the password".to_owned()),
            (Receiver::Remote(None), format!("{OLD} {NEW} refs/heads/a")),
            (Receiver::Remote(None), format!("main {NEW} refs/heads/a x{}", &OLD[1..])),
        ] {
            let error = read(receiver, &format!("\n{line}\n")).unwrap_err();
            assert!(error.what.starts_with("line 2 "), "{error}");
            assert!(!error.what.contains("hunter2") && error.hint.is_some(), "{error:?}");
        }
    }
}

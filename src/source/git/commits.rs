//! What a commit says of others, made out quickly; and all commits of a history, packed closely.
//!
//! The lines of a commit that matter here come first and in a fixed order. Where they do not look just as git writes
//! them, the library's parser has the last word.

use gix::objs::CommitRefIter;
use gix::{ObjectId, hash};

use super::objects::Unread;

/// What a commit says of others, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// Committer date, seconds since 1970.
    pub time: i64,
}

impl Header {
    /// Makes it out of the bytes of a commit.
    ///
    /// # Errors
    /// If the commit has no tree that can be made out.
    pub fn of(hash: hash::Kind, bytes: &[u8]) -> Result<Header, Unread> {
        Header::plain(hash, bytes).map_or_else(|| Header::other(hash, bytes), Ok)
    }

    /// As git writes it.
    fn plain(hash: hash::Kind, bytes: &[u8]) -> Option<Header> {
        let mut rest = bytes;
        let tree = id(hash, &mut rest, b"tree ")?;
        let mut parents = Vec::new();
        while rest.starts_with(b"parent ") {
            parents.push(id(hash, &mut rest, b"parent ")?);
        }
        line(&mut rest, b"author ")?;
        let committer = line(&mut rest, b"committer ")?;
        let (_, time) = committer.split_at(memchr::memrchr(b'>', committer)? + 1);
        let (seconds, zone) = time.strip_prefix(b" ")?.split_at_checked(time.len().checked_sub(b" +0000 ".len())?)?;
        let is_zone = matches!(zone, [b' ', b'+' | b'-', digits @ ..] if digits.iter().all(u8::is_ascii_digit));
        // So few digits cannot overflow.
        if !is_zone || seconds.is_empty() || seconds.len() > 18 || !seconds.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let time = seconds.iter().fold(0, |time, digit| time * 10 + i64::from(digit - b'0'));
        Some(Header { tree, parents, time })
    }

    /// In any other form.
    fn other(hash: hash::Kind, bytes: &[u8]) -> Result<Header, Unread> {
        let tree = CommitRefIter::from_bytes(bytes, hash).tree_id();
        let tree = tree.map_err(|_| Unread::Broken("not a well-formed commit".to_owned()))?;
        let commit = CommitRefIter::from_bytes(bytes, hash);
        let time = commit.committer().map_or(0, |committer| committer.seconds());
        Ok(Header { tree, parents: commit.parent_ids().collect(), time })
    }
}

/// A line that begins like that: what follows on it.
fn line<'b>(rest: &mut &'b [u8], start: &[u8]) -> Option<&'b [u8]> {
    let text = rest.strip_prefix(start)?;
    let (line, after) = text.split_at(memchr::memchr(b'\n', text)?);
    *rest = after.get(1..)?;
    Some(line)
}

/// A line that begins like that, and has an id on it.
fn id(hash: hash::Kind, rest: &mut &[u8], start: &[u8]) -> Option<ObjectId> {
    let line = line(rest, start)?;
    (line.len() == hash.len_in_hex()).then(|| ObjectId::from_hex(line).ok())?
}

/// Commits, in about 20 bytes for each id in them and 32 more (with SHA-1).
#[derive(Debug)]
pub(super) struct Commits {
    hash: hash::Kind,
    rows: Vec<Row>,
    /// Of each commit in a row: its own id, its tree's, and its parents'.
    ids: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    time: i64,
    /// The first bytes of its id.
    key: u64,
    /// Where its ids begin, and how many there are.
    first: usize,
    count: u32,
}

impl Commits {
    /// None yet.
    pub fn new(hash: hash::Kind) -> Self {
        Commits { hash, rows: Vec::new(), ids: Vec::new() }
    }

    /// Takes in one.
    pub fn push(&mut self, id: ObjectId, header: &Header) {
        let first = self.ids.len();
        for id in [&id, &header.tree].into_iter().chain(&header.parents) {
            self.ids.extend_from_slice(id.as_bytes());
        }
        let key = id.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        self.rows.push(Row { time: header.time, key, first, count: 2 + header.parents.len() as u32 });
    }

    /// Takes in all of another list.
    pub fn append(&mut self, mut other: Commits) {
        let first = self.ids.len();
        self.ids.append(&mut other.ids);
        self.rows.extend(other.rows.into_iter().map(|row| Row { first: first + row.first, ..row }));
    }

    /// Sorts them by id, and drops repetitions.
    pub fn sort(&mut self) {
        let Commits { hash, rows, ids } = self;
        let id = |row: &Row| ids.get(row.first..row.first + hash.len_in_bytes());
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| id(a).cmp(&id(b))));
        rows.dedup_by(|a, b| id(a) == id(b));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Each one's id, and what it says.
    pub fn iter(&self) -> impl Iterator<Item = (ObjectId, Header)> + '_ {
        self.rows.iter().filter_map(|row| {
            let length = self.hash.len_in_bytes();
            let bytes = self.ids.get(row.first..row.first + row.count as usize * length)?;
            let mut ids = bytes.chunks_exact(length).filter_map(|id| ObjectId::try_from(id).ok());
            Some((ids.next()?, Header { tree: ids.next()?, parents: ids.collect(), time: row.time }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const PARENT: &str = "parent 5b825dc642cb6eb9a060e54bf8d69288fbee4904\n";

    #[test]
    fn what_git_writes_is_made_out_like_what_the_library_does() {
        let author = "author A <a@b> 1 +0000\n";
        for (parents, rest) in [
            (0, "committer A U Thor <a@b> 1112911993 -0700\n\nmessage\n"),
            (1, "committer <> 0 +0000\ngpgsig x\n y\n\nmessage\n"),
            (2, "committer a > b <x@y> 99999999999 +1345\n\n"),
        ] {
            let text = [TREE, &PARENT.repeat(parents), author, rest].concat();
            let header = Header::plain(hash::Kind::Sha1, text.as_bytes()).unwrap();
            assert_eq!(header.parents.len(), parents);
            assert_eq!(header, Header::other(hash::Kind::Sha1, text.as_bytes()).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_git_does_not_write_is_left_to_the_library() {
        for rest in [
            "author A <a@b> 1 +0000\ncommitter A <a@b> -1 +0000\n\n",
            "author A <a@b> 1 +0000\ncommitter A <a@b> 1\n\n",
            "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000",
            "author A <a@b> 1 +0000\ncommitter A <a@b> 1234567890123456789 +0000\n\n",
            "committer A <a@b> 1 +0000\n\n",
            "parent 12\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n",
        ] {
            let text = [TREE, rest].concat();
            assert_eq!(Header::plain(hash::Kind::Sha1, text.as_bytes()), None, "{text}");
            assert!(Header::of(hash::Kind::Sha1, text.as_bytes()).is_ok(), "{text}");
        }
        assert!(Header::of(hash::Kind::Sha1, b"author").is_err());
    }

    #[test]
    fn commits_come_out_as_they_went_in_and_sorted() {
        let id = |byte: u8| ObjectId::from_bytes_or_panic(&[byte; 20]);
        let header = |parents: &[u8]| Header {
            tree: id(9),
            parents: parents.iter().map(|byte| id(*byte)).collect(),
            time: parents.len() as i64,
        };
        let (mut all, mut other) = (Commits::new(hash::Kind::Sha1), Commits::new(hash::Kind::Sha1));
        all.push(id(3), &header(&[1, 2]));
        other.push(id(2), &header(&[1]));
        other.push(id(1), &header(&[]));
        all.append(other);
        all.sort();
        let sorted = vec![(id(1), header(&[])), (id(2), header(&[1])), (id(3), header(&[1, 2]))];
        assert_eq!(all.iter().collect::<Vec<_>>(), sorted);
        assert_eq!(all.len(), 3);
    }
}

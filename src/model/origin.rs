//! Where bytes came from.

use std::fmt;
use std::sync::Arc;

use bstr::{BStr, BString, ByteSlice};
use gix::ObjectId;

use super::Commit;

/// Where a blob came from. Paths are bytes, as git and Unix have them; `/` separates their parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file of a folder that was scanned; the path is relative to the scan's root where it lies below it.
    File { path: BString },
    /// What the index of a repository holds for a path.
    Staged { path: BString },
    /// What a commit has at a path.
    Committed { commit: Arc<Commit>, path: BString },
    /// A blob of a history whose path and commit are not looked up yet.
    Object { id: ObjectId },
    /// The message of a commit or of an annotated tag.
    Message { commit: Arc<Commit> },
    /// Standard input, under the name that the user gave it.
    Stdin { name: BString },
    /// A member of an archive.
    Member { archive: Arc<Origin>, path: BString },
}

impl Origin {
    /// The path to show and to match path conditions against: `outer.zip!inner/path` for a member, empty for an
    /// object without a path, `commit-message` for a message.
    pub fn path(&self) -> BString {
        match self {
            Origin::File { path } | Origin::Staged { path } | Origin::Committed { path, .. } => path.clone(),
            Origin::Stdin { name } => name.clone(),
            Origin::Object { .. } => BString::default(),
            Origin::Message { .. } => "commit-message".into(),
            Origin::Member { archive, path } => {
                let mut whole = archive.path();
                whole.push(b'!');
                whole.extend_from_slice(path);
                whole
            }
        }
    }

    /// The last part of the path: the file's name.
    pub fn file_name(&self) -> BString {
        let path = self.path();
        let start = path.rfind_byteset(b"/!").map_or(0, |i| i + 1);
        BStr::new(&path[start..]).to_owned()
    }

    /// The outermost origin: the archive for a member, itself for all else.
    pub fn outermost(&self) -> &Origin {
        match self {
            Origin::Member { archive, .. } => archive.outermost(),
            other => other,
        }
    }

    /// The commit that the bytes belong to, where they belong to one.
    pub fn commit(&self) -> Option<&Arc<Commit>> {
        match self.outermost() {
            Origin::Committed { commit, .. } | Origin::Message { commit } => Some(commit),
            _ => None,
        }
    }

    /// The id of the object that this came out of, if attribution is still to be done.
    pub fn object(&self) -> Option<ObjectId> {
        match self.outermost() {
            Origin::Object { id } => Some(*id),
            _ => None,
        }
    }

    /// The same origin with its outermost part replaced, members kept: how attribution names a blob's place.
    pub fn with_outermost(&self, outermost: Origin) -> Origin {
        match self {
            Origin::Member { archive, path } => {
                Origin::Member { archive: Arc::new(archive.with_outermost(outermost)), path: path.clone() }
            }
            _ => outermost,
        }
    }
}

/// For messages to people: the path, or the object's id where there is none yet.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Object { id } => write!(f, "object {id}"),
            Origin::Message { commit } => write!(f, "message of {}", commit.id),
            Origin::Member { archive, path } => write!(f, "{archive}!{path}"),
            other => write!(f, "{}", other.path()),
        }
    }
}

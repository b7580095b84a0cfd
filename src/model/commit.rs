//! Who brought something into a history, and when.

use gix::ObjectId;

/// The facts of a commit (or an annotated tag) that reports show.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commit {
    /// Seconds since 1970-01-01 00:00 UTC of the author date. First, so that commits sort by age.
    pub seconds: i64,
    /// The object's id.
    pub id: ObjectId,
    /// Author's name; invalid UTF-8 replaced.
    pub author: String,
    /// Author's e-mail address; invalid UTF-8 replaced.
    pub email: String,
    /// Author date in RFC 3339, in the author's own time zone.
    pub date: String,
    /// True for a commit without parents, which commands that name its parent cannot have.
    pub is_root: bool,
}

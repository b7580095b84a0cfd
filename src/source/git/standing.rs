//! What a commit has at a path: for those who found something in a commit, and ask where it stands in a later one.

use bstr::BStr;
use gix::objs::Kind;

use super::Git;
use super::graph;
use super::losses::Losses;
use super::tips;
use super::trees::Trees;

impl Git {
    /// The content of the file that the commit named `revision` has at `path`; `None` if it has none there, or it cannot
    /// be read.
    pub fn read_at(&self, revision: &str, path: &BStr) -> Option<Vec<u8>> {
        let (objects, losses) = (self.repository.objects(), Losses::default());
        let commit = graph::read(tips::resolve(revision, &self.repository).ok()?, &objects).ok()?;
        let leaf = Trees::new(&objects, &losses).lookup(commit.tree, path)?;
        objects.read_kind(&leaf.id, Kind::Blob).ok().map(|bytes| bytes.to_vec())
    }
}

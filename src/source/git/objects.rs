//! Reading objects, and why one could not be read.

use std::sync::Arc;

use gix::objs::{Find, Kind};
use gix::odb::Header as _;
use gix::oid;

use super::pack_cache::PackCache;

/// Bytes of decoded objects that each thread keeps at hand as bases of deltas.
const PACK_CACHE: usize = 48 << 20;

/// Why an object could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unread {
    /// It is not there.
    Missing,
    /// It is there, and broken: how, in words.
    Broken(String),
}

/// The objects of a repository, for use by one thread.
pub(super) struct Objects {
    handle: gix::odb::Handle,
}

impl Objects {
    pub fn new(store: Arc<gix::odb::Store>) -> Self {
        let mut handle = store.to_cache();
        handle.ignore_replacements = true;
        // Nobody waits for objects that come in while the scan runs, and each look for a missing one would list folders.
        handle.refresh_never();
        handle.set_pack_cache(|| Box::new(PackCache::new(PACK_CACHE)));
        Objects { handle }
    }

    /// Kind and size in bytes, without reading all of it.
    pub fn header(&self, id: &oid) -> Result<(Kind, u64), Unread> {
        match self.handle.try_header(id) {
            Ok(Some(header)) => Ok((header.kind(), header.size())),
            Ok(None) if id.is_empty_tree() => Ok((Kind::Tree, 0)),
            Ok(None) => Err(Unread::Missing),
            Err(error) => Err(broken(&error)),
        }
    }

    /// Reads all of an object into `buffer`.
    pub fn read<'b>(&self, id: &oid, buffer: &'b mut Vec<u8>) -> Result<(Kind, &'b [u8]), Unread> {
        match self.handle.try_find(id, buffer) {
            Ok(Some(object)) => Ok((object.kind, object.data)),
            // Git knows the empty tree by heart; it need not be stored.
            Ok(None) if id.is_empty_tree() => Ok((Kind::Tree, &[])),
            Ok(None) => Err(Unread::Missing),
            Err(error) => Err(broken(&error)),
        }
    }

    /// Reads an object that must be of this kind.
    pub fn read_kind<'b>(&self, id: &oid, kind: Kind, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Unread> {
        match self.read(id, buffer)? {
            (found, bytes) if found == kind => Ok(bytes),
            (found, _) => Err(Unread::Broken(format!("a {found} stands where a {kind} should"))),
        }
    }
}

fn broken(error: &gix::Error) -> Unread {
    Unread::Broken(cause(error))
}

fn cause(error: &gix::Error) -> String {
    error.probable_cause().to_string().replace('\n', " ")
}

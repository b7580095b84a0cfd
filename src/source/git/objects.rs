//! Reading objects, and why one could not be read.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use gix::objs::{Find, Kind};
use gix::odb::Header as _;
use gix::oid;

use super::packs::{PackReader, Packs};

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

/// The bytes of an object.
pub(super) type Bytes = Rc<Vec<u8>>;

/// The objects of a repository, for use by one thread.
pub(super) struct Objects {
    /// One for each store that it was made of: nearly always one.
    handles: Vec<gix::odb::Handle>,
    packs: RefCell<PackReader>,
}

impl Objects {
    pub fn new(stores: &[Arc<gix::odb::Store>], packs: Arc<Packs>) -> Self {
        let handles = stores.iter().map(|store| {
            let mut handle = store.to_cache();
            handle.ignore_replacements = true;
            // Nobody waits for objects that come in while the scan runs, and each look for a missing one would list
            // folders.
            handle.refresh_never();
            handle
        });
        Objects { handles: handles.collect(), packs: RefCell::new(PackReader::new(packs, PACK_CACHE)) }
    }

    /// Kind and size in bytes, without reading all of it.
    pub fn header(&self, id: &oid) -> Result<(Kind, u64), Unread> {
        match self.find(|handle| handle.try_header(id).map(|found| found.map(|h| (h.kind(), h.size())))) {
            Err(Unread::Missing) if id.is_empty_tree() => Ok((Kind::Tree, 0)),
            found => found,
        }
    }

    /// Reads all of an object.
    pub fn read(&self, id: &oid) -> Result<(Kind, Bytes), Unread> {
        if let Some(object) = self.packs.borrow_mut().read(id) {
            return Ok(object);
        }
        let found = self.find(|handle| {
            let mut buffer = Vec::new();
            let found = handle.try_find(id, &mut buffer)?.map(|object| (object.kind, object.data.to_vec()));
            Ok(found.map(|(kind, bytes)| (kind, Rc::new(bytes))))
        });
        match found {
            // Git knows the empty tree by heart; it need not be stored.
            Err(Unread::Missing) if id.is_empty_tree() => Ok((Kind::Tree, Rc::default())),
            found => found,
        }
    }

    /// Asks one store after another.
    fn find<T>(&self, look: impl Fn(&gix::odb::Handle) -> Result<Option<T>, gix::Error>) -> Result<T, Unread> {
        let mut why = Unread::Missing;
        for handle in &self.handles {
            match look(handle) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) => why = broken(&error),
            }
        }
        Err(why)
    }

    /// Reads an object that must be of this kind.
    pub fn read_kind(&self, id: &oid, kind: Kind) -> Result<Bytes, Unread> {
        match self.read(id)? {
            (found, bytes) if found == kind => Ok(bytes),
            (found, _) => Err(Unread::Broken(format!("a {found} stands where a {kind} should"))),
        }
    }
}

fn broken(error: &gix::Error) -> Unread {
    Unread::Broken(error.probable_cause().to_string().replace('\n', " "))
}

//! Blobs of a pack, handed to the engine with what they have from each other.

use gix::ObjectId;

use super::Object;
use crate::model::{Blob, Origin, Text};
use crate::source::archive::Limits;
use crate::source::sniff::{Kind, sniff};
use crate::source::{Carried, Worker, hand_over};

/// Hands over a blob; answers with what is known of it, if others can lean on that. Archives and UTF-16 are not read as
/// they stand, and binaries not at all: nothing can be said of their parts.
pub(in super::super) fn scan(worker: &mut dyn Worker, object: &Object<'_>, archives: &Limits) -> Option<Carried> {
    let origin = Origin::Object { id: ObjectId::from(object.id) };
    if sniff(object.bytes) != Kind::Text(Text::Ascii) {
        hand_over(worker, object.bytes, &origin, None, archives);
        return None;
    }
    let blob = Blob::whole(object.bytes, origin);
    match &object.derivation {
        Some(from) => Some(worker.derived(&blob, from.carried, from.base_length, from.copies)),
        None if object.leaned_on => Some(worker.base(&blob)),
        None => {
            worker.blob(&blob);
            None
        }
    }
}

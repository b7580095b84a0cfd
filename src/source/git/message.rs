//! The facts of a commit or an annotated tag, and its message.

use std::sync::Arc;

use bstr::ByteSlice;
use gix::actor::SignatureRef;
use gix::date::time::format::ISO8601_STRICT;
use gix::objs::{CommitRefIter, Kind, TagRefIter};
use gix::{ObjectId, date};

use crate::model::Commit;

/// The facts of a commit, or of an annotated tag, from its bytes. What cannot be made out stays empty.
pub(super) fn facts(id: ObjectId, kind: Kind, bytes: &[u8]) -> Arc<Commit> {
    let is_root = kind == Kind::Commit && CommitRefIter::from_bytes(bytes, id.kind()).parent_ids().next().is_none();
    let signature = match kind {
        Kind::Tag => TagRefIter::from_bytes(bytes, id.kind()).tagger().ok().flatten(),
        _ => CommitRefIter::from_bytes(bytes, id.kind()).author().ok(),
    };
    let Some(SignatureRef { name, email, time }) = signature.map(|s| s.trim()) else {
        return Arc::new(Commit {
            seconds: 0,
            id,
            author: String::new(),
            email: String::new(),
            date: String::new(),
            is_root,
        });
    };
    let time = time.parse::<date::Time>().unwrap_or_else(|_| date::Time::new(0, 0));
    Arc::new(Commit {
        seconds: time.seconds,
        id,
        author: name.to_str_lossy().into_owned(),
        email: email.to_str_lossy().into_owned(),
        date: time.format_or_unix(ISO8601_STRICT),
        is_root,
    })
}

/// The message of a commit or a tag: all that follows its header.
pub(super) fn message(bytes: &[u8]) -> &[u8] {
    bytes.find(b"\n\n").and_then(|end| bytes.get(end + 2..)).unwrap_or_default()
}

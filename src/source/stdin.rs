//! Standard input: one stream of unknown length, read once.
//!
//! It is scanned while it comes in, in pieces, and never held as a whole. Only a zip has to be, because its table of
//! contents stands at its end; the archive limits bound that.

use std::io::Read;
use std::sync::{Mutex, PoisonError};

use bstr::BString;

use super::archive::{self, Limits};
use super::pieces::PieceBuffer;
use super::sniff::{HEAD, Kind, sniff};
use super::{Sink, Source, SourceError, Worker};
use crate::model::{Origin, Problem, Scope, SkipReason};

/// A stream to scan.
pub struct Stdin {
    name: BString,
    limits: Limits,
    reader: Mutex<Box<dyn Read + Send>>,
}

impl Stdin {
    /// A source that reads `reader` to its end. Findings show `name`, and rules that depend on a path look at it.
    pub fn new(name: impl Into<BString>, reader: Box<dyn Read + Send>, limits: Limits) -> Self {
        Stdin { name: name.into(), limits, reader: Mutex::new(reader) }
    }
}

impl Source for Stdin {
    fn scope(&self) -> Scope {
        Scope::Stdin
    }

    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        sink.expect_items(1);
        scan(&mut **reader, &Origin::Stdin { name: self.name.clone() }, &self.limits, &mut *sink.worker());
        Ok(())
    }
}

/// Scans a stream to its end.
pub(super) fn scan(reader: &mut dyn Read, origin: &Origin, limits: &Limits, worker: &mut dyn Worker) {
    let mut buffer = PieceBuffer::default();
    buffer.fill(reader, HEAD);
    let outcome = match sniff(buffer.filled()) {
        Kind::Text(text) => buffer.hand_over(reader, worker, origin, text),
        Kind::Archive(kind) => {
            let mut whole = buffer.filled().chain(reader);
            archive::expand_stream(&mut whole, kind, origin, limits, worker);
            buffer.outcome()
        }
        Kind::Binary => {
            worker.skipped(origin, SkipReason::Binary);
            // To its end, so that the program that writes into the pipe does not fail.
            std::io::copy(reader, &mut std::io::sink()).map(drop)
        }
    };
    if let Err(error) = outcome {
        let what = format!("cannot be read to its end: {error}");
        worker.problem(Problem { place: origin.to_string(), what, hint: None });
    }
}

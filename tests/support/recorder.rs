//! A sink that writes down all it is handed, so that tests can look at what a source does.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard};

use unspill::model::{Blob, Origin, Problem, SkipReason, Text};
use unspill::source::{Sink, Source, Worker};

#[allow(dead_code)]
/// What a blob was, with its bytes unless the recorder was told to forget them.
#[derive(Clone, Debug)]
pub struct Piece {
    pub bytes: Vec<u8>,
    pub length: usize,
    pub origin: Origin,
    pub text: Text,
    pub offset: u64,
    pub lines_before: u64,
    pub keep: Range<usize>,
    pub added: Option<Vec<Range<usize>>>,
}

/// All that was handed over.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub pieces: Vec<Piece>,
    pub skipped: Vec<(String, SkipReason)>,
    pub problems: Vec<Problem>,
    pub commits: u64,
}

#[allow(dead_code)]
impl Record {
    /// Whole inputs by path. Pieces are put together by what they keep, which also checks that they fit.
    pub fn texts(&self) -> BTreeMap<String, Vec<u8>> {
        let mut texts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for piece in &self.pieces {
            let whole = texts.entry(piece.origin.to_string()).or_default();
            assert_eq!(
                whole.len() as u64,
                piece.offset + piece.keep.start as u64,
                "gap or overlap in {}",
                piece.origin
            );
            whole.extend_from_slice(&piece.bytes[piece.keep.start..piece.keep.end.min(piece.bytes.len())]);
        }
        texts
    }

    /// Paths of what was scanned, sorted.
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.pieces.iter().map(|piece| piece.origin.to_string()).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// What was said of each place, sorted.
    pub fn complaints(&self) -> Vec<String> {
        let mut all: Vec<String> = self.problems.iter().map(|p| format!("{}: {}", p.place, p.what)).collect();
        all.sort();
        all
    }
}

/// The sink.
#[derive(Debug)]
pub struct Recorder {
    pub reach: usize,
    /// Whether bytes are kept, or only their number.
    pub keep_bytes: bool,
    pub record: Mutex<Record>,
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder { reach: 256, keep_bytes: true, record: Mutex::default() }
    }
}

#[allow(dead_code)]
impl Recorder {
    /// Runs a source and gives back what it handed over.
    pub fn run(source: &dyn Source) -> Record {
        let recorder = Recorder::default();
        source.run(&recorder).expect("the source can be scanned");
        recorder.into_record()
    }

    pub fn into_record(self) -> Record {
        self.record.into_inner().unwrap()
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap()
    }
}

impl Sink for Recorder {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Hand { recorder: self })
    }

    fn expect_items(&self, _total: u64) {}
}

struct Hand<'a> {
    recorder: &'a Recorder,
}

impl Worker for Hand<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        let bytes = if self.recorder.keep_bytes { blob.bytes.to_vec() } else { Vec::new() };
        self.recorder.lock().pieces.push(Piece {
            bytes,
            length: blob.bytes.len(),
            origin: blob.origin.clone(),
            text: blob.text,
            offset: blob.offset,
            lines_before: blob.lines_before,
            keep: blob.keep.clone(),
            added: blob.added.map(<[_]>::to_vec),
        });
    }

    fn skipped(&mut self, origin: &Origin, reason: SkipReason) {
        self.recorder.lock().skipped.push((origin.to_string(), reason));
    }

    fn problem(&mut self, problem: Problem) {
        self.recorder.lock().problems.push(problem);
    }

    fn commits(&mut self, n: u64) {
        self.recorder.lock().commits += n;
    }

    fn reach(&self) -> usize {
        self.recorder.reach
    }
}

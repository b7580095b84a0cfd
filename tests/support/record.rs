//! A sink that records what a source hands over, as plain text.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bstr::ByteSlice;
use unspill::model::{Blob, Origin, Problem, SkipReason};
use unspill::source::{Sink, Source, SourceError, Worker};

/// What a source handed over: sorted, so that no order of threads shows.
#[derive(Debug, Default)]
pub struct Record {
    pub blobs: Vec<Recorded>,
    pub skipped: Vec<(Origin, SkipReason)>,
    pub problems: Vec<Problem>,
    pub commits: u64,
    pub expected: u64,
}

/// A blob that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    pub origin: Origin,
    pub text: String,
    /// The added parts of it, if only they count.
    pub added: Option<Vec<String>>,
}

impl Record {
    /// Runs a source.
    pub fn of(source: &dyn Source) -> Record {
        Record::try_of(source).unwrap_or_else(|error| panic!("{error}: {error:?}"))
    }

    /// Runs a source that may fail.
    pub fn try_of(source: &dyn Source) -> Result<Record, SourceError> {
        let recorder = Recorder::default();
        source.run(&recorder)?;
        let mut record = recorder.record.into_inner().expect("no panic");
        record.expected = recorder.expected.into_inner();
        record.blobs.sort();
        record.skipped.sort();
        record.problems.sort();
        Ok(record)
    }

    /// The texts of all blobs that are no messages.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self
            .blobs
            .iter()
            .filter(|blob| !matches!(blob.origin, Origin::Message { .. }))
            .map(|blob| blob.text.as_str())
            .collect();
        texts.sort_unstable();
        texts
    }

    /// The texts of all messages.
    pub fn messages(&self) -> Vec<&str> {
        let is_message = |blob: &&Recorded| matches!(blob.origin, Origin::Message { .. });
        self.blobs.iter().filter(is_message).map(|blob| blob.text.as_str()).collect()
    }

    /// What counts of each blob at a path: its added parts, or all of it. Messages left out.
    pub fn counting(&self) -> Vec<(String, Vec<String>)> {
        self.blobs
            .iter()
            .filter(|blob| !matches!(blob.origin, Origin::Message { .. }))
            .map(|blob| {
                let counts = blob.added.clone().unwrap_or_else(|| vec![blob.text.clone()]);
                (blob.origin.path().to_str_lossy().into_owned(), counts)
            })
            .collect()
    }

    /// The blob whose text contains this.
    pub fn holding(&self, text: &str) -> &Recorded {
        self.blobs.iter().find(|blob| blob.text.contains(text)).unwrap_or_else(|| panic!("no {text:?} in {self:#?}"))
    }
}

#[derive(Default)]
struct Recorder {
    record: Mutex<Record>,
    expected: AtomicU64,
}

impl Sink for Recorder {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(RecordingWorker { recorder: self, record: Record::default() })
    }

    fn expect_items(&self, total: u64) {
        self.expected.store(total, Ordering::Relaxed);
    }
}

struct RecordingWorker<'a> {
    recorder: &'a Recorder,
    record: Record,
}

impl Drop for RecordingWorker<'_> {
    fn drop(&mut self) {
        let mut all = self.recorder.record.lock().expect("no panic");
        all.blobs.append(&mut self.record.blobs);
        all.skipped.append(&mut self.record.skipped);
        all.problems.append(&mut self.record.problems);
        all.commits += self.record.commits;
    }
}

impl Worker for RecordingWorker<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        let slice = |range: &std::ops::Range<usize>| blob.bytes[range.clone()].to_str_lossy().into_owned();
        self.record.blobs.push(Recorded {
            origin: blob.origin.clone(),
            text: blob.bytes.to_str_lossy().into_owned(),
            added: blob.added.map(|ranges| ranges.iter().map(slice).collect()),
        });
    }

    fn skipped(&mut self, origin: &Origin, reason: SkipReason) {
        self.record.skipped.push((origin.clone(), reason));
    }

    fn problem(&mut self, problem: Problem) {
        self.record.problems.push(problem);
    }

    fn commits(&mut self, n: u64) {
        self.record.commits += n;
    }

    fn reach(&self) -> usize {
        256
    }
}

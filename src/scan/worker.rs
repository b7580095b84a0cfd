//! The sink of a scan: each worker runs the engine on one thread's blobs and keeps what must be copied out of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::{Candidate, Derivation, Engine, Knowledge, Part, Scratch, score};
use crate::findings::{RawFinding, suppress};
use crate::model::{
    Blob, Companion, Confidence, Copied, Match, Occurrence, Origin, Problem, Progress, Secret, SkipReason, Text,
    line_hashes,
};
use crate::rules::builtin;
use crate::source::{Carried, Home, Sink, Tally, Worker};

use super::ScanOptions;
use super::locate::{self, Locator};
use super::named;

/// What workers have brought in.
#[derive(Default)]
pub struct Gathered {
    /// Matches, copied out.
    pub raw: Vec<RawFinding>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What was passed over.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Commits looked at.
    pub commits: u64,
    /// Matches that nothing can bring to the threshold any more.
    pub below_threshold: u64,
    /// Blobs scanned; pieces of one input count once.
    pub items: u64,
    /// Bytes scanned.
    pub bytes: u64,
}

impl Gathered {
    /// The matches by themselves, and all the rest.
    pub fn split(mut self) -> (Vec<RawFinding>, Gathered) {
        (std::mem::take(&mut self.raw), self)
    }
}

/// Takes the blobs of a source.
pub struct Gatherer<'a> {
    /// What finds the matches.
    pub engine: &'a Engine,
    /// Where files lie in their repository: all that is gathered goes by that.
    pub home: &'a Home,
    /// How to scan.
    pub options: &'a ScanOptions,
    /// Counters for the progress bar.
    pub progress: &'a Progress,
    gathered: Mutex<Gathered>,
}

impl<'a> Gatherer<'a> {
    /// Nothing gathered yet.
    pub fn new(engine: &'a Engine, home: &'a Home, options: &'a ScanOptions, progress: &'a Progress) -> Self {
        Gatherer { engine, home, options, progress, gathered: Mutex::default() }
    }

    /// All that workers brought in; they must have been dropped.
    pub fn finish(self) -> Gathered {
        self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Gatherer<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Hand { gatherer: self, scratch: Scratch::default(), gathered: Gathered::default() })
    }

    fn expect_items(&self, total: u64) {
        self.progress.set_total(total);
    }
}

/// The worker of one thread.
struct Hand<'a> {
    gatherer: &'a Gatherer<'a>,
    scratch: Scratch,
    gathered: Gathered,
}

impl Worker for Hand<'_> {
    fn blob(&mut self, blob: &Blob<'_>) {
        let blob = &self.at_home(blob);
        self.count(blob);
        let candidates = self.gatherer.engine.scan(blob, &mut self.scratch);
        self.keep(blob, candidates);
    }

    fn base(&mut self, blob: &Blob<'_>) -> Carried {
        if blob.text != Text::Ascii {
            self.blob(blob);
            return Carried::default();
        }
        let blob = &self.at_home(blob);
        self.count(blob);
        let knowledge = self.gatherer.engine.learn(blob.bytes, &mut self.scratch);
        self.learnt(blob, knowledge)
    }

    fn derived(&mut self, blob: &Blob<'_>, base: &Carried, base_length: usize, copies: &[Copied]) -> Carried {
        let known = base.0.as_ref().and_then(|known| known.downcast_ref::<Knowledge>());
        let (Some(base), Text::Ascii) = (known, blob.text) else { return self.base(blob) };
        let blob = &self.at_home(blob);
        self.count(blob);
        let derivation = Derivation { bytes: blob.bytes, base, base_length, copies };
        let knowledge = self.gatherer.engine.learn_derived(&derivation, &mut self.scratch);
        self.learnt(blob, knowledge)
    }

    fn skipped(&mut self, origin: &Origin, reason: SkipReason) {
        *self.gathered.skipped.entry(reason).or_default() += 1;
        self.match_path(&self.gatherer.home.origin(origin));
    }

    fn problem(&mut self, problem: Problem) {
        self.gathered.problems.push(problem);
    }

    fn commits(&mut self, n: u64) {
        self.gathered.commits += n;
    }

    fn tally(&self) -> Tally {
        let Gathered { raw, problems, skipped, below_threshold, items, bytes, .. } = &self.gathered;
        let binary = skipped.get(&SkipReason::Binary).copied().unwrap_or(0);
        Tally {
            items: *items,
            bytes: *bytes,
            below_threshold: *below_threshold,
            binary,
            problems: problems.len() as u64,
            other: raw.len() as u64 + skipped.values().sum::<u64>() - binary,
        }
    }

    fn recall(&mut self, tally: &Tally) {
        self.gathered.items += tally.items;
        self.gathered.bytes += tally.bytes;
        self.gathered.below_threshold += tally.below_threshold;
        if tally.binary > 0 {
            *self.gathered.skipped.entry(SkipReason::Binary).or_default() += tally.binary;
        }
    }

    fn reach(&self) -> usize {
        self.gatherer.engine.reach()
    }
}

impl Hand<'_> {
    /// A blob under the path that its repository has it at.
    fn at_home<'b>(&self, blob: &Blob<'b>) -> Blob<'b> {
        Blob { origin: self.gatherer.home.origin(&blob.origin), ..blob.clone() }
    }

    /// Keeps what was found in a blob, and carries on what is known of it.
    fn learnt(&mut self, blob: &Blob<'_>, knowledge: Knowledge) -> Carried {
        self.keep(blob, self.gatherer.engine.candidates(&knowledge, blob));
        Carried(Some(Arc::new(knowledge)))
    }

    fn count(&mut self, blob: &Blob<'_>) {
        self.gathered.bytes += blob.keep.len().min(blob.bytes.len()) as u64;
        self.gatherer.progress.advance(blob.bytes.len() as u64);
        if blob.offset == 0 {
            self.gathered.items += 1;
            self.match_path(&blob.origin);
        }
    }

    fn keep(&mut self, blob: &Blob<'_>, candidates: Vec<Candidate>) {
        if candidates.is_empty() {
            return;
        }
        self.gatherer.progress.found(candidates.len() as u64);
        let found = candidates.len();
        let mut secrets: Vec<_> = candidates
            .iter()
            .flat_map(|c| std::iter::once(&c.matched.secret).chain(c.companions.iter().map(|p| &p.span)))
            .cloned()
            .collect();
        secrets.sort_unstable_by_key(|s| (s.start, s.end));
        let least = self.gatherer.options.min_confidence.get().saturating_sub(super::WELL_FORMED as u8);
        let least = Confidence::new(least.into());
        let rules = self.gatherer.engine.rules();
        let is_hopeful =
            |c: &Candidate| least.get() == 0 || score::may_reach(rules.get(c.matched.rule), c.log_odds, least);
        let hopeful: Vec<Candidate> = candidates.into_iter().filter(is_hopeful).collect();
        self.gathered.below_threshold += (found - hopeful.len()) as u64;
        let wanted = self.gatherer.options.line_hashes;
        let hashes = if wanted { line_hashes_of(blob, &hopeful) } else { HashMap::new() };
        let mut locator = Locator::new(blob);
        for candidate in hopeful {
            let Candidate { matched, log_odds, reasons, traits, companions, .. } = candidate;
            let rule = self.gatherer.engine.rules().get(matched.rule).clone();
            let place = locator.place(&matched.secret);
            let comment = self.comment(blob, &matched);
            let companions = companions.into_iter().map(|part| self.companion(blob, part)).collect();
            let occurrence = Occurrence {
                origin: blob.origin.clone(),
                place,
                excerpt: locate::excerpt(blob, &matched, &secrets),
                chain: matched.chain.clone(),
                commit: blob.origin.commit().map(Arc::clone),
                at_head: None,
                unreachable: false,
                line_hash: hashes.get(&place.line).cloned(),
            };
            let secret = Secret::new(matched.secret_bytes(blob.bytes));
            self.gathered.raw.push(RawFinding {
                rule,
                secret,
                log_odds,
                reasons: reasons.to_vec(),
                traits,
                companions,
                occurrence,
                comment,
            });
        }
    }

    fn comment(&self, blob: &Blob<'_>, matched: &Match) -> Option<crate::model::Suppression> {
        if !self.gatherer.options.allow_comments {
            return None;
        }
        let lines = locate::lines(blob, &matched.whole);
        let rules = self.gatherer.engine.rules();
        // Those that this run does without are rules all the same.
        let is_rule = |id: &str| {
            rules.find(id).is_some() || builtin::RULES.binary_search_by(|rule| rule.id.as_ref().cmp(id)).is_ok()
        };
        suppress::comment(lines.touched, lines.before, rules.get(matched.rule), is_rule)
    }

    fn companion(&self, blob: &Blob<'_>, part: Part) -> Companion {
        let bytes = part.decoded.as_ref().map_or(&blob.bytes[part.span.clone()], |d| &d[..]);
        let place = Locator::new(blob).place(&part.span);
        Companion {
            rule: self.gatherer.engine.rules().get(part.rule).id.to_string(),
            secret: Secret::new(bytes),
            sole: part.sole,
            line: place.line,
            end_line: place.end_line,
        }
    }

    /// Adds findings of rules that hold for the path by itself.
    fn match_path(&mut self, origin: &Origin) {
        self.gathered.raw.extend(named::findings(self.gatherer.engine, origin, origin.path().as_ref()));
    }
}

/// Hashes of the lines that candidates stand on, by line; none where the text is not whole or not plain.
fn line_hashes_of(blob: &Blob<'_>, candidates: &[Candidate]) -> HashMap<u64, String> {
    let whole = blob.offset == 0 && blob.keep.end >= blob.bytes.len();
    if !whole || blob.text != Text::Ascii || matches!(blob.origin, Origin::Member { .. } | Origin::Object { .. }) {
        return HashMap::new();
    }
    let mut locator = Locator::new(blob);
    let lines: Vec<u64> = candidates.iter().map(|c| locator.place(&c.matched.secret).line).collect();
    line_hashes(blob.bytes, &lines).into_iter().collect()
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.gathered);
        let mut all = self.gatherer.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        all.raw.extend(own.raw);
        all.problems.extend(own.problems);
        for (reason, count) in own.skipped {
            *all.skipped.entry(reason).or_default() += count;
        }
        all.commits += own.commits;
        all.below_threshold += own.below_threshold;
        all.items += own.items;
        all.bytes += own.bytes;
    }
}

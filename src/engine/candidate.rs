//! A candidate: a match on its way through the engine, and what its own bytes say of it.

use std::ops::Range;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::model::{Blob, Decoded, LogOdds, Match, Reason, Rule, RuleIndex, Traits};

use super::confirm::Found;
use super::decode::Run;
use super::score::{self, Weighing, forms::Forms};

/// So much text is kept about a decoded match, in bytes to either side.
const DECODED_CONTEXT: usize = 160;

/// A match and what its own bytes say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The match.
    pub matched: Match,
    /// What local evidence comes to.
    pub log_odds: LogOdds,
    /// What makes it up.
    pub reasons: Arc<[Reason]>,
    /// What evidence of place has to know.
    pub traits: Traits,
    /// Other parts of the same credential.
    pub companions: Vec<Part>,
    /// Bytes between the literal and the secret.
    pub(super) distance: u32,
}

/// Another part of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The rule that found it.
    pub rule: RuleIndex,
    /// Where it stands in the blob.
    pub span: Range<usize>,
    /// Whether it is the only one of its rule that could be meant.
    pub sole: bool,
    /// Its plain bytes, if it was found encoded.
    pub decoded: Option<Zeroizing<Vec<u8>>>,
}

impl Part {
    pub(super) fn of(candidate: &Candidate, sole: bool) -> Self {
        let m = &candidate.matched;
        Part {
            rule: m.rule,
            span: m.secret.clone(),
            sole,
            decoded: m.decoded.as_ref().map(|d| Zeroizing::new(d.text[d.secret.clone()].to_vec())),
        }
    }
}

impl Candidate {
    /// Weighs a match; nothing if it cannot reach `low` any more.
    pub(super) fn weigh(
        rule: &Rule,
        found: Found,
        literal: &Range<usize>,
        bytes: &[u8],
        forms: &Forms,
        weighing: Weighing,
    ) -> Option<Self> {
        let Found { matched, judged } = found;
        let score = score::local(rule, &matched, &judged, bytes, forms, weighing)?;
        let distance = matched.secret.start.saturating_sub(literal.end) as u32;
        Some(Candidate {
            matched,
            log_odds: score.log_odds,
            reasons: score.reasons.into(),
            traits: score.traits,
            companions: Vec::new(),
            distance,
        })
    }

    /// Adds evidence that came up later; nothing where it would not speak for the candidate.
    pub(super) fn add(&mut self, weight: LogOdds, name: &'static str, text: &'static str) {
        if weight > LogOdds(0) {
            self.log_odds = self.log_odds + weight;
            let reason = Reason { name, weight, points: 0, text: text.into() };
            self.reasons = self.reasons.iter().cloned().chain([reason]).collect();
        }
    }

    /// Adds what no other evidence makes up for.
    pub(super) fn rule_out(&mut self, name: &'static str, text: String) {
        let reason = Reason { name, weight: LogOdds::NEVER, points: 0, text: text.into() };
        self.log_odds = self.log_odds + reason.weight;
        self.reasons = self.reasons.iter().cloned().chain([reason]).collect();
    }

    /// Turns a match in decoded text into one in the text that it was decoded from.
    pub(super) fn lift(&mut self, run: &Run) {
        let matched = &mut self.matched;
        if matched.decoded.is_none() {
            let start = matched.whole.start.saturating_sub(DECODED_CONTEXT);
            let end = (matched.whole.end + DECODED_CONTEXT).min(run.text.len());
            let shift = |span: &Range<usize>| span.start - start..span.end - start;
            matched.decoded = Some(Box::new(Decoded {
                text: Zeroizing::new(run.text[start..end].to_vec()),
                whole: shift(&matched.whole),
                secret: shift(&matched.secret),
                key: matched.key.as_ref().map(shift),
            }));
        }
        matched.chain.insert(0, run.encoding);
        self.map_spans(|span| run.encoded(span));
    }

    /// The same candidate where its text stands `by` bytes further on.
    pub(super) fn shifted(&self, by: isize) -> Self {
        let mut shifted = self.clone();
        shifted.map_spans(|span| span.start.wrapping_add_signed(by)..span.end.wrapping_add_signed(by));
        shifted
    }

    fn map_spans(&mut self, map: impl Fn(&Range<usize>) -> Range<usize>) {
        let matched = &mut self.matched;
        matched.whole = map(&matched.whole);
        matched.secret = map(&matched.secret);
        matched.key = matched.key.as_ref().map(map);
    }

    /// Whether the match or a companion touches what a change added; true where no change is looked at.
    pub(super) fn touches_added(&self, blob: &Blob<'_>) -> bool {
        let Some(added) = blob.added else { return true };
        let touches = |span: &Range<usize>| {
            let first = added.partition_point(|range| range.end <= span.start);
            added.get(first).is_some_and(|range| range.start < span.end)
        };
        touches(&self.matched.whole) || self.companions.iter().any(|part| touches(&part.span))
    }
}

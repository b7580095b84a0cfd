//! The engine: bytes to matches.
//!
//! What it promises, and everything else leans on: **matching is local**. Whether a rule matches at a place depends
//! only on the bytes within the rule's reach of that place.
//!
//! ```text
//! bytes ─▶ prefilter ─▶ confirm ─▶ score ─▶ resolve ─▶ pair ─▶ candidates
//!   ╰────▶ decode: runs of encoded text go the same way ─╯
//! ```

pub mod assignment;
mod confirm;
pub mod decode;
pub mod examples;
mod pair;
pub mod prefilter;
mod resolve;
pub mod score;

use std::collections::HashMap;
use std::ops::Range;

use bstr::BStr;
use zeroize::Zeroizing;

use crate::model::rule::Detect;
use crate::model::{Blob, Decoded, Match, Problem, Reason, Rule, RuleIndex, Text};
use crate::rules::RuleSet;

use confirm::{Found, Lazy, RegexScratches, Seen};
use decode::Run;
use prefilter::{Hit, Prefilter};

/// How deep encodings may be nested.
const MAX_DEPTH: usize = 3;
/// So much text is kept about a decoded match, in bytes to either side.
const DECODED_CONTEXT: usize = 160;

/// Finds matches of a rule set.
pub struct Engine {
    rules: RuleSet,
    prefilter: Prefilter,
    regexes: Vec<Lazy>,
    path_rules: Vec<(RuleIndex, regex_automata::meta::Regex)>,
    path_conditions: HashMap<String, regex_automata::meta::Regex>,
}

/// Buffers of one thread, used again for every blob.
#[derive(Default)]
pub struct Scratch {
    /// Hits by depth of decoding.
    hits: Vec<Vec<Hit>>,
    regexes: RegexScratches,
    matches: Vec<Found>,
}

/// A match and what its own bytes say of it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The match.
    pub matched: Match,
    /// Confidence from local evidence, not clamped.
    pub points: i32,
    /// What makes it up.
    pub reasons: Vec<Reason>,
    /// Other parts of the same credential.
    pub companions: Vec<Part>,
    /// Bytes between the literal and the secret.
    distance: u32,
}

/// Another part of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The rule that found it.
    pub rule: RuleIndex,
    /// Where it stands in the blob.
    pub span: Range<usize>,
    /// Its plain bytes, if it was found encoded.
    pub decoded: Option<Zeroizing<Vec<u8>>>,
}

impl Part {
    fn of(candidate: &Candidate) -> Self {
        let m = &candidate.matched;
        Part {
            rule: m.rule,
            span: m.secret.clone(),
            decoded: m.decoded.as_ref().map(|d| Zeroizing::new(d.text[d.secret.clone()].to_vec())),
        }
    }
}

/// A text on its way through the engine: the blob itself, or a run decoded out of it.
struct Level0<'a> {
    bytes: &'a [u8],
    depth: usize,
}

impl Engine {
    /// An engine for `rules`. Compiles no regex but those on paths.
    pub fn new(rules: RuleSet) -> Self {
        let prefilter = Prefilter::new(&rules);
        let regexes = confirm::lazies(rules.len());
        let path_rules = rules
            .iter()
            .filter(|(_, rule)| rule.detect == Detect::Path)
            .filter_map(|(index, rule)| Some((index, path_regex(rule)?)))
            .collect();
        let path_conditions = rules
            .iter()
            .filter(|(_, rule)| rule.detect != Detect::Path)
            .filter_map(|(_, rule)| Some((rule.id.to_string(), path_regex(rule)?)))
            .collect();
        Engine { rules, prefilter, regexes, path_rules, path_conditions }
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The farthest that any match lies from its literal, in bytes.
    pub fn reach(&self) -> usize {
        self.rules.max_reach()
    }

    /// All matches in a blob, by place; of matches of the same bytes only the most telling. Matches whose own bytes
    /// speak so much against them that nothing can bring them to `low` are left out.
    pub fn scan(&self, blob: &Blob<'_>, scratch: &mut Scratch) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        match blob.text {
            Text::Ascii => self.scan_text(&Level0 { bytes: blob.bytes, depth: 0 }, scratch, &mut candidates),
            text => {
                let run = decode::utf16(blob.bytes, text == Text::Utf16Be);
                self.scan_run(&run, 0, scratch, &mut candidates);
            }
        }
        if candidates.is_empty() {
            return candidates;
        }
        let resolved = resolve::resolve(candidates, &self.rules);
        let mut paired = pair::pair(resolved, &self.rules);
        paired.retain(|c| blob.keep.contains(&c.matched.whole.start) && touches_added(c, blob));
        paired
    }

    /// Rules that hold for a path by itself.
    pub fn scan_path(&self, path: &BStr) -> Vec<RuleIndex> {
        self.path_rules.iter().filter(|(_, regex)| regex.is_match(&path[..])).map(|(index, _)| *index).collect()
    }

    /// Whether a rule's condition on paths, if it has one, holds for a path.
    pub fn holds_for_path(&self, rule: &Rule, path: &BStr) -> bool {
        self.path_conditions.get(rule.id.as_ref()).is_none_or(|regex| regex.is_match(&path[..]))
    }

    /// Rules whose regex was needed and does not compile: only possible for rules of a user's own.
    pub fn problems(&self) -> Vec<Problem> {
        self.rules
            .iter()
            .zip(&self.regexes)
            .filter_map(|((_, rule), lazy)| {
                Some(Problem {
                    place: format!("rule {}", rule.id),
                    what: format!("its regex cannot be used: {}", lazy.error()?),
                    hint: Some("try it with `unspill rules lint`".to_owned()),
                })
            })
            .collect()
    }

    fn scan_text(&self, text: &Level0<'_>, scratch: &mut Scratch, candidates: &mut Vec<Candidate>) {
        if scratch.hits.len() <= text.depth {
            scratch.hits.resize_with(text.depth + 1, Vec::new);
        }
        let mut hits = std::mem::take(&mut scratch.hits[text.depth]);
        hits.clear();
        self.prefilter.find(text.bytes, &mut hits);
        for hit in &hits {
            self.confirm(text.bytes, *hit, scratch, candidates);
        }
        scratch.hits[text.depth] = hits;
        if text.depth < MAX_DEPTH {
            decode::runs(text.bytes, |run| self.scan_run(&run, text.depth, scratch, candidates));
        }
    }

    /// Scans decoded text, and maps what is found back to where it stands encoded.
    fn scan_run(&self, run: &Run, depth: usize, scratch: &mut Scratch, candidates: &mut Vec<Candidate>) {
        let first = candidates.len();
        self.scan_text(&Level0 { bytes: &run.text, depth: depth + 1 }, scratch, candidates);
        for candidate in &mut candidates[first..] {
            lift(&mut candidate.matched, run);
        }
    }

    fn confirm(&self, bytes: &[u8], hit: Hit, scratch: &mut Scratch, candidates: &mut Vec<Candidate>) {
        let at = hit.at as usize;
        let literal = at..at + self.prefilter.length(hit.literal);
        for used in self.prefilter.uses(hit.literal) {
            let rule = self.rules.get(used.rule);
            let seen = Seen { bytes, literal: literal.clone(), used: *used, rule };
            let mut matches = std::mem::take(&mut scratch.matches);
            if seen.may_match() {
                if matches!(rule.detect, Detect::Assigned { value: None }) {
                    seen.confirm(None, None, &mut matches);
                } else if let Ok(compiled) = self.regexes[used.rule.0 as usize].get(rule) {
                    seen.confirm(Some(compiled), Some(scratch.regexes.get(used.rule, compiled)), &mut matches);
                }
            }
            for found in matches.drain(..) {
                candidates.extend(weigh(rule, found, &literal, bytes));
            }
            scratch.matches = matches;
        }
    }
}

/// Weighs a match; nothing if it cannot reach `low` any more.
fn weigh(rule: &Rule, found: Found, literal: &Range<usize>, bytes: &[u8]) -> Option<Candidate> {
    let Found { matched, judged } = found;
    let score = score::local(rule, &matched, &judged, bytes)?;
    let distance = matched.secret.start.saturating_sub(literal.end) as u32;
    Some(Candidate { matched, points: score.points, reasons: score.reasons, companions: Vec::new(), distance })
}

/// Turns a match in decoded text into one in the text that it was decoded from.
fn lift(matched: &mut Match, run: &Run) {
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
    matched.whole = run.encoded(&matched.whole);
    matched.secret = run.encoded(&matched.secret);
    matched.key = matched.key.as_ref().map(|key| run.encoded(key));
}

fn touches_added(candidate: &Candidate, blob: &Blob<'_>) -> bool {
    let Some(added) = blob.added else { return true };
    let touches = |span: &Range<usize>| {
        let first = added.partition_point(|range| range.end <= span.start);
        added.get(first).is_some_and(|range| range.start < span.end)
    };
    touches(&candidate.matched.whole) || candidate.companions.iter().any(|part| touches(&part.span))
}

fn path_regex(rule: &Rule) -> Option<regex_automata::meta::Regex> {
    regex_automata::meta::Regex::new(rule.path.as_deref()?).ok()
}

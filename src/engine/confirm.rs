//! Confirmation: a literal at a place runs its rules' regexes about that place, and nowhere else.
//!
//! Regexes are compiled the first time that their literal is seen. Most rules know how many bytes stand before their
//! literal in a match; then the regex is tried at that one place. For the others, all matches within reach of the
//! literal are sought and those that hold it count.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{Cache, Config, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input, PatternID};
use regex_syntax::hir::Hir;

use crate::model::rule::Detect;
use crate::model::{Match, Rule, RuleIndex};
use crate::rules::head::Head;
use crate::rules::literals;

use super::assignment;
use super::prefilter::Use;
use super::stretch::Stretch;
use super::turns;

/// What is made of a rule's regex once it is needed: first a few tests, then, if a text ever passes them, the regex itself;
/// an error text if it does not compile.
pub struct Lazy {
    tests: OnceLock<Tests>,
    regex: OnceLock<Result<Compiled, String>>,
}

/// What every match must have, and is cheaply asked for.
#[derive(Default)]
struct Tests {
    head: Head,
    stretch: Option<Stretch>,
}

/// A regex and where its groups `secret`, `value` and `key` are.
pub struct Compiled {
    regex: Regex,
    secret: usize,
    value: Option<usize>,
    key: Option<usize>,
    /// Its group `list`, and what one turn of that is.
    turns: Option<(usize, Box<Compiled>)>,
}

/// A match, and the part of its secret that is to be judged: all of it, or the group `value` within it, such as the
/// password of a connection string.
pub struct Found {
    pub matched: Match,
    pub judged: Range<usize>,
}

/// What one thread needs to run one regex.
pub struct RegexScratch {
    cache: Cache,
    captures: Captures,
    /// For one turn of a list.
    turn: Option<Box<RegexScratch>>,
}

impl Lazy {
    /// Nothing compiled yet.
    pub const fn new() -> Self {
        Lazy { tests: OnceLock::new(), regex: OnceLock::new() }
    }

    /// The regex of `rule`, compiled on first use.
    pub fn get(&self, rule: &Rule) -> Result<&Compiled, &str> {
        self.regex.get_or_init(|| compile(rule)).as_ref().map_err(String::as_str)
    }

    fn tests(&self, rule: &Rule) -> &Tests {
        self.tests.get_or_init(|| {
            let (Detect::Pattern { regex } | Detect::Near { regex }) = &rule.detect else { return Tests::default() };
            let hir = literals::parse(regex);
            hir.map_or_else(|_| Tests::default(), |hir| Tests { head: Head::of_hir(&hir), stretch: Stretch::of(&hir) })
        })
    }

    /// The error of a compilation that was tried and failed.
    pub fn error(&self) -> Option<&str> {
        self.regex.get()?.as_ref().err().map(String::as_str)
    }
}

fn compile(rule: &Rule) -> Result<Compiled, String> {
    let whole;
    let text = match &rule.detect {
        Detect::Pattern { regex } | Detect::Near { regex } => regex.as_ref(),
        Detect::Assigned { value: Some(value) } => {
            whole = format!(r"\A(?:{value})\z");
            &whole
        }
        Detect::Assigned { value: None } | Detect::Path => return Err("the rule has no regex".to_owned()),
    };
    let hir = literals::parse(text).map_err(|error| error.to_string())?;
    let mut compiled = Compiled::of(&hir)?;
    if let (Some(turn), Some(list)) = (turns::turn(&hir), compiled.group("list")) {
        compiled.turns = Some((list, Box::new(Compiled::of(turn)?)));
    }
    Ok(compiled)
}

impl Compiled {
    fn of(hir: &Hir) -> Result<Self, String> {
        let regex = Regex::builder()
            .configure(
                Config::new().auto_prefilter(false).hybrid_cache_capacity(256 * 1024).nfa_size_limit(Some(16 << 20)),
            )
            .build_from_hir(hir)
            .map_err(|error| error.to_string())?;
        let mut compiled = Compiled { regex, secret: 0, value: None, key: None, turns: None };
        compiled.secret = compiled.group("secret").unwrap_or(0);
        compiled.value = compiled.group("value");
        compiled.key = compiled.group("key");
        Ok(compiled)
    }

    fn group(&self, wanted: &str) -> Option<usize> {
        self.regex.group_info().pattern_names(PatternID::ZERO).position(|name| name == Some(wanted))
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> RegexScratch {
        RegexScratch {
            cache: self.regex.create_cache(),
            captures: self.regex.create_captures(),
            turn: self.turns.as_ref().map(|(_, turn)| Box::new(turn.scratch())),
        }
    }

    /// True if the regex, which is anchored at both ends, matches all of `value`.
    pub fn is_match(&self, value: &[u8], scratch: &mut RegexScratch) -> bool {
        self.regex.search_half_with(&mut scratch.cache, &Input::new(value)).is_some()
    }

    /// Where the next match stands; its groups are in `scratch` then.
    fn search(&self, input: &Input<'_>, scratch: &mut RegexScratch) -> Option<Range<usize>> {
        self.regex.search_captures_with(&mut scratch.cache, input, &mut scratch.captures);
        scratch.captures.get_match().map(|whole| whole.range())
    }

    /// Appends the match that was just searched; where it is a list, each of its entries.
    fn take(&self, rule: RuleIndex, bytes: &[u8], scratch: &mut RegexScratch, matches: &mut Vec<Found>) {
        let (Some((list, turn)), Some(inner)) = (&self.turns, scratch.turn.as_deref_mut()) else {
            matches.extend(self.found(rule, &scratch.captures));
            return;
        };
        let Some(list) = scratch.captures.get_group(*list) else { return };
        let mut at = list.start;
        while at < list.end {
            let input = Input::new(bytes).span(at..list.end).anchored(Anchored::Yes);
            let Some(whole) = turn.search(&input, inner).filter(|whole| !whole.is_empty()) else { return };
            if inner.captures.get_group(turn.secret).is_some() {
                matches.extend(turn.found(rule, &inner.captures));
            }
            at = whole.end;
        }
    }

    /// The match that `captures` hold.
    fn found(&self, rule: RuleIndex, captures: &Captures) -> Option<Found> {
        let group = |index: usize| captures.get_group(index).map(|span| span.range());
        let whole = group(0)?;
        let secret = group(self.secret).unwrap_or(whole.clone());
        let judged = self.value.and_then(group).unwrap_or(secret.clone());
        let key = self.key.and_then(group);
        Some(Found { matched: Match { rule, whole, secret, key, chain: Vec::new(), decoded: None }, judged })
    }
}

/// One literal at one place, and the rule that it calls for.
pub struct Seen<'a> {
    /// The text.
    pub bytes: &'a [u8],
    /// The literal's span in it.
    pub literal: Range<usize>,
    /// The rule and the literal's lead.
    pub used: &'a Use,
    /// The same rule.
    pub rule: &'a Rule,
}

impl Seen<'_> {
    /// A few byte tests that turn most literals away before a regex is even compiled.
    pub fn may_match(&self, lazy: &Lazy) -> bool {
        let Range { start, end } = self.literal;
        let reach = self.rule.reach as usize;
        let end = (end + reach).min(self.bytes.len());
        let start = match (&self.rule.detect, self.used.lead) {
            (Detect::Assigned { .. } | Detect::Path, _) => return true,
            (Detect::Near { .. }, _) if !is_service_name(self.bytes, &self.literal) => return false,
            (_, None) => start.saturating_sub(reach),
            (_, Some(lead)) => match start.checked_sub(usize::from(lead)) {
                Some(start) => start,
                None => return false,
            },
        };
        let Tests { head, stretch } = lazy.tests(self.rule);
        let fits = self.used.lead.is_none() || head.fits(&self.bytes[start..]);
        fits && stretch.is_none_or(|stretch| stretch.is_in(self.bytes, start..end))
    }

    /// Appends the rule's matches that hold the literal.
    pub fn confirm(&self, compiled: Option<&Compiled>, scratch: Option<&mut RegexScratch>, matches: &mut Vec<Found>) {
        match (&self.rule.detect, compiled, scratch) {
            (Detect::Pattern { .. } | Detect::Near { .. }, Some(compiled), Some(scratch)) => {
                self.pattern(compiled, scratch, matches);
            }
            (Detect::Assigned { .. }, compiled, scratch) => self.assigned(compiled.zip(scratch), matches),
            _ => {}
        }
    }

    fn pattern(&self, compiled: &Compiled, scratch: &mut RegexScratch, matches: &mut Vec<Found>) {
        let reach = self.rule.reach as usize;
        let end = (self.literal.end + reach).min(self.bytes.len());
        if let Some(lead) = self.used.lead {
            if let Some(start) = self.literal.start.checked_sub(usize::from(lead)) {
                let input = Input::new(self.bytes).span(start..end).anchored(Anchored::Yes);
                if compiled.search(&input, scratch).is_some() {
                    compiled.take(self.used.rule, self.bytes, scratch, matches);
                }
            }
            return;
        }
        let mut start = self.literal.start.saturating_sub(reach);
        while start <= self.literal.start {
            let input = Input::new(self.bytes).span(start..end);
            let Some(whole) = compiled.search(&input, scratch) else { return };
            if whole.start > self.literal.start {
                return;
            }
            if whole.end >= self.literal.end {
                compiled.take(self.used.rule, self.bytes, scratch, matches);
                return;
            }
            start = whole.end.max(whole.start + 1);
        }
    }

    fn assigned(&self, mut regex: Option<(&Compiled, &mut RegexScratch)>, matches: &mut Vec<Found>) {
        assignment::parse(self.bytes, &self.literal, |assignment| {
            let value = &self.bytes[assignment.value.clone()];
            if regex.as_mut().is_some_and(|(compiled, scratch)| !compiled.is_match(value, scratch)) {
                return;
            }
            let matched = Match {
                rule: self.used.rule,
                whole: assignment.key.start.min(assignment.value.start)..assignment.value.end.max(assignment.key.end),
                secret: assignment.value.clone(),
                key: Some(assignment.key),
                chain: Vec::new(),
                decoded: None,
            };
            matches.push(Found { matched, judged: assignment.value });
        });
    }
}

/// What names of credentials are glued together from, without a border that could be seen: `algoliakey`.
const GLUED: &[&[u8]] =
    &[b"api", b"key", b"token", b"secret", b"access", b"client", b"pass", b"auth", b"app", b"org", b"user", b"cloud"];

/// True if the span stands as a word, or as a part of a name in camel case, of its own: `algolia` in `ALGOLIA_KEY`,
/// `myAlgoliaKey` and `algoliakey`, not in `paralgolians`. No word of English begins with the short names, such as `aws`, and
/// goes on with one of [`GLUED`].
pub fn is_service_name(bytes: &[u8], span: &Range<usize>) -> bool {
    let glued = |part: &&[u8]| bytes[span.end..].get(..part.len()).is_some_and(|b| b.eq_ignore_ascii_case(part));
    starts_word(bytes, span) && (ends_word(bytes, span) || GLUED.iter().any(glued))
}

/// True if the span begins a word or a hump of camel case.
pub fn starts_word(bytes: &[u8], span: &Range<usize>) -> bool {
    let Some(before) = span.start.checked_sub(1).map(|i| bytes[i]) else { return true };
    !before.is_ascii_alphabetic() || (before.is_ascii_lowercase() && bytes[span.start].is_ascii_uppercase())
}

/// True if the span ends a word or a hump of camel case.
pub fn ends_word(bytes: &[u8], span: &Range<usize>) -> bool {
    let Some(&after) = bytes.get(span.end) else { return true };
    let last = bytes[span.end - 1];
    !after.is_ascii_alphabetic()
        || !last.is_ascii_alphabetic()
        || (after.is_ascii_uppercase() && last.is_ascii_lowercase())
}

/// The rules' regexes, by rule.
pub fn lazies(count: usize) -> Vec<Lazy> {
    (0..count).map(|_| Lazy::new()).collect()
}

/// Buffers of one thread for the regexes that it met.
#[derive(Default)]
pub struct RegexScratches(Vec<Option<RegexScratch>>);

impl RegexScratches {
    /// The buffers for a rule's regex.
    pub fn get(&mut self, rule: RuleIndex, compiled: &Compiled) -> &mut RegexScratch {
        let at = rule.0 as usize;
        if self.0.len() <= at {
            self.0.resize_with(at + 1, || None);
        }
        self.0[at].get_or_insert_with(|| compiled.scratch())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, name: &str) -> bool {
        let at = text.to_ascii_lowercase().find(name).expect("the name");
        is_service_name(text.as_bytes(), &(at..at + name.len()))
    }

    #[test]
    fn a_service_is_named_by_a_word_of_its_own_or_one_glued_to_what_it_issues() {
        for (text, name) in [
            ("ALGOLIA_KEY", "algolia"),
            ("myAlgoliaKey", "algolia"),
            ("algoliakey", "algolia"),
            ("awskey", "aws"),
            ("ovhcloud_secret", "ovh"),
            ("AWSSecret", "aws"),
        ] {
            assert!(names(text, name), "{text}");
        }
        for (text, name) in [("paralgolians", "algolia"), ("awsome", "aws"), ("lawskey", "aws"), ("muxer", "mux")] {
            assert!(!names(text, name), "{text}");
        }
    }
}

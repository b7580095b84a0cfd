//! Which literals every match of a regex contains: what the prefilter looks for.
//!
//! The regex's syntax tree is walked for sets of texts of which each match holds one. Where several sets would do, the
//! one whose shortest text is longest wins, for it hits least often. Texts are folded to lower case, since the
//! prefilter compares without regard to case.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::rule::{Literal, Probe};

/// The shortest literal worth looking for, in bytes.
const SHORTEST: usize = 3;
/// The longest literal that is looked for, in bytes: a longer one would hit hardly less often.
const LONGEST: usize = 16;
/// A set of more texts than this is no help.
const MOST: usize = 64;

/// Parses a regex as the engine does: bytes, ASCII classes.
pub fn parse(regex: &str) -> Result<Hir, Box<regex_syntax::Error>> {
    regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(regex).map_err(Box::new)
}

/// Literals of which each match of `regex` contains one; empty where there are none, or the regex is invalid.
pub fn required(regex: &str) -> Vec<Literal> {
    let Ok(hir) = parse(regex) else { return Vec::new() };
    let Some(set) = needed(&hir) else { return Vec::new() };
    if set.shortest() < SHORTEST {
        return Vec::new();
    }
    finish(set)
}

/// Finds the lead of literals that a rule names itself, where the analysis comes to the same literals.
pub fn with_leads(regex: &str, named: Vec<Literal>) -> Vec<Literal> {
    let derived = required(regex);
    if !derived.is_empty() && derived.iter().all(|d| d.lead.is_some()) {
        let covered = |n: &Literal| derived.iter().any(|d| d.text == n.text);
        if named.iter().all(covered) && named.len() == derived.len() {
            return derived;
        }
    }
    named
}

/// Cuts a literal to what is worth looking for: its beginning tells as much, and seams between texts have less about them
/// to look through.
pub fn shorten(literal: &mut Literal) {
    if let Some(short) = literal.text.get(..LONGEST) {
        literal.text = short.to_owned().into();
    }
}

fn finish(set: Set) -> Vec<Literal> {
    let mut literals: Vec<Literal> = set
        .texts
        .into_iter()
        .filter_map(|t| {
            Some(Literal { text: String::from_utf8(t.bytes).ok()?.into(), lead: t.lead, probe: Probe::default() })
        })
        .collect();
    literals.sort();
    // The same text with two leads, or a text that holds another one: only the plain form is safe.
    let mut kept: Vec<Literal> = Vec::with_capacity(literals.len());
    for literal in literals {
        match kept.last_mut() {
            Some(last) if last.text == literal.text => last.lead = None,
            _ => kept.push(literal),
        }
    }
    kept
}

/// Texts of which each match contains one.
#[derive(Clone, Debug)]
struct Set {
    texts: Vec<Text>,
    /// True if a match is one of the texts, and nothing more.
    exact: bool,
}

#[derive(Clone, Debug)]
struct Text {
    bytes: Vec<u8>,
    lead: Option<u16>,
}

impl Set {
    fn exact(texts: Vec<Vec<u8>>) -> Self {
        Set { texts: texts.into_iter().map(|bytes| Text { bytes, lead: Some(0) }).collect(), exact: true }
    }

    fn shortest(&self) -> usize {
        self.texts.iter().map(|t| t.bytes.len()).min().unwrap_or(0)
    }

    /// Higher is better: long texts that need no search for the match's start, few of them.
    fn worth(&self) -> (usize, bool, std::cmp::Reverse<usize>) {
        let led = self.texts.iter().all(|t| t.lead.is_some());
        (self.shortest().min(8), led, std::cmp::Reverse(self.texts.len()))
    }
}

fn needed(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Set::exact(vec![Vec::new()])),
        HirKind::Literal(literal) => Some(Set::exact(vec![literal.0.to_ascii_lowercase()])),
        HirKind::Class(class) => folded(class).map(|bytes| Set::exact(bytes.into_iter().map(|b| vec![b]).collect())),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) => repeated(&repetition.sub, repetition.min, repetition.max),
        HirKind::Concat(parts) => sequence(parts),
        HirKind::Alternation(parts) => alternatives(parts),
    }
}

/// The bytes of a small class in lower case, or nothing for a large one.
fn folded(class: &Class) -> Option<Vec<u8>> {
    const FEW: usize = 8;
    let mut bytes: Vec<u8> = match class {
        Class::Bytes(class) => class.ranges().iter().flat_map(|r| r.start()..=r.end()).take(2 * FEW + 1).collect(),
        Class::Unicode(class) => {
            let mut bytes = Vec::new();
            for range in class.ranges() {
                for c in (range.start()..=range.end()).take(2 * FEW + 1) {
                    bytes.push(u8::try_from(u32::from(c)).ok().filter(u8::is_ascii)?);
                }
            }
            bytes
        }
    };
    bytes.make_ascii_lowercase();
    bytes.sort_unstable();
    bytes.dedup();
    (!bytes.is_empty() && bytes.len() <= FEW).then_some(bytes)
}

fn repeated(sub: &Hir, min: u32, max: Option<u32>) -> Option<Set> {
    if min == 0 {
        return None;
    }
    let set = needed(sub)?;
    if set.exact && set.texts.len() == 1 {
        let times = (min as usize).min(LONGEST.div_ceil(set.texts[0].bytes.len().max(1)));
        let exact = max == Some(times as u32);
        return Some(Set { exact, ..Set::exact(vec![set.texts[0].bytes.repeat(times)]) });
    }
    Some(Set { exact: false, ..set })
}

fn alternatives(parts: &[Hir]) -> Option<Set> {
    let mut all = Set { texts: Vec::new(), exact: true };
    for part in parts {
        let set = needed(part)?;
        all.exact &= set.exact;
        all.texts.extend(set.texts);
    }
    (all.texts.len() <= MOST).then_some(all)
}

/// The best set among the parts of a sequence, exact neighbours joined.
fn sequence(parts: &[Hir]) -> Option<Set> {
    let mut best: Option<Set> = None;
    let mut offer = |set: Set| {
        if best.as_ref().is_none_or(|b| set.worth() > b.worth()) {
            best = Some(set);
        }
    };
    let mut run: Option<Set> = None;
    let mut run_lead = Some(0u16);
    // Width of all parts so far, as long as it is fixed.
    let mut width = Some(0u16);
    let mut all_exact = true;
    for part in parts {
        let next = needed(part);
        match next {
            Some(set) if set.exact => {
                let joined = run.as_ref().and_then(|r| join(r, &set));
                match joined {
                    Some(joined) => run = Some(joined),
                    None => {
                        if let Some(r) = run.take() {
                            all_exact = false;
                            offer(led(r, run_lead));
                        }
                        run_lead = width;
                        run = Some(set);
                    }
                }
            }
            other => {
                all_exact = false;
                if let Some(r) = run.take() {
                    offer(led(r, run_lead));
                }
                if let Some(set) = other {
                    offer(led(set, width));
                }
            }
        }
        width = match (width, fixed_width(part)) {
            (Some(w), Some(more)) => w.checked_add(more),
            _ => None,
        };
        if run.is_none() {
            run_lead = width;
        }
    }
    if let Some(mut r) = run {
        if !all_exact {
            r = led(r, run_lead);
        }
        offer(r);
    }
    best.map(|set| Set { exact: all_exact && set.exact, ..set })
}

/// `set` as a part of something longer, `lead` bytes behind its beginning.
fn led(set: Set, lead: Option<u16>) -> Set {
    let texts = set
        .texts
        .into_iter()
        .map(|t| Text { lead: t.lead.zip(lead).and_then(|(a, b)| a.checked_add(b)), bytes: t.bytes })
        .collect();
    Set { texts, exact: false }
}

/// Each text of `a` followed by each of `b`, unless that makes too many or too long ones.
fn join(a: &Set, b: &Set) -> Option<Set> {
    if a.texts.len() * b.texts.len() > MOST || a.shortest() + b.shortest() > LONGEST {
        return None;
    }
    let texts = a.texts.iter().flat_map(|x| b.texts.iter().map(move |y| [&x.bytes[..], &y.bytes[..]].concat()));
    Some(Set::exact(texts.collect()))
}

fn fixed_width(hir: &Hir) -> Option<u16> {
    let properties = hir.properties();
    let (min, max) = (properties.minimum_len()?, properties.maximum_len()?);
    (min == max).then(|| u16::try_from(min).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(regex: &str) -> Vec<(String, Option<u16>)> {
        required(regex).into_iter().map(|l| (l.text.into_owned(), l.lead)).collect()
    }

    fn one(text: &str, lead: Option<u16>) -> Vec<(String, Option<u16>)> {
        vec![(text.to_owned(), lead)]
    }

    #[test]
    fn a_prefix_is_found_at_the_matchs_start() {
        assert_eq!(literals(r"\b(?<secret>ghp_[0-9A-Za-z]{36})\b"), one("ghp_", Some(0)));
    }

    #[test]
    fn text_behind_a_fixed_width_knows_its_lead() {
        assert_eq!(literals(r"(?<secret>[0-9A-Za-z]{14}\.atlasv1\.[0-9a-z]{60,70})"), one(".atlasv1.", Some(14)));
    }

    #[test]
    fn text_behind_a_varying_width_has_no_lead() {
        assert_eq!(literals(r"[a-z]{2,5}-atlas[0-9]{4}"), one("-atlas", None));
    }

    #[test]
    fn alternatives_are_all_needed() {
        let expected = vec![("akia".to_owned(), Some(0)), ("asia".to_owned(), Some(0))];
        assert_eq!(literals("(?:AKIA|ASIA)[A-Z2-7]{16}"), expected);
        assert_eq!(literals("A[KS]IA[A-Z2-7]{16}"), expected);
    }

    #[test]
    fn case_is_folded() {
        assert_eq!(literals("(?i)bearer [a-z]{20}"), one("bearer ", Some(0)));
    }

    #[test]
    fn an_optional_part_is_not_needed() {
        assert_eq!(literals("(?:abcdef)?[0-9]{5}"), vec![]);
        assert_eq!(literals("(?:abcdef|[0-9]{8})x{0,3}"), vec![]);
    }

    #[test]
    fn repetition_of_a_single_byte_is_a_literal() {
        assert_eq!(literals("A{9}[0-9]{40}"), one("aaaaaaaaa", Some(0)));
        assert_eq!(literals("A{21}[0-9]{40}"), one("aaaaaaaaaaaaaaaa", Some(0)));
    }
}

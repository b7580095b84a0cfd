//! The prefilter beside `aho-corasick`'s automata, on source text: `cargo bench --bench prefilter`.
//!
//! The text is made up (or the file that `UNSPILL_BENCH_TEXT` names, repeated). The literals are those of the built-in
//! rules, taken evenly; where that is not enough, others are put together from halves of theirs. All look without
//! regard to ASCII case for every place of every literal, and before anything is measured, they must have found equally
//! many.

mod text;

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::{env, fs};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use divan::Bencher;
use divan::counter::BytesCount;
use unspill::engine::prefilter::Prefilter;
use unspill::model::rule::{Literal, Probe, Rule};
use unspill::rules::{RuleSet, head::Head, probe};

/// Numbers of literals.
const SIZES: [usize; 3] = [100, 1_000, 5_000];
/// Bytes of text.
const TEXT: usize = 4 << 20;
/// Longest time for one measurement, in seconds.
const SECONDS: f64 = 2.5;

fn main() {
    for size in SIZES {
        let prefilter = Prefilter::new(&rules(size));
        let mut hits = Vec::new();
        prefilter.find(text(), &mut hits);
        // Of a long literal a part is looked for, and the rest compared afterwards.
        let literals = hits.iter().flat_map(|hit| prefilter.uses(hit.probe).iter().map(|used| (used, hit.at as usize)));
        let own = literals.filter(|(used, at)| used.literal(text(), *at).is_some()).count();
        let found = automaton(size, None).find_overlapping_iter(text()).count();
        assert_eq!(own, found, "hits of {size} literals");
        let per_kib = found as f64 / (TEXT / 1024) as f64;
        eprintln!("{size} literals: {found} hits, {per_kib:.1} in each KiB");
    }
    divan::main();
}

fn text() -> &'static [u8] {
    static ONCE: OnceLock<Vec<u8>> = OnceLock::new();
    ONCE.get_or_init(|| match env::var_os("UNSPILL_BENCH_TEXT") {
        Some(path) => {
            let one = fs::read(&path).expect("the file that UNSPILL_BENCH_TEXT names");
            one.iter().copied().cycle().take(TEXT).collect()
        }
        None => text::source(TEXT),
    })
}

/// So many literals, all different.
fn literals(size: usize) -> Vec<String> {
    let real: BTreeSet<String> =
        RuleSet::builtin().rules().iter().flat_map(|rule| rule.literals.iter().map(|l| l.text.to_string())).collect();
    let real: Vec<String> = real.into_iter().collect();
    let mut all: BTreeSet<String> =
        (0..size.min(real.len())).map(|i| real[i * real.len() / size.min(real.len())].clone()).collect();
    let mut chance = text::Chance(1);
    while all.len() < size {
        let (front, back) = (&real[chance.below(real.len())], &real[chance.below(real.len())]);
        let made_up: String =
            front.chars().take(front.len().div_ceil(2)).chain(back.chars().skip(back.len() / 2)).collect();
        // Halves of short names are parts of common words, which nobody would choose for a literal.
        if made_up.len() >= 5 {
            all.insert(made_up);
        }
    }
    all.into_iter().collect()
}

fn rules(size: usize) -> RuleSet {
    let model = RuleSet::builtin().rules()[0].clone();
    RuleSet::new(literals(size).into_iter().enumerate().map(|(i, text)| {
        let mut literal = Literal { text: text.into(), lead: Some(0), probe: Probe::default() };
        probe::choose(&mut literal, &Head::default());
        Rule { id: format!("rule-{i}").into(), literals: vec![literal].into(), ..Rule::clone(&model) }
    }))
}

fn automaton(size: usize, kind: Option<AhoCorasickKind>) -> AhoCorasick {
    AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(literals(size)).expect("an automaton")
}

#[divan::bench(args = SIZES, max_time = SECONDS)]
fn prefilter(bencher: Bencher, size: usize) {
    let prefilter = Prefilter::new(&rules(size));
    let mut hits = Vec::new();
    bencher.counter(BytesCount::of_slice(text())).bench_local(|| {
        hits.clear();
        prefilter.find(text(), &mut hits);
        hits.len()
    });
}

fn find_all(bencher: Bencher, size: usize, kind: Option<AhoCorasickKind>) {
    let automaton = automaton(size, kind);
    bencher.counter(BytesCount::of_slice(text())).bench_local(|| automaton.find_overlapping_iter(text()).count());
}

#[divan::bench(args = SIZES, max_time = SECONDS)]
fn aho_corasick_dfa(bencher: Bencher, size: usize) {
    find_all(bencher, size, Some(AhoCorasickKind::DFA));
}

#[divan::bench(args = SIZES, max_time = SECONDS)]
fn aho_corasick_contiguous_nfa(bencher: Bencher, size: usize) {
    find_all(bencher, size, Some(AhoCorasickKind::ContiguousNFA));
}

/// What it picks by itself.
#[divan::bench(args = SIZES, max_time = SECONDS)]
fn aho_corasick_picked(bencher: Bencher, size: usize) {
    find_all(bencher, size, None);
}

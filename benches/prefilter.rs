//! The prefilter beside `aho-corasick`'s automata, on source text: `cargo bench --bench prefilter`.
//!
//! The text is this crate's own source (or the file that `UNSPILL_BENCH_TEXT` names), repeated to 8 MiB. Literals are
//! those of the built-in rules, cut or filled up with made-up ones to 100, 1,000 and 5,000.

use std::sync::OnceLock;
use std::{env, fs};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use divan::Bencher;
use divan::counter::BytesCount;
use unspill::engine::prefilter::Prefilter;
use unspill::model::rule::{Literal, Rule};
use unspill::rules::RuleSet;

const SIZES: [usize; 4] = [100, 500, 1_000, 5_000];
const TEXT: usize = 8 << 20;

fn main() {
    divan::main();
}

fn text() -> &'static [u8] {
    static TEXT_ONCE: OnceLock<Vec<u8>> = OnceLock::new();
    TEXT_ONCE.get_or_init(|| {
        let one = match env::var_os("UNSPILL_BENCH_TEXT") {
            Some(path) => fs::read(&path).expect("the file that UNSPILL_BENCH_TEXT names"),
            None => sources(),
        };
        one.iter().copied().cycle().take(TEXT).collect()
    })
}

fn sources() -> Vec<u8> {
    let mut all = Vec::new();
    for entry in ignore::WalkBuilder::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .sort_by_file_name(Ord::cmp)
        .build()
        .flatten()
    {
        if entry.file_type().is_some_and(|t| t.is_file()) {
            all.extend(fs::read(entry.path()).expect("a file of this crate"));
        }
    }
    all
}

/// `size` literals: real ones first, then made-up prefixes such as providers choose.
fn literals(size: usize) -> Vec<String> {
    let mut texts: Vec<String> =
        RuleSet::builtin().rules().iter().flat_map(|r| r.literals.iter().map(|l| l.text.to_string())).collect();
    texts.sort();
    texts.dedup();
    let mut number = 0u32;
    while texts.len() < size {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        texts.push(format!("{:x}_", number));
    }
    texts.truncate(size);
    texts
}

fn rules(size: usize) -> RuleSet {
    let model = RuleSet::builtin().rules()[0].clone();
    RuleSet::new(literals(size).into_iter().enumerate().map(|(i, text)| Rule {
        id: format!("rule-{i}").into(),
        literals: vec![Literal { text: text.into(), lead: Some(0) }].into(),
        ..Rule::clone(&model)
    }))
}

#[divan::bench(args = SIZES)]
fn prefilter(bencher: Bencher, size: usize) {
    let prefilter = Prefilter::new(&rules(size));
    let mut hits = Vec::new();
    bencher.counter(BytesCount::new(TEXT)).bench_local(|| {
        hits.clear();
        prefilter.find(text(), &mut hits);
        hits.len()
    });
}

fn automaton(bencher: Bencher, size: usize, kind: AhoCorasickKind) {
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(kind))
        .build(literals(size))
        .expect("an automaton");
    bencher.counter(BytesCount::new(TEXT)).bench_local(|| automaton.find_overlapping_iter(text()).count());
}

#[divan::bench(args = SIZES)]
fn aho_corasick_dfa(bencher: Bencher, size: usize) {
    automaton(bencher, size, AhoCorasickKind::DFA);
}

#[divan::bench(args = SIZES)]
fn aho_corasick_nfa(bencher: Bencher, size: usize) {
    automaton(bencher, size, AhoCorasickKind::ContiguousNFA);
}

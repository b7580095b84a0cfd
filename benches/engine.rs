//! The stages of the engine, on texts that are made up: `cargo bench --bench engine`.
//!
//! | text | what it is |
//! | --- | --- |
//! | source | ordinary code |
//! | words | code about credentials, without any: confirmation has everything to turn away |
//! | secrets | a credential in every line: regexes, checksums and scores run |
//! | encoded | runs of base64, percent and unicode escapes, and hex |
//!
//! `prefilter` and `decode` are those two by themselves, `all` is what a file costs; what is left of it is confirming
//! and scoring. `derived` is a text that differs in some lines from a known one.

mod text;

use std::fmt;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use unspill::engine::prefilter::Prefilter;
use unspill::engine::{Derivation, Engine, Scratch, decode};
use unspill::model::Copied;
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;

/// Bytes of each text.
const TEXT: usize = 1 << 20;
/// Longest time for one measurement, in seconds.
const SECONDS: f64 = 2.0;
const WORDS: &str = "let token = next_token(&mut input)?; // the key of the secret section\n\
                     fn password_hash(auth: &Auth) -> Key { key.secret().hash(auth.token_count) }\n\
                     map.insert(\"api_key\", settings.api_key.clone());\n";
const SECRETS: &str = "GITHUB_TOKEN=ghp_{{base62:30}}{{checksum:github}}\n\
                       postgres://app:{{base62:16}}@db.internal:5432/app\n\
                       aws_secret_access_key = {{base64:40}}\n";
const ENCODED: &str = "data: \"{{b64:the password = k9xQ2vB7mN4p and so on}}\"\n\
                       to: https%3A%2F%2Fhost.example%2Fpath%3Fq%3Dsome%20words\n\
                       s: \"p\\u0061ssword \\u006fr so\"\n\
                       sum: {{hex:64}}\n";

fn main() {
    divan::main();
}

#[derive(Clone, Copy)]
enum Kind {
    Source,
    Words,
    Secrets,
    Encoded,
}

const KINDS: [Kind; 4] = [Kind::Source, Kind::Words, Kind::Secrets, Kind::Encoded];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Source => "source",
            Kind::Words => "words",
            Kind::Secrets => "secrets",
            Kind::Encoded => "encoded",
        })
    }
}

impl Kind {
    fn text(self) -> Vec<u8> {
        let template = match self {
            Kind::Source => return text::source(TEXT),
            Kind::Words => WORDS,
            Kind::Secrets => SECRETS,
            Kind::Encoded => ENCODED,
        };
        let mut text = Vec::with_capacity(TEXT + 1024);
        let mut number = 0;
        while text.len() < TEXT {
            // What is random is derived from the template, so the number changes it.
            text.extend(expand(&format!("// {number}\n{template}")).expect("a template").into_bytes());
            number += 1;
        }
        text.truncate(TEXT);
        text
    }
}

#[divan::bench(args = KINDS, max_time = SECONDS)]
fn prefilter(bencher: Bencher, kind: Kind) {
    let prefilter = Prefilter::new(&RuleSet::builtin());
    let text = kind.text();
    let mut hits = Vec::new();
    bencher.counter(BytesCount::of_slice(&text)).bench_local(|| {
        hits.clear();
        prefilter.find(black_box(&text), &mut hits);
        hits.len()
    });
}

#[divan::bench(args = KINDS, max_time = SECONDS)]
fn decode(bencher: Bencher, kind: Kind) {
    let text = kind.text();
    bencher.counter(BytesCount::of_slice(&text)).bench_local(|| {
        let mut found = 0;
        decode::runs(black_box(&text), |run| found += run.text.len());
        found
    });
}

#[divan::bench(args = KINDS, max_time = SECONDS)]
fn all(bencher: Bencher, kind: Kind) {
    let engine = Engine::new(RuleSet::builtin());
    let text = kind.text();
    let mut scratch = Scratch::default();
    // Regexes are compiled when they are first needed: not what is measured.
    engine.learn(&text, &mut scratch);
    bencher.counter(BytesCount::of_slice(&text)).bench_local(|| engine.learn(black_box(&text), &mut scratch));
}

/// A text derived from a known one by so many inserted lines: throughput is of the whole text.
#[divan::bench(args = [1, 10, 100, 1_000], max_time = SECONDS)]
fn derived(bencher: Bencher, edits: usize) {
    let engine = Engine::new(RuleSet::builtin());
    let base = Kind::Source.text();
    let mut derived = Vec::with_capacity(TEXT + TEXT / 8);
    let mut copies = Vec::new();
    let mut from = 0;
    for piece in base.chunks(TEXT / edits + 1) {
        copies.push(Copied { from, to: derived.len(), length: piece.len() });
        from += piece.len();
        derived.extend_from_slice(piece);
        derived.extend_from_slice(b"\nlet key = secret_of(token);\n");
    }
    let mut scratch = Scratch::default();
    let known = engine.learn(&base, &mut scratch);
    let derivation = Derivation { bytes: &derived, base: &known, base_length: base.len(), copies: &copies };
    engine.learn_derived(&derivation, &mut scratch);
    bencher
        .counter(BytesCount::of_slice(&derived))
        .bench_local(|| engine.learn_derived(black_box(&derivation), &mut scratch));
}

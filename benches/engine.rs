//! The stages behind the prefilter, on generated text: `cargo bench --bench engine`.
//!
//! Confirmation on text full of literals, with and without secrets; decoding on encoded runs; and learning a text that
//! differs in a few places from a known one, beside learning all of it.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use unspill::engine::{Derivation, Engine, Scratch, decode};
use unspill::model::Copied;
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;

/// Bytes of each text.
const TEXT: usize = 1 << 20;
/// Code that has the words of credentials in it, and no credential.
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

/// `template` over and over, each time with other random parts.
fn text(template: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(TEXT);
    for number in 0.. {
        if text.len() >= TEXT {
            break;
        }
        // What is random is derived from the template, so the number changes it.
        text.extend(expand(&format!("// {number}\n{template}")).expect("a template").into_bytes());
    }
    text.truncate(TEXT);
    text
}

fn learn(bencher: Bencher, template: &str) {
    let engine = Engine::new(RuleSet::builtin());
    let text = text(template);
    let mut scratch = Scratch::default();
    // Regexes are compiled when they are first needed: not what is measured.
    engine.learn(&text, &mut scratch);
    bencher.counter(BytesCount::new(TEXT)).bench_local(|| engine.learn(black_box(&text), &mut scratch));
}

#[divan::bench]
fn confirm_words(bencher: Bencher) {
    learn(bencher, WORDS);
}

#[divan::bench]
fn confirm_secrets(bencher: Bencher) {
    learn(bencher, SECRETS);
}

#[divan::bench]
fn decode_plain(bencher: Bencher) {
    runs(bencher, WORDS);
}

#[divan::bench]
fn decode_encoded(bencher: Bencher) {
    runs(bencher, ENCODED);
}

fn runs(bencher: Bencher, template: &str) {
    let text = text(template);
    bencher.counter(BytesCount::new(TEXT)).bench_local(|| {
        let mut found = 0;
        decode::runs(black_box(&text), |run| found += run.text.len());
        found
    });
}

/// A text derived from a known one by so many inserted lines.
#[divan::bench(args = [1, 10, 100, 1_000])]
fn learn_derived(bencher: Bencher, edits: usize) {
    let engine = Engine::new(RuleSet::builtin());
    let base = text(WORDS);
    let mut derived = Vec::with_capacity(TEXT + TEXT / 8);
    let mut copies = Vec::new();
    for piece in base.chunks(TEXT / edits + 1) {
        let from = copies.last().map_or(0, |last: &Copied| last.from + last.length);
        copies.push(Copied { from, to: derived.len(), length: piece.len() });
        derived.extend_from_slice(piece);
        derived.extend_from_slice(b"\nlet key = secret_of(token);\n");
    }
    let mut scratch = Scratch::default();
    let known = engine.learn(&base, &mut scratch);
    let derivation = Derivation { bytes: &derived, base: &known, base_length: base.len(), copies: &copies };
    engine.learn_derived(&derivation, &mut scratch);
    bencher
        .counter(BytesCount::new(derived.len()))
        .bench_local(|| engine.learn_derived(black_box(&derivation), &mut scratch));
}

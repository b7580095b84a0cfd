//! What is carried over from one text to another derived from it equals what a scan of the other finds by itself.

use proptest::prelude::*;
use unspill::engine::{Derivation, Engine, Scratch};
use unspill::model::{Blob, Copied, Origin};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;

/// Pieces that texts are made of: secrets, words that look like them, encoded ones, and what stands between.
fn pieces() -> Vec<Vec<u8>> {
    let templates = [
        "GITHUB_TOKEN=ghp_{{base62:30}}{{checksum:github}}\n",
        "password = \"k9!{{base62:12}}\"\n",
        "AKIA{{base32:16}}",
        "aws_secret_access_key = {{base64:40}}\n",
        "postgres://app:{{base62:16}}@db.internal:5432/app ",
        "\"{{b64:the password = k9xQ2vB7mN4p and more}}\"",
        "{{b64:GITHUB_TOKEN=ghp_0123456789}}",
        "https%3A%2F%2Fuser%3Ak9xQ2vB7mN%40host.dev ",
        "x = \"p\\u0061ssword: k9xQ2vB7mN4p\" ",
        "-----BEGIN RSA PRIVATE KEY-----\n{{base64:64}}\n{{base64:64}}\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "-----END RSA PRIVATE KEY-----",
        "{{base64:64}}\n",
        "algolia key {{hex:32}} ",
        "{0x70, 0x61, 0x73, 0x73, 0x77, 0x6f, 0x72, 0x64, 0x3d, 0x6b, 0x39, 0x78, 0x51, 0x32, 0x76, 0x42, 0x37, 0x6d}",
        "112, 97, 115, 115, 119, 111, 114, 100, 61,\n",
        "107, 57, 120, 81, 50, 118, 66, 55, 109",
        "\"{\\\"url\\\":\\\"redis:\\/\\/:k9xQ2vB7mN4p@cache.dev\\\"}\" ",
        "key",
        "token: ",
        "pass",
        "word",
        "\"",
        "\n",
        " = ",
        "the quick brown fox jumps over the lazy dog ",
        "{{hex:40}}",
        "ghp_",
        "{{base62:30}}",
    ];
    templates.iter().map(|t| expand(t).expect("a template").into_bytes()).collect()
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(pieces()), 0..40).prop_map(|parts| parts.concat())
}

/// One step of a derivation: a copy (as parts of a thousand of the base), or inserted bytes.
#[derive(Clone, Debug)]
enum Step {
    Copy(usize, usize),
    Insert(Vec<u8>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0usize..=1000, 0usize..=1000).prop_map(|(a, b)| Step::Copy(a.min(b), a.max(b))),
        1 => Just(Step::Copy(0, 1000)),
        2 => prop::sample::select(pieces()).prop_map(Step::Insert),
        1 => prop::collection::vec(any::<u8>(), 0..3).prop_map(Step::Insert),
    ];
    prop::collection::vec(step, 0..8)
}

/// An edit at one place, as most changes are.
fn edit() -> impl Strategy<Value = Vec<Step>> {
    (0usize..=1000, 0usize..20, prop::sample::select(pieces()), 0usize..40).prop_map(|(at, gone, new, take)| {
        let new = new[..take.min(new.len())].to_vec();
        vec![Step::Copy(0, at), Step::Insert(new), Step::Copy((at + gone).min(1000), 1000)]
    })
}

fn derive(base: &[u8], steps: &[Step]) -> (Vec<u8>, Vec<Copied>) {
    let (mut bytes, mut copies) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::Copy(start, end) => {
                let (from, end) = (base.len() * start / 1000, base.len() * end / 1000);
                if from < end {
                    copies.push(Copied { from, to: bytes.len(), length: end - from });
                    bytes.extend_from_slice(&base[from..end]);
                }
            }
            Step::Insert(new) => bytes.extend_from_slice(new),
        }
    }
    (bytes, copies)
}

fn engine() -> &'static Engine {
    static ENGINE: std::sync::OnceLock<Engine> = std::sync::OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(RuleSet::builtin()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn carried_knowledge_equals_that_of_a_full_scan(base in text(), chain in prop::collection::vec(prop_oneof![steps(), edit()], 1..4)) {
        let mut scratch = Scratch::default();
        let mut base = base;
        let mut known = engine().learn(&base, &mut scratch);
        for steps in chain {
            let (bytes, copies) = derive(&base, &steps);
            let derivation = Derivation { bytes: &bytes, base: &known, base_length: base.len(), copies: &copies };
            let carried = engine().learn_derived(&derivation, &mut scratch);
            let full = engine().learn(&bytes, &mut scratch);
            prop_assert_eq!(carried.fingerprint(), full.fingerprint(), "{}", String::from_utf8_lossy(&bytes));
            (base, known) = (bytes, carried);
        }
    }
}

#[test]
fn the_pieces_do_hold_secrets() {
    let bytes = pieces().concat();
    let known = engine().learn(&bytes, &mut Scratch::default());
    assert!(known.fingerprint().iter().filter(|line| line.starts_with("Outcome")).count() >= 8);
}

#[test]
fn features_do_not_depend_on_where_the_text_begins_beyond_what_is_looked_at() {
    let engine = Engine::new(RuleSet::builtin()).keeping_all();
    let features = |text: &str| {
        let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "x".into() });
        let found = engine.scan(&blob, &mut Scratch::default());
        found.into_iter().find_map(|candidate| candidate.traits.all).expect("a value that the model weighs")
    };
    let text = "password = 'k9xQ2vB7mN4p'\n";
    for before in [168, 169, 200] {
        let here = format!("{}{text}", " ".repeat(before));
        assert_eq!(features(&here), features(&format!("{}{here}", " ".repeat(40))), "{before}");
    }
}

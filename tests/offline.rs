//! Offline verification over all built-in rules: their own examples are as a provider would have made them, and no
//! verdict gives a secret away.

use unspill::engine::{Engine, Scratch};
use unspill::model::{Blob, Origin, Rule, Verdict};
use unspill::rules::RuleSet;
use unspill::rules::examples::expand;
use unspill::verify::offline;

/// Checks of keys and of what is signed with them, which no template can make well-formed.
const OF_KEYS: &[&str] = &["google-service-account", "jwt", "openssh", "pem", "pgp", "putty"];

/// The verdict on every secret that an engine finds in the examples of the rules with a check of their own.
fn verdicts(engine: &Engine) -> Vec<(&Rule, String, Verdict)> {
    let mut all = Vec::new();
    let checked = |rule: &&std::sync::Arc<Rule>| rule.checksum.as_deref().is_some_and(|name| !OF_KEYS.contains(&name));
    for rule in engine.rules().rules().iter().filter(checked) {
        for template in rule.matching.iter() {
            let text = expand(template).expect("a template");
            let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "example".into() });
            for candidate in engine.scan(&blob, &mut Scratch::default()) {
                if engine.rules().get(candidate.matched.rule).id == rule.id {
                    let secret = candidate.matched.secret_bytes(text.as_bytes());
                    let verdict = offline::check(rule, secret);
                    all.push((&**rule, String::from_utf8_lossy(secret).into_owned(), verdict));
                }
            }
        }
    }
    all
}

#[test]
fn examples_are_as_the_provider_would_have_made_them() {
    let engine = Engine::new(RuleSet::builtin());
    let verdicts = verdicts(&engine);
    assert!(verdicts.len() > 150, "only {} were found", verdicts.len());
    let wrong: Vec<String> = verdicts
        .iter()
        .filter(|(_, _, verdict)| {
            matches!(verdict, Verdict::Malformed(_) | Verdict::NotSecret(_) | Verdict::NotChecked)
        })
        .map(|(rule, secret, verdict)| format!("{}: {secret}: {verdict:?}", rule.id))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_verdict_tells_a_secret() {
    let engine = Engine::new(RuleSet::builtin());
    for (rule, secret, verdict) in verdicts(&engine) {
        let why = verdict.reason().unwrap_or_default();
        // What is public of a secret, such as the number of a bot, has at most 14 digits.
        let told = secret.as_bytes().windows(15).find(|part| why.as_bytes().windows(15).any(|w| w == *part));
        assert_eq!(told, None, "{}: {why}", rule.id);
    }
}

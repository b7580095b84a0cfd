//! Every built-in rule holds to its own examples, in competition with all others.

use unspill::engine::Engine;
use unspill::engine::examples::check_examples;
use unspill::rules::RuleSet;
use unspill::rules::lint::{Gravity, lint};

#[test]
fn examples_hold() {
    let engine = Engine::new(RuleSet::builtin());
    let mut report = String::new();
    for (_, rule) in engine.rules().iter() {
        for failure in check_examples(&engine, rule) {
            report.push_str(&format!("{}: {}\n    {}\n", rule.id, failure.what, failure.template));
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(engine.problems().is_empty(), "{:?}", engine.problems());
}

#[test]
fn every_rule_has_examples_and_words() {
    for rule in RuleSet::builtin().rules() {
        assert!(rule.matching.len() >= 3 && rule.non_matching.len() >= 3, "{}: examples", rule.id);
        assert!(!rule.tags.is_empty(), "{}: tags", rule.id);
        assert!(!rule.risk.is_empty(), "{}: what it opens", rule.id);
        assert!(!rule.revoke.is_empty(), "{}: how to revoke", rule.id);
        assert!(!rule.store.is_empty(), "{}: where to keep it", rule.id);
        assert!(rule.description != rule.id, "{}: description", rule.id);
    }
}

#[test]
fn no_file_of_rules_has_warnings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut report = String::new();
    for entry in std::fs::read_dir(folder).expect("the folder of rules") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        for complaint in lint(&path, &text).iter().filter(|complaint| complaint.gravity < Gravity::Note) {
            report.push_str(&format!("{complaint}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

//! Every built-in rule holds to its own examples, in competition with all others.

use unspill::engine::Engine;
use unspill::engine::examples::check_examples;
use unspill::model::request::{Meaning, Request};
use unspill::model::rule::Verify;
use unspill::rules::lint::{Form, Gravity, lint};
use unspill::rules::{RuleSet, request};
use unspill::verify::live::{question, trials};

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

/// What is declared of verification leads to every outcome, by answers that the provider's documentation shows.
#[test]
fn recorded_answers_reach_every_outcome() {
    let rules = RuleSet::builtin();
    let mut report = String::new();
    let mut asked = 0;
    for rule in rules.rules() {
        let id = &rule.id;
        match &rule.verify {
            Verify::Like(other) => {
                asked += 1;
                let found = rules.find(other).map(|(_, rule)| question::steps(rule).len());
                assert!(found.is_some_and(|steps| steps > 0), "{id}: nobody is asked as for {other}");
            }
            Verify::Steps(steps) if steps.is_empty() => continue,
            Verify::Steps(steps) => {
                asked += 1;
                for trial in trials(rule) {
                    let at = format!("step {}, answer {}", trial.step, trial.answer);
                    report.extend(trial.fault.map(|fault| format!("{id}: {at} {fault}\n")));
                }
                for (at, step) in (1..).zip(steps.iter()) {
                    for (means, conditions) in [
                        (Meaning::Active, &step.active),
                        (Meaning::Inactive, &step.inactive),
                        (Meaning::Next, &step.next),
                    ] {
                        let recorded = step.answers.iter().filter(|answer| answer.means == means).count();
                        let wanted = if matches!(step.request, Request::Login(_)) { 0 } else { conditions.len() };
                        if recorded < wanted {
                            report.push_str(&format!("{id}: step {at}: an answer for each of {means:?} is missing\n"));
                        }
                    }
                }
                for name in request::used(steps).iter().filter(|name| request::is_rule(name)) {
                    assert!(rules.find(name).is_some(), "{id}: there is no rule {name}");
                }
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(asked > 600, "{asked} rules can be asked about");
}

#[test]
fn no_file_of_rules_has_warnings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut report = String::new();
    for entry in std::fs::read_dir(folder).expect("the folder of rules") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        for complaint in lint(&path, &text, Form::Rules).iter().filter(|complaint| complaint.gravity < Gravity::Note) {
            report.push_str(&format!("{complaint}\n"));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

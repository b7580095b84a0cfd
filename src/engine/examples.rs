//! Trying a rule on its own examples.

use crate::model::rule::Detect;
use crate::model::{Blob, Confidence, Level, Origin, Rule};
use crate::rules::examples::expand;

use super::{Engine, Scratch};

/// An example that did not turn out as the rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The example's template.
    pub template: String,
    /// What went wrong, in words.
    pub what: String,
}

/// Tries all examples of `rule` (paths for a rule that looks at paths alone), at the confidence that counts by default, or
/// the rule's own where that is lower: some kinds are for audits only. The engine must hold the rule; if it holds
/// others too, they compete for the bytes as they would in a scan.
pub fn check_examples(engine: &Engine, rule: &Rule) -> Vec<ExampleFailure> {
    let mut failures = Vec::new();
    let examples = rule.matching.iter().map(|t| (t, true)).chain(rule.non_matching.iter().map(|t| (t, false)));
    for (template, wanted) in examples {
        if let Err(what) = expand(template).and_then(|text| check(engine, rule, &text, wanted)) {
            failures.push(ExampleFailure { template: template.to_string(), what });
        }
    }
    failures
}

fn check(engine: &Engine, rule: &Rule, text: &str, wanted: bool) -> Result<(), String> {
    if rule.detect == Detect::Path {
        let held = engine.scan_path(text.into()).iter().any(|index| engine.rules().get(*index).id == rule.id);
        return if held == wanted {
            Ok(())
        } else {
            Err(format!("the path is {}", if held { "found" } else { "not found" }))
        };
    }
    let blob = Blob::whole(text.as_bytes(), Origin::Stdin { name: "example".into() });
    let found = engine.scan(&blob, &mut Scratch::default());
    let threshold = Level::Medium.threshold().min(Confidence::new(rule.confidence.into()));
    let own = found.iter().find(|c| {
        engine.rules().get(c.matched.rule).id == rule.id
            || c.companions.iter().any(|p| rule.identifier && engine.rules().get(p.rule).id == rule.id)
    });
    match (own, wanted) {
        // An identifier alone is no finding, and that is right.
        (None, true) if rule.identifier => Ok(()),
        (None, true) => match found.first() {
            Some(other) => Err(format!("found by `{}` instead", engine.rules().get(other.matched.rule).id)),
            None => Err("not found".to_owned()),
        },
        (Some(c), true) if Confidence::from(c.log_odds) < threshold => {
            let reasons: Vec<&str> = c.reasons.iter().map(|r| r.name).collect();
            Err(format!("found, but with confidence {} ({})", Confidence::from(c.log_odds), reasons.join(", ")))
        }
        (Some(c), false) if Confidence::from(c.log_odds) >= threshold => {
            Err(format!("found, with confidence {}, and must not be", Confidence::from(c.log_odds)))
        }
        _ => Ok(()),
    }
}

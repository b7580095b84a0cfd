//! Questions of the built-in rules.

use super::*;

fn rule(id: &str) -> Arc<Rule> {
    let rules = RuleSet::builtin();
    Arc::clone(rules.find(id).expect("a rule").1)
}

/// The question about a secret of `rule` with these parts beside it.
fn question(id: &str, secret: &str, parts: &[(&str, &str, bool)]) -> Result<Question, Doubt> {
    let (rule, secret) = (rule(id), Secret::new(secret.as_bytes()));
    let values: Vec<Secret> = parts.iter().map(|(_, value, _)| Secret::new(value.as_bytes())).collect();
    let known =
        |((rule, _, sure), secret): (&(&'static str, &str, bool), &'static Secret)| Known { rule, secret, sure: *sure };
    let values: &'static [Secret] = values.leak();
    let owned: Vec<(&'static str, &str, bool)> =
        parts.iter().map(|(rule, value, sure)| (&*rule.to_string().leak(), *value, *sure)).collect();
    let parts = owned.iter().zip(values).map(known).collect();
    Credential { rule: &rule, secret: &secret, parts }.question(&RuleSet::builtin())
}

fn value(question: &Question, name: &str) -> String {
    question.variables.get(name).map(|text| text.to_string()).unwrap_or_default()
}

#[test]
fn equal_credentials_are_one_question_and_others_are_not() {
    let one = question("stripe-secret-key", "one", &[]).expect("a question");
    assert_eq!(one.key, question("stripe-secret-key", "one", &[]).expect("a question").key);
    assert_ne!(one.key, question("stripe-secret-key", "two", &[]).expect("a question").key);
    // What stands beside makes no difference where it is not used.
    let beside = [("twilio-account-sid", "AC1", true)];
    assert_eq!(one.key, question("stripe-secret-key", "one", &beside).expect("a question").key);
}

#[test]
fn half_of_a_pair_is_not_asked_about_alone() {
    let lesser = RuleSet::builtin();
    let pairs = lesser.rules().iter().filter_map(|rule| match &rule.verify {
        Verify::Like(other) => {
            let (_, other) = lesser.find(other)?;
            used(steps(other)).contains(&*rule.id).then(|| (rule.id.to_string(), other.id.to_string()))
        }
        Verify::Steps(_) => None,
    });
    let pairs: Vec<(String, String)> = pairs.collect();
    assert!(!pairs.is_empty(), "no rule is the lesser half of another");
    for (id, other) in &pairs {
        let doubt = question(id, "lesser", &[]).err().unwrap_or_else(|| panic!("{id} is asked about alone"));
        assert!(matches!(doubt.cause, Cause::Incomplete), "{id}: {doubt}");
        if let Ok(both) = question(id, "lesser", &[(other, "graver", true)]) {
            assert_eq!((value(&both, "secret"), value(&both, id)), ("graver".to_owned(), "lesser".to_owned()));
        }
    }
}

#[test]
fn a_pair_that_may_be_another_is_not_sure() {
    let about = |sure| {
        let parts = [("twilio-account-sid", "AC1", sure)];
        question("twilio-auth-token", "token", &parts).expect("a question")
    };
    assert!(about(true).sure);
    assert!(!about(false).sure);
    assert_ne!(about(true).key, about(false).key);
}

#[test]
fn a_kind_that_nobody_can_be_asked_about_is_told_apart() {
    let silent = question("generic-password", "x", &[]).err().expect("nobody is asked about passwords");
    assert_eq!(silent.cause, Cause::NoRequest);
    assert!(is_silent(&rule("generic-password")));
}

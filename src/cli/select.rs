//! `--rule` and `--skip-rule`: which rules of the set a run uses.

use std::collections::BTreeSet;

use super::errors::Failure;
use super::suggest::nearest;
use crate::model::Rule;
use crate::rules::RuleSet;

/// Keeps of `rules` those that `only` names (all, if it is empty) and `skip` does not. A name is an id, a provider or
/// a tag. Other parts of a credential that a chosen rule cannot do without stay, too.
///
/// # Errors
/// If a name is unknown, or no rule is left.
pub fn narrow(rules: &mut RuleSet, only: &[String], skip: &[String]) -> Result<(), Failure> {
    check(rules, only)?;
    check(rules, skip)?;
    if only.is_empty() && skip.is_empty() {
        return Ok(());
    }
    let named = |rule: &Rule, names: &[String]| names.iter().any(|name| rule.is_called(name));
    let mut keep: BTreeSet<String> = rules
        .rules()
        .iter()
        .filter(|rule| (only.is_empty() || named(rule, only)) && !named(rule, skip))
        .map(|rule| rule.id.to_string())
        .collect();
    if !rules.rules().iter().any(|rule| keep.contains(&*rule.id) && !rule.identifier) {
        return Err(Failure::new("no rule is left to scan with")
            .hint("see `unspill rules list`, and loosen --rule or --skip-rule"));
    }
    let needed: Vec<String> = rules
        .rules()
        .iter()
        .filter(|rule| keep.contains(&*rule.id))
        .flat_map(|rule| rule.companions.iter())
        .filter(|pair| pair.required || rules.find(&pair.rule).is_some_and(|(_, rule)| rule.identifier))
        .map(|pair| pair.rule.to_string())
        .collect();
    keep.extend(needed);
    rules.retain(|rule| keep.contains(&*rule.id));
    Ok(())
}

/// Checks that there is a rule for each name.
///
/// # Errors
/// If there is none for one.
pub fn check(rules: &RuleSet, names: &[String]) -> Result<(), Failure> {
    let stranger = names.iter().find(|name| !rules.rules().iter().any(|rule| rule.is_called(name)));
    stranger.map_or(Ok(()), |name| Err(unknown(rules, name)))
}

/// The failure where no rule has this id; of the ids nearly like it, one that `wanted` says yes to is pointed at.
pub fn no_such_rule(rules: &RuleSet, id: &str, wanted: impl Fn(&Rule) -> bool) -> Failure {
    let near = nearest(id, rules.rules().iter().filter(|rule| wanted(rule)).map(|rule| &*rule.id));
    let provider = id.split(['-', '_']).next().filter(|word| rules.rules().iter().any(|rule| rule.is_called(word)));
    let hint = match (near, provider) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(provider)) => format!("`unspill rules list {provider}` shows those of {provider}"),
        (None, None) => "`unspill rules list` shows all".to_owned(),
    };
    Failure::new(format!("there is no rule `{id}`")).hint(hint)
}

fn unknown(rules: &RuleSet, name: &str) -> Failure {
    let known: BTreeSet<&str> = rules
        .rules()
        .iter()
        .flat_map(|rule| [&*rule.id, &*rule.provider].into_iter().chain(rule.tags.iter().map(|tag| &**tag)))
        .collect();
    let hint = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`unspill rules list` shows all ids, providers and tags".to_owned(),
    };
    Failure::new(format!("no rule has the id, provider or tag `{name}`")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::file::RuleFile;

    const RULES: &str = r#"
        provider = "acme"
        [[rule]]
        id = "acme-key"
        tags = ["cloud"]
        pattern = '(?<secret>acme_[a-z]{20})'
        companions = [{ rule = "acme-user" }]
        [[rule]]
        id = "acme-user"
        identifier = true
        pattern = '(?<secret>user_[a-z]{20})'
        [[rule]]
        id = "other-token"
        provider = "other"
        pattern = '(?<secret>othr_[a-z]{20})'
    "#;

    fn narrowed(only: &[&str], skip: &[&str]) -> Result<Vec<String>, String> {
        let file: RuleFile = toml::from_str(RULES).unwrap();
        let built = file.rules.iter().map(|raw| raw.get_ref().build(file.provider.as_deref()).unwrap());
        let mut rules = RuleSet::new(built);
        let owned = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        narrow(&mut rules, &owned(only), &owned(skip)).map_err(|e| e.to_string())?;
        Ok(rules.rules().iter().map(|rule| rule.id.to_string()).collect())
    }

    #[test]
    fn by_id_provider_and_tag() {
        assert_eq!(narrowed(&["other-token"], &[]).unwrap(), ["other-token"]);
        assert_eq!(narrowed(&["acme"], &[]).unwrap(), ["acme-key", "acme-user"]);
        assert_eq!(narrowed(&[], &["acme"]).unwrap(), ["other-token"]);
        assert_eq!(narrowed(&["acme", "other"], &["cloud"]).unwrap(), ["acme-user", "other-token"]);
    }

    #[test]
    fn a_chosen_rule_keeps_its_companions() {
        assert_eq!(narrowed(&["cloud"], &[]).unwrap(), ["acme-key", "acme-user"]);
    }

    #[test]
    fn wrong_names_and_an_empty_set_are_errors() {
        assert!(narrowed(&["acme-kez"], &[]).unwrap_err().contains("acme-kez"));
        assert!(narrowed(&["acme-key"], &["acme"]).unwrap_err().contains("no rule"));
        assert!(narrowed(&["acme-user"], &[]).unwrap_err().contains("no rule"));
    }
}

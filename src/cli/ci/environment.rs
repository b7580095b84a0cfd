//! The environment of a job: variables that are empty count as unset, and what comes out of one is checked before it is
//! believed, for branch names and titles are chosen by whoever opens a pull request.

use std::collections::BTreeMap;

use super::super::errors::Failure;

/// Variables by name.
#[derive(Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// That of this process. Names and values that are no valid UTF-8 are none that a CI sets.
    pub fn of_process() -> Self {
        Environment::of(std::env::vars_os().filter_map(|(name, value)| {
            let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
            Some((name, value))
        }))
    }

    /// These variables.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Environment(variables.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether it has this value, in any case of letters.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    /// The value of a variable that the CI promises to set.
    ///
    /// # Errors
    /// If it is not set.
    pub fn need(&self, name: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| Failure::new(format!("{name} is not set")).hint(NAME_IT))
    }

    /// The commit id in a variable; `None` if it is unset, or all zeros: the usual way to say that there is none.
    ///
    /// # Errors
    /// If it is set to something else.
    pub fn commit(&self, name: &str) -> Result<Option<String>, Failure> {
        self.get(name).map_or(Ok(None), |id| commit(id, name))
    }
}

/// What to do where the CI does not tell what is needed.
const NAME_IT: &str = "name what to scan with --base, or scan all with `unspill git`";

/// The commit id in `text`, which stands in `place`; `None` for all zeros.
///
/// # Errors
/// If it is none.
pub fn commit(text: &str, place: &str) -> Result<Option<String>, Failure> {
    if !is_id(text) {
        return Err(Failure::new(format!("{place} holds no commit id")).hint(NAME_IT));
    }
    Ok(text.bytes().any(|b| b != b'0').then(|| text.to_ascii_lowercase()))
}

/// The name of a branch, with or without `refs/heads/` in front; `None` if no branch can have it (see `git
/// check-ref-format`): then it must not reach a command line.
pub fn branch(name: &str) -> Option<String> {
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    let forbidden = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let fine = !name.is_empty()
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && !name.contains("..")
        && !name.contains("//")
        && !name.contains("@{")
        && !name.contains(forbidden);
    fine.then(|| name.to_owned())
}

/// Whether a text has the form of a whole id of an object, SHA-1 or SHA-256.
pub fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_believed_only_if_they_look_like_one() {
        let id = "0123456789abcdefABCDEF0123456789abcdef01";
        assert_eq!(commit(id, "X").unwrap(), Some(id.to_ascii_lowercase()));
        assert_eq!(commit(&"0".repeat(40), "X").unwrap(), None);
        for wrong in ["HEAD", "--upload-pack=x", "0123", &"g".repeat(40)] {
            assert!(commit(wrong, "X").is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_that_no_branch_can_have_are_refused() {
        assert_eq!(branch("refs/heads/feature/one"), Some("feature/one".to_owned()));
        assert_eq!(branch("main"), Some("main".to_owned()));
        for wrong in ["", "-x", "a b", "a:b", "a..b", "a\nb", "a*", "/a", "a/", "a@{1}"] {
            assert_eq!(branch(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn empty_is_unset() {
        let environment = Environment::of([("A".to_owned(), String::new()), ("B".to_owned(), "True".to_owned())]);
        assert_eq!(environment.get("A"), None);
        assert!(environment.is("B", "true"));
        assert!(environment.need("A").is_err());
    }
}

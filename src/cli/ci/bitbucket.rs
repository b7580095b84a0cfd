//! Bitbucket Pipelines: pull requests name the commit of their destination; of a push nothing is told but its last
//! commit.
//!
//! Variables: <https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/>.

use super::super::errors::Failure;
use super::detect::{Base, Known, Part, Task};
use super::environment::{Environment, branch};

/// What these variables say.
///
/// # Errors
/// If one that must be set is not.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    let to = environment.commit("BITBUCKET_COMMIT")?.unwrap_or_else(|| "HEAD".to_owned());
    if let Some(number) = environment.get("BITBUCKET_PR_ID") {
        // The commit is given in its short form at times: then the branch says the same.
        let base = match environment.commit("BITBUCKET_PR_DESTINATION_COMMIT") {
            Ok(Some(base)) => Base::Exactly(base),
            _ => branch(environment.need("BITBUCKET_PR_DESTINATION_BRANCH")?)
                .map(Base::Tip)
                .ok_or_else(|| Failure::new("the name of the destination branch is not one that git allows"))?,
        };
        return Ok(Task { event: format!("pull request {number}"), part: Part::New { to: to.into(), base } });
    }
    let Some(name) = environment.get("BITBUCKET_BRANCH").or_else(|| environment.get("BITBUCKET_TAG")) else {
        return Ok(Task { event: "custom pipeline".to_owned(), part: Part::Everything });
    };
    let known = Known::usual_defaults(Some(name));
    Ok(Task { event: format!("push to {name}"), part: Part::New { to: to.into(), base: Base::FirstOf(known) } })
}

//! CircleCI: its variables tell the commit, and nothing of what was there before. The pipeline value
//! `pipeline.git.base_revision` does, and can be handed over as `--base`.
//!
//! Variables: <https://circleci.com/docs/reference/variables/>.

use super::super::errors::Failure;
use super::detect::{Base, Known, Part, Task, named};
use super::environment::Environment;

/// What these variables say.
///
/// # Errors
/// If one that must be set is not.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    let to = environment.commit("CIRCLE_SHA1")?.unwrap_or_else(|| "HEAD".to_owned());
    let name = environment.get("CIRCLE_BRANCH").or_else(|| environment.get("CIRCLE_TAG")).unwrap_or_default();
    let known = Known::usual_defaults(Some(name));
    let event = match environment.get("CIRCLE_PULL_REQUEST") {
        Some(_) => named("pull request", "from ", name),
        None => named("push", "to ", name),
    };
    Ok(Task { event, part: Part::New { to: to.into(), base: Base::FirstOf(known) } })
}

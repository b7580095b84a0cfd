//! Jenkins: multibranch jobs name the target of a change request; other builds know which commit of the branch was built
//! before.
//!
//! Variables: those of the branch API (`CHANGE_*`) and of the git plugin (`GIT_*`), as `/env-vars.html` of any Jenkins lists
//! them, <https://plugins.jenkins.io/git/#plugin-content-environment-variables>.

use super::super::errors::Failure;
use super::detect::{Base, Known, Part, Task, named};
use super::environment::{Environment, branch};

/// What these variables say.
///
/// # Errors
/// If one that must be set is not.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    if let Some(number) = environment.get("CHANGE_ID") {
        let base = branch(environment.need("CHANGE_TARGET")?)
            .map(Base::Tip)
            .ok_or_else(|| Failure::new("CHANGE_TARGET is not a name that git allows"))?;
        // Where the job merges before it builds, GIT_COMMIT is not what is checked out.
        let part = Part::New { to: "HEAD".to_owned().into(), base };
        return Ok(Task { event: format!("change request {number}"), part });
    }
    let to = environment.commit("GIT_COMMIT")?.unwrap_or_else(|| "HEAD".to_owned());
    // What the last good build has seen: counting from the last build of all
    // (GIT_PREVIOUS_COMMIT), a secret would stop only the first build that has it.
    let before = environment.commit("GIT_PREVIOUS_SUCCESSFUL_COMMIT")?;
    let known = before.map(Known::Commit).into_iter().collect();
    let name = environment.get("GIT_BRANCH").or_else(|| environment.get("BRANCH_NAME")).unwrap_or_default();
    Ok(Task { event: named("build", "of ", name), part: Part::New { to: to.into(), base: Base::FirstOf(known) } })
}

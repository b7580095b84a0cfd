//! Azure Pipelines: pull requests name their target branch; of a push nothing is told but its last commit.
//!
//! Variables: <https://learn.microsoft.com/azure/devops/pipelines/build/variables>, upper case and with `_` for `.`.

use super::super::errors::Failure;
use super::detect::{Base, Known, Part, Task, Tip, named};
use super::environment::{Environment, branch};

/// What these variables say.
///
/// # Errors
/// If one that must be set is not.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    let reason = environment.get("BUILD_REASON").unwrap_or("Manual");
    if let Some(target) = environment.get("SYSTEM_PULLREQUEST_TARGETBRANCH") {
        // With and without `refs/heads/`, whatever the documentation says.
        let target =
            branch(target).ok_or_else(|| Failure::new("the name of the target branch is not one that git allows"))?;
        // Set for pull requests of Azure Repos and GitHub; BUILD_SOURCEVERSION is the merge that is built.
        let to = match environment.commit("SYSTEM_PULLREQUEST_SOURCECOMMITID")? {
            Some(commit) => Tip::from(commit),
            None => Tip::from("HEAD".to_owned()),
        };
        let number = environment.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER");
        let number = number.or_else(|| environment.get("SYSTEM_PULLREQUEST_PULLREQUESTID")).unwrap_or_default();
        return Ok(Task { event: named("pull request", "", number), part: Part::New { to, base: Base::Tip(target) } });
    }
    if !matches!(reason, "IndividualCI" | "BatchedCI") {
        return Ok(Task { event: format!("build for reason {reason}"), part: Part::Everything });
    }
    let to = environment.commit("BUILD_SOURCEVERSION")?.unwrap_or_else(|| "HEAD".to_owned());
    let name = environment.get("BUILD_SOURCEBRANCH").unwrap_or_default();
    let known = Known::usual_defaults(branch(name).as_deref());
    Ok(Task { event: named("push", "to ", name), part: Part::New { to: to.into(), base: Base::FirstOf(known) } })
}

//! GitLab CI: merge requests bring the base of their diff along, pushes the commit that was there before.
//!
//! Variables: <https://docs.gitlab.com/ci/variables/predefined_variables/>.

use super::super::errors::Failure;
use super::detect::{Base, Known, Part, Task, Tip, named};
use super::environment::{Environment, branch};

/// What these variables say.
///
/// # Errors
/// If one that must be set is not.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    let commit = || {
        environment.commit("CI_COMMIT_SHA")?.map_or_else(|| environment.need("CI_COMMIT_SHA").map(str::to_owned), Ok)
    };
    if let Some(number) = environment.get("CI_MERGE_REQUEST_IID") {
        // In pipelines for merged results CI_COMMIT_SHA is a merge that only GitLab has; this one is set there, and nowhere
        // else.
        let commit = match environment.commit("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")? {
            Some(source) => source,
            None => commit()?,
        };
        let reference =
            number.bytes().all(|b| b.is_ascii_digit()).then(|| format!("refs/merge-requests/{number}/head"));
        let base = match environment.commit("CI_MERGE_REQUEST_DIFF_BASE_SHA")? {
            Some(base) => Base::Exactly(base),
            None => target(environment.need("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")?)?,
        };
        let event = format!("merge request {number}");
        return Ok(Task { event, part: Part::New { to: Tip { commit, reference }, base } });
    }
    let source = environment.get("CI_PIPELINE_SOURCE").unwrap_or("push");
    if source == "external_pull_request_event" {
        let to = environment.commit("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA")?.map_or_else(commit, Ok)?;
        let base = match environment.commit("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA")? {
            Some(base) => Base::Exactly(base),
            None => target(environment.need("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME")?)?,
        };
        return Ok(Task { event: "external pull request".to_owned(), part: Part::New { to: to.into(), base } });
    }
    if source != "push" {
        return Ok(Task { event: format!("pipeline started by {source}"), part: Part::Everything });
    }
    // All zeros for a new branch or tag.
    let before = environment.commit("CI_COMMIT_BEFORE_SHA")?.map(Known::Commit);
    let default = environment.get("CI_DEFAULT_BRANCH").and_then(branch);
    let default = default.filter(|name| environment.get("CI_COMMIT_BRANCH") != Some(name)).map(Known::Branch);
    let base = Base::FirstOf(before.into_iter().chain(default).collect());
    let name = environment.get("CI_COMMIT_REF_NAME").unwrap_or_default();
    Ok(Task { event: named("push", "to ", name), part: Part::New { to: commit()?.into(), base } })
}

fn target(name: &str) -> Result<Base, Failure> {
    branch(name).map(Base::Tip).ok_or_else(|| Failure::new("the name of the target branch is not one that git allows"))
}

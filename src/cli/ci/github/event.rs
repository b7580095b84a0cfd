//! The event file: what GitHub tells of the event that started a workflow. It names the commits; the environment only
//! names the event.
//!
//! Payloads: <https://docs.github.com/webhooks/webhook-events-and-payloads>; events that start workflows:
//! <https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows>.

use std::fs::File;
use std::io::{BufReader, Read};

use serde::Deserialize;

use super::super::super::errors::Failure;
use super::super::detect::{Base, Known, Part, Task, Tip, named};
use super::super::environment::{Environment, branch, commit};

/// A larger event file is none: GitHub caps payloads at 25 MB.
const LARGEST: u64 = 32 << 20;

/// What is of interest in an event.
#[derive(Debug, Default, Deserialize)]
struct Event {
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    before: Option<String>,
    after: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    repository: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    number: u64,
    base: Side,
    head: Side,
}

#[derive(Debug, Deserialize)]
struct Side {
    sha: String,
    /// Gone if the fork is.
    repo: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    base_sha: String,
    head_sha: String,
}

#[derive(Debug, Deserialize)]
struct Repository {
    default_branch: Option<String>,
    full_name: Option<String>,
}

/// The pull request that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    /// Whether it comes from another repository: then the job's token may only read.
    pub is_foreign: bool,
}

/// The pull request that started the workflow, if one did.
///
/// # Errors
/// If the event file cannot be read.
pub fn pull_request(environment: &Environment) -> Result<Option<Pull>, Failure> {
    let Some(pull) = read(environment.need("GITHUB_EVENT_PATH")?)?.pull_request else { return Ok(None) };
    let from = pull.head.repo.and_then(|repo| repo.full_name);
    Ok(Some(Pull { number: pull.number, is_foreign: from.as_deref() != environment.get("GITHUB_REPOSITORY") }))
}

/// What the event says is to be looked at.
///
/// # Errors
/// If the event file cannot be read, or lacks what an event of its kind has.
pub fn task(environment: &Environment) -> Result<Task, Failure> {
    let name = environment.need("GITHUB_EVENT_NAME")?;
    match name {
        // A whole history needs no payload, and these two have hardly any.
        "schedule" | "workflow_dispatch" | "repository_dispatch" => {
            Ok(Task { event: name.to_owned(), part: Part::Everything })
        }
        _ => of_event(name, read(environment.need("GITHUB_EVENT_PATH")?)?),
    }
}

fn read(path: &str) -> Result<Event, Failure> {
    let failure = |why: String, hint: &str| {
        Failure::new(format!("the event file {path} cannot be read: {why}")).hint(hint.to_owned())
    };
    let file = File::open(path).map_err(|error| {
        let hint = "GitHub writes it; in a container, mount the folder that GITHUB_EVENT_PATH names";
        failure(error.to_string(), hint)
    })?;
    serde_json::from_reader(BufReader::new(file.take(LARGEST))).map_err(|error| {
        let hint = "it is to hold the event in JSON, as GitHub writes it: see that no step of the job changes it";
        failure(error.to_string(), hint)
    })
}

fn of_event(name: &str, event: Event) -> Result<Task, Failure> {
    let missing = |what: &str| {
        Failure::new(format!("the event file has no usable {what}, which events of the kind {name} have"))
            .hint("name what to scan with --base, or scan all with `unspill git`")
    };
    let id = |text: &str, what: &str| commit(text, what).ok().flatten().ok_or_else(|| missing(what));
    // Reviews and comments on the code of a pull request bring it along, too.
    if let Some(pull) = event.pull_request {
        let reference = Some(format!("refs/pull/{}/head", pull.number));
        let to = Tip { commit: id(&pull.head.sha, "pull_request.head.sha")?, reference };
        let base = Base::Exactly(id(&pull.base.sha, "pull_request.base.sha")?);
        return Ok(Task { event: format!("pull request #{}", pull.number), part: Part::New { to, base } });
    }
    if let Some(group) = event.merge_group {
        let to = id(&group.head_sha, "merge_group.head_sha")?.into();
        let base = Base::Exactly(id(&group.base_sha, "merge_group.base_sha")?);
        return Ok(Task { event: "merge group".to_owned(), part: Part::New { to, base } });
    }
    match name {
        "pull_request" | "pull_request_target" => Err(missing("pull_request")),
        "merge_group" => Err(missing("merge_group")),
        "push" => push(event, missing),
        _ => Ok(Task { event: name.to_owned(), part: Part::Everything }),
    }
}

fn push(event: Event, missing: impl Fn(&str) -> Failure) -> Result<Task, Failure> {
    let reference = event.reference.unwrap_or_default();
    let after = commit(event.after.as_deref().unwrap_or_default(), "after").map_err(|_| missing("after"))?;
    let short = reference.strip_prefix("refs/heads/").or_else(|| reference.strip_prefix("refs/tags/"));
    let words = named("push", "to ", short.unwrap_or(&reference));
    let Some(after) = after else {
        return Ok(Task { event: words, part: Part::Nothing("it was deleted") });
    };
    // All zeros for what is new. A forced push may have taken it out of every branch: it can be had for a while, or not.
    let before = commit(event.before.as_deref().unwrap_or_default(), "before").map_err(|_| missing("before"))?;
    let default = event.repository.and_then(|repository| repository.default_branch);
    let default = default.as_deref().and_then(branch).filter(|name| format!("refs/heads/{name}") != reference);
    let known = before.map(Known::Commit).into_iter().chain(default.map(Known::Branch)).collect();
    // A tag of its own kind of object is followed to its commit.
    let to = Tip { commit: after, reference: Some(reference).filter(|name| is_ref(name)) };
    Ok(Task { event: words, part: Part::New { to, base: Base::FirstOf(known) } })
}

/// Whether it is the full name of a ref that may go on a command line.
fn is_ref(name: &str) -> bool {
    name.strip_prefix("refs/").is_some_and(|rest| branch(rest).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1111111111111111111111111111111111111111";
    const NEW: &str = "2222222222222222222222222222222222222222";
    const NONE: &str = "0000000000000000000000000000000000000000";

    fn of(name: &str, event: serde_json::Value) -> Result<Task, Failure> {
        of_event(name, serde_json::from_value(event).expect("an event"))
    }

    #[test]
    fn a_pull_request_is_compared_to_its_base() {
        let event = serde_json::json!({
            "pull_request": { "number": 7, "base": { "sha": OLD, "ref": "main" }, "head": { "sha": NEW } }
        });
        for name in ["pull_request", "pull_request_target", "pull_request_review"] {
            let task = of(name, event.clone()).unwrap();
            let to = Tip { commit: NEW.to_owned(), reference: Some("refs/pull/7/head".to_owned()) };
            assert_eq!(task.part, Part::New { to, base: Base::Exactly(OLD.to_owned()) });
        }
    }

    #[test]
    fn what_an_event_must_have_is_not_made_up() {
        let no_base =
            serde_json::json!({ "pull_request": { "number": 7, "base": { "sha": "main" }, "head": { "sha": NEW } } });
        assert!(of("pull_request", no_base).is_err());
        assert!(of("pull_request", serde_json::json!({})).is_err());
        assert!(of("merge_group", serde_json::json!({})).is_err());
        assert!(of("push", serde_json::json!({ "before": OLD })).is_err());
        assert!(of("push", serde_json::json!({ "after": NEW })).is_err());
    }

    #[test]
    fn pushes() {
        let push = |before: &str, after: &str, to: &str| {
            let repository = serde_json::json!({ "default_branch": "main" });
            of("push", serde_json::json!({ "before": before, "after": after, "ref": to, "repository": repository }))
                .unwrap()
                .part
        };
        let base = |part: Part| match part {
            Part::New { base: Base::FirstOf(known), .. } => known,
            other => panic!("{other:?}"),
        };
        let main = Known::Branch("main".to_owned());
        assert_eq!(base(push(OLD, NEW, "refs/heads/main")), [Known::Commit(OLD.to_owned())]);
        assert_eq!(base(push(OLD, NEW, "refs/heads/topic")), [Known::Commit(OLD.to_owned()), main.clone()]);
        assert_eq!(base(push(NONE, NEW, "refs/heads/topic")), [main]);
        assert_eq!(base(push(NONE, NEW, "refs/heads/main")), []);
        assert!(matches!(push(OLD, NONE, "refs/heads/topic"), Part::Nothing(_)));
    }

    #[test]
    fn other_events_are_about_everything() {
        assert_eq!(of("release", serde_json::json!({})).unwrap().part, Part::Everything);
    }
}

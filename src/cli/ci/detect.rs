//! Which CI a job runs in, and what its variables say is new: the question of [`Task`], put to each in its own words.

use super::super::errors::Failure;
use super::environment::Environment;
use super::{azure, bitbucket, circleci, github, gitlab, jenkins};
use crate::report::markdown::Links;

/// The systems that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ci {
    /// GitHub Actions, and what follows its lead: Gitea, Forgejo.
    GitHub,
    GitLab,
    Azure,
    Bitbucket,
    Circle,
    Jenkins,
}

/// What a job is to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What started the job, in words: `pull request 12`; empty where that is of no interest.
    pub event: String,
    /// The commits to look at.
    pub part: Part,
}

/// An event in words: `push`, or `push to main` where the name is known.
pub fn named(what: &str, link: &str, name: &str) -> String {
    if name.is_empty() { what.to_owned() } else { format!("{what} {link}{name}") }
}

/// Which commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of the repository.
    Everything,
    /// What `to` has and the base has not.
    New { to: Tip, base: Base },
    /// None, and why.
    Nothing(&'static str),
}

/// A commit, and where to get it if the remote does not give it away by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its id, or `HEAD`.
    pub commit: String,
    /// The ref of the remote that leads to it.
    pub reference: Option<String>,
}

/// What is known already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// This commit and no other: the review is about just that difference.
    Exactly(String),
    /// The tip of this branch and no other.
    Tip(String),
    /// The first of these that can be had. If none can, nothing counts as known: too much is scanned, never too little.
    FirstOf(Vec<Known>),
}

/// What may be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    Commit(String),
    Branch(String),
}

impl Known {
    /// For systems that do not tell which branch is the default one: the two that it mostly is, and nothing if the job is
    /// on one of them.
    pub fn usual_defaults(on: Option<&str>) -> Vec<Known> {
        const USUAL: [&str; 2] = ["main", "master"];
        match on {
            Some(name) if USUAL.contains(&name) => Vec::new(),
            _ => USUAL.map(|name| Known::Branch(name.to_owned())).into(),
        }
    }
}

impl From<String> for Tip {
    fn from(commit: String) -> Tip {
        Tip { commit, reference: None }
    }
}

impl Ci {
    /// The one that these variables are from. Each sets one that says so; several do where one runs inside another, and
    /// then the first one here counts.
    pub fn of(environment: &Environment) -> Option<Ci> {
        let here = [
            (environment.is("GITHUB_ACTIONS", "true"), Ci::GitHub),
            (environment.is("GITLAB_CI", "true"), Ci::GitLab),
            (environment.is("TF_BUILD", "true"), Ci::Azure),
            (environment.get("BITBUCKET_BUILD_NUMBER").is_some(), Ci::Bitbucket),
            (environment.is("CIRCLECI", "true"), Ci::Circle),
            (environment.get("JENKINS_URL").is_some(), Ci::Jenkins),
        ];
        here.into_iter().find(|(is_set, _)| *is_set).map(|(_, ci)| ci)
    }

    /// What is to be looked at.
    ///
    /// # Errors
    /// If its variables do not say so.
    pub fn task(self, environment: &Environment) -> Result<Task, Failure> {
        match self {
            Ci::GitHub => github::event::task(environment),
            Ci::GitLab => gitlab::task(environment),
            Ci::Azure => azure::task(environment),
            Ci::Bitbucket => bitbucket::task(environment),
            Ci::Circle => circleci::task(environment),
            Ci::Jenkins => jenkins::task(environment),
        }
    }

    /// Where the server shows files and commits, as far as its variables tell.
    pub fn links(self, environment: &Environment) -> Links {
        match self {
            Ci::GitHub => {
                let (server, name) = (environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY"));
                server.zip(name).map(|(server, name)| Links::github(&format!("{server}/{name}"))).unwrap_or_default()
            }
            Ci::GitLab => environment.get("CI_PROJECT_URL").map(Links::gitlab).unwrap_or_default(),
            Ci::Azure | Ci::Bitbucket | Ci::Circle | Ci::Jenkins => Links::default(),
        }
    }

    /// When the job began: the variable that tells, and what it says.
    pub fn started(self, environment: &Environment) -> Option<(&'static str, &str)> {
        const GITLAB: &str = "CI_JOB_STARTED_AT";
        (self == Ci::GitLab).then(|| environment.get(GITLAB)).flatten().map(|value| (GITLAB, value))
    }

    /// What to write into the job's configuration so that it gets the whole history.
    pub const fn full_clone(self) -> &'static str {
        match self {
            Ci::GitHub => "add `fetch-depth: 0` below `with:` of the actions/checkout step",
            Ci::GitLab => "add `GIT_DEPTH: 0` below `variables:` of the job",
            Ci::Azure => "add the step `- checkout: self` with `fetchDepth: 0`",
            Ci::Bitbucket => "add `depth: full` below `clone:` of the step",
            Ci::Circle => "use the step `- checkout: {method: full}`",
            Ci::Jenkins => "switch off «Shallow clone» under the advanced clone behaviours of the job",
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Ci::GitHub => "GitHub Actions",
            Ci::GitLab => "GitLab CI",
            Ci::Azure => "Azure Pipelines",
            Ci::Bitbucket => "Bitbucket Pipelines",
            Ci::Circle => "CircleCI",
            Ci::Jenkins => "Jenkins",
        }
    }
}

//! The other systems: each says in its own variables what is new.

use super::job::{Job, NONE, leak, secret};
use super::support::repo::Repo;

/// As a clone is: main with a leak, `topic` with two commits, the second one with a leak, and another leak on main since.
fn clone() -> Repo {
    let repo = Repo::new();
    repo.commit_file("old.py", leak(&secret()));
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.commit_file("topic.py", "nothing\n");
    repo.commit_file("topic.py", leak(&secret()));
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("new.py", leak(&secret()));
    repo.git(&["checkout", "-q", "--detach", "topic"]);
    repo.git(&["remote", "add", "origin", "/nowhere"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    repo
}

/// Runs a job with these variables, of which `$name` stands for the commit of that name; answers with the files that
/// findings are in.
fn found(repo: &Repo, variables: &[(&str, &str)], args: &[&str]) -> Vec<String> {
    let job = variables.iter().fold(Job::new(&[]), |job, (name, value)| {
        let value = value.strip_prefix('$').map_or((*value).to_owned(), |revision| repo.id(revision).to_string());
        job.with(&[(name, &value)])
    });
    let ran = job.run(repo.path(), &[&["--format", "jsonl"], args].concat());
    let records = ran.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let mut files: Vec<String> = records.filter_map(|record| Some(record.get("file")?.as_str()?.to_owned())).collect();
    files.sort();
    files.dedup();
    assert_eq!(ran.code, i32::from(!files.is_empty()), "{}", ran.everything());
    files
}

const ALL: [&str; 3] = ["new.py", "old.py", "topic.py"];

#[test]
fn gitlab() {
    let repo = clone();
    let request = [
        ("GITLAB_CI", "true"),
        ("CI_PIPELINE_SOURCE", "merge_request_event"),
        ("CI_MERGE_REQUEST_IID", "3"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "$topic~2"),
        ("CI_COMMIT_BEFORE_SHA", NONE),
        ("CI_COMMIT_SHA", "$topic"),
    ];
    assert_eq!(found(&repo, &request, &[]), ["topic.py"]);
    let push = |before| {
        [
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_BEFORE_SHA", before),
            ("CI_COMMIT_SHA", "$topic"),
            ("CI_COMMIT_BRANCH", "topic"),
            ("CI_DEFAULT_BRANCH", "main"),
        ]
    };
    assert_eq!(found(&repo, &push("$topic~1"), &[]), ["topic.py"]);
    assert!(found(&repo, &push("$topic"), &[]).is_empty());
    assert_eq!(found(&repo, &push(NONE), &[]), ["topic.py"]);
    let schedule = [("GITLAB_CI", "true"), ("CI_PIPELINE_SOURCE", "schedule"), ("CI_COMMIT_SHA", "$topic")];
    assert_eq!(found(&repo, &schedule, &[]), ALL);
}

/// In pipelines for merged results the commit is a merge that nobody else has.
#[test]
fn gitlab_merged_results() {
    let repo = clone();
    repo.git(&["merge", "-q", "--no-ff", "-m", "merged", "main"]);
    let request = [
        ("GITLAB_CI", "true"),
        ("CI_MERGE_REQUEST_IID", "3"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "$topic~2"),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "$topic"),
        ("CI_COMMIT_SHA", "$HEAD"),
    ];
    assert_eq!(found(&repo, &request, &[]), ["topic.py"]);
}

#[test]
fn azure() {
    let repo = clone();
    let request = [
        ("TF_BUILD", "True"),
        ("BUILD_REASON", "PullRequest"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("SYSTEM_PULLREQUEST_SOURCECOMMITID", "$topic"),
    ];
    assert_eq!(found(&repo, &request, &[]), ["topic.py"]);
    let push = [
        ("TF_BUILD", "True"),
        ("BUILD_REASON", "IndividualCI"),
        ("BUILD_SOURCEVERSION", "$topic"),
        ("BUILD_SOURCEBRANCH", "refs/heads/topic"),
    ];
    assert_eq!(found(&repo, &push, &[]), ["topic.py"]);
    let default = [
        ("TF_BUILD", "True"),
        ("BUILD_REASON", "IndividualCI"),
        ("BUILD_SOURCEVERSION", "$main"),
        ("BUILD_SOURCEBRANCH", "refs/heads/main"),
    ];
    assert_eq!(found(&repo, &default, &[]), ["new.py", "old.py"]);
    assert_eq!(found(&repo, &[("TF_BUILD", "True"), ("BUILD_REASON", "Schedule")], &[]), ALL);
}

#[test]
fn bitbucket() {
    let repo = clone();
    let request = [
        ("BITBUCKET_BUILD_NUMBER", "5"),
        ("BITBUCKET_PR_ID", "3"),
        ("BITBUCKET_PR_DESTINATION_COMMIT", "$main"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BITBUCKET_COMMIT", "$topic"),
    ];
    assert_eq!(found(&repo, &request, &[]), ["topic.py"]);
    let mut short = request;
    short[2].1 = "0123456789ab";
    assert_eq!(found(&repo, &short, &[]), ["topic.py"]);
    let push = [("BITBUCKET_BUILD_NUMBER", "5"), ("BITBUCKET_BRANCH", "topic"), ("BITBUCKET_COMMIT", "$topic")];
    assert_eq!(found(&repo, &push, &[]), ["topic.py"]);
    assert_eq!(found(&repo, &[("BITBUCKET_BUILD_NUMBER", "5"), ("BITBUCKET_COMMIT", "$topic")], &[]), ALL);
}

#[test]
fn circleci() {
    let repo = clone();
    let push = [("CIRCLECI", "true"), ("CIRCLE_SHA1", "$topic"), ("CIRCLE_BRANCH", "topic")];
    assert_eq!(found(&repo, &push, &[]), ["topic.py"]);
    let base = repo.id("topic~1").to_string();
    assert_eq!(found(&repo, &push, &["--base", &base]), ["topic.py"]);
    assert!(found(&repo, &push, &["--base", "topic"]).is_empty());
    // As a pipeline value is where there is none.
    assert_eq!(found(&repo, &push, &["--base", ""]), ["topic.py"]);
}

#[test]
fn jenkins() {
    let repo = clone();
    let url = ("JENKINS_URL", "https://ci.example/");
    let request = [url, ("CHANGE_ID", "3"), ("CHANGE_TARGET", "main"), ("GIT_COMMIT", "$topic")];
    assert_eq!(found(&repo, &request, &[]), ["topic.py"]);
    let build = [
        url,
        ("GIT_COMMIT", "$topic"),
        ("GIT_PREVIOUS_COMMIT", "$topic"),
        ("GIT_PREVIOUS_SUCCESSFUL_COMMIT", "$topic~1"),
    ];
    assert_eq!(found(&repo, &build, &[]), ["topic.py"]);
    assert_eq!(found(&repo, &[url, ("GIT_COMMIT", "$topic")], &[]), ["old.py", "topic.py"]);
}

#[test]
fn without_a_ci_it_must_be_said_what_is_new() {
    let repo = clone();
    let ran = Job::new(&[]).run(repo.path(), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--base"), "{}", ran.stderr);
    assert_eq!(found(&repo, &[], &["--base", "main"]), ["topic.py"]);
    assert_eq!(found(&repo, &[], &["--base", "topic", "--head", "main"]), ["new.py"]);
}

#[test]
fn what_is_told_of_the_range_reads_well() {
    let repo = clone();
    let job = Job::new(&[]);
    let wrong = job.run(repo.path(), &["--base", "origin/nope"]);
    assert!(wrong.stderr.contains("there is no revision origin/nope"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("--unshallow"), "{}", wrong.stderr);
    let (main, topic) = (repo.id("main").to_string(), repo.id("topic").to_string());
    let right = job.run(repo.path(), &["--base", "main"]);
    assert!(right.stderr.contains(&format!("note: commits {}..{}\n", &main[..10], &topic[..10])), "{}", right.stderr);
    let job = Job::new(&[("GITLAB_CI", "true"), ("CI_COMMIT_SHA", &topic), ("CI_COMMIT_BEFORE_SHA", &main)]);
    let ran = job.run(repo.path(), &[]);
    assert!(ran.stderr.contains(" for push\n"), "{}", ran.stderr);
}

#[test]
fn where_there_is_no_checkout_it_says_so() {
    let job = Job::new(&[]);
    let ran = job.run(&job.file("."), &["--base", "main"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no checkout"), "{}", ran.stderr);
}

/// What GitLab's report says of the time.
fn time_of_gitlab(repo: &Repo, variables: &[(&str, &str)]) -> Result<String, String> {
    let head = repo.id("topic").to_string();
    let job = Job::new(variables).with(&[("CI_PIPELINE_SOURCE", "schedule"), ("CI_COMMIT_SHA", &head)]);
    let ran = job.run(repo.path(), &["--base", "main", "--format", "gitlab"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).map_err(|_| ran.everything())?;
    assert_eq!(report["scan"]["start_time"], report["scan"]["end_time"]);
    Ok(report["scan"]["start_time"].as_str().expect("a time").to_owned())
}

#[test]
fn a_report_of_gitlab_bears_the_time_of_the_job() {
    let repo = clone();
    let (gitlab, started) = (("GITLAB_CI", "true"), ("CI_JOB_STARTED_AT", "2024-02-29T13:30:00+01:00"));
    assert_eq!(time_of_gitlab(&repo, &[gitlab, started]).as_deref(), Ok("2024-02-29T12:30:00"));
    let epoch = ("SOURCE_DATE_EPOCH", "86400");
    assert_eq!(time_of_gitlab(&repo, &[gitlab, started, epoch]).as_deref(), Ok("1970-01-02T00:00:00"));
    assert_eq!(time_of_gitlab(&repo, &[epoch]).as_deref(), Ok("1970-01-02T00:00:00"));
    // By the clock, elsewhere, whatever a variable says that is none of this CI's.
    for variables in [&[started][..], &[gitlab]] {
        let year = time_of_gitlab(&repo, variables).expect("a report")[..4].parse::<u32>().expect("a year");
        assert!(year > 2024, "{year}");
    }
    for (name, value) in [
        ("CI_JOB_STARTED_AT", "yesterday"),
        ("CI_JOB_STARTED_AT", "2024-02-30T00:00:00Z"),
        ("SOURCE_DATE_EPOCH", "-1"),
        ("SOURCE_DATE_EPOCH", "+1"),
        ("SOURCE_DATE_EPOCH", "1e9"),
        ("SOURCE_DATE_EPOCH", "99999999999999999999"),
    ] {
        let told = time_of_gitlab(&repo, &[gitlab, (name, value)]).expect_err(value);
        assert!(told.contains(&format!("error: {name} holds no time")), "{told}");
    }
}

#[test]
fn what_tells_no_time_needs_none() {
    let repo = clone();
    let ran = Job::new(&[("SOURCE_DATE_EPOCH", "nonsense")]).run(repo.path(), &["--base", "main"]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
}

#[test]
fn markdown_leads_to_the_lines_at_gitlab() {
    let repo = clone();
    let job = Job::new(&[("GITLAB_CI", "true"), ("CI_PROJECT_URL", "https://gitlab.example/a/b")]);
    let ran = job.run(repo.path(), &["--base", "main", "--format", "markdown"]);
    let line = format!("(https://gitlab.example/a/b/-/blob/{}/topic.py#L1)", repo.id("topic"));
    assert!(ran.stdout.contains(&line), "{}", ran.stdout);
}

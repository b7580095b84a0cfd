//! What a job shows and hands over: limits, escapes, and what fails it.

use std::fs;

use super::github::push;
use super::job::{Job, NONE, leak, secret};
use super::support::repo::Repo;

/// A repository with `n` leaks, each in a file of its own.
fn leaks(n: usize) -> Repo {
    let repo = Repo::new();
    (0..n).for_each(|i| repo.stage(format!("f{i:02}.py"), leak(&secret())));
    repo.commit("all");
    repo
}

fn first_push(repo: &Repo) -> Job {
    Job::github("push", push(NONE, repo.id("main"), "refs/heads/main"))
}

#[test]
fn no_more_annotations_than_github_takes_and_a_line_that_says_how_many_more() {
    let repo = leaks(25);
    let ran = first_push(&repo).run(repo.path(), &[]);
    ran.expect(1, 25);
    assert_eq!(ran.annotations("error").len(), 10);
    let notices = ran.annotations("notice");
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].contains("15 findings more"), "{notices:?}");
    let linked = |line: &&str| line.starts_with("| ") && line.contains("](https://github.example/octo/repo/blob/");
    assert_eq!(ran.summary.lines().filter(linked).count(), 25);
}

#[test]
fn what_does_not_fail_the_job_is_no_error() {
    let repo = leaks(3);
    let ran = first_push(&repo).run(repo.path(), &["--fail-on", "verdict=malformed"]);
    ran.expect(0, 3);
    assert_eq!((ran.annotations("error").len(), ran.annotations("warning").len()), (0, 3));
    assert!(ran.summary.contains("3 of the findings do not fail the job"), "{}", ran.summary);
    first_push(&repo).run(repo.path(), &["--fail-on", "severity=low,confidence=low"]).expect(1, 3);
    first_push(&repo).run(repo.path(), &["--exit-zero"]).expect(0, 3);
    first_push(&repo).run(repo.path(), &["--fail-on", "verdict=active"]).expect_failure();
}

#[test]
fn nothing_that_others_write_becomes_a_command_or_markup() {
    let repo = Repo::new();
    repo.stage("a,b:c%0A::error::x|<img>`.py", leak(&secret()));
    repo.stage("plain.py", format!("::add-mask::x\n::set-output name=exit-code::0 {}", leak(&secret())));
    repo.commit("::stop-commands::x\n\n::error::y");
    let ran = first_push(&repo).run(repo.path(), &["-v"]);
    ran.expect(1, 2);
    let commands = ran.commands();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert!(
        commands.iter().any(|c| c.starts_with("::error file=a%2Cb%3Ac%250A%3A%3Aerror%3A%3Ax|<img>`.py,line=1,")),
        "{commands:?}"
    );
    assert!(ran.summary.contains("``a,b:c%0A::error::x\\|<img>`.py:1:"), "{}", ran.summary);
}

#[test]
fn outputs_hold_whatever_a_path_holds() {
    let repo = leaks(1);
    let job = first_push(&repo);
    let path = job.file("a\nexit-code=0\nb.sarif");
    let ran = job.run(repo.path(), &["--sarif", path.to_str().expect("UTF-8")]);
    ran.expect(1, 1);
    assert_eq!(ran.outputs["sarif"], path.display().to_string());
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("the file")).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().expect("results").len(), 1);
}

#[test]
fn secrets_are_shown_nowhere_even_if_that_is_asked_for() {
    let (repo, own) = (Repo::new(), secret());
    repo.commit_file("a.py", leak(&own));
    let job = first_push(&repo);
    let sarif = job.file("a.sarif");
    let ran = job.run(repo.path(), &["--show-secrets", "-v", "--sarif", sarif.to_str().expect("UTF-8")]);
    ran.expect(1, 1);
    assert!(!ran.everything().contains(&own));
    assert!(!fs::read_to_string(sarif).expect("the file").contains(&own));
}

#[test]
fn a_summary_never_outgrows_what_github_takes() {
    let repo = Repo::new();
    let long = "d".repeat(200);
    (0..2400).for_each(|i| repo.write(format!("{long}/{long}/{long}/{long}/f{i:04}.py"), leak(&secret())));
    repo.git(&["add", "-A"]);
    repo.commit("all");
    let ran = first_push(&repo).run(repo.path(), &[]);
    ran.expect(1, 2400);
    assert!(ran.summary.len() <= 1 << 20, "{}", ran.summary.len());
    assert!(ran.summary.len() > 1 << 19, "{}", ran.summary.len());
    assert!(ran.summary.contains(" more** did not fit here"), "nothing says how many are left out");
}

#[test]
fn annotations_and_summary_can_be_left_out() {
    let repo = leaks(1);
    let ran = first_push(&repo).run(repo.path(), &["--no-annotations", "--no-summary"]);
    ran.expect(1, 1);
    assert!(ran.commands().is_empty() && ran.summary.is_empty());
}

//! Histories of git repositories: what is read of them, and where it is said to stand.

mod support;

use support::record::Record;
use support::repo::Repo;
use unspill::source::git::{Git, GitOptions, Mode};
use unspill::source::{Sighting, Source};

fn open(repo: &Repo) -> Git {
    Git::open(Some(repo.path()), GitOptions::default()).expect("a repository")
}

fn open_with(repo: &Repo, options: GitOptions) -> Git {
    Git::open(Some(repo.path()), options).expect("a repository")
}

/// Scans the history, then asks where the blob with this text stands.
fn sightings(git: &Git, text: &str) -> Vec<Sighting> {
    let record = Record::of(git);
    let id = record.holding(text).origin.object().expect("an object");
    git.attribute(&[id], None).expect("an attribution").remove(&id).expect("sightings")
}

#[test]
fn a_secret_that_was_removed_is_found_with_the_commit_that_brought_it() {
    let repo = Repo::new();
    repo.commit_file("readme", "nothing here\n");
    let brought = repo.commit_file("conf/app.env", "KEY=first secret\n");
    repo.commit_file("conf/app.env", "KEY=\n");
    repo.git(&["checkout", "-q", "-b", "other", "HEAD~1"]);
    repo.commit_file("copy.env", "KEY=first secret\n");
    let git = open(&repo);

    let found = sightings(&git, "first secret");
    let paths: Vec<String> = found.iter().map(|s| s.path.to_string()).collect();
    assert_eq!(paths, ["conf/app.env", "copy.env"]);
    let commit = found[0].commit.as_ref().expect("a commit");
    assert_eq!(commit.id, brought);
    assert_eq!((commit.author.as_str(), commit.email.as_str()), ("Ada Author", "ada@example.com"));
    assert!(commit.date.ends_with("+02:00"), "{}", commit.date);
    assert!(found.iter().all(|s| s.at_head && !s.unreachable));

    repo.git(&["checkout", "-q", "main"]);
    assert!(sightings(&open(&repo), "first secret").iter().all(|s| !s.at_head));
}

#[test]
fn each_blob_comes_once_however_often_it_appears() {
    let repo = Repo::new();
    repo.commit_file("a", "same\n");
    repo.commit_file("b", "same\n");
    repo.pack();
    repo.commit_file("c/d", "other\n");
    let git = open(&repo);
    let record = Record::of(&git);
    assert_eq!(record.texts(), ["other\n", "same\n"]);
    assert_eq!(record.commits, 3);
    assert!(record.problems.is_empty());
}

#[test]
fn messages_of_commits_and_tags_are_read_unless_unwanted() {
    let repo = Repo::new();
    repo.commit("first line\n\nbody of the message");
    repo.git(&["tag", "-a", "-m", "tagged with care", "v1"]);
    let record = Record::of(&open(&repo));
    assert_eq!(record.messages(), ["first line\n\nbody of the message\n", "tagged with care\n"]);
    let record = Record::of(&open_with(&repo, GitOptions { messages: false, ..GitOptions::default() }));
    assert!(record.messages().is_empty());
}

#[test]
fn what_no_ref_reaches_is_found_and_marked_unless_unwanted() {
    let repo = Repo::new();
    repo.commit_file("a", "kept\n");
    let lost = repo.commit_file("b", "force-pushed away\n");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.write("loose", "in no commit at all\n");
    repo.git(&["hash-object", "-w", "loose"]);

    let found = sightings(&open(&repo), "force-pushed away");
    assert_eq!(found.len(), 1);
    assert!(found[0].unreachable);
    assert_eq!(found[0].path, "b");
    assert_eq!(found[0].commit.as_ref().expect("a commit").id, lost);
    let found = sightings(&open(&repo), "in no commit at all");
    assert_eq!(found, [Sighting { path: "".into(), commit: None, at_head: false, unreachable: true }]);

    let git = open_with(&repo, GitOptions { unreachable: false, ..GitOptions::default() });
    assert_eq!(Record::of(&git).texts(), ["kept\n"]);
}

#[test]
fn archives_in_a_history_are_looked_into() {
    let repo = Repo::new();
    repo.commit_file("inner/secret", "in an archive\n");
    let archive = repo.path().join("all.zip");
    repo.git(&["archive", "-o", &archive.display().to_string(), "HEAD"]);
    repo.git(&["rm", "-q", "-f", "inner/secret"]);
    repo.git(&["add", "all.zip"]);
    repo.commit("only the archive");
    let git = open(&repo);
    let record = Record::of(&git);
    let members: Vec<_> = record.blobs.iter().filter(|blob| blob.origin.path() == "!inner/secret").collect();
    assert_eq!(members.len(), 1, "{:?}", record.blobs);
    let id = members[0].origin.object().expect("an object");
    assert_eq!(git.attribute(&[id], None).expect("an attribution")[&id][0].path, "all.zip");
}

#[test]
fn one_ref_or_what_came_since_a_date_can_be_asked_for() {
    let repo = Repo::new();
    repo.commit_file("a", "old\n");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file("b", "side\n");
    repo.git(&["checkout", "-q", "main"]);
    let last = repo.commit_file("c", "new\n");
    let history = |reference: Option<&str>, since: Option<String>| {
        let mode = Mode::History { reference: reference.map(str::to_owned), since };
        let git = open_with(&repo, GitOptions { mode, ..GitOptions::default() });
        Record::of(&git).texts().join("")
    };
    assert_eq!(history(Some("main"), None), "new\nold\n");
    assert_eq!(history(Some("side"), None), "old\nside\n");
    let date = repo.git(&["log", "-1", "--format=%cI", &last.to_string()]);
    assert_eq!(history(None, Some(date.clone())), "new\n");
    assert_eq!(history(Some("side"), Some(date)), "");
}

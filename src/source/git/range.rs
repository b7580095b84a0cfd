//! A range of commits: what each of them adds to its parents, whatever became of it later.

use std::sync::Arc;

use gix::ObjectId;
use gix::objs::Kind;

use super::change::{Difference, Handing, Side};
use super::chunks::in_parallel;
use super::commits::Header;
use super::graph;
use super::losses::Losses;
use super::message;
use super::objects::Objects;
use super::options::GitOptions;
use super::repository::Repository;
use super::since::Since;
use super::tips::{self, Tips};
use super::trees::Trees;
use crate::model::{Blob, Origin};
use crate::source::{Sink, SourceError, Worker};

/// Commits that one thread takes in a row.
const RUN: usize = 32;

/// Hands over what the commits of a range add, and their messages.
///
/// # Errors
/// If the range does not name two revisions that are there.
pub(super) fn scan(
    range: &str,
    repository: &Repository,
    options: &GitOptions,
    losses: &Losses,
    sink: &dyn Sink,
) -> Result<(), SourceError> {
    let objects = repository.objects();
    let (from, to) = ends(range)?;
    let (from, to) = (commit(from, repository, &objects)?, commit(to, repository, &objects)?);
    let commits =
        Since { repository, objects: &objects, first_parent: options.first_parent, losses }.walk(&[from], &[to]);
    if commits.iter().any(|id| repository.is_grafted(id)) {
        losses.shallow(repository, "bring in more of it: git fetch --deepen=N, or --unshallow");
    }
    self::commits(&commits, repository, options, losses, sink);
    if options.messages {
        tags(&commits, repository, &objects, &mut *sink.worker());
    }
    Ok(())
}

/// Hands over what these commits add to their parents, and their messages.
pub(super) fn commits(
    commits: &[ObjectId],
    repository: &Repository,
    options: &GitOptions,
    losses: &Losses,
    sink: &dyn Sink,
) {
    in_parallel(commits, RUN, repository.jobs, |chunks| {
        let objects = repository.objects();
        let mut trees = Trees::new(&objects, losses);
        let mut reader = Reader { repository, options, losses, objects: &objects, worker: sink.worker() };
        while let Some(run) = chunks.take() {
            for &id in run {
                reader.commit(id, &mut trees);
            }
        }
    });
}

/// The two ends of a range as written. `A...B` is the same here as `A..B`: what B has and A has not is what came to B
/// since it left A.
fn ends(range: &str) -> Result<(&str, &str), SourceError> {
    let Some((from, to)) = range.split_once("...").or_else(|| range.split_once("..")) else {
        return Err(SourceError::new(format!("`{range}` is one revision, not a range"))
            .hint(format!("use `--range {range}..HEAD` for what came after it, `--ref {range}` for its history")));
    };
    let or_head = |name| if str::is_empty(name) { "HEAD" } else { name };
    Ok((or_head(from), or_head(to)))
}

/// The commit that a revision names.
fn commit(name: &str, repository: &Repository, objects: &Objects) -> Result<ObjectId, SourceError> {
    let mut id = tips::resolve(name, repository)?;
    // A tag may point to a tag. Ids are hashes of what they point to, so this ends.
    loop {
        let found = objects.header(&id).and_then(|(kind, _)| match kind {
            Kind::Tag => Ok((kind, tips::target(id, objects)?)),
            _ => Ok((kind, id)),
        });
        match found {
            Ok((Kind::Commit, id)) => return Ok(id),
            Ok((Kind::Tag, target)) => id = target,
            Ok((kind, _)) => return Err(SourceError::new(format!("`{name}` names a {kind}, not a commit"))),
            Err(_) => {
                return Err(SourceError::new(format!("what `{name}` names cannot be read"))
                    .hint("fetch it again, or see `git fsck`"));
            }
        }
    }
}

/// What one thread needs.
struct Reader<'a> {
    repository: &'a Repository,
    options: &'a GitOptions,
    losses: &'a Losses,
    objects: &'a Objects,
    worker: Box<dyn Worker + 'a>,
}

impl Reader<'_> {
    fn commit(&mut self, id: ObjectId, trees: &mut Trees<'_>) {
        let read = self.objects.read_kind(&id, Kind::Commit);
        let (bytes, Header { tree, mut parents, .. }) =
            match read.and_then(|bytes| Header::of(id.kind(), &bytes).map(|header| (bytes, header))) {
                Ok(commit) => commit,
                Err(why) => return self.losses.object(id, why),
            };
        self.worker.commits(1);
        let commit = message::facts(id, Kind::Commit, &bytes);
        if self.options.messages {
            let origin = Origin::Message { commit: Arc::clone(&commit) };
            self.worker.blob(&Blob::whole(message::message(&bytes), origin));
        }
        if self.repository.is_grafted(&id) {
            parents.clear();
        }
        if self.options.first_parent {
            parents.truncate(1);
        }
        let mut sides = Vec::with_capacity(parents.len().max(1));
        for parent in parents {
            match graph::read(parent, self.objects) {
                Ok(parent) => sides.push(Difference::between(trees, Some(parent.tree), Some(tree))),
                Err(why) => self.losses.object(parent, why),
            }
        }
        if sides.is_empty() {
            sides.push(Difference::between(trees, None, Some(tree)));
        }
        let sides: Vec<_> = sides.into_iter().map(|side| Side::new(side, self.objects)).collect();
        let handing = Handing::new(self.objects, self.losses, self.options, &sides);
        for (path, new) in handing.paths() {
            let origin = Origin::Committed { commit: Arc::clone(&commit), path: path.clone() };
            handing.path(&mut *self.worker, path, new, origin);
        }
    }
}

/// Hands over the messages of annotated tags on the commits of a range.
fn tags(commits: &[ObjectId], repository: &Repository, objects: &Objects, worker: &mut dyn Worker) {
    let commits: gix::hashtable::HashSet<ObjectId> = commits.iter().copied().collect();
    // Refs elsewhere in the repository are no part of the range: what is wrong with them is not told here.
    let all = Tips::of_refs(repository, objects, &Losses::default());
    for id in all.tags {
        if tips::target(id, objects).is_ok_and(|target| commits.contains(&target))
            && let Ok(bytes) = objects.read_kind(&id, Kind::Tag)
        {
            let commit = message::facts(id, Kind::Tag, &bytes);
            worker.blob(&Blob::whole(message::message(&bytes), Origin::Message { commit }));
        }
    }
}

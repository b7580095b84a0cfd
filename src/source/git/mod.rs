//! Git repositories: the index, a range of commits, a push, or a whole history as a source of blobs.
//!
//! The repository is hostile. Nothing that it names is run (no hook, filter, alias or textconv), nothing is written, its
//! replacement refs and commit-graph are not believed, and what cannot be read is reported, never passed over.

mod attribution;
mod change;
mod check;
mod chunks;
mod commits;
mod compare;
mod graph;
mod history;
mod inventory;
mod known;
mod lines;
mod losses;
mod message;
mod names;
mod objects;
mod options;
mod outline;
mod pack;
mod pack_cache;
mod packs;
mod push;
mod quarantine;
mod range;
mod reach;
mod rename;
mod repository;
mod since;
mod skeleton;
mod staged;
mod standing;
mod state;
mod tips;
mod trees;
mod updates;
mod wanted;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use bstr::{BString, ByteSlice};
use gix::ObjectId;
use gix::objs::Kind;

use super::{Attribution, NameTest, Sink, Source, SourceError};
use crate::model::{Commit, Scope};
use commits::Commits;
use known::Memory;
use losses::Losses;
use reach::Extent;
use repository::Repository;
use tips::Tips;
use trees::Trees;
use wanted::Wanted;

pub use known::{Counted, Known, Lessons};
pub use options::{GitOptions, Mode};
pub use updates::{Push, Receiver, Update};

/// A repository, and which part of it to read.
pub struct Git {
    repository: Repository,
    options: GitOptions,
    /// The commits that a scan of the whole history came by: also those that no ref reaches.
    commits: OnceLock<Commits>,
    /// What is known from before, if this run is to remember.
    memory: OnceLock<Memory>,
    /// Whether something that could not be read may well be read another time.
    unsettled: AtomicBool,
}

impl Git {
    /// Opens the repository at `repo`: a work tree, anything below it, or a git directory. `None`: the one that
    /// `GIT_DIR` names, or else the one about the current folder.
    ///
    /// # Errors
    /// If there is no repository, or it cannot be opened.
    pub fn open(repo: Option<&Path>, options: GitOptions) -> Result<Git, SourceError> {
        let pushed = matches!(options.mode, Mode::Push(_));
        Ok(Git {
            repository: Repository::open(repo, options.jobs, pushed)?,
            options: GitOptions { first_parent: options.first_parent && !pushed, ..options },
            commits: OnceLock::new(),
            memory: OnceLock::new(),
            unsettled: AtomicBool::new(false),
        })
    }

    /// The work tree, or the git directory of a bare repository.
    pub fn root(&self) -> &Path {
        &self.repository.root
    }

    /// How it is read.
    pub fn options(&self) -> &GitOptions {
        &self.options
    }

    /// What hashes name its objects.
    pub fn object_hash(&self) -> gix::hash::Kind {
        self.repository.local().object_hash()
    }

    /// A digest of all that a scan of the history depends on: as long as it stays the same, so does the outcome. `None`
    /// if something of it cannot be read.
    pub fn state(&self) -> Option<[u8; 32]> {
        let named = match &self.options.mode {
            Mode::History { reference: Some(name), since: None } => tips::resolve(name, &self.repository).ok()?,
            Mode::History { reference: None, since: None } => return state::digest(&self.repository, &[]),
            _ => return None,
        };
        state::digest(&self.repository, &[named])
    }

    /// Lets the next run of the history only count what is `known`, and learn. To be told once.
    pub fn remember(&self, known: Known) {
        // A second memory would have to be merged with the first.
        let _ = self.memory.set(Memory::new(known));
    }

    /// Hands out what the run of the history has learnt, if it was to [`Git::remember`].
    pub fn lessons(&self) -> Option<Lessons> {
        self.memory.get().map(Memory::lessons)
    }

    /// Whether what the run could not read, if anything, could not be read another time either.
    pub fn is_settled(&self) -> bool {
        !self.unsettled.load(Relaxed)
    }

    /// Hands over these blobs, commits and tags once more. False if one cannot be read.
    pub fn revisit(&self, objects: &[ObjectId], sink: &dyn Sink) -> bool {
        let losses = Losses::default();
        history::revisit(&self.repository, &self.options, objects, &losses, sink);
        losses.are_none()
    }

    /// Whether HEAD has something at this path of the work tree: then others may have written it.
    pub fn has_committed(&self, path: &Path) -> bool {
        let (Some(name), folder) = (path.file_name(), path.parent().unwrap_or(Path::new(""))) else { return false };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(folder) = folder.canonicalize() else { return false };
        let local = self.repository.local();
        let Some(root) = local.workdir().and_then(|root| root.canonicalize().ok()) else { return false };
        let Ok(below) = folder.strip_prefix(&root) else { return false };
        let Ok(tree) = local.head_tree_id() else { return false };
        let parts = below.iter().chain([name]).map(|part| part.to_string_lossy());
        let path = BString::from(parts.collect::<Vec<_>>().join("/"));
        let (objects, losses) = (self.repository.objects(), Losses::default());
        Trees::new(&objects, &losses).lookup(tree.detach(), path.as_ref()).is_some()
    }

    /// The facts of these commits, in the same order; `None` where one cannot be read.
    pub fn commits(&self, ids: &[ObjectId]) -> Vec<Option<Arc<Commit>>> {
        let objects = self.repository.objects();
        let facts = |id: &ObjectId| {
            let bytes = objects.read_kind(id, Kind::Commit).ok()?;
            Some(message::facts(*id, Kind::Commit, &bytes))
        };
        ids.iter().map(facts).collect()
    }

    /// What a history is made of, and whether objects beyond it count as well.
    fn extent(&self, losses: &Losses) -> Result<Extent, SourceError> {
        let (reference, since) = match &self.options.mode {
            Mode::History { reference, since } => (reference.as_deref(), since.as_deref()),
            _ => (None, None),
        };
        let objects = self.repository.objects();
        let tips = match (&self.options.mode, reference) {
            (Mode::Push(push), _) => push::without_commits(push, &objects, losses),
            (_, Some(name)) => Tips::of_revision(name, &self.repository, &objects, losses)?,
            (_, None) => Tips::of_refs(&self.repository, &objects, losses),
        };
        let since = match since {
            Some(text) => Some(reach::parse_since(text).ok_or_else(|| {
                SourceError::new(format!("`{text}` is not a date")).hint("use a form like 2025-01-31 or `2 weeks ago`")
            })?),
            None => None,
        };
        Ok(Extent { tips, first_parent: self.options.first_parent, since })
    }

    /// True if every object counts, whatever reaches it.
    fn takes_all(&self) -> bool {
        self.options.unreachable
            && !self.options.first_parent
            && self.options.mode == Mode::History { reference: None, since: None }
    }

    fn history(&self, sink: &dyn Sink, losses: &Losses) -> Result<(), SourceError> {
        if !self.repository.shallow.is_empty() {
            losses.shallow(&self.repository, "bring in the rest: git fetch --unshallow");
        }
        let extent = if self.takes_all() { None } else { Some(self.extent(losses)?) };
        let commits = history::scan(&self.repository, &self.options, extent.as_ref(), self.memory.get(), losses, sink);
        if let Some(commits) = commits {
            // A second run finds the same.
            let _ = self.commits.set(commits);
        }
        history::submodules(&self.repository, losses, sink);
        Ok(())
    }

    /// The part of the repository, in words.
    fn part(&self) -> String {
        match &self.options.mode {
            Mode::Staged => "staged changes".to_owned(),
            Mode::StagedOrAll => "staged changes, or all files of the index".to_owned(),
            Mode::Range(range) => format!("commits {range}"),
            Mode::Push(push) => push.part(),
            Mode::History { reference, since } => {
                let mut words = match reference {
                    Some(name) => format!("history of {name}"),
                    None => "whole history".to_owned(),
                };
                if let Some(since) = since {
                    words.push_str(&format!(" since {since}"));
                }
                if self.options.first_parent {
                    words.push_str(", first parents only");
                }
                if self.takes_all() {
                    words.push_str(", unreachable objects included");
                }
                words
            }
        }
    }
}

impl Source for Git {
    fn scope(&self) -> Scope {
        let local = self.repository.local();
        Scope::Git {
            root: self.repository.root.display().to_string(),
            part: self.part(),
            head: local.head_id().ok().map(|id| id.to_string()),
            remote: self.repository.remote(),
            branch: local.head_name().ok().flatten().map(|name| name.shorten().to_str_lossy().into_owned()),
        }
    }

    fn run(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let losses = Losses::default();
        match &self.options.mode {
            Mode::History { .. } => self.history(sink, &losses)?,
            Mode::Staged | Mode::StagedOrAll => staged::scan(&self.repository, &self.options, &losses, sink)?,
            Mode::Range(range) => range::scan(range, &self.repository, &self.options, &losses, sink)?,
            Mode::Push(push) => push::scan(push, &self.repository, &self.options, &losses, sink)?,
        }
        self.unsettled.store(!losses.are_settled(), Relaxed);
        losses.report(&self.repository, &mut *sink.worker());
        Ok(())
    }

    fn attribute(&self, wanted: &[ObjectId], is_telling: Option<NameTest<'_>>) -> Result<Attribution, SourceError> {
        // Other modes know the paths of what they hand over.
        let is_telling = is_telling.filter(|_| matches!(self.options.mode, Mode::History { .. }));
        if wanted.is_empty() && is_telling.is_none() {
            return Ok(Attribution::default());
        }
        // What cannot be read was reported by the scan.
        let losses = Losses::default();
        let extent = self.extent(&losses)?;
        let wanted = Wanted::new(wanted, is_telling);
        Ok(attribution::attribute(&wanted, &extent, self.commits.get(), &self.repository, &losses))
    }
}

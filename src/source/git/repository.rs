//! Opening a repository without believing it.
//!
//! Only its own configuration file is read, and of that only what says how it is stored; no includes, no user or system
//! configuration, no environment (but `GIT_DIR` and its kin, where no repository was named: hooks run with them; and for a
//! push, where its objects are). Who owns it does not matter, since nothing in it is run.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, thread};

use bstr::ByteSlice;
use gix::ObjectId;
use gix::open::{Options, Permissions};
use gix::sec::{Permission, Trust};

use super::objects::Objects;
use super::packs::Packs;
use super::quarantine;
use crate::source::SourceError;

/// Larger allocations than this, in bytes, are refused: a pack may claim any size for an object.
pub(super) const LARGEST_OBJECT: u64 = 2 << 30;

/// More threads than this only get in each other's way.
const MOST_JOBS: usize = 256;

/// An open repository, shared by all threads.
pub(super) struct Repository {
    /// As the library sees it.
    pub shared: gix::ThreadSafeRepository,
    /// The work tree, or the git directory of a bare repository.
    pub root: PathBuf,
    /// Commits whose parents were cut off by a shallow clone, sorted.
    pub shallow: Vec<ObjectId>,
    /// True for a partial clone: objects may be missing that the remote would send when asked.
    pub partial: bool,
    /// Where its objects are: in its own store, and in those that the environment names.
    stores: Vec<Arc<gix::odb::Store>>,
    /// Folders of objects: its own, then those that it borrows from.
    pub folders: Vec<PathBuf>,
    /// All packs in them.
    pub packs: Arc<Packs>,
    /// Threads to use.
    pub jobs: usize,
}

impl Repository {
    /// See [`Git::open`](super::Git::open). `pushed`: what git's environment says of objects counts, whoever named the
    /// repository.
    pub fn open(repo: Option<&Path>, jobs: Option<usize>, pushed: bool) -> Result<Repository, SourceError> {
        let shared = match (repo, env::var_os("GIT_DIR")) {
            (Some(path), _) => discover(path, options(Permission::Deny))?,
            (None, Some(dir)) => {
                let options = options(Permission::Allow).open_path_as_is(true).with(Trust::Full);
                gix::ThreadSafeRepository::open_opts(PathBuf::from(&dir), options)
                    .map_err(|e| not_opened(Path::new(&dir), "unset GIT_DIR, or let it name a git directory", e))?
            }
            (None, None) => discover(Path::new("."), options(Permission::Allow))?,
        };
        let local = shared.to_thread_local();
        if repo.is_none() && env::var_os("GIT_DIR").is_none() && is_embedded(local.git_dir()) {
            let what = format!("{} is a bare repository within a work tree", absolute(local.git_dir()).display());
            return Err(
                SourceError::new(what).hint("if it is the one that you mean, name it; else go to another folder")
            );
        }
        let format = local.config_snapshot().string("extensions.refStorage");
        if let Some(format) = format.filter(|f| *f != "files") {
            return Err(SourceError::new(format!("refs stored as `{format}` cannot be read"))
                .hint("migrate them: git refs migrate --ref-format=files"));
        }
        let root = absolute(local.workdir().unwrap_or_else(|| local.git_dir()));
        let shallow = match local.shallow_commits() {
            Ok(commits) => commits.map(|c| c.iter().copied().collect()).unwrap_or_default(),
            Err(error) => return Err(SourceError::new("the list of shallow commits cannot be read").cause(error)),
        };
        let partial = is_partial(&local);
        let jobs =
            jobs.or_else(|| thread::available_parallelism().ok().map(NonZero::get)).unwrap_or(1).clamp(1, MOST_JOBS);
        let mut stores = vec![Arc::clone(&shared.objects)];
        let mut folders = object_folders(&shared.objects)?;
        if pushed || (repo.is_none() && env::var_os("GIT_DIR").is_some()) {
            for folder in quarantine::folders()? {
                if folders.iter().all(|known| absolute(known) != absolute(&folder)) {
                    let store = store(folder, local.object_hash())?;
                    folders.extend(object_folders(&store)?);
                    stores.push(Arc::new(store));
                }
            }
        }
        let packs = Arc::new(Packs::open(&folders, local.object_hash()));
        Ok(Repository { shared, root, shallow, partial, stores, folders, packs, jobs })
    }

    /// The repository for use by the calling thread.
    pub fn local(&self) -> gix::Repository {
        let mut local = self.shared.to_thread_local();
        local.objects.ignore_replacements = true;
        local.objects.refresh_never();
        local
    }

    /// The objects for use by the calling thread.
    pub fn objects(&self) -> Objects {
        Objects::new(&self.stores, Arc::clone(&self.packs))
    }

    /// True if a shallow clone cut off the parents of this commit.
    pub fn is_grafted(&self, commit: &gix::oid) -> bool {
        self.shallow.binary_search_by(|id| id.as_ref().cmp(commit)).is_ok()
    }

    /// Where `origin` is, without any user or password in it.
    pub fn remote(&self) -> Option<String> {
        let url = self.local().config_snapshot().string("remote.origin.url")?;
        Some(without_userinfo(&url.to_str_lossy()))
    }
}

fn options(environment: Permission) -> Options {
    let mut permissions = Permissions::isolated();
    permissions.env.git_prefix = environment;
    Options::default().permissions(permissions).filter_config_section(|_| true).config_overrides([
        "safe.directory=*".to_owned(),
        "core.useReplaceRefs=false".to_owned(),
        format!("gitoxide.objects.allocLimit={LARGEST_OBJECT}"),
    ])
}

/// The folder of a store, and those that it borrows from.
fn object_folders(store: &gix::odb::Store) -> Result<Vec<PathBuf>, SourceError> {
    let mut folders = vec![store.path().to_owned()];
    folders.extend(store.alternate_db_paths().map_err(|error| {
        let what = "the repositories that this one borrows from cannot be found";
        SourceError::new(format!("{what}: {}", error.probable_cause())).hint("see objects/info/alternates")
    })?);
    Ok(folders)
}

/// The store of objects in a folder.
fn store(folder: PathBuf, hash: gix::hash::Kind) -> Result<gix::odb::Store, SourceError> {
    let options = gix::odb::store::init::Options {
        alloc_limit_bytes: usize::try_from(LARGEST_OBJECT).ok(),
        ..Default::default()
    };
    let what = format!("the objects in {} cannot be read", folder.display());
    gix::odb::Store::at_opts(folder, hash, &mut std::iter::empty(), options)
        .map_err(|error| SourceError::new(what).cause(error))
}

fn discover(path: &Path, options: Options) -> Result<gix::ThreadSafeRepository, SourceError> {
    let upwards = gix::discover::upwards::Options {
        trust: gix::discover::upwards::TrustPolicy::Assume(Trust::Full),
        ..Default::default()
    };
    let trust = gix::sec::trust::Mapping { full: options.clone(), reduced: options };
    // The library takes `..` in front of a bare repository's path for a folder above it.
    gix::ThreadSafeRepository::discover_opts(absolute(path), upwards, trust)
        .map_err(|e| not_opened(path, "name a repository, or scan plain files with `unspill dir`", e))
}

fn not_opened(path: &Path, hint: &str, error: gix::Error) -> SourceError {
    // Where the words say all that the cause does, it is not told again.
    let failure = if !path.exists() {
        SourceError::new(format!("{}: no such file or folder", path.display()))
    } else if error.is_not_found() {
        SourceError::new(format!("{} is not in a git repository", path.display()))
    } else {
        let what = format!("the repository at {} cannot be opened: {}", path.display(), error.probable_cause());
        SourceError::new(what).cause(error)
    };
    failure.hint(hint)
}

fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Whether a git directory lies among the files of another repository, which may have brought it along to be taken for
/// itself.
fn is_embedded(git_dir: &Path) -> bool {
    let git_dir = absolute(git_dir);
    let is_own = git_dir.components().any(|part| part.as_os_str() == ".git");
    !is_own && git_dir.ancestors().skip(1).any(|folder| folder.join(".git").exists())
}

/// A partial clone says so in its configuration, and marks its packs as promised by a remote.
fn is_partial(repo: &gix::Repository) -> bool {
    let config = repo.config_snapshot();
    let promised = config.string("extensions.partialClone").is_some()
        || config.plumbing().sections_by_name("remote").into_iter().flatten().any(|remote| {
            remote.value("promisor").is_some_and(|v| v.as_bstr() == "true")
                || remote.value("partialclonefilter").is_some()
        });
    let packs = repo.shared_objects_dir().join("pack");
    promised
        || packs
            .read_dir()
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|extension| extension == "promisor"))
}

/// The folder of objects of a repository.
trait ObjectsDir {
    fn shared_objects_dir(&self) -> PathBuf;
}

impl ObjectsDir for gix::Repository {
    fn shared_objects_dir(&self) -> PathBuf {
        self.common_dir().join("objects")
    }
}

/// `https://user:token@host/path` and the like, without what stands before the `@`.
fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // `user@host:path`: a name, hardly ever a secret, but of no use either. A path may hold any `@`.
        return match url.split_once('@') {
            Some((user, rest)) if !user.contains('/') && rest.contains(':') => rest.to_owned(),
            _ => url.to_owned(),
        };
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let start = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[start..])
}

#[cfg(test)]
mod tests {
    use super::without_userinfo;

    #[test]
    fn a_remote_is_shown_without_its_user_and_password() {
        for (url, shown) in [
            ("https://user:pass@host/a/b.git", "https://host/a/b.git"),
            ("https://to@ken@host:8443/a", "https://host:8443/a"),
            ("https://host/a@b", "https://host/a@b"),
            ("git@host:a/b.git", "host:a/b.git"),
            ("/srv/git/a@b.git", "/srv/git/a@b.git"),
        ] {
            assert_eq!(without_userinfo(url), shown);
        }
    }
}

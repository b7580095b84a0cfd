//! Home: paths as the repository has them, for files that are shown by their path from the current folder.
//!
//! A fingerprint, a rule or an allowlist must say the same of a file wherever the scan was started. So all that is
//! decided by a path goes by the one below the root of the repository, as in a scan of its history; only what people read
//! goes by the path that they would type. Files outside of repositories, or of several, keep the path that is shown.

use std::path::{Path, PathBuf};

use bstr::{BStr, BString, ByteSlice};

use super::worktree::shown;
use crate::model::Origin;

/// Where the roots of a scan lie in their repository.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// Each root as it is shown and as its repository has it, without slashes at the end. Empty if both are the same.
    roots: Vec<(BString, BString)>,
}

impl Home {
    /// Looks for the repository that all of `roots` lie in: the nearest folder above that holds a `.git`.
    pub fn of(roots: &[PathBuf]) -> Home {
        let mut tops: Vec<PathBuf> = Vec::new();
        let mut home = Home::default();
        for root in roots {
            let real = match root.canonicalize() {
                Ok(real) => real,
                // A pipe has no place that could be taken for another one.
                Err(_) if root.is_absolute() => continue,
                Err(_) => return Home::default(),
            };
            let Some(top) = real.ancestors().find(|folder| folder.join(".git").exists()) else {
                return Home::default();
            };
            let Ok(below) = real.strip_prefix(top) else { return Home::default() };
            home.roots.push((trimmed(root), trimmed(below)));
            tops.push(top.to_owned());
        }
        tops.dedup();
        if tops.len() > 1 || home.roots.iter().all(|(shown, below)| shown == below) {
            return Home::default();
        }
        home
    }

    /// Whether paths are shown as the repository has them.
    pub fn is_here(&self) -> bool {
        self.roots.is_empty()
    }

    /// The origin as the repository has it.
    pub fn origin(&self, shown: &Origin) -> Origin {
        self.moved(shown, |(shown, below)| (shown, below))
    }

    /// What [`Home::origin`] came from.
    pub fn shown(&self, origin: &Origin) -> Origin {
        self.moved(origin, |(shown, below)| (below, shown))
    }

    fn moved<'a>(
        &'a self,
        origin: &Origin,
        turned: fn(&'a (BString, BString)) -> (&'a BString, &'a BString),
    ) -> Origin {
        let Origin::File { path } = origin.outermost() else { return origin.clone() };
        let roots = self.roots.iter().map(turned);
        // Of roots that lie in each other, the innermost.
        let fitting = roots.filter_map(|(from, to)| Some((from.len(), to, below(path.as_ref(), from.as_ref())?)));
        match fitting.max_by_key(|(length, ..)| *length) {
            Some((_, to, rest)) => origin.with_outermost(Origin::File { path: joined(to, rest) }),
            None => origin.clone(),
        }
    }
}

/// A path as it stands in front of others; nothing for the current folder.
fn trimmed(path: &Path) -> BString {
    let mut path = shown(path);
    while path.last() == Some(&b'/') {
        path.pop();
    }
    if path == "." { BString::default() } else { path }
}

/// What of `path` is below `folder`.
fn below<'p>(path: &'p BStr, folder: &BStr) -> Option<&'p [u8]> {
    let rest = path.as_bytes().strip_prefix(folder.as_bytes())?;
    match folder.is_empty() {
        // Absolute paths are below no such folder.
        true => (!rest.starts_with(b"/")).then_some(rest),
        false if rest.is_empty() => Some(rest),
        false => rest.strip_prefix(b"/"),
    }
}

fn joined(folder: &BString, rest: &[u8]) -> BString {
    let mut path = folder.clone();
    if !path.is_empty() && !rest.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(rest);
    path
}

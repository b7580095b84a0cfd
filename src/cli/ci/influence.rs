//! What a change has a say in: whether it is reported itself. Configuration and ignore files are those of the checkout,
//! and a comment allows its line, so a pull request can bring along what excuses it. That is how it is meant, as long as
//! whoever reviews it is told.

use std::path::{Path, PathBuf};

use super::super::settings::IGNORE_FILES;
use super::checkout::Checkout;
use crate::config;
use crate::model::{Report, Suppression};
use crate::report::count;

/// Files that are named before the rest is only counted.
const NAMED: usize = 5;

/// Which files that decide what is reported differ between what two commits have in common and the second of them:
/// those with names that are looked for, and `named` ones. Where one is a link, what it leads to counts as well.
pub fn changed_files(checkout: &Checkout<'_>, from: &str, to: &str, named: &[&Path]) -> Vec<String> {
    let names: Vec<&str> = config::NAMES.into_iter().chain(IGNORE_FILES).collect();
    let real = |path: &&Path| path.canonicalize().ok();
    // The folder alone without links: so the link itself is known, too.
    let own = |path: &&Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    let files: Vec<PathBuf> = named.iter().flat_map(|path| [own(path), real(path)]).flatten().collect();
    checkout.changed(from, to, &names, &files)
}

/// What to tell of a change in whose range this was found, if there is anything.
pub fn remark(changed: &[String], report: &Report) -> Option<String> {
    let by_comment = |suppression: &Suppression| matches!(suppression, Suppression::Comment { .. });
    let allowed = report.suppressed.iter().filter(|one| one.suppression.as_ref().is_some_and(by_comment)).count();
    let mut parts = Vec::new();
    if !changed.is_empty() {
        let mut names = changed.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        if changed.len() > NAMED {
            names.push_str(&format!(" and {} more", changed.len() - NAMED));
        }
        parts.push(format!("edits {names}"));
    }
    if allowed > 0 {
        parts.push(format!("allows {} of its own by comment", count(allowed, "finding")));
    }
    (!parts.is_empty()).then(|| format!("This change has a say in what is reported: it {}.", parts.join(", and ")))
}

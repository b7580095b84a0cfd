//! Where a server shows the files and commits of a repository, for reports that are read in a browser.

use super::super::{facts, uri};
use crate::model::{Occurrence, Origin};

/// The pages of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// What the address of a page begins with, up to `blob/` and `commit/`; `None` if it is not known.
    pages: Option<String>,
}

impl Links {
    /// Those of a repository at GitHub, and at what has the same pages: `https://github.com/owner/name`.
    pub fn github(repository: &str) -> Links {
        Links::below(repository, "")
    }

    /// Those of a project at GitLab: `https://gitlab.com/group/name`.
    pub fn gitlab(project: &str) -> Links {
        Links::below(project, "/-")
    }

    fn below(repository: &str, further: &str) -> Links {
        let pages = facts::web_address(repository).filter(|address| !address.contains(['(', ')', '[', ']']));
        Links { pages: pages.map(|address| format!("{}{further}/", address.trim_end_matches('/'))) }
    }

    /// The page of a commit.
    pub(super) fn commit(&self, occurrence: &Occurrence) -> Option<String> {
        Some(format!("{}commit/{}", self.pages.as_deref()?, facts::commit(occurrence)?.id))
    }

    /// The page of the line in the file as it was in that commit.
    pub(super) fn place(&self, occurrence: &Occurrence) -> Option<String> {
        let (pages, commit) = (self.pages.as_deref()?, facts::commit(occurrence)?);
        let (Origin::Committed { path, .. } | Origin::File { path }) = occurrence.origin.outermost() else {
            return None;
        };
        // A line of what is packed in an archive is none of the archive's own.
        let line = match &occurrence.origin {
            Origin::Member { .. } => String::new(),
            _ => format!("#L{}", occurrence.place.line),
        };
        Some(format!("{pages}blob/{}/{}{line}", commit.id, uri::encode(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_led_to() {
        let pages = |links: Links| links.pages;
        assert_eq!(pages(Links::github("https://example.org/a/b")).as_deref(), Some("https://example.org/a/b/"));
        assert_eq!(pages(Links::gitlab("https://example.org/a/b/")).as_deref(), Some("https://example.org/a/b/-/"));
        for wrong in ["", "a/b", "javascript:alert(1)", "https://example.org/a)b", "https://example.org/a b"] {
            assert_eq!(Links::github(wrong), Links::default(), "{wrong}");
        }
    }
}

//! Where a secret stands, as SARIF has it: a URI relative to the scanned folder, and a region.

use serde_sarif::sarif::{ArtifactContent, ArtifactLocation, Location, Message, PhysicalLocation, Region};

use super::super::redact::Redactor;
use super::super::{facts, uri};
use crate::model::{Companion, Occurrence, Origin, Scope};

/// The name of the folder that URIs are relative to, as code scanning and other viewers know it.
pub(super) const SRCROOT: &str = "%SRCROOT%";

/// The folder that URIs are relative to, if there is one.
pub(super) struct Base<'a>(Option<&'a str>);

impl<'a> Base<'a> {
    pub(super) fn of(scope: &'a Scope) -> Self {
        Base(match scope {
            Scope::Folder { base, .. } => Some(base),
            Scope::Git { root, .. } => Some(root),
            Scope::Stdin => None,
        })
    }

    /// The folder's own URI, which ends in a slash.
    pub(super) fn uri(&self) -> Option<String> {
        self.0.map(|base| {
            let mut uri = uri::file(base.as_bytes());
            if !uri.ends_with('/') {
                uri.push('/');
            }
            uri
        })
    }

    /// The URI of a file: relative below the folder, absolute outside.
    fn artifact(&self, origin: &Origin) -> ArtifactLocation {
        let path = facts::path(origin);
        // What stands in no folder: its name is all there is.
        let loose = matches!(origin.outermost(), Origin::Stdin { .. } | Origin::Object { .. } | Origin::Message { .. });
        let Some(base) = self.0.filter(|_| !loose) else {
            return ArtifactLocation::builder().uri(uri::encode(&path)).build();
        };
        match uri::below(base.as_bytes(), &path) {
            Ok(path) => ArtifactLocation::builder().uri(uri::encode(&path)).uri_base_id(SRCROOT).build(),
            Err(path) => ArtifactLocation::builder().uri(uri::file(&path)).build(),
        }
    }
}

/// The place of an occurrence.
pub(super) fn location(occurrence: &Occurrence, base: &Base<'_>, redactor: &Redactor<'_>) -> Location {
    let shown = redactor.excerpt(&occurrence.excerpt);
    let place = &occurrence.place;
    let mut region = Region::builder()
        .start_line(number(place.line))
        .start_column(number(place.column))
        .end_line(number(place.end_line))
        .end_column(number(place.end_column))
        .build();
    region.snippet = shown.text.get(shown.focus.clone()).filter(|text| !text.is_empty()).map(content);
    let mut physical =
        PhysicalLocation::builder().artifact_location(base.artifact(&occurrence.origin)).region(region).build();
    if !shown.text.is_empty() {
        let lines = Region::builder().start_line(number(place.line)).end_line(number(place.end_line));
        physical.context_region = Some(lines.snippet(content(&shown.text)).build());
    }
    Location::builder().physical_location(physical).build()
}

/// The place of another part of a credential: lines of the same file as `first`.
pub(super) fn part(companion: &Companion, first: &Occurrence, base: &Base<'_>) -> Location {
    let region = Region::builder().start_line(number(companion.line)).end_line(number(companion.end_line)).build();
    let physical = PhysicalLocation::builder().artifact_location(base.artifact(&first.origin)).region(region).build();
    let text = format!("the other part of the credential: {}", companion.rule);
    Location::builder().physical_location(physical).message(Message::builder().text(text).build()).build()
}

/// A further place of the same secret.
pub(super) fn further(occurrence: &Occurrence, base: &Base<'_>, redactor: &Redactor<'_>) -> Location {
    let mut text = "the same secret".to_owned();
    if let Some(commit) = facts::commit(occurrence) {
        text.push_str(&format!(" in commit {}", commit.id));
    }
    let mut location = location(occurrence, base, redactor);
    location.message = Some(Message::builder().text(text).build());
    location
}

fn content(text: &str) -> ArtifactContent {
    ArtifactContent::builder().text(text).build()
}

/// SARIF's numbers are signed and count from 1.
fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX).max(1)
}
